/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bench.h - what programs that measure us share: their arguments, and numbers of many rounds. */
#ifndef TESTS_BENCH_LIB_BENCH_H
#define TESTS_BENCH_LIB_BENCH_H

#include <inttypes.h>
#include <string.h>

#include "core/text.h"
#include "core/timebase.h"

struct spread {
	uint64_t min, median, max;
};

static inline int compare_u64(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Sorts them; n is not 0. */
static inline struct spread spread_of(uint64_t *v, size_t n)
{
	qsort(v, n, sizeof(*v), compare_u64);
	return (struct spread){ v[0], v[n / 2], v[n - 1] };
}

/* The i-th argument; usual where there is none or it is no number from min to max. */
static inline uint64_t number_arg(int argc, char **argv, int i, uint64_t usual, uint64_t min,
				  uint64_t max)
{
	uint64_t v;

	if (i >= argc || text_u64(text_of(argv[i]), &v) < 0 || v < min || v > max)
		return usual;
	return v;
}

/* Path of a program of the project, from the one of a program for tests; NULL: no memory. */
static inline char *program_beside(const char *argv0, const char *name)
{
	const char *slash = strrchr(argv0, '/');
	char *path;

	if (asprintf(&path, "%.*s../%s", slash ? (int)(slash - argv0 + 1) : 0, argv0, name) < 0)
		return NULL;
	return path;
}

static inline void sleep_ns(uint64_t ns)
{
	const struct timebase *time = timebase_monotonic();

	time->sleep_until_ns(time->self, timebase_now(time) + ns);
}

#endif
