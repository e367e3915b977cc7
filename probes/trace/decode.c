/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/trace/decode.h"

#include <event-parse.h>
#include <limits.h>
#include <string.h>

#include "core/cpus.h"
#include "probes/trace/decode_parts.h"

/* TRACE_FLAG_NEED_RESCHED of include/linux/trace_events.h, TASK_COMM_LEN of linux/sched.h */
enum { NEED_RESCHED = 4, COMM_SIZE = 16 };

int trace_decoder_new(struct tep_handle *tep, struct trace_decoder **ret_decoder)
{
	struct trace_decoder *d = calloc(1, sizeof(*d));
	int r;

	if (!d)
		return -ENOMEM;
	d->is_swapped = tep_is_file_bigendian(tep) != tep_is_local_bigendian(tep);
	r = decode_add_events(d, tep);
	if (r < 0)
		trace_decoder_free(d);
	else
		*ret_decoder = d;
	return r;
}

void trace_decoder_free(struct trace_decoder *d)
{
	if (!d)
		return;
	for (size_t i = 1; i <= d->n_rows; i++)
		free(d->rows[i].name);
	free(d);
}

const bool *trace_decoder_has(const struct trace_decoder *d)
{
	return d->has;
}

/* What begins and ends something has two kinds. */
static enum trace_kind other_end(enum trace_kind kind)
{
	static const enum trace_kind pairs[][2] = {
		{ TRACE_IRQ_ENTRY, TRACE_IRQ_EXIT },
		{ TRACE_VECTOR_ENTRY, TRACE_VECTOR_EXIT },
		{ TRACE_SOFTIRQ_ENTRY, TRACE_SOFTIRQ_EXIT },
		{ TRACE_WORK_START, TRACE_WORK_END },
		{ TRACE_KVM_ENTRY, TRACE_KVM_EXIT },
	};

	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
		if (pairs[i][0] == kind)
			return pairs[i][1];
		if (pairs[i][1] == kind)
			return pairs[i][0];
	}
	return kind;
}

void trace_decoder_drop(struct trace_decoder *d, int event_id)
{
	enum trace_kind kind, other;

	if (event_id < 0 || event_id >= DECODE_N_TYPES || !d->row_of[event_id])
		return;
	kind = d->rows[d->row_of[event_id]].blank.kind;
	other = other_end(kind);
	d->has[kind] = d->has[other] = false;
	for (unsigned i = 0; i < DECODE_N_TYPES; i++) {
		const enum trace_kind of = d->rows[d->row_of[i]].blank.kind;

		if (d->row_of[i] && (of == kind || of == other))
			d->row_of[i] = 0;
	}
}

uint64_t trace_decoder_n_broken(const struct trace_decoder *d)
{
	return d->n_broken;
}

void trace_decoder_set_functions(struct trace_decoder *d, trace_function_fn *name, void *arg)
{
	d->function = name;
	d->function_arg = arg;
	memset(d->functions, 0, sizeof(d->functions));
}

const char *decode_function(struct trace_decoder *d, uint64_t address)
{
	struct function_name *known;

	if (!d->function || !address || address == UINT64_MAX)
		return NULL;
	/* Functions begin at multiples of 16. */
	known = &d->functions[(address >> 4 ^ address >> 12) % DECODE_FUNCTIONS_MAX];
	if (!known->is_known || known->address != address)
		*known = (struct function_name){ address, d->function(d->function_arg, address),
						 true };
	return known->name;
}

const char *decode_exit_reason(struct trace_decoder *d, int isa, uint64_t reason)
{
	if (isa == REASON_ISA_VMX)
		reason &= 0xffff;
	if (isa < 0 || isa > REASON_ISA_SVM || reason >= DECODE_N_REASONS)
		return reason_name(isa, reason);
	if (!d->reasons[isa][reason])
		d->reasons[isa][reason] = reason_name(isa, reason);
	return d->reasons[isa][reason];
}

struct decode_states *decode_states_of(struct trace_decoder *d)
{
	return &d->states;
}

/* x86 is little-endian, and so are all hosts that this is for. */
static uint64_t read_swapped(const uint8_t *at, unsigned size)
{
	uint64_t v = 0;

	memcpy(&v, at, size);
	return __builtin_bswap64(v) >> (64 - 8 * size);
}

static inline uint64_t read_number(const uint8_t *at, unsigned size, bool is_signed,
				   bool is_swapped)
{
	const unsigned shift = 64 - 8 * size;
	uint32_t word;
	uint16_t half;
	uint64_t v;

	if (is_swapped) {
		v = read_swapped(at, size);
	} else if (size == 4) {
		memcpy(&word, at, sizeof(word));
		v = word;
	} else if (size == 8) {
		memcpy(&v, at, sizeof(v));
	} else if (size == 2) {
		memcpy(&half, at, sizeof(half));
		v = half;
	} else {
		v = *at;
	}
	return is_signed ? (uint64_t)((int64_t)(v << shift) >> shift) : v;
}

