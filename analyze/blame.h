/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * blame.h - who took the guest's time, as a trace of the run or somebody's recording tells.
 *
 * Time of a vCPU that is known: its window, less what was before the first event of its thread and
 * what was lost with events. Of that it lost: exits, interrupts and softirqs in its place,
 * preempted, waiting, in QEMU, stopped, blocked in the kernel, residue. What is left: in the guest,
 * running where guest and exits cannot be told apart, halted by the guest's own wish.
 *
 * A culprit that kept another thread from waking a vCPU ("via") took time too, but none that is
 * lost in that sense: the vCPU was halted. Threads of the measurement itself ("vfiobench…") are
 * left out, as culprits and of what was lost.
 *
 * What follows from it (analyze/rule.h): a culprit that is noticeable may make advice of a row, and
 * makes what the row's own rule found measured. One that is not noticeable changes nothing.
 */
#ifndef ANALYZE_BLAME_H
#define ANALYZE_BLAME_H

#include "analyze/rule.h"

/*
 * What is noticeable: BLAME_OFTEN times, and of the known time of one vCPU BLAME_PPM, or
 * BLAME_LONG_PPM in stretches of which more than one must have been long.
 */
enum {
	BLAME_OFTEN = 3, /* once is chance */
	BLAME_PPM = 1000,
	BLAME_LONG_PPM = 100, /* 6 ms of a minute */
	BLAME_LONG_US = 250,  /* the first class of LatencyMon that is not green */
	/* Shares of less known time tell nothing. */
	BLAME_WINDOW_MS = 100,
	BLAME_PASTE_MS = 1 /* of a recording, which somebody cut to what he saw */
};

/* What is looked at of a file, whatever it holds. */
enum { BLAME_CULPRITS_MAX = 4096, BLAME_VCPUS_MAX = 1024, BLAME_WORST_MAX = 64 };

struct blame_time { /* of one vCPU, or of all */
	uint64_t known_ns, lost_ns;
	uint64_t untold_ns; /* before the first event, or lost with events */
};

struct blame {                            /* culprits that belong together */
	const struct trace_culprit *most; /* by time */
	size_t n_culprits;
	uint64_t n, total_ns;
	uint64_t max_ns;        /* one slice: what interrupts it ends it, for the time being */
	uint64_t stretch_ns;    /* longest stretch without the guest that was mostly one of them; 0:
				   none */
	struct fact_u64 p99_ns; /* of most */
	uint64_t guest_permille; /* of the known time of all vCPUs */
	uint64_t lost_permille;  /* of what they lost; without those that kept a thread */
	uint64_t worst_ppm;      /* on the vCPU that had most of it, of its known time */
};

/* Is this culprit meant? */
typedef bool blame_fn(const struct host *h, const struct trace_culprit *c, const void *arg);

/*
 * There is something to say: a trace of events, of a guest that ran or in a recording, that knows
 * at least half of the time, and enough of it.
 */
bool blame_can_tell(const struct host *h);
/* The result is somebody's recording alone: nothing of the host's settings is known. */
bool blame_is_recording(const struct host *h);
/* v NULL: all vCPUs together. */
struct blame_time blame_time(const struct host *h, const struct trace_vcpu *v);
/* All culprits that is_meant wants (NULL: all); false: there is none, or nothing to say. */
bool blame_some(const struct host *h, blame_fn *is_meant, const void *arg, struct blame *ret_blame);
/* Those that the catalogue row of this id explains. */
bool blame_of(const struct host *h, const char *id, struct blame *ret_blame);
bool blame_names_row(const struct host *h, const struct trace_culprit *c, const void *id);
/* Whether it may make advice; on a host whose own hypervisor takes time, long stretches may not. */
bool blame_is_noticeable(const struct host *h, const struct blame *b);

/* It is whole, and no thread of the measurement. */
bool blame_counts(const struct trace_culprit *c);

/* The same culprit as that vCPU met it; NULL: it did not. */
const struct trace_culprit *blame_on(const struct trace_vcpu *v,
				     const struct trace_culprit *wanted);

/* The line of an interrupt that has this handler alone; NULL: none, or several. */
const struct irq_line *blame_line(const struct host *h, const char *handler);
/* "task dd", "IRQ 34 virtio4-input.0", "port 0x608 (PM timer)". */
const char *blame_name(const struct host *h, const struct trace_culprit *c, struct finding *out);
/* "850 ns", "12.3 us", "4.5 ms", "2.0 s" */
const char *blame_ns(struct finding *out, uint64_t ns);
/*
 * "the longest slice 2.3 ms, in a stretch of up to 948 ms": what interrupts ends a slice.
 */
const char *blame_longest(struct finding *out, const struct blame *b);
/* "34 %", "3.4 %", "0.1 %"; below that "less than 0.1 %" */
const char *blame_percent(struct finding *out, uint64_t permille);
/*
 * Evidence: a row for each of the largest of these culprits, one for the rest, and what the numbers
 * are worth where that is not much.
 */
void blame_list(const struct host *h, blame_fn *is_meant, const void *arg, struct finding *out);

#endif
