/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * live_instance.h - a private tracing instance "vfiobench.<pid>" of this process, and the removal
 * of those that killed processes left.
 *
 * Source: Documentation/trace/ftrace.rst: instances, trace_clock, tracing_cpumask, buffer_size_kb.
 */
#ifndef PROBES_TRACE_LIVE_INSTANCE_H
#define PROBES_TRACE_LIVE_INSTANCE_H

#include "core/base.h"
#include "core/cpus.h"

struct tracefs_instance;

/*
 * Made; on, but without events. *ret_fd: an open file of it, so that nobody else can remove it;
 * live_instance_free() closes it. -ENOENT: no tracefs is mounted; -ENOTSUP: processes have other
 * numbers here than in events; -EACCES, -EPERM; -EBUSY: there is one of this process already.
 * *ret_why: a line for people about an error, freed by the caller; NULL: no memory for it.
 */
int live_instance_new(struct tracefs_instance **ret_instance, int *ret_fd,
		      char **ret_why) MUST_CHECK;
/*
 * Off, all its events too, and gone; NULL is fine. All other files of it must be closed. 0; -EBUSY:
 * somebody has one open, it stays; other -errno of rmdir(2).
 */
int live_instance_free(struct tracefs_instance *instance, int fd);

struct live_settings {
	const char *clock; /* "mono", "x86-tsc" */
	const struct cpus *cpus;
	uint64_t buffer_kib; /* of each of these */
};

int live_instance_set(struct tracefs_instance *instance, const struct live_settings *settings,
		      char **ret_why) MUST_CHECK;
/* "per_cpu/cpu3/stats": events lost in all (overwritten, dropped, in interrupts too deep). */
int live_instance_lost(struct tracefs_instance *instance, unsigned cpu, uint64_t *ret_n) MUST_CHECK;

/*
 * Buffer of each of n CPUs, KiB: what is wanted (0: 8 MiB), not more than 512 MiB and a 16th of the
 * memory that is available for all of them, not less than 64 KiB.
 */
uint64_t live_buffer_kib(uint64_t wanted_kib, size_t n_cpus, uint64_t available_kib);
/* Removes instances whose process is gone, and never one that somebody has open; how many. */
unsigned live_instance_sweep(void);

/* *ret_why from a printf format; an earlier one is freed. */
void live_why(char **ret_why, const char *fmt, ...) FORMAT_PRINTF(2, 3);

#endif
