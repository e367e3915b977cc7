/* SPDX-License-Identifier: GPL-2.0-or-later */
/* live_parts.h - what the files of a live source share. */
#ifndef PROBES_TRACE_LIVE_PARTS_H
#define PROBES_TRACE_LIVE_PARTS_H

#include "core/sysroot.h"
#include "probes/trace/live.h"
#include "probes/trace/live_merge.h"
#include "probes/trace/live_pages.h"

struct live_cpu {
	unsigned cpu;
	struct live_pages *pages;
	struct live_record head; /* the next one, while it is in the merge */
	uint64_t last_ns;        /* of its clock, given */
	uint64_t n_bytes_before; /* at the last poll */
	bool is_in, is_final;
};

struct live {
	struct trace_source source; /* first: next() gets at the rest */
	struct tracefs_instance *instance;
	int instance_fd; /* keeps it */
	struct tep_handle *tep;
	struct trace_decoder *decoder;
	struct sysroot root;
	struct kallsyms *symbols;
	struct live_options options;
	uint64_t shift_ns; /* our CLOCK_MONOTONIC less that of the events */
	struct live_cpu *cpus;
	size_t n_cpus;
	struct live_merge merge;
	size_t page_size;
	uint64_t spool_left; /* of options.spool_max */
	bool is_on, is_stopped;
	uint64_t horizon_ns, polled_ns, interval_ns;
	uint64_t took_ns; /* from the poll before the last to the last */
	uint64_t started_ns, started_unix_ns;
	uint64_t n_samples, sample_ns;
	struct live_stats stats;
};

/* The instance with all its settings, files and events: 0, or as live_new(). */
int live_set_up(struct live *live, char **ret_why) MUST_CHECK;

#endif
