/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tracer_parts.h - what the files of the tracer share; for them alone. */
#ifndef PROBES_TRACE_TRACER_PARTS_H
#define PROBES_TRACE_TRACER_PARTS_H

#include "core/arena.h"
#include "probes/trace/tracer.h"
#include "probes/trace/tracer_tasks.h"

enum { TRACER_NOTES_MAX = 64, TRACER_NOTES_OF_MANY = 48 };

/* As the number of a note: there is one of its kind. */
#define TRACER_ONE UINT64_MAX

struct tracer_topic {
	const char *fmt;
	uint64_t number; /* of a CPU or vCPU, or TRACER_ONE */
	char *words;
};

struct tracer_steal { /* ticks that a hypervisor below took, by CPU */
	uint64_t *ticks;
	bool has_read;
};

struct tracer {
	struct tracer_options options;
	struct cpus online, traced; /* of those in the options */
	struct tracer_tasks tasks;
	struct live *live; /* NULL: schedstat */
	struct trace_machine *machine;
	struct tracer_steal steal;
	uint64_t started_ns, started_unix_ns; /* one moment on both clocks */
	uint64_t window_ns;                   /* when the window began */
	uint64_t looked_ns, searched_ns;
	uint64_t taken_ns; /* up to here all events were taken */
	bool is_gone, is_broken;
	bool has_full_machine; /* a thread had no room there */
	struct arena arena;
	struct tracer_note notes[TRACER_NOTES_MAX];
	struct tracer_topic topics[TRACER_NOTES_MAX]; /* of each of them */
	size_t n_notes;
};

/*
 * tracer_notes.c: something odd. One of the same field, format and number takes the place of the
 * one before; more than TRACER_NOTES_MAX are passed over, of those with numbers sooner. field,
 * path, fmt: literals. 0, -ENOMEM.
 */
int tracer_note(struct tracer *t, const char *field, const char *path, uint64_t number,
		const char *fmt, ...) FORMAT_PRINTF(5, 6) MUST_CHECK;
void tracer_notes_release(struct tracer *t);
/* What the facts of a window, and the look behind it, tell about how sound they are. */
int tracer_note_window(struct tracer *t, const struct trace_facts *facts) MUST_CHECK;
/* Seconds since the start, for notes. */
double tracer_seconds(const struct tracer *t, uint64_t at_ns);

/* tracer_members.c: the machine knows the threads that the last look saw. 0, -ENOMEM. */
int tracer_sync_members(struct tracer *t, bool is_start) MUST_CHECK;

/* tracer_steal.c: counts from here on; or gives the machine, whose window is closed, what came. */
int tracer_steal_begin(struct tracer *t) MUST_CHECK;
int tracer_steal_put(struct tracer *t) MUST_CHECK;

#endif
