/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * domain_disks.c - what the host says of the guest's media and input devices: the size of an image
 * and how much of it has its place on the disk (stat(2), st_blocks), the I/O scheduler of the disk
 * it is on (/sys/class/block, Documentation/block/switching-sched.rst), whether a device is there.
 *
 * A configuration may be of another host: a path that is not there is no gap, it is only unknown.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "probes/domain_parts.h"
#include "probes/parse/choice.h"
#include "probes/parse/mounts.h"

#define LINKS_MAX 16u
#define STEPS_MAX 128u
#define PATH_SIZE 4096u
#define ITEMS_MAX 256u
#define DEPTH_MAX 8u

/* Cuts "name" off the front of "/name/rest" or "name//rest"; false: nothing is left. */
static bool next_component(struct text *rest, struct text *ret_name)
{
	while (text_next_piece(rest, '/', ret_name)) {
		if (ret_name->len && !text_equal(*ret_name, "."))
			return true;
	}
	return false;
}

static void cut_component(char *path)
{
	char *slash = strrchr(path, '/');

	if (slash)
		*slash = '\0';
}

/* "/dev" and "sda" as "/dev/sda"; false: no room. */
static bool add_component(char *path, struct text name)
{
	const size_t n = strlen(path);

	if (n + 1 + name.len >= PATH_SIZE)
		return false;
	path[n] = '/';
	memcpy(path + n + 1, name.at, name.len);
	path[n + 1 + name.len] = '\0';
	return true;
}

/* *done is a link: *rest is then its target and what follows it. 0: it is none; 1; -errno. */
static int follow_link(struct probe_env *env, char *done, struct text *rest)
{
	auto_free char *target = NULL;
	char *next;
	int r = sysroot_readlink(env->root, &target, "%s", done);

	if (r < 0)
		return r == -ENOMEM ? r : 0;
	if (strlen(target) + rest->len >= PATH_SIZE)
		return -ENAMETOOLONG;
	next = arena_printf(env->arena, "%s/%.*s", target, (int)rest->len, rest->at);
	if (!next)
		return -ENOMEM;
	*rest = text_of(next);
	if (*target == '/')
		*done = '\0';
	else
		cut_component(done);
	return 1;
}

/*
 * The path without links, "/dev/disk/by-id/x" as "/dev/sda". NULL in *ret_path: too long or too
 * many links; what is not there stays as it is.
 */
static int resolve(struct probe_env *env, const char *path, const char **ret_path)
{
	auto_free char *done = calloc(1, PATH_SIZE);
	struct text rest = text_of(path), name;
	unsigned n_links = 0, n_steps = 0;

	*ret_path = NULL;
	if (!done)
		return -ENOMEM;
	while (next_component(&rest, &name)) {
		int r;

		if (text_equal(name, "..")) {
			cut_component(done);
			continue;
		}
		if (++n_steps > STEPS_MAX || !add_component(done, name))
			return 0;
		r = follow_link(env, done, &rest);
		if (r < 0)
			return r == -ENOMEM ? r : 0;
		n_links += (unsigned)r;
		if (n_links > LINKS_MAX)
			return 0;
	}
	*ret_path = arena_strdup(env->arena, done);
	return *ret_path ? 0 : -ENOMEM;
}

static bool is_below(const char *path, const char *dir)
{
	const size_t n = strlen(dir);

	if (!strcmp(dir, "/"))
		return true;
	return !strncmp(path, dir, n) && (!path[n] || path[n] == '/');
}

/* The device of the file system that the path is on; NULL in *ret_device: not known. */
static int find_mount(struct probe_env *env, struct text mounts, const char *path,
		      const char **ret_device)
{
	struct mount_line mount;
	size_t longest = 0;

	*ret_device = NULL;
	while (mounts_next(&mounts, &mount)) {
		auto_free char *dir = mounts_unescape(mount.target);
		auto_free char *device = mounts_unescape(mount.source);

		if (!dir || !device)
			return -ENOMEM;
		/* Of two on the same directory the later one is seen. */
		if (!is_below(path, dir) || strlen(dir) < longest)
			continue;
		longest = strlen(dir);
		*ret_device = arena_strdup(env->arena, device);
		if (!*ret_device)
			return -ENOMEM;
	}
	return 0;
}

/* Names of the directory "slaves": what a device mapper or RAID device is made of. */
static int first_slave(struct probe_env *env, const char *name, const char **ret_slave)
{
	char **names = NULL;
	size_t n = 0;
	int r = sysroot_list(env->root, &names, &n, "/sys/class/block/%s/slaves", name);

	*ret_slave = NULL;
	if (r < 0)
		return r == -ENOMEM ? r : 0;
	/* Of several disks none speaks for the others. */
	*ret_slave = n ? arena_strdup(env->arena, n == 1 ? names[0] : "") : NULL;
	r = n && !*ret_slave ? -ENOMEM : 0;
	names_free(names, n);
	return r;
}

/* The disk that a partition is of: the directory above its own. */
static int whole_disk(struct probe_env *env, const char *name, const char **ret_disk)
{
	auto_free char *target = NULL;
	int r;

	*ret_disk = name;
	if (sysroot_exists(env->root, "/sys/class/block/%s/partition", name) < 0)
		return 0;
	r = sysroot_readlink(env->root, &target, "/sys/class/block/%s", name);
	if (r < 0)
		return r == -ENOMEM ? r : 0;
	cut_component(target);
	*ret_disk =
		arena_strdup(env->arena, strrchr(target, '/') ? strrchr(target, '/') + 1 : target);
	return *ret_disk ? 0 : -ENOMEM;
}

