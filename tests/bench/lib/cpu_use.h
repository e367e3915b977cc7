/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cpu_use.h - what one CPU has counted so far, and what threads that may run there have used. */
#ifndef TESTS_BENCH_LIB_CPU_USE_H
#define TESTS_BENCH_LIB_CPU_USE_H

#include "core/program.h"
#include "core/sysroot.h"

struct cpu_use {
	uint64_t at_ns;
	uint64_t run_ns;    /* of the threads, as /proc/TID/schedstat has it */
	uint64_t n_threads; /* of the programs, that may run there */
	uint64_t n_iwi;     /* irq_work interrupts there: IWI of /proc/interrupts */
};

/* 0 or a negative errno; -ENOENT: this kernel does not count irq_work interrupts. */
int cpu_use_read(const struct sysroot *root, unsigned cpu, const struct program *programs, size_t n,
		 struct cpu_use *ret_use) MUST_CHECK;

#endif
