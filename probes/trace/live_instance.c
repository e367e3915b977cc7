/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/trace/live_instance.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <tracefs.h>

#include "core/sysroot.h"
#include "core/text.h"
#include "probes/parse/mounts.h"
#include "probes/trace/live_owner.h"

enum {
	BUFFER_KIB = 8 << 10,
	BUFFERS_KIB_MAX = 512 << 10,
	BUFFER_KIB_MIN = 64,
	UNUSED_KIB = 8,   /* of CPUs that are not traced: two pages are the least */
	UNUSED_CPUS = 32, /* of so many it is worth it: each has 1.4 MiB */
	MEMORY_SHARE = 16
};

void live_why(char **ret_why, const char *fmt, ...)
{
	va_list ap;

	free(*ret_why);
	va_start(ap, fmt);
	if (vasprintf(ret_why, fmt, ap) < 0)
		*ret_why = NULL;
	va_end(ap);
}

static int explain_create(int r, const char *name, char **ret_why)
{
	if (r == -EACCES || r == -EPERM)
		live_why(
			ret_why,
			"no right to make a tracing instance (root, and no lockdown of the kernel)");
	else
		live_why(ret_why, "tracing instance %s: %s", name, strerror(-r));
	return r;
}

static char *dir_of_mount(const struct mount_line *mount)
{
	auto_free char *at = mounts_unescape(mount->target);
	char *dir = NULL;

	if (text_equal(mount->type, "tracefs")) {
		dir = at;
		at = NULL;
		return dir;
	}
	/* Old kernels, and users of the old place: tracefs appears in debugfs by itself. */
	if (!at || !text_equal(mount->type, "debugfs") || asprintf(&dir, "%s/tracing", at) < 0)
		return NULL;
	if (access(dir, F_OK) == 0)
		return dir;
	free(dir);
	return NULL;
}

/* Caller frees; NULL: not mounted. libtracefs would mount it, but that is for people to decide. */
static char *tracing_dir(void)
{
	auto_free char *text = NULL;
	struct mount_line mount;
	struct sysroot root;
	struct text rest;
	char *dir = NULL;
	size_t len = 0;
	int r;

	if (sysroot_open(&root, "/") < 0)
		return NULL;
	r = sysroot_read(&root, &text, &len, "/proc/self/mounts");
	sysroot_close(&root);
	if (r < 0)
		return NULL;
	for (rest = text_make(text, len); !dir && mounts_next(&rest, &mount);)
		dir = dir_of_mount(&mount);
	return dir;
}

static int check_mounted(char **ret_why)
{
	auto_free char *dir = tracing_dir();

	if (dir)
		return 0;
	if (access("/sys/kernel/tracing", F_OK) < 0)
		live_why(ret_why,
			 "this kernel has no tracing, or hides it: no /sys/kernel/tracing");
	else
		live_why(ret_why, "tracefs is not mounted: sudo mount -t tracefs nodev "
				  "/sys/kernel/tracing");
	return -ENOENT;
}

/* The first namespace's number never changes: PROC_PID_INIT_INO of the kernel's linux/proc_ns.h. */
#define PIDS_OF_MACHINE "pid:[4026531836]"

/*
 * Events name threads by the machine's numbers; elsewhere each would be taken for another, or for
 * one that never ran.
 */
static int check_numbers(char **ret_why)
{
	auto_free char *namespace = NULL;
	struct sysroot root;
	int r = sysroot_open(&root, "/");

	if (r < 0)
		return r;
	r = sysroot_readlink(&root, &namespace, "/proc/self/ns/pid");
	sysroot_close(&root);
	if (r < 0 || !strcmp(namespace, PIDS_OF_MACHINE))
		return 0;
	live_why(ret_why, "in a container that numbers processes by itself: start it with the "
			  "host's process namespace (--pid=host)");
	return -ENOTSUP;
}

