/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * setup_boot.c - which boot loader starts this host, and with which kernel arguments the next time.
 * The UUIDs of proxmox-boot-tool's partitions are not read.
 */
#include <string.h>

#include "probes/parse/boot_config.h"
#include "probes/setup_files.h"
#include "probes/setup_loaders.h"
#include "probes/setup_parts.h"

static bool has_any(const struct probe_env *env, const char *const *paths)
{
	for (size_t i = 0; paths[i]; i++) {
		if (setup_exists(env, paths[i]))
			return true;
	}
	return false;
}

static bool is_proxmox_boot(const struct probe_env *env)
{
	return setup_exists(env, "/etc/kernel/proxmox-boot-uuids") &&
	       setup_exists(env, "/etc/kernel/cmdline");
}

static bool is_ostree(const struct probe_env *env)
{
	static const char *const paths[] = { "/run/ostree-booted", "/ostree", NULL };

	return has_any(env, paths);
}

static bool is_grub(const struct probe_env *env)
{
	static const char *const paths[] = { "/boot/grub", "/boot/grub2", "/boot/efi/EFI/grub",
					     NULL };

	return setup_exists(env, "/etc/default/grub") &&
	       (has_any(env, paths) || !setup_exists(env, "/boot"));
}

static bool is_systemd_boot(const struct probe_env *env)
{
	return has_any(env, setup_loader_dirs);
}

static bool is_limine(const struct probe_env *env)
{
	static const char *const paths[] = { "/boot/limine.conf",
					     "/boot/limine/limine.conf",
					     "/boot/EFI/limine/limine.conf",
					     "/etc/default/limine",
					     "/efi/limine.conf",
					     "/boot/limine.cfg",
					     NULL };

	return has_any(env, paths);
}

static bool is_refind(const struct probe_env *env)
{
	static const char *const paths[] = { "/boot/refind_linux.conf", "/efi/refind_linux.conf",
					     "/boot/EFI/refind", "/efi/EFI/refind", NULL };

	return has_any(env, paths);
}

/* In the order of how sure the sign is. */
static const struct loader {
	const char *name;
	bool (*is_there)(const struct probe_env *env);
	setup_loader_fn *read[2]; /* the second where the first finds no arguments */
} loaders[] = {
	{ "proxmox-boot-tool", is_proxmox_boot, { setup_loader_kernel_cmdline } },
	{ "ostree", is_ostree, { setup_loader_entries } },
	{ "grub", is_grub, { setup_loader_grub, setup_loader_entries } },
	{ "limine", is_limine, { setup_loader_limine } },
	{ "refind", is_refind, { setup_loader_refind } },
	{ "systemd-boot", is_systemd_boot, { setup_loader_kernel_cmdline, setup_loader_entries } },
};

#define N_SURE 2 /* the first two use the loaders below */

/* What the loader itself said when it started this host; NULL: it says nothing, or no EFI. */
static const char *loader_that_ran(const struct probe_env *env)
{
	auto_free char *bytes = NULL;
	size_t n;

	if (sysroot_read(env->root, &bytes, &n,
			 "/sys/firmware/efi/efivars/"
			 "LoaderInfo-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f") < 0)
		return NULL;
	return loader_info_name(text_make(bytes, n));
}

static const struct loader *find_loader(const struct probe_env *env)
{
	const char *ran;

	for (size_t i = 0; i < N_SURE; i++) {
		if (loaders[i].is_there(env))
			return &loaders[i];
	}
	ran = loader_that_ran(env);
	for (size_t i = N_SURE; ran && i < ARRAY_SIZE(loaders); i++) {
		if (!strcmp(loaders[i].name, ran))
			return &loaders[i];
	}
	for (size_t i = N_SURE; i < ARRAY_SIZE(loaders); i++) {
		if (loaders[i].is_there(env))
			return &loaders[i];
	}
	return NULL;
}

int setup_read_boot(struct probe_env *env, struct setup_facts *f)
{
	const struct loader *loader = find_loader(env);
	const char *path = NULL, *args = NULL;
	int r = 0;

	if (!loader) {
		if (env->root->is_whole || setup_exists(env, "/boot"))
			return fact_set_str(&f->boot_loader, env->arena, "unknown");
		return probe_gap(env, "boot_loader", "/boot", -ENOENT);
	}
	for (size_t i = 0; r == 0 && !args && i < ARRAY_SIZE(loader->read) && loader->read[i]; i++)
		r = loader->read[i](env, &path, &args);
	if (r == 0)
		r = fact_set_str(&f->boot_loader, env->arena, loader->name);
	if (r == 0)
		r = fact_set_str(&f->boot_config, env->arena, path);
	if (r < 0 || !args)
		return r;
	args = boot_args_clean(env->arena, text_of(args));
	return args ? fact_set_str(&f->boot_cmdline, env->arena, args) : -ENOMEM;
}
