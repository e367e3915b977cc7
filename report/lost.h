/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lost.h - lost time of a trace (analyze/blame.h) as curves: by vCPU, time, length and cause. */
#ifndef REPORT_LOST_H
#define REPORT_LOST_H

#include "analyze/blame.h"
#include "core/arena.h"
#include "report/states.h"

enum {
	LOST_BARS_MAX = 24,
	LOST_COLUMNS_MAX = 50,
	LOST_LENGTHS = 24, /* from 0, 1, 2, 4 … 2^22 us on */
	LOST_CAUSES_MAX = 12,
	LOST_MARKS_MAX = 300,
	LOST_SIZES = 6
};

/* The classes of LatencyMon: from so many us on, up to the next. */
extern const uint64_t lost_sizes_us[LOST_SIZES];

struct lost_bar { /* a vCPU */
	const struct trace_vcpu *vcpu;
	uint64_t number, all_ns, known_ns, lost_ns;
	uint64_t own_ns; /* lost to the measurement itself: in ns, not in lost_ns */
	uint64_t ns[N_LOST_STATES];
};

struct lost_column {     /* a stretch of the window, all vCPUs */
	uint64_t all_ns; /* time of vCPUs that was seen in it */
	uint64_t ns[N_LOST_STATES];
	uint64_t n_of_length[LOST_LENGTHS];
};

struct lost_cause {
	const char *class, *name; /* NULL: all that have no row of their own */
	size_t n;
	uint64_t max_ns;
};

struct lost_mark { /* one of the worst stretches */
	const struct trace_vcpu *vcpu;
	const struct trace_worst *worst;
	size_t cause;
};

struct lost {
	size_t n_vcpus;
	uint64_t window_ns; /* of the trace */
	/* Of all vCPUs, as analyze/blame.h has it; all_ns is what is known and what is not. */
	uint64_t all_ns, known_ns, lost_ns, untold_ns;
	uint64_t own_ns;       /* lost to the measurement itself: in the states, not in lost_ns */
	struct lost_bar *bars; /* by number: the vCPUs that lost most */
	size_t n_bars;         /* of n_vcpus */
	uint64_t n_of[LOST_SIZES]; /* stretches without the guest, by class */
	bool has_sizes;
	uint64_t column_ns; /* length of one */
	struct lost_column *columns;
	size_t n_columns;
	bool has_lengths;          /* n_of_length is known */
	struct lost_mark *marks;   /* longest first; without those of the measurement itself */
	size_t n_marks, n_worst;   /* of so many that the trace holds */
	struct lost_cause *causes; /* longest first; one without a name is the last */
	size_t n_causes;
};

/* In the arena. 0; -ENODATA (no vCPU was traced); -ENOMEM. */
int lost_make(const struct host *h, struct arena *a, struct lost *ret_lost) MUST_CHECK;

#endif
