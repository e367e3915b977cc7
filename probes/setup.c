/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * setup - how the host is set up: firmware, versions, boot loader, initramfs, modprobe.d, libvirt,
 * services. Names of people, serial numbers and UUIDs are left out.
 */
#include "probes/setup_parts.h"

typedef int part_fn(struct probe_env *env, struct setup_facts *f);

static int measure(struct probe_env *env, void *facts)
{
	static part_fn *const parts[] = {
		setup_read_firmware, setup_read_versions, setup_read_boot,   setup_read_initramfs,
		setup_read_modprobe, setup_read_libvirt,  setup_read_people, setup_read_devices,
	};
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(parts); i++)
		r = parts[i](env, facts);
	return r;
}

int main(int argc, char **argv)
{
	return probe_main(argc, argv, "setup", measure);
}
