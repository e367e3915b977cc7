/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * seen.h - who of ours a CPU has run: every switch there is recorded while a thread of its own
 * reads them, on the CPUs of who starts it.
 *
 * Ours are threads called "vfiobench…" in whose environment SEEN_MARK is set to our process id.
 */
#ifndef TESTS_BENCH_LIB_SEEN_H
#define TESTS_BENCH_LIB_SEEN_H

#include <pthread.h>
#include <stdatomic.h>

#include "core/sysroot.h"
#include "probes/trace/live.h"

#define SEEN_MARK        "VFIOBENCH_BENCH"
#define SEEN_THREADS_MAX 4096u
#define SEEN_MAX         65536u

enum seen_owner { SEEN_OURS, SEEN_ANOTHERS, SEEN_GONE }; /* gone before it could be looked at */

struct seen_stretch {
	pid_t tid;
	uint64_t start_unix_ns, ns;
};

struct seen {
	struct live *live;
	const struct sysroot *root;
	pthread_t thread;
	atomic_bool is_over;
	int error;
	uint64_t clock_ns, unix_ns; /* the same moment */
	struct seen_stretch open;   /* tid 0: none; its start is of the recording's clock */
	struct seen_stretch *v;     /* SEEN_MAX */
	struct seen_thread {
		pid_t tid;
		enum seen_owner owner;
	} * threads; /* SEEN_THREADS_MAX */
	size_t n, n_threads;
	uint64_t n_switches, n_lost;
};

/* Sets SEEN_MARK for programs that we start from here on. 0 or a negative errno, said why. */
int seen_start(struct seen *s, const struct sysroot *root, unsigned cpu) MUST_CHECK;
/* 0; -EOVERFLOW: there were more of ours than fit; another negative errno. */
int seen_stop(struct seen *s) MUST_CHECK;
void seen_release(struct seen *s);

struct seen_sums {
	uint64_t n, ns;          /* times that one of ours ran */
	uint64_t n_threads;      /* of them */
	uint64_t n_gone_threads; /* not told whose they were */
};

/* Of stretches that began from one moment to another, in Unix time. */
struct seen_sums seen_sums(const struct seen *s, uint64_t from_ns, uint64_t to_ns);

#endif