/* From here on nobody else removes it, whatever they make of its name. */
static int hold(struct tracefs_instance *instance, int *ret_fd, char **ret_why)
{
	int r;

	errno = 0;
	*ret_fd = tracefs_instance_file_open(instance, "tracing_on", O_RDONLY | O_CLOEXEC);
	if (*ret_fd >= 0)
		return 0;
	r = neg_errno();
	live_why(ret_why, "tracing_on of the tracing instance: %s", strerror(-r));
	live_instance_free(instance, -1);
	return r;
}

int live_instance_new(struct tracefs_instance **ret_instance, int *ret_fd, char **ret_why)
{
	struct tracefs_instance *instance;
	char name[LIVE_NAME_SIZE];
	int r = check_mounted(ret_why);

	if (r == 0)
		r = check_numbers(ret_why);
	if (r < 0)
		return r;
	live_owner_name(getpid(), name);
	errno = 0;
	instance = tracefs_instance_create(name);
	if (!instance)
		return explain_create(neg_errno(), name, ret_why);
	if (!tracefs_instance_is_new(instance)) {
		tracefs_instance_free(instance);
		return explain_create(-EBUSY, name, ret_why);
	}
	r = hold(instance, ret_fd, ret_why);
	if (r == 0)
		*ret_instance = instance;
	return r;
}

/* The kernel does so when it removes the instance, but not when it has to refuse that. */
static void quiet(struct tracefs_instance *instance)
{
	tracefs_trace_off(instance);
	tracefs_instance_file_write(instance, "events/enable", "0");
}

int live_instance_free(struct tracefs_instance *instance, int fd)
{
	int r = 0;

	if (!instance)
		return 0;
	quiet(instance);
	if (fd >= 0)
		close(fd);
	errno = 0;
	if (tracefs_instance_destroy(instance) != 0)
		r = neg_errno();
	tracefs_instance_free(instance);
	return r;
}

static int set_file(struct tracefs_instance *instance, const char *file, const char *value,
		    char **ret_why)
{
	int r;

	errno = 0;
	if (tracefs_instance_file_write(instance, file, value) > 0)
		return 0;
	r = neg_errno();
	live_why(ret_why, "%s of the tracing instance: %s", file, strerror(-r));
	return r;
}

static int set_size(struct tracefs_instance *instance, uint64_t kib, int cpu, char **ret_why)
{
	errno = 0;
	if (tracefs_instance_set_buffer_size(instance, (size_t)kib, cpu) == 0)
		return 0;
	live_why(ret_why, "tracing buffer of %ju KiB per CPU: %s", (uintmax_t)kib, strerror(errno));
	return neg_errno();
}

/*
 * One write for all is quicker, where no CPU is left out. A few that are not traced keep the size
 * that each new instance has, as a change of it has to wait for each of them.
 */
static int set_sizes(struct tracefs_instance *instance, const struct live_settings *settings,
		     char **ret_why)
{
	const long n_all = sysconf(_SC_NPROCESSORS_CONF);
	const size_t n_cpus = n_all > 0 ? (size_t)n_all : 1, n = cpus_count(settings->cpus);
	int r = 0;

	if (n >= n_cpus)
		return set_size(instance, settings->buffer_kib, -1, ret_why);
	if (n_cpus - n > UNUSED_CPUS)
		r = set_size(instance, UNUSED_KIB, -1, ret_why);
	for (int c = cpus_next(settings->cpus, 0); r == 0 && c >= 0;
	     c = cpus_next(settings->cpus, (unsigned)c + 1)) {
		char dir[64];

		/* A number that this machine cannot have: there will be no events of it. */
		snprintf(dir, sizeof(dir), "per_cpu/cpu%d", c);
		if (tracefs_dir_exists(instance, dir))
			r = set_size(instance, settings->buffer_kib, c, ret_why);
	}
	return r;
}

