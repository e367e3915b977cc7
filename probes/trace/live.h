/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * live.h - events of this machine as they happen: a private tracefs instance, read without
 * blocking.
 *
 *	live_new(&options, &live);       instance, clock, buffers, events: all set up, off
 *	live_start(live);                from here on events are recorded
 *	while (...) {
 *		live_poll(live);         takes what the buffers hold
 *		while (live_source(live)->next(...) > 0) ...
 *	}
 *	live_stop(live);                 no more are recorded; live_poll() once more for the rest
 *	live_free(live);                 the instance is gone
 *
 * A reader that waits is woken by an interrupt on the CPU that it reads of: this one never waits.
 * Nothing is switched between live_start() and live_stop(). The instance is called
 * "vfiobench.<pid>" (live_owner.h), one at a time in a process; live_new() first removes those
 *whose process is gone. Nothing is mounted: where tracefs is not, ret_why says how.
 *
 * A CPU that goes offline keeps what was recorded of it, and it is read; one of the set that comes
 * online is recorded, in a buffer of two pages if it never was online before (losses are counted as
 * any). When a buffer is full the oldest events give way, as only then the kernel tells how many
 * were lost and where.
 *
 * Sources: Documentation/trace/ftrace.rst (instances, trace_clock, tracing_cpumask,
 * trace_pipe_raw), Documentation/trace/ring-buffer-design.rst.
 */
#ifndef PROBES_TRACE_LIVE_H
#define PROBES_TRACE_LIVE_H

#include "core/cpus.h"
#include "probes/trace/event.h"

struct live;

enum live_clock {
	LIVE_CLOCK_MONO, /* CLOCK_MONOTONIC */
	LIVE_CLOCK_TSC   /* the TSC, for who joins events to its own readings of it: t_ns is then
			    made from it by tsc_hz and tsc_base */
};

struct live_options {
	struct cpus cpus;  /* traced; of those that are offline a gap is the caller's to note */
	const bool *wants; /* N_TRACE_KINDS flags; NULL: all that the state machine needs */
	enum live_clock clock;
	uint64_t tsc_hz, tsc_base; /* LIVE_CLOCK_TSC: t_ns = (tsc - tsc_base) * 10^9 / tsc_hz */
	uint64_t buffer_kib;       /* per CPU; 0: 8 MiB, less where many CPUs would make it over
				      512 MiB in all */
	int spool_dir;             /* raw pages are also written to files cpu<N> here; -1: no */
	uint64_t spool_max;        /* bytes of all of them; 0: no limit */
};

struct live_stats {        /* since live_start() */
	uint64_t n_events; /* taken out of the buffers */
	uint64_t n_lost;   /* at least so many were lost */
	uint64_t n_bytes, n_polls;
	uint64_t setup_ns;          /* what live_new() and live_start() took */
	uint64_t read_ns;           /* in live_poll() and the source, for the most part sampled */
	uint64_t max_fill_permille; /* of the fullest buffer at a poll */
	uint64_t buffer_kib;
	uint64_t
		n_broken; /* records that could not be understood, and pages: these are lost, too */
	int spool_error;  /* 0, or why the spool ends early; -EFBIG: spool_max */
	int events_error; /* 0, or why the kernel refused one of its events: see live_has() */
};

/*
 * Most of its time is the kernel's: two grace periods of RCU for the clock, the pages of the
 * buffers; the rest takes some 8 ms. A thread that reads the names of kernel functions may go on
 * behind it, on the caller's CPUs, until the first of them is needed. 0; -EACCES, -EPERM (no right,
 * or the kernel is locked down), -ENOENT (no tracefs here), -EBUSY, -EINVAL (no CPU, no TSC rate),
 * -ENOMEM, other -errno of tracefs. ret_why: one line for people about an error, freed by the
 * caller.
 */
int live_new(const struct live_options *options, struct live **ret_live, char **ret_why) MUST_CHECK;
/*
 * Everything is put back, whatever state it is in; NULL is fine. 0, or why the instance is still
 * there, with all its events off: -EBUSY: somebody has a file of it open.
 */
int live_free(struct live *live);
/*
 * Where somebody else sets up a tracer at the moment the kernel makes both wait, 0.1 s and more:
 * drain the source before live_stop(), so that only events behind the window can be lost by it.
 */
int live_start(struct live *live) MUST_CHECK;
int live_stop(struct live *live) MUST_CHECK;
/*
 * From here on the source gives what has been recorded up to now; what another CPU may still
 * precede stays back until the next call, after live_stop() none. Pages are read as the source is
 * asked for events: drain it after each call. 0, -EIO (the instance is gone).
 */
int live_poll(struct live *live) MUST_CHECK;
/*
 * Events taken, by time over all CPUs; 0 from next(): call live_poll() again. An event of a clock
 * that runs more than a second ahead is not waited for.
 */
struct trace_source *live_source(struct live *live);
/*
 * All events up to this moment of the source's clock have been given once it is drained: a window
 * may end here. UINT64_MAX after live_stop() and live_poll().
 */
uint64_t live_horizon_ns(const struct live *live);
/* N_TRACE_KINDS flags: kinds that are recorded, none that the kernel refused a part of. */
const bool *live_has(const struct live *live);
struct live_stats live_stats(const struct live *live);
/* Moment of live_start() on the source's clock and in Unix time. */
void live_started(const struct live *live, uint64_t *ret_clock_ns, uint64_t *ret_unix_ns);
/* How often to poll so that buffers do not fill: from the fill so far, 10 ms to 100 ms. */
uint64_t live_poll_interval_ns(const struct live *live);

/* Removes instances that killed runs left; how many. */
unsigned live_sweep(void);

#endif
