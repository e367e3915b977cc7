/* SPDX-License-Identifier: GPL-2.0-or-later */
/* trace_limits.c - what reading a stranger's file may cost; documented in trace_parts.h. */
#include <signal.h>
#include <sys/resource.h>
#include <sys/statvfs.h>

#include "probes/trace_parts.h"

/* libtracecmd unpacks there, a file for each CPU. */
#define UNPACKED_IN "/tmp"
#define FREE_SHARE  4

enum { CPU_S = 1700, CPU_GRACE_S = 10 };

#define MEMORY_MAX   (8 * GIB)
#define UNPACKED_MAX (4 * GIB)
#define UNPACKED_MIN (16 * MIB) /* a document is a file, too */

/* Sanitizers reserve far more than any program may have. */
#if defined(__SANITIZE_ADDRESS__)
#define HAS_MEMORY_LIMIT false
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#define HAS_MEMORY_LIMIT false
#endif
#endif
#ifndef HAS_MEMORY_LIMIT
#define HAS_MEMORY_LIMIT true
#endif

static uint64_t unpacked_max(void)
{
	struct statvfs fs;
	uint64_t free_bytes;

	if (statvfs(UNPACKED_IN, &fs) < 0 ||
	    __builtin_mul_overflow((uint64_t)fs.f_bavail, (uint64_t)fs.f_frsize, &free_bytes))
		return UNPACKED_MAX;
	return u64_min(UNPACKED_MAX, free_bytes / FREE_SHARE + UNPACKED_MIN);
}

/* No more than was allowed before. */
static int set_limit(int resource, uint64_t soft, uint64_t hard)
{
	struct rlimit limit;

	if (getrlimit((__rlimit_resource_t)resource, &limit) < 0)
		return neg_errno();
	limit.rlim_max = (rlim_t)u64_min(limit.rlim_max, hard);
	limit.rlim_cur = (rlim_t)u64_min(u64_min(limit.rlim_cur, soft), limit.rlim_max);
	return setrlimit((__rlimit_resource_t)resource, &limit) < 0 ? neg_errno() : 0;
}

int trace_limits_set(void)
{
	const uint64_t unpacked = unpacked_max();
	sigset_t set;
	int r;

	/* A write that is refused can be told of; whoever is killed by it leaves its files. */
	sigemptyset(&set);
	sigaddset(&set, SIGXFSZ);
	r = sigprocmask(SIG_BLOCK, &set, NULL) < 0 ? neg_errno() : 0;
	if (r == 0)
		r = set_limit(RLIMIT_CORE, 0, 0);
	if (r == 0)
		r = set_limit(RLIMIT_CPU, CPU_S, CPU_S + CPU_GRACE_S);
	if (r == 0)
		r = set_limit(RLIMIT_FSIZE, unpacked, unpacked);
	if (r == 0 && HAS_MEMORY_LIMIT)
		r = set_limit(RLIMIT_AS, MEMORY_MAX, MEMORY_MAX);
	return r;
}

const char *trace_limits_hit(int error)
{
	sigset_t pending;

	if (sigpending(&pending) == 0 && sigismember(&pending, SIGXFSZ) == 1)
		return "unpacked it takes more than 4 GiB of a CPU, or a quarter of what is free "
		       "in " UNPACKED_IN ": trace-cmd convert --compression none unpacks it";
	if (error == -ENOMEM)
		return "reading it takes more memory than there is, or than 8 GiB";
	return NULL;
}
