/* SPDX-License-Identifier: GPL-2.0-or-later */
/* trace_spool.c - raw pages on disk until the recording is over; documented in trace_parts.h. */
#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "probes/stop.h"
#include "probes/trace/keep.h"
#include "probes/trace_parts.h"

#define FOLDER "/var/tmp"
#define NAME   "vfiobench-spool."

#define SIZE_MAX_BYTES (4 * GIB)
#define FREE_SHARE     4 /* and no more than that part of what is free: the file comes beside it */
/* Written in well less than the second in which a run that is stopped ends its programs. */
#define HURRIED_MAX (16 * MIB)

/* Files of a folder that is ours, then the folder. Links in it are names like others. */
static void remove_folder(int fd, const char *path)
{
	DIR *d = fdopendir(fd);
	const struct dirent *e;

	if (!d) {
		close(fd);
		return;
	}
	while ((e = readdir(d)))
		unlinkat(dirfd(d), e->d_name, 0);
	closedir(d);
	rmdir(path);
}

/* Others may write to the folder above: only what belongs to us is touched. */
static int open_own(const char *path)
{
	const int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	struct stat st;

	if (fd >= 0 && (fstat(fd, &st) < 0 || st.st_uid != geteuid())) {
		close(fd);
		return -1;
	}
	return fd;
}

/* In use is what somebody has locked; the kernel unlocks it however that one ends. */
static bool is_left_over(int fd)
{
	return flock(fd, LOCK_EX | LOCK_NB) == 0;
}

static void sweep_one(const char *name)
{
	auto_free char *path = NULL;
	int fd;

	if (asprintf(&path, "%s/%s", FOLDER, name) < 0) {
		path = NULL;
		return;
	}
	fd = open_own(path);
	if (fd >= 0 && is_left_over(fd))
		remove_folder(fd, path);
	else if (fd >= 0)
		close(fd);
}

void trace_spool_sweep(void)
{
	DIR *d = opendir(FOLDER);
	const struct dirent *e;

	while (d && (e = readdir(d))) {
		if (text_starts(text_of(e->d_name), NAME))
			sweep_one(e->d_name);
	}
	if (d)
		closedir(d);
}

/* Somebody may have swept it before it was locked. */
static bool is_still_there(const struct trace_spool *s)
{
	struct stat ours, there;

	return fstat(s->fd, &ours) == 0 && lstat(s->path, &there) == 0 &&
	       ours.st_dev == there.st_dev && ours.st_ino == there.st_ino;
}

static void forget(struct trace_spool *s)
{
	const int error = errno;

	if (s->fd >= 0)
		close(s->fd);
	free(s->path);
	*s = (struct trace_spool){ .fd = -1 };
	errno = error;
}

/* A folder that is ours and locked: 0, or -errno. */
static int make_folder(struct trace_spool *ret_spool)
{
	enum { TRIES = 16 };
	struct trace_spool s = { .fd = -1 };

	for (unsigned i = 0; i < TRIES; i++) {
		if (asprintf(&s.path, "%s/%sXXXXXX", FOLDER, NAME) < 0)
			return -ENOMEM;
		s.fd = mkdtemp(s.path) ? open_own(s.path) : -1;
		if (s.fd >= 0 && flock(s.fd, LOCK_EX) == 0 && is_still_there(&s)) {
			*ret_spool = s;
			return 0;
		}
		forget(&s);
		if (errno != ENOENT && errno != EINTR)
			return neg_errno();
	}
	return -EAGAIN;
}

static uint64_t max_size(int fd)
{
	struct statvfs fs;
	uint64_t free_bytes;

	if (fstatvfs(fd, &fs) < 0 ||
	    __builtin_mul_overflow((uint64_t)fs.f_bavail, (uint64_t)fs.f_frsize, &free_bytes))
		return SIZE_MAX_BYTES;
	/* 0 would be no limit. */
	return u64_min(SIZE_MAX_BYTES, free_bytes / FREE_SHARE + 1);
}

int trace_spool_open(struct probe_env *env, struct trace_spool *ret_spool)
{
	int r;

	*ret_spool = (struct trace_spool){ .fd = -1 };
	r = make_folder(ret_spool);
	if (r == 0)
		ret_spool->max_bytes = max_size(ret_spool->fd);
	if (r == 0 || r == -ENOMEM)
		return r;
	return probe_gap_words(env, "n_events", FOLDER, "nothing is kept of it: %s", strerror(-r));
}

/* Bytes of all files of the folder; UINT64_MAX: not known. */
static uint64_t size_of(const struct trace_spool *spool)
{
	const int fd = openat(spool->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *e;
	uint64_t sum = 0;
	struct stat st;

	if (!d) {
		if (fd >= 0)
			close(fd);
		return UINT64_MAX;
	}
	while ((e = readdir(d))) {
		if (fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		    S_ISREG(st.st_mode))
			sum += (uint64_t)st.st_size;
	}
	closedir(d);
	return sum;
}

static bool is_asked_to_stop(void *arg)
{
	return stop_wait(arg, 0) == STOP_ASKED;
}

static int write_kept(struct probe_env *env, const struct keep_source *source)
{
	auto_free char *why = NULL;
	struct keep_stats stats;
	const int r = keep_trace_write(env->keep_trace, source, &stats, &why);

	if (r == 0 || r == -ENOMEM)
		return r;
	return probe_gap_words(env, "n_events", env->keep_trace, "not written: %s",
			       why ? why : strerror(-r));
}

int trace_spool_keep(struct probe_env *env, const struct trace_spool *spool,
		     const struct trace_kept *kept)
{
	struct timebase time = *env->time;
	const struct keep_source source = {
		.root = env->root,
		.spool_dir = spool->fd,
		.clock = "mono",
		.members = kept->members,
		.n_members = kept->n_members,
		.is_stopped = is_asked_to_stop,
		.stop_arg = &time,
	};
	uint64_t size;

	if (spool->fd < 0)
		return 0;
	if (!kept->has_events)
		return probe_gap_words(env, "n_events", env->keep_trace,
				       "not written: there were no events");
	size = size_of(spool);
	if (kept->is_interrupted && size > HURRIED_MAX)
		return probe_gap_words(env, "n_events", env->keep_trace,
				       "not written: interrupted, and %" PRIu64
				       " MiB take longer than whoever interrupts may wait",
				       size >> 20);
	return write_kept(env, &source);
}

void trace_spool_close(struct trace_spool *spool)
{
	if (spool->fd >= 0)
		remove_folder(spool->fd, spool->path);
	free(spool->path);
	*spool = (struct trace_spool){ .fd = -1 };
}