/*
 * When a buffer is full the oldest events give way: only then do pages tell how many were lost, and
 * where ("overwrite" off counts them, but nothing tells when they were).
 *
 * A new instance is on, with no event in it. It stays so for the sizes: while off, each change of
 * size waits for a grace period of RCU, some 10 ms.
 */
int live_instance_set(struct tracefs_instance *instance, const struct live_settings *settings,
		      char **ret_why)
{
	auto_free char *mask = cpus_mask_new(settings->cpus);
	int r;

	if (!mask)
		return -ENOMEM;
	r = set_sizes(instance, settings, ret_why);
	if (r == 0)
		r = set_file(instance, "tracing_on", "0", ret_why);
	if (r == 0)
		r = set_file(instance, "trace_clock", settings->clock, ret_why);
	if (r == 0)
		r = set_file(instance, "tracing_cpumask", mask, ret_why);
	if (r == 0)
		r = set_file(instance, "options/overwrite", "1", ret_why);
	return r;
}

int live_instance_lost(struct tracefs_instance *instance, unsigned cpu, uint64_t *ret_n)
{
	static const char *const keys[] = { "overrun", "commit overrun", "dropped events" };
	auto_free char *stats = NULL;
	struct text rest, line, key, value;
	char path[64];
	uint64_t n = 0;

	snprintf(path, sizeof(path), "per_cpu/cpu%u/stats", cpu);
	errno = 0;
	stats = tracefs_instance_file_read(instance, path, NULL);
	if (!stats)
		return neg_errno();
	rest = text_of(stats);
	while (text_next_line(&rest, &line)) {
		uint64_t v;

		if (!text_key_value(line, ':', &key, &value) || text_u64(value, &v) < 0)
			continue;
		for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
			n += text_equal(key, keys[i]) ? v : 0;
	}
	*ret_n = n;
	return 0;
}

uint64_t live_buffer_kib(uint64_t wanted_kib, size_t n_cpus, uint64_t available_kib)
{
	const uint64_t all = u64_min(BUFFERS_KIB_MAX, available_kib / MEMORY_SHARE);
	const uint64_t each = all / (n_cpus ? n_cpus : 1);

	return u64_max(BUFFER_KIB_MIN, u64_min(wanted_kib ? wanted_kib : BUFFER_KIB, each));
}

/* tracefs_instance_alloc() is for who knows the instance: this one may be gone by now. */
static void quiet_left(const char *path)
{
	static const char *const files[] = { "tracing_on", "events/enable" };

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		auto_free char *file = NULL;
		auto_fd int fd = -1;

		if (asprintf(&file, "%s/%s", path, files[i]) < 0) {
			file = NULL;
			return;
		}
		fd = open(file, O_WRONLY | O_CLOEXEC);
		if (fd < 0 || write(fd, "0", 1) != 1)
			return;
	}
}

/*
 * The kernel switches its events off, and refuses while a file of it is open: what is not
 * somebody's any more, but open, is at least quiet then.
 */
static bool sweep(const char *name, const char *path)
{
	const bool is_gone = live_owner_is_gone(name, path);

	if (!is_gone && !live_owner_may_be_gone(name, path))
		return false;
	if (rmdir(path) == 0)
		return true;
	if (is_gone && errno == EBUSY)
		quiet_left(path);
	return false;
}

unsigned live_instance_sweep(void)
{
	auto_free char *dir = tracing_dir();
	auto_free char *instances = NULL;
	struct dirent *entry;
	unsigned n = 0;
	DIR *stream;

	if (!dir || asprintf(&instances, "%s/instances", dir) < 0) {
		instances = NULL;
		return 0;
	}
	stream = opendir(instances);
	while (stream && (entry = readdir(stream))) {
		auto_free char *path = NULL;

		if (asprintf(&path, "%s/%s", instances, entry->d_name) < 0) {
			path = NULL;
			break;
		}
		n += sweep(entry->d_name, path);
	}
	if (stream)
		closedir(stream);
	return n;
}
