/* SPDX-License-Identifier: GPL-2.0-or-later */
/* passive.h - `vfiobench run --passive` beside a guest: who of ours ran on the guest's CPU. */
#ifndef TESTS_BENCH_LIB_PASSIVE_H
#define TESTS_BENCH_LIB_PASSIVE_H

#include "tests/bench/lib/seen.h"

struct passive_wish {
	const struct sysroot *root;
	unsigned cpu; /* of the guest */
	const char *run_path, *guest_pid, *cpu_words, *rep_duration;
	const char *folder; /* results go there, below the number of the run */
};

struct passive {
	struct seen_sums meanwhile; /* in the window that the run's trace had */
	struct seen_sums all;       /* from its start to its end */
	uint64_t n_switches, n_lost;
};

/* 0, or a negative errno, said why. */
int passive_run(const struct passive_wish *wish, size_t number, struct passive *ret) MUST_CHECK;
void passive_add(struct passive *into, const struct passive *one);

#endif
