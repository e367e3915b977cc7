/* SPDX-License-Identifier: GPL-2.0-or-later */
/* base.h - what every file may use: sizes, time units, error numbers, cleanup of locals. */
#ifndef CORE_BASE_H
#define CORE_BASE_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#define NS_PER_US UINT64_C(1000)
#define NS_PER_MS UINT64_C(1000000)
#define NS_PER_S  UINT64_C(1000000000)

#define KIB UINT64_C(1024)
#define MIB (1024 * KIB)
#define GIB (1024 * MIB)

/* Printf-like functions: FORMAT_PRINTF(position of the format, position of its first argument). */
#define FORMAT_PRINTF(fmt, first) __attribute__((format(printf, fmt, first)))
#define MUST_CHECK                __attribute__((warn_unused_result))

/* errno as a negative code; never 0, so that "r < 0" means failure to readers and analysers. */
static inline int neg_errno(void)
{
	int e = -errno;

	return e < 0 ? e : -EIO;
}

static inline uint64_t u64_min(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static inline uint64_t u64_max(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* Run fn(&variable) when the variable leaves its scope. For locals only, one per line. */
#define auto_cleanup(fn) __attribute__((cleanup(fn)))

static inline void cleanup_free(void *p)
{
	free(*(void **)p);
}

static inline void cleanup_fd(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static inline void cleanup_file(FILE **f)
{
	if (*f)
		fclose(*f);
}

#define auto_free auto_cleanup(cleanup_free)
#define auto_fd   auto_cleanup(cleanup_fd)
#define auto_file auto_cleanup(cleanup_file)

#endif
