/* SPDX-License-Identifier: GPL-2.0-or-later */
/* decode_events.c - where the fields of the events of a kernel lie; documented in decode_parts.h.
 */
#include <event-parse.h>
#include <string.h>

#include "probes/trace/decode_parts.h"

enum { RECORD_MAX = 65536 };

static bool is_number_size(int size)
{
	return size == 1 || size == 2 || size == 4 || size == 8;
}

/* False: not a field that we can read. */
static bool load_of(const struct tep_format_field *f, struct decode_load *l)
{
	const unsigned long text = TEP_FIELD_IS_ARRAY | TEP_FIELD_IS_STRING;

	if (f->offset < 0 || f->size <= 0 || f->offset > RECORD_MAX - 1 ||
	    f->size > RECORD_MAX - 1 - f->offset)
		return false;
	l->offset = (uint16_t)f->offset;
	l->is_signed = f->flags & TEP_FIELD_IS_SIGNED;
	l->is_dynamic = f->flags & TEP_FIELD_IS_DYNAMIC;
	if (l->as == DECODE_TEXT) {
		l->size = l->is_dynamic ? 4 : 0;
		l->len = (uint16_t)f->size;
		if (f->flags & TEP_FIELD_IS_RELATIVE)
			l->base = (uint16_t)(f->offset + f->size);
		return l->is_dynamic ? f->size == 4 : (f->flags & text) != 0;
	}
	l->size = (uint8_t)f->size;
	return !l->is_dynamic && !(f->flags & text) && is_number_size(f->size);
}

/* The member of a field that this kernel does not have. */
static void set_unknown(struct trace_event *e, const struct decode_field *f)
{
	void *member = (char *)e + f->member;

	switch (f->as) {
	case DECODE_U64:
	case DECODE_NS:
		*(uint64_t *)member = UINT64_MAX;
		break;
	case DECODE_INT:
	case DECODE_PID:
	case DECODE_CPU:
		*(int *)member = -1;
		break;
	case DECODE_ISA: /* 0 */
	case DECODE_TEXT:
	case DECODE_RESCHED:
	case DECODE_RAW:
		break;
	}
}

static bool add_load(struct decode_event *row, const struct decode_field *want,
		     const struct tep_format_field *f)
{
	struct decode_load *l = &row->loads[row->n_loads];

	*l = (struct decode_load){ .member = (uint16_t)want->member, .as = (uint8_t)want->as };
	if (!f || !load_of(f, l)) {
		set_unknown(&row->blank, want);
		return want->is_optional;
	}
	if (row->size < (size_t)(f->offset + f->size))
		row->size = (size_t)(f->offset + f->size);
	row->has_dynamic |= l->is_dynamic;
	row->n_loads++;
	return true;
}

static struct trace_event blank_of(enum trace_kind kind)
{
	struct trace_event e = { .kind = kind, .pid = TRACE_PID_UNKNOWN };

	switch (kind) {
	case TRACE_KVM_ENTRY:
	case TRACE_KVM_EXIT:
	case TRACE_KVM_USERSPACE:
	case TRACE_KVM_WAKEUP:
	case TRACE_KVM_FAULT:
		e.kvm.vcpu = e.kvm.reason = UINT64_MAX;
		e.kvm.info1 = e.kvm.info2 = e.kvm.interrupt = UINT64_MAX;
		break;
	default:
		break;
	}
	return e;
}

static bool add_loads(struct decode_event *row, const struct decode_row *want,
		      struct tep_event *event)
{
	static const struct decode_field common[] = {
		{ "common_pid", offsetof(struct trace_event, pid), DECODE_PID, false },
		{ "common_flags", offsetof(struct trace_event, needs_resched), DECODE_RESCHED,
		  true },
	};

	for (size_t i = 0; i < ARRAY_SIZE(common); i++) {
		if (!add_load(row, &common[i], tep_find_common_field(event, common[i].name)))
			return false;
	}
	for (size_t i = 0; i < DECODE_FIELDS_MAX && want->fields[i].name; i++) {
		if (!add_load(row, &want->fields[i], tep_find_field(event, want->fields[i].name)))
			return false;
	}
	return true;
}

/* Events whose fields are odd are left out, as if the kernel did not have them. */
static int add_event(struct trace_decoder *d, const struct decode_row *want, enum trace_kind kind,
		     const char *name, size_t name_len, struct tep_event *event)
{
	const struct tep_format_field *type = tep_find_common_field(event, "common_type");
	struct decode_event *row = &d->rows[d->n_rows + 1];

	if (d->n_rows == DECODE_ROWS_MAX || event->id < 0 || event->id >= DECODE_N_TYPES ||
	    d->row_of[event->id])
		return 0;
	/* Every record begins alike: else no record could be told from another. */
	if (!type || type->size != 2 || type->offset < 0 || type->offset > INT16_MAX ||
	    (d->n_rows && type->offset != d->type_offset))
		return 0;
	*row = (struct decode_event){ .blank = blank_of(kind), .finish = want->finish };
	if (!add_loads(row, want, event))
		return 0;
	if (name) {
		row->name = strndup(name, name_len);
		if (!row->name)
			return -ENOMEM;
		row->blank.irq.name = row->name;
	}
	d->type_offset = (uint16_t)type->offset;
	d->n_rows++;
	d->row_of[event->id] = (uint8_t)d->n_rows;
	d->has[kind] = true;
	if (kind == TRACE_SWITCH)
		decode_states_read(event, &d->states);
	return 0;
}

static int add_vectors(struct trace_decoder *d, const struct decode_row *want,
		       struct tep_handle *tep)
{
	const int n = tep_get_events_count(tep);

	for (int i = 0; i < n; i++) {
		struct tep_event *event = tep_get_event(tep, i);
		enum trace_kind kind;
		size_t len;
		int r;

		if (!event || !event->system || !event->name ||
		    strcmp(event->system, want->system) != 0 ||
		    !decode_is_vector(event->name, &kind, &len))
			continue;
		r = add_event(d, want, kind, event->name, len, event);
		if (r < 0)
			return r;
	}
	return 0;
}

int decode_add_events(struct trace_decoder *d, struct tep_handle *tep)
{
	size_t n;
	const struct decode_row *want = decode_rows(&n);

	for (size_t i = 0; i < n; i++) {
		struct tep_event *event;
		int r = 0;

		if (!want[i].event) {
			r = add_vectors(d, &want[i], tep);
		} else {
			event = tep_find_event_by_name(tep, want[i].system, want[i].event);
			if (event)
				r = add_event(d, &want[i], want[i].kind, NULL, 0, event);
		}
		if (r < 0)
			return r;
	}
	return 0;
}
