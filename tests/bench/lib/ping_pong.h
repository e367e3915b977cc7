/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ping_pong.h - two threads on one CPU that hand it to each other: a switch of tasks each time. */
#ifndef TESTS_BENCH_LIB_PING_PONG_H
#define TESTS_BENCH_LIB_PING_PONG_H

#include "core/base.h"

struct ping_pong_result {
	uint64_t switch_ns;
	uint64_t events_permille; /* of the trace, per switch */
	uint64_t n_lost;
};

/*
 * So many handovers there and back, by threads of SCHED_FIFO; traced: with the events of a trace,
 * read meanwhile as the probe reads them. 0, or a negative errno, said why; then threads may be
 * left that wait.
 */
int ping_pong_run(unsigned cpu, uint64_t n_handovers, bool is_traced,
		  struct ping_pong_result *ret) MUST_CHECK;

#endif
