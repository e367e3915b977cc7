/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/parse/qemu_manager.h"

#include <string.h>

static bool has_arg(const struct fact_strs *args, const char *name)
{
	for (size_t i = 0; i < args->n; i++) {
		if (!strcmp(args->v[i], name))
			return true;
	}
	return false;
}

static bool has_piece(const struct fact_strs *args, const char *piece)
{
	for (size_t i = 0; i < args->n; i++) {
		if (strstr(args->v[i], piece))
			return true;
	}
	return false;
}

bool qemu_vmid(const struct fact_strs *args, uint64_t *ret_vmid)
{
	for (size_t i = 0; i + 1 < args->n; i++) {
		if (!strcmp(args->v[i], "-id"))
			return text_u64(text_of(args->v[i + 1]), ret_vmid) == 0;
	}
	return false;
}

const char *qemu_manager(const struct fact_strs *args)
{
	static const char *const marks[] = { "/libvirt/qemu/domain-", "/libvirt/qemu/lib/domain-",
					     "id=charmonitor", "masterKey0" };

	uint64_t vmid;

	if (qemu_vmid(args, &vmid))
		return "proxmox";
	for (size_t i = 0; i < ARRAY_SIZE(marks); i++) {
		if (has_piece(args, marks[i]))
			return "libvirt";
	}
	return has_arg(args, "-sandbox") && has_piece(args, "guest=") ? "libvirt" : "plain";
}
