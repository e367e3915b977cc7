/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * noise.h - makers of noise on one CPU, each with an account of its own of how much it made: what a
 * tracer has to find there.
 */
#ifndef TESTS_LIB_NOISE_H
#define TESTS_LIB_NOISE_H

#include <sys/types.h>

#include "core/base.h"

struct noise {
	unsigned cpu, host_cpu; /* to be disturbed; for what may not disturb it */
	uint64_t duration_ns;
	const char *const *args; /* of the kind, NULL after the last one */
};

/* UINT64_MAX: no account of that. */
struct noise_amount {
	uint64_t ns; /* of the CPU */
	uint64_t n;  /* occurrences there */
};

/* 0 with *ret_amount, or a negative errno. */
typedef int noise_make_fn(const struct noise *noise, struct noise_amount *ret_amount);

noise_make_fn noise_burner, noise_hog, noise_sleeper, noise_files, noise_timers, noise_compact;
noise_make_fn noise_call, noise_barrier, noise_tlb;
noise_make_fn noise_udp;
noise_make_fn noise_read, noise_interrupt, noise_ksm, noise_huge;
noise_make_fn noise_stop, noise_quota, noise_qmp, noise_counters;

/* The calling thread to one CPU; under a name; with SCHED_FIFO. 0 or a negative errno. */
int noise_pin(unsigned cpu) MUST_CHECK;
int noise_become(const char *name, unsigned cpu) MUST_CHECK;
int noise_become_fifo(const char *name, unsigned cpu) MUST_CHECK;

/* CLOCK_MONOTONIC, CLOCK_THREAD_CPUTIME_ID. */
uint64_t noise_now_ns(void);
uint64_t noise_used_ns(void);
void noise_sleep_until(uint64_t t_ns);

/* CPU time of a thread so far, and how often it got a CPU: its schedstat. 0 or a negative errno. */
int noise_thread(pid_t tid, struct noise_amount *ret_amount) MUST_CHECK;
int noise_write(const char *path, const char *text) MUST_CHECK;
/* The number in an argument. 0 or -EINVAL. */
int noise_number(const char *text, uint64_t *ret_n) MUST_CHECK;

#endif
