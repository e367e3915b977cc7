/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * setup_devices.c - watchdogs, disks and slabs: Documentation/ABI/testing/sysfs-class-watchdog,
 * sysfs-block, sysfs-kernel-slab.
 */
#include <string.h>

#include "probes/parse/choice.h"
#include "probes/setup_files.h"
#include "probes/setup_parts.h"

typedef int entry_fn(struct probe_env *env, struct setup_facts *f, const char *name);

/* Calls fn for each entry of a directory; on this machine one that is not there is an empty one. */
static int each_entry(struct probe_env *env, struct setup_facts *f, struct fact_list *list,
		      const char *field, const char *dir, entry_fn *fn)
{
	char **names;
	size_t n;
	int r = sysroot_list(env->root, &names, &n, "%s", dir);

	if (r == -ENOENT && env->root->is_whole) {
		list->known = true;
		return 0;
	}
	if (r < 0)
		return probe_gap(env, field, dir, r);
	list->known = true;
	for (size_t i = 0; r == 0 && i < n; i++)
		r = fn(env, f, names[i]);
	names_free(names, n);
	return r;
}

static int add_watchdog(struct probe_env *env, struct setup_facts *f, const char *name)
{
	struct setup_watchdog *w;
	auto_free char *identity = NULL;
	int r;

	w = fact_add_item(&f->watchdogs, env->arena, sizeof(*w));
	if (!w)
		return -ENOMEM;
	r = fact_set_str(&w->name, env->arena, name);
	/* Absent where the kernel has no CONFIG_WATCHDOG_SYSFS. */
	if (r == 0 &&
	    sysroot_read_line(env->root, &identity, "/sys/class/watchdog/%s/identity", name) == 0)
		r = fact_set_str(&w->identity, env->arena, identity);
	return r;
}

/* Not loop0, ram0, zram0, dm-0, md0, sr0. */
static bool is_disk(const char *name)
{
	static const char *const disks[] = { "sd", "nvme", "vd", "xvd", "hd", "mmcblk" };

	for (size_t i = 0; i < ARRAY_SIZE(disks); i++) {
		if (text_starts(text_of(name), disks[i]))
			return !strstr(name, "boot") && !strstr(name, "rpmb");
	}
	return false;
}

static int add_disk(struct probe_env *env, struct setup_facts *f, const char *name)
{
	auto_free char *scheduler = NULL;
	struct setup_block *disk;
	struct text choice;
	uint64_t rotational;
	int r;

	if (!is_disk(name))
		return 0;
	disk = fact_add_item(&f->disks, env->arena, sizeof(*disk));
	if (!disk)
		return -ENOMEM;
	r = fact_set_str(&disk->name, env->arena, name);
	if (sysroot_read_u64(env->root, &rotational, "/sys/block/%s/queue/rotational", name) == 0)
		fact_set_bool(&disk->is_rotational, rotational != 0);
	if (r < 0 ||
	    sysroot_read_line(env->root, &scheduler, "/sys/block/%s/queue/scheduler", name) < 0)
		return r;
	if (choice_parse(text_of(scheduler), &choice))
		return fact_set_text(&disk->scheduler, env->arena, choice);
	/* A queue that has no choice says "none". */
	return !strcmp(scheduler, "none") ? fact_set_str(&disk->scheduler, env->arena, "none") : 0;
}

/* The options of one slab; false when it is not there. */
static int read_slab(struct probe_env *env, struct setup_facts *f, const char *slab)
{
	static const char *const options[] = { "sanity_checks", "red_zone", "poison",
					       "store_user" };
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(options); i++) {
		uint64_t v;
		const int e =
			sysroot_read_u64(env->root, &v, "/sys/kernel/slab/%s/%s", slab, options[i]);

		/* Older kernels let only root read them: then nothing is known. */
		if (e < 0)
			return e == -ENOENT ? 0
					    : probe_gap(env, "slab_debug", "/sys/kernel/slab", e);
		f->slab_debug.known = true;
		if (v)
			r = fact_add_str(&f->slab_debug, env->arena, options[i]);
	}
	return r;
}

static int read_slabs(struct probe_env *env, struct setup_facts *f)
{
	static const char *const slabs[] = { "kmalloc-64", "kmalloc-128", "kmalloc-256" };
	char **names;
	size_t n;
	int r = sysroot_list(env->root, &names, &n, "/sys/kernel/slab");

	/* Only SLUB has it, when it was built with CONFIG_SYSFS: nothing is missing elsewhere. */
	if (r < 0)
		return 0;
	/* A slab that may be shared is a link to ":0000064"; with slab_nomerge there is none. */
	fact_set_bool(&f->has_slab_merging, false);
	for (size_t i = 0; i < n; i++)
		f->has_slab_merging.v |= names[i][0] == ':';
	if (n == 0)
		f->has_slab_merging.known = false;
	names_free(names, n);
	for (size_t i = 0; r == 0 && !f->slab_debug.known && i < ARRAY_SIZE(slabs); i++)
		r = read_slab(env, f, slabs[i]);
	return r;
}

int setup_read_devices(struct probe_env *env, struct setup_facts *f)
{
	int r = each_entry(env, f, &f->watchdogs, "watchdogs", "/sys/class/watchdog", add_watchdog);

	if (r == 0)
		r = each_entry(env, f, &f->disks, "disks", "/sys/block", add_disk);
	return r < 0 ? r : read_slabs(env, f);
}
