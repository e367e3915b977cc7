/* SPDX-License-Identifier: GPL-2.0-or-later */
/* recording_merge.h - the records of a buffer of a trace.dat, of all CPUs by time. */
#ifndef PROBES_TRACE_RECORDING_MERGE_H
#define PROBES_TRACE_RECORDING_MERGE_H

#include "core/base.h"

struct tep_record;
struct tracecmd_input;

struct record_head {
	struct tep_record *record;
	int cpu; /* its place in the buffer */
};

struct record_merge { /* { 0 } is an empty one */
	struct tracecmd_input *in;
	struct record_head *heads; /* a heap: the next one of each CPU, the earliest first */
	size_t n;
	struct tep_record *given;
};

/* From the start of the buffer; in outlives the merge. 0 or -ENOMEM. */
int record_merge_start(struct record_merge *m, struct tracecmd_input *in, int n_cpus) MUST_CHECK;
void record_merge_release(struct record_merge *m);
/* Lives until the next one; NULL at the end. */
struct tep_record *record_merge_next(struct record_merge *m);

#endif
