/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * decode_table.h - which field of which event of the kernel becomes which member of an event.
 *
 * Sources: events/SYSTEM/EVENT/format of Linux 5.4 to 6.18.
 */
#ifndef PROBES_TRACE_DECODE_TABLE_H
#define PROBES_TRACE_DECODE_TABLE_H

#include "probes/trace/decode.h"
#include "probes/trace/decode_state.h"

enum decode_as {
	DECODE_U64,
	DECODE_NS,   /* signed; below zero is zero */
	DECODE_INT,  /* clamped to that type */
	DECODE_PID,  /* below zero: TRACE_PID_UNKNOWN */
	DECODE_CPU,  /* not of a CPU: TRACE_CPU_UNKNOWN */
	DECODE_ISA,  /* above 2: 0 */
	DECODE_TEXT, /* char[] of a fixed size, __data_loc or __rel_loc */
	DECODE_RESCHED,
	DECODE_RAW /* for finish(); member is its index there */
};

enum { DECODE_FIELDS_MAX = 8, DECODE_RAW_MAX = 2 };

struct decode_field {
	const char *name;
	size_t member; /* offset in struct trace_event */
	enum decode_as as;
	bool is_optional; /* UINT64_MAX, -1 or NULL on kernels without it */
};

struct trace_decoder;

/* What is more than a number of the record; raw holds DECODE_RAW_MAX of them. */
typedef void decode_finish_fn(struct trace_decoder *d, struct trace_event *e, const uint64_t *raw);

struct decode_row {
	const char *system, *event; /* event NULL: each NAME_entry or NAME_exit of irq_vectors */
	enum trace_kind kind;
	struct decode_field fields[DECODE_FIELDS_MAX]; /* up to the first without a name */
	decode_finish_fn *finish;
};

const struct decode_row *decode_rows(size_t *ret_n);
/*
 * "local_timer_entry" of irq_vectors: its kind, and the length of the vector's name. False: not the
 * run of a handler, but the management of vectors.
 */
bool decode_is_vector(const char *event, enum trace_kind *ret_kind, size_t *ret_len);

/* What finish() may use of a decoder. */
const char *decode_function(struct trace_decoder *d, uint64_t address);
const char *decode_exit_reason(struct trace_decoder *d, int isa, uint64_t reason);
struct decode_states *decode_states_of(struct trace_decoder *d);

#endif
