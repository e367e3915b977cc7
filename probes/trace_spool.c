/* SPDX-License-Identifier: GPL-2.0-or-later */
/* trace_spool.c - raw pages on disk until the recording is over; documented in trace_parts.h. */
#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

#include "probes/trace/keep.h"
#include "probes/trace_parts.h"

#define FOLDER "/var/tmp"
#define NAME   "vfiobench-spool."

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

static bool is_left_over(const char *name)
{
	struct text rest = text_of(name);
	uint64_t pid;

	if (!text_starts(rest, NAME))
		return false;
	rest = text_make(rest.at + strlen(NAME), rest.len - strlen(NAME));
	return text_take_u64(&rest, &pid) == 0 && text_starts(rest, ".") && pid &&
	       pid <= INT32_MAX && kill((pid_t)pid, 0) < 0 && errno == ESRCH;
}

static int sweep(void)
{
	DIR *d = opendir(FOLDER);
	const struct dirent *e;

	while (d && (e = readdir(d))) {
		auto_free char *path = NULL;
		int fd;

		if (!is_left_over(e->d_name))
			continue;
		if (asprintf(&path, "%s/%s", FOLDER, e->d_name) < 0) {
			path = NULL;
			closedir(d);
			return -ENOMEM;
		}
		fd = open_own(path);
		if (fd >= 0)
			remove_folder(fd, path);
	}
	if (d)
		closedir(d);
	return 0;
}

int trace_spool_open(struct probe_env *env, struct trace_spool *ret_spool)
{
	struct trace_spool s = { .fd = -1 };
	int r = sweep();

	*ret_spool = s;
	if (r < 0 || asprintf(&s.path, "%s/%s%d.XXXXXX", FOLDER, NAME, getpid()) < 0)
		return -ENOMEM;
	if (!mkdtemp(s.path)) {
		r = probe_gap_words(env, "n_events", s.path, "nothing is kept of it: %s",
				    strerror(errno));
		free(s.path);
		return r;
	}
	s.fd = open_own(s.path);
	*ret_spool = s;
	return 0;
}

int trace_spool_keep(struct probe_env *env, const struct trace_spool *spool, const struct tracer *t)
{
	struct keep_source source = { .root = env->root, .spool_dir = spool->fd, .clock = "mono" };
	auto_free char *why = NULL;
	struct keep_stats stats;
	int r;

	if (spool->fd < 0)
		return 0;
	if (!tracer_live(t))
		return probe_gap_words(env, "n_events", env->keep_trace,
				       "not written: there were no events");
	r = tracer_members(t, env->arena, &source.members, &source.n_members);
	if (r == 0)
		r = keep_trace_write(env->keep_trace, &source, &stats, &why);
	if (r == 0 || r == -ENOMEM)
		return r;
	return probe_gap_words(env, "n_events", env->keep_trace, "not written: %s",
			       why ? why : strerror(-r));
}

void trace_spool_close(struct trace_spool *spool)
{
	if (spool->fd >= 0)
		remove_folder(spool->fd, spool->path);
	free(spool->path);
	*spool = (struct trace_spool){ .fd = -1 };
}
