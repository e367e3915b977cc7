/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gap_join.h - what the gaps were that measuring threads saw, from a trace of the same time.
 *
 * Gaps and events have one clock, the TSC. The events go through the state machine (machine.h), and
 * for each gap it is asked what its CPU did meanwhile. The time of the measuring thread itself
 * explains nothing, all else does: an interrupt, another thread, an idle CPU on which the thread
 * was not allowed to run.
 *
 * What is left of a gap is the way in and out of the kernel, which lies outside of its events, or
 * it is something that no event tells of. The first is calibrated: the median of what is left per
 * stretch that is named, of the first gaps that have any, at most 3 us: else what a hypervisor
 * takes each time would pass for it. So much per stretch, twice (a median is exceeded by half of
 * them), counts as "kernel entry and exit", apart from what is named. The rest was taken behind the
 * kernel's back: on a virtual machine by the hypervisor below, else by firmware (SMIs) or hardware;
 * of what is shorter than any gap that is looked for that is not said.
 *
 * A gap is explained when at least half of it is named or entry and exit. A gap is not joined, and
 * nothing said of it, when events that may have told were lost, or came in such numbers that they
 * are no longer kept.
 *
 * An orphan is the other way round: an interruption as long as the threshold that no gap shows.
 *
 * Source for separating entry and exit: Documentation/trace/osnoise-tracer.rst, where sums of the
 * noise are below what the thread sees for that reason.
 */
#ifndef PROBES_GAP_JOIN_H
#define PROBES_GAP_JOIN_H

#include "core/cpus.h"
#include "facts/gap.h"
#include "probes/trace/event.h"

struct gap_join;

struct gap_join_setup {
	const bool *has; /* N_TRACE_KINDS flags: kinds that are recorded */
	uint64_t threshold_ns;
	bool is_virtual; /* this host is a virtual machine itself */
};

/* NULL: no memory. */
struct gap_join *gap_join_new(const struct gap_join_setup *setup);
void gap_join_free(struct gap_join *j); /* NULL is fine */
/* Once for each measured CPU: its thread. */
int gap_join_add_cpu(struct gap_join *j, unsigned cpu, int tid) MUST_CHECK;

/*
 * Repetition by repetition, in the order of time of each CPU, and ahead of the events where that
 * can be: a window begins, has gaps, ends. unit: a number of the caller's, rising from 0.
 */
int gap_join_begin(struct gap_join *j, unsigned cpu, size_t unit, uint64_t t_ns) MUST_CHECK;
void gap_join_gap(struct gap_join *j, unsigned cpu, uint64_t from_ns, uint64_t to_ns);
void gap_join_end(struct gap_join *j, unsigned cpu, uint64_t t_ns);
/* In the order of time. */
void gap_join_event(struct gap_join *j, const struct trace_event *e);
/* All events and all gaps of that CPU are here up to that moment, and no gap is going on. */
void gap_join_settle(struct gap_join *j, unsigned cpu, uint64_t t_ns);
/* There are no more. Then ask for: */
void gap_join_finish(struct gap_join *j);

struct gap_unit_sums {
	uint64_t n_explained, n_unjoined;
	uint64_t explained_ns, entry_exit_ns; /* named; the way in and out */
};

struct gap_join_sums {
	/* Of gaps that are joined: what is named, and the way in and out, apart. */
	uint64_t n_gaps, gap_ns, n_explained, explained_ns, entry_exit_ns;
	uint64_t n_empty; /* of them, those in which nothing at all was recorded */
	uint64_t n_orphans, n_together, together_ns, n_lost;
	uint64_t n_not_together; /* unexplained gaps too many to look for others at the same time */
	uint64_t overhead_ns;    /* entry and exit, per stretch: what was calibrated */
};

struct gap_unit_sums gap_join_unit(const struct gap_join *j, size_t unit);
struct gap_join_sums gap_join_sums(const struct gap_join *j);
/* struct trace_culprit; n: gaps that it was in, max_ns: in one gap. Most time first. */
int gap_join_culprits(const struct gap_join *j, struct arena *a, struct fact_list *list) MUST_CHECK;
/* Fills explained_ns, class and name, if this gap is one of the longest that are joined. */
int gap_join_worst(const struct gap_join *j, unsigned cpu, uint64_t from_ns, struct arena *a,
		   struct gap_worst *worst) MUST_CHECK;

#endif
