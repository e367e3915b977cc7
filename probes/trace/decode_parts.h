/* SPDX-License-Identifier: GPL-2.0-or-later */
/* decode_parts.h - what the files of the decoder share: events of one kernel, ready for use. */
#ifndef PROBES_TRACE_DECODE_PARTS_H
#define PROBES_TRACE_DECODE_PARTS_H

#include "probes/trace/decode_table.h"
#include "probes/trace/reason.h"

enum {
	DECODE_LOADS_MAX = DECODE_FIELDS_MAX + 2, /* and the common ones */
	DECODE_ROWS_MAX = 255,                    /* numbers of rows are bytes; 0: none */
	DECODE_N_TYPES = 65536,                   /* common_type has 16 bits */
	DECODE_TEXTS_MAX = DECODE_FIELDS_MAX,     /* of an event */
	DECODE_TEXT_SIZE = 256,
	DECODE_FUNCTIONS_MAX = 256, /* powers of 2 */
	DECODE_N_REASONS = 0x408,
};

struct decode_load {
	uint16_t offset; /* in the record */
	uint16_t member;
	uint8_t size; /* of texts in the record: 0; of __data_loc: 4 */
	uint8_t as;
	bool is_signed;
	bool is_dynamic;
	uint16_t base; /* of __rel_loc: what its offset counts from */
	uint16_t len;  /* of a text in the record */
};

/* One event of this kernel: what never changes of it, and what to load from each record. */
struct decode_event {
	struct trace_event blank;
	decode_finish_fn *finish;
	struct decode_load loads[DECODE_LOADS_MAX];
	unsigned n_loads;
	size_t size; /* of a record, at least */
	bool has_dynamic;
	char *name; /* of a vector */
};

struct function_name {
	uint64_t address;
	const char *name;
	bool is_known;
};

struct trace_decoder {
	struct decode_event rows[DECODE_ROWS_MAX + 1]; /* from 1 */
	size_t n_rows;
	uint8_t row_of[DECODE_N_TYPES];
	uint16_t type_offset;
	bool is_swapped;
	bool has[N_TRACE_KINDS];
	struct decode_states states;
	uint64_t n_broken;
	trace_function_fn *function;
	void *function_arg;
	struct function_name functions[DECODE_FUNCTIONS_MAX];
	const char *reasons[REASON_ISA_SVM + 1][DECODE_N_REASONS];
	char texts[DECODE_TEXTS_MAX][DECODE_TEXT_SIZE];
};

/* Rows for the events that tep knows. 0, -ENOMEM. */
int decode_add_events(struct trace_decoder *d, struct tep_handle *tep) MUST_CHECK;

#endif