/* Where the text is in the record, and its room; false: outside of it. */
static bool find_text(const struct decode_load *l, const uint8_t *data, size_t size,
		      bool is_swapped, const uint8_t **ret_at, size_t *ret_len)
{
	const uint64_t where = read_number(data + l->offset, 4, false, is_swapped);
	const size_t offset = (size_t)(where & 0xffff) + l->base;

	if (offset > size || where >> 16 > size - offset)
		return false;
	*ret_at = data + offset;
	*ret_len = (size_t)(where >> 16);
	return true;
}

static bool is_whole(const struct decode_event *row, const uint8_t *data, size_t size,
		     bool is_swapped)
{
	if (size < row->size)
		return false;
	for (unsigned i = 0; row->has_dynamic && i < row->n_loads; i++) {
		const uint8_t *at;
		size_t len;

		if (row->loads[i].is_dynamic &&
		    !find_text(&row->loads[i], data, size, is_swapped, &at, &len))
			return false;
	}
	return true;
}

static const char *copy_text(const struct decode_load *l, const uint8_t *data, size_t size,
			     bool is_swapped, char *buf)
{
	const uint8_t *at = data + l->offset;
	size_t len = l->len;

	/* The name of a thread. */
	if (len == COMM_SIZE && !l->is_dynamic) {
		memcpy(buf, at, COMM_SIZE);
		buf[COMM_SIZE] = '\0';
		return buf;
	}
	if (l->is_dynamic && !find_text(l, data, size, is_swapped, &at, &len))
		len = 0; /* is_whole() found it */
	len = strnlen((const char *)at, len < DECODE_TEXT_SIZE - 1 ? len : DECODE_TEXT_SIZE - 1);
	memcpy(buf, at, len);
	buf[len] = '\0';
	return buf;
}

static int clamp_int(uint64_t v)
{
	const int64_t i = (int64_t)v;

	return i > INT_MAX ? INT_MAX : i < INT_MIN ? INT_MIN : (int)i;
}

static void put_number(struct trace_event *e, const struct decode_load *l, uint64_t v,
		       uint64_t *raw)
{
	void *member = (char *)e + l->member;

	switch ((enum decode_as)l->as) {
	case DECODE_NS:
		*(uint64_t *)member = (int64_t)v < 0 ? 0 : v;
		break;
	case DECODE_INT:
		*(int *)member = clamp_int(v);
		break;
	case DECODE_PID:
		*(int *)member = v > INT_MAX ? TRACE_PID_UNKNOWN : (int)v;
		break;
	case DECODE_CPU:
		*(int *)member = v < CPUS_MAX ? (int)v : TRACE_CPU_UNKNOWN;
		break;
	case DECODE_ISA:
		*(int *)member = v <= REASON_ISA_SVM ? (int)v : REASON_ISA_UNKNOWN;
		break;
	case DECODE_RESCHED:
		*(bool *)member = v & NEED_RESCHED;
		break;
	case DECODE_RAW:
		raw[l->member] = v;
		break;
	case DECODE_U64:
	case DECODE_TEXT:
		*(uint64_t *)member = v;
		break;
	}
}

static void fill(struct trace_decoder *d, const struct decode_event *row, const uint8_t *data,
		 size_t size, struct trace_event *e)
{
	uint64_t raw[DECODE_RAW_MAX] = { UINT64_MAX, UINT64_MAX };
	unsigned n_texts = 0;

	for (unsigned i = 0; i < row->n_loads; i++) {
		const struct decode_load *l = &row->loads[i];

		if (l->as == DECODE_TEXT)
			*(const char **)((char *)e + l->member) =
				copy_text(l, data, size, d->is_swapped, d->texts[n_texts++]);
		else
			put_number(
				e, l,
				read_number(data + l->offset, l->size, l->is_signed, d->is_swapped),
				raw);
	}
	if (row->finish)
		row->finish(d, e, raw);
}

/* Straight into *ret_event: a copy of it would have to wait for each of its members. */
bool trace_decode(struct trace_decoder *d, int cpu, uint64_t t_ns, const void *data, size_t size,
		  struct trace_event *ret_event)
{
	const struct decode_event *row;
	uint64_t type;

	if (!d->n_rows)
		return false;
	if (size < (size_t)d->type_offset + 2) {
		d->n_broken++;
		return false;
	}
	type = read_number((const uint8_t *)data + d->type_offset, 2, false, d->is_swapped);
	if (!d->row_of[type])
		return false;
	row = &d->rows[d->row_of[type]];
	if (!is_whole(row, data, size, d->is_swapped)) {
		d->n_broken++;
		return false;
	}
	*ret_event = row->blank;
	ret_event->t_ns = t_ns;
	ret_event->cpu = cpu;
	fill(d, row, data, size, ret_event);
	return true;
}