static int read_scheduler(struct probe_env *env, const char *name, struct fact_str *f)
{
	for (unsigned depth = 0; depth < DEPTH_MAX && *name; depth++) {
		auto_free char *line = NULL;
		const char *slave, *disk;
		struct text word;
		int r = first_slave(env, name, &slave);

		if (r == 0 && slave) {
			name = slave;
			continue;
		}
		if (r == 0)
			r = whole_disk(env, name, &disk);
		if (r == 0)
			r = sysroot_read_line(env->root, &line,
					      "/sys/class/block/%s/queue/scheduler", disk);
		if (r < 0)
			return r == -ENOMEM ? r : 0;
		/* A disk without a choice says "none" without brackets. */
		if (!choice_parse(text_of(line), &word))
			word = text_trim(text_of(line));
		return word.len ? fact_set_text(f, env->arena, word) : 0;
	}
	return 0;
}

/* device: "/dev/sda2", "/dev/mapper/vg-images", as a disk or as the source of a mount. */
static int add_scheduler(struct probe_env *env, const char *device, struct domain_disk *disk)
{
	const char *path;
	int r = resolve(env, device, &path);

	if (r < 0 || !path || !text_starts(text_of(path), "/dev/"))
		return r;
	return read_scheduler(env, strrchr(path, '/') + 1, &disk->scheduler);
}

/* The captured file is empty. */
static void answer_sizes(struct probe_env *env, size_t i, struct domain_disk *disk)
{
	auto_free char *size = NULL;
	auto_free char *allocated = NULL;

	if (asprintf(&size, "domain.disks.%zu.size_kib", i) < 0)
		size = NULL;
	if (asprintf(&allocated, "domain.disks.%zu.allocated_kib", i) < 0)
		allocated = NULL;
	if (size && allocated && probe_answer_u64(env, &disk->size_kib, size))
		(void)probe_answer_u64(env, &disk->allocated_kib, allocated);
}

/* The file is looked at, not opened: it is no matter who may read it. */
static int add_sizes(struct probe_env *env, const char *path, size_t i, struct domain_disk *disk)
{
	auto_fd int fd = sysroot_open_file(env->root, O_PATH, "%s", path);
	struct stat st;

	if (fd < 0)
		return fd == -ENOMEM ? fd : 0;
	if (!env->root->is_live && env->root->is_whole) {
		answer_sizes(env, i, disk);
		return 0;
	}
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size < 0 || st.st_blocks < 0)
		return 0;
	fact_set_u64(&disk->size_kib, ((uint64_t)st.st_size + KIB - 1) / KIB);
	fact_set_u64(&disk->allocated_kib, (uint64_t)st.st_blocks / 2);
	return 0;
}

static int add_file(struct probe_env *env, struct text mounts, size_t i, struct domain_disk *disk)
{
	const char *path, *device;
	int r = resolve(env, disk->source.v, &path);

	if (r < 0 || !path || sysroot_exists(env->root, "%s", path) < 0)
		return r;
	r = add_sizes(env, path, i, disk);
	if (r == 0)
		r = find_mount(env, mounts, path, &device);
	return r < 0 || !device ? r : add_scheduler(env, device, disk);
}

static int read_mounts(struct probe_env *env, struct text *ret_mounts)
{
	auto_free char *text = NULL;
	size_t len;
	int r = sysroot_read(env->root, &text, &len, "/proc/mounts");
	char *copy;

	*ret_mounts = text_of("");
	if (r < 0)
		return r == -ENOMEM ? r : 0;
	copy = arena_memdup(env->arena, text, len);
	*ret_mounts = text_make(copy, copy ? len : 0);
	return copy ? 0 : -ENOMEM;
}

static int add_disks(struct probe_env *env, struct domain_facts *f)
{
	struct domain_disk *disk = f->disks.v;
	struct text mounts;
	int r = read_mounts(env, &mounts);

	for (size_t i = 0; r == 0 && i < f->disks.n && i < ITEMS_MAX; i++, disk++) {
		if (!disk->source.known || disk->source.v[0] != '/')
			continue;
		if (fact_is(&disk->type, "file"))
			r = add_file(env, mounts, i, disk);
		else if (fact_is(&disk->type, "block"))
			r = add_scheduler(env, disk->source.v, disk);
	}
	return r;
}

/* Of a tree that holds no devices at all nothing is known. */
static int add_inputs(struct probe_env *env, struct domain_facts *f)
{
	struct domain_input *input = f->inputs.v;
	const bool has_devices = sysroot_exists(env->root, "/dev/input") == 0;

	for (size_t i = 0; has_devices && i < f->inputs.n && i < ITEMS_MAX; i++, input++) {
		int r;

		if (!input->source.known || !text_starts(text_of(input->source.v), "/dev/"))
			continue;
		r = sysroot_exists(env->root, "%s", input->source.v);
		if (r == 0 || r == -ENOENT)
			fact_set_bool(&input->is_present, r == 0);
	}
	return 0;
}

int domain_add_host(struct probe_env *env, struct domain_facts *f)
{
	int r = add_disks(env, f);

	return r < 0 ? r : add_inputs(env, f);
}
