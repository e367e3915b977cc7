/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vcpu_time.h - the time of one vCPU: the state it is in, and all it was in before. */
#ifndef PROBES_TRACE_VCPU_TIME_H
#define PROBES_TRACE_VCPU_TIME_H

#include "core/cpus.h"
#include "probes/trace/exit_kind.h"
#include "probes/trace/frames.h"
#include "probes/trace/series.h"
#include "probes/trace/tallies.h"
#include "probes/trace/units.h"

enum vcpu_where {
	WHERE_UNKNOWN,
	WHERE_RUNNING,
	WHERE_RUNNABLE, /* watches the CPU that it waits for */
	WHERE_ASLEEP,
	WHERE_GONE
};

enum vcpu_mode { /* what its thread does when nothing interrupts it */
		 MODE_UNKNOWN,
		 MODE_GUEST,
		 MODE_EXIT,
		 MODE_QEMU,
		 MODE_PLAIN /* kvm_entry and kvm_exit are not recorded */
};

enum { WORST_MAX = 32, N_SIZES = 6, WORST_PARTS_MAX = 4, OUTAGE_PARTS_MAX = 16 };

/* The classes of LatencyMon: from so many us on, up to the next. */
extern const uint64_t vcpu_time_sizes_us[N_SIZES];

struct vcpu_exit { /* from kvm_exit to kvm_entry */
	bool is_open;
	bool is_io; /* id is a port or an address */
	enum exit_kind kind;
	uint16_t id;           /* culprit */
	uint16_t joined;       /* the interrupt that was its cause; NAME_NONE: none, or not yet */
	unsigned joined_depth; /* its frame, from 1, as long as it runs; 0: over */
	uint64_t ns;           /* without what interrupted it */
};

struct outage_part { /* what a culprit had of it, in all */
	uint64_t ns;
	uint16_t id;
};

struct worst {
	uint64_t at_ns, ns;
	uint16_t id;
	unsigned cpu;
	unsigned n_parts;
	struct outage_part parts[WORST_PARTS_MAX]; /* most first */
};

struct outage { /* the guest does not run, and has not asked for that */
	bool is_open;
	uint64_t at_ns, ns;
	uint64_t side_ns[N_CULPRIT_SIDES];
	unsigned n_parts;
	struct outage_part parts[OUTAGE_PARTS_MAX]; /* as they came; later ones are passed over */
};

struct cpu_time;

struct vcpu_time {
	struct vcpu_time *prev, *next; /* others of the list of cpu it is in */
	struct cpu_time *cpu;          /* where it runs, waits or slept; NULL: not seen yet */
	bool is_active;                /* in cpu->active, else cpu->asleep */

	int tid;
	unsigned number;
	char *name;              /* owned; NULL: not told */
	uint64_t from_ns, to_ns; /* its part of the window */
	uint64_t since_ns;       /* when it came to be, as the caller says */
	uint64_t mark_ns;        /* up to here all is accounted */
	enum vcpu_where where;
	enum vcpu_mode mode;
	enum vcpu_state off; /* when it is not running */
	uint64_t off_ns;     /* so long, since it went to sleep */
	uint64_t slept_at_ns;
	uint64_t lead_ns;                  /* running in MODE_UNKNOWN */
	uint64_t waits_ns[FRAMES_MAX + 1]; /* by depth of the frame that has its CPU */
	struct vcpu_exit exit;
	struct outage outage;

	uint64_t state_ns[N_VCPU_STATES];
	uint64_t own_ns; /* blamed on threads of the measurement */
	struct series series;
	struct units units;
	struct tallies tallies;
	struct hist *outages; /* without those of repetitions that are not over */
	uint64_t n_of_size[N_SIZES];
	struct worst worst[WORST_MAX]; /* longest first */
	size_t n_worst;
	struct cpus cpus;
	int last_cpu; /* -1: none */
	uint64_t n_exits, n_migrations, n_lost;
};

/* The guest would have run: bits of enum vcpu_state, as analyze/blame.h has them. */
#define VCPU_STATES_LOST                                                                         \
	(1u << STATE_EXIT | 1u << STATE_HOST_IRQ | 1u << STATE_SOFTIRQ | 1u << STATE_PREEMPTED | \
	 1u << STATE_WAITING | 1u << STATE_QEMU | 1u << STATE_STOPPED | 1u << STATE_RESIDUE |    \
	 1u << STATE_BLOCKED)

/* v->units is for who calls it. */
int vcpu_time_init(struct vcpu_time *v, size_t n_steps) MUST_CHECK;
void vcpu_time_release(struct vcpu_time *v);
/* Empty sums for the window, and of it what is from from_ns to to_ns. */
void vcpu_time_start(struct vcpu_time *v, uint64_t window_ns, uint64_t from_ns, uint64_t to_ns);
/* All up to to_ns was this state: returns how much of it was in the window and new. */
uint64_t vcpu_time_pass(struct vcpu_time *v, enum vcpu_state state, uint64_t to_ns);
/* ns of one state turn out to have been another. */
void vcpu_time_move(struct vcpu_time *v, enum vcpu_state from, enum vcpu_state to, uint64_t ns);
/* The same once the window is over, of ns of which nobody knows when they were. */
void vcpu_time_spread(struct vcpu_time *v, enum vcpu_state from, enum vcpu_state to, uint64_t ns);
/* A culprit was at it for so long, up to now. */
void vcpu_time_blame(struct vcpu_time *v, const struct names *names, uint16_t id, uint64_t ns);
/* The exit is over: its culprit was at it. Closes it. */
void vcpu_time_blame_exit(struct vcpu_time *v, const struct names *names);
/* The stretch without the guest, if there is one, is over. */
void vcpu_time_end_outage(struct vcpu_time *v);
/* The window is over. */
void vcpu_time_finish(struct vcpu_time *v);

#endif
