/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/trace/text.h"

#include <string.h>

#include "probes/trace/index.h"
#include "probes/trace/reason.h"
#include "probes/trace/text_event.h"

enum { BUFFER_SIZE = 2 * TRACE_TEXT_LINE_MAX, NAMES_MAX = 4096 };

struct event_name {
	uint64_t n;
	const struct trace_event_row *row;
	bool is_looked_up;
};

struct trace_text {
	struct trace_source source; /* first: a source is its text */
	FILE *in;
	struct trace_text_options options;
	char *buffer;
	size_t start, end; /* of what is in the buffer and not read yet */
	bool is_over;
	struct trace_strings strings;
	struct trace_names names;
	struct event_name *rows; /* by place of the name */
	size_t n_rows;
	struct trace_event held; /* behind a loss */
	bool has_held;
	uint64_t lost[CPUS_MAX];    /* before the next event of a CPU; 0: none */
	uint64_t last_ns[CPUS_MAX]; /* of a CPU that is in stats.cpus */
	size_t n_lost_cpus;
	struct trace_text_stats stats;
};

static int refill(struct trace_text *t)
{
	size_t n;

	memmove(t->buffer, t->buffer + t->start, t->end - t->start);
	t->end -= t->start;
	t->start = 0;
	n = fread(t->buffer + t->end, 1, BUFFER_SIZE - t->end, t->in);
	t->end += n;
	if (n)
		return 1;
	return ferror(t->in) ? -EIO : 0;
}

/* 1, 0 at the end, or a negative errno. A line that is too long comes empty and is counted. */
static int next_line(struct trace_text *t, struct text *ret_line)
{
	bool is_long = false;

	for (;;) {
		const size_t n = t->end - t->start;
		char *at = t->buffer + t->start;
		char *newline = n ? memchr(at, '\n', n) : NULL;
		int r = 1;

		if (!newline && n <= TRACE_TEXT_LINE_MAX) {
			r = refill(t);
			if (r > 0)
				continue;
			if (r < 0 || (!n && !is_long))
				return r;
			at = t->buffer + t->start;
		}
		*ret_line = text_make(at, newline ? (size_t)(newline - at) : n);
		t->start += ret_line->len + (newline != NULL);
		is_long = is_long || ret_line->len > TRACE_TEXT_LINE_MAX;
		if (newline || !r)
			break;
	}
	t->stats.n_lines++;
	if (is_long) {
		t->stats.n_too_long++;
		ret_line->len = 0;
	}
	return 1;
}

/* A row per name; those beyond the bound are counted together. */
static int count_name(struct trace_text *t, struct text name, struct event_name **ret_row)
{
	ssize_t at = trace_names_add(&t->names, name);
	int r;

	*ret_row = NULL;
	if (at == -ENOSPC) {
		t->stats.n_unnamed++;
		return 0;
	}
	if (at < 0)
		return at == -ENOSPC ? -ENOSPC : -ENOMEM;
	r = trace_grow((void **)&t->rows, &t->n_rows, (size_t)at, sizeof(*t->rows));
	if (r < 0)
		return r;
	*ret_row = &t->rows[at];
	if (!(*ret_row)->is_looked_up) {
		(*ret_row)->row = trace_event_find(name);
		(*ret_row)->is_looked_up = true;
	}
	(*ret_row)->n++;
	return 0;
}

static void note_time(struct trace_text *t, const struct trace_line *l)
{
	struct trace_text_stats *s = &t->stats;
	const bool is_known = l->cpu >= 0 && cpus_has(&s->cpus, (unsigned)l->cpu);

	if (l->t_ns != UINT64_MAX) {
		if (s->first_ns == UINT64_MAX)
			s->first_ns = l->t_ns;
		else if (l->t_ns < s->last_ns)
			s->n_backwards++;
		s->last_ns = l->t_ns;
		s->res_ns = s->res_ns ? u64_min(s->res_ns, l->res_ns) : l->res_ns;
		if (is_known && l->t_ns < t->last_ns[l->cpu])
			s->n_backwards_cpu++;
		if (l->cpu >= 0)
			t->last_ns[l->cpu] = l->t_ns;
	}
	if (l->cpu >= 0)
		cpus_add(&s->cpus, (unsigned)l->cpu);
}

static void note_lost(struct trace_text *t, const struct trace_line *l)
{
	uint64_t *at = l->cpu >= 0 ? &t->lost[l->cpu] : NULL;

	if (__builtin_add_overflow(t->stats.n_lost, l->n_lost, &t->stats.n_lost))
		t->stats.n_lost = UINT64_MAX;
	if (!at || !l->n_lost)
		return;
	t->n_lost_cpus += *at == 0;
	if (__builtin_add_overflow(*at, l->n_lost, at))
		*at = UINT64_MAX;
}

static void note_switch(struct trace_text *t, struct trace_event *e)
{
	const struct text letters = text_of(e->sched_switch.prev_letters);

	if (e->cpu >= 0)
		cpus_add(&t->stats.switch_cpus, (unsigned)e->cpu);
	if (e->sched_switch.prev_pid == 0) {
		t->stats.n_idle_switches++;
		t->stats.n_idle_shifted += text_equal(letters, "S");
	}
	if (t->options.is_shifted)
		e->sched_switch.prev_state =
			trace_task_state_of(letters, true, e->sched_switch.next_pid == 0);
}

static void note_exit(struct trace_text *t, struct trace_event *e)
{
	struct trace_text_stats *s = &t->stats;
	int hint = REASON_ISA_UNKNOWN;

	/* "hlt" is printed by SVM, and was by VMX: the rest of the text tells. */
	if (e->kvm.isa == REASON_ISA_UNKNOWN && e->kvm.reason_name) {
		if (s->n_vmx || s->n_svm)
			hint = s->n_svm >= s->n_vmx ? REASON_ISA_SVM : REASON_ISA_VMX;
		if (reason_number(text_of(e->kvm.reason_name), hint, &e->kvm.reason, &e->kvm.isa) <
		    0)
			s->n_lower += reason_number(text_of(e->kvm.reason_name), REASON_ISA_SVM,
						    &(uint64_t){ 0 }, &(int){ 0 }) == 0;
	}
	s->n_vmx += e->kvm.isa == REASON_ISA_VMX;
	s->n_svm += e->kvm.isa == REASON_ISA_SVM;
}

/* "local_timer" of "local_timer_entry" */
static const char *vector_name(struct trace_text *t, struct text name)
{
	const char *end = memrchr(name.at, '_', name.len);

	return end ? trace_string(&t->strings, text_make(name.at, (size_t)(end - name.at))) : NULL;
}

static void read_payload(struct trace_text *t, const struct trace_line *l,
			 const struct trace_event_row *row, struct trace_event *e)
{
	if (!row) {
		t->stats.n_other++;
		return;
	}
	if (row->parse(l->args, &t->strings, e) < 0) {
		t->stats.n_unread[row->kind]++;
		return;
	}
	e->kind = row->kind;
	t->stats.n_of_kind[row->kind]++;
	if (e->kind == TRACE_SWITCH)
		note_switch(t, e);
	else if (e->kind == TRACE_KVM_EXIT)
		note_exit(t, e);
	else if (e->kind == TRACE_VECTOR_ENTRY || e->kind == TRACE_VECTOR_EXIT)
		e->irq.name = vector_name(t, l->name);
}

/* 1: an event to hand out, 0: none, or a negative errno. */
static int take_event(struct trace_text *t, const struct trace_line *l, struct trace_event *e)
{
	struct event_name *name;
	int r;

	t->stats.n_of_format[l->format]++;
	note_time(t, l);
	r = count_name(t, l->name, &name);
	if (r < 0)
		return r;
	t->strings.n = 0;
	*e = (struct trace_event){ .kind = TRACE_OTHER,
				   .t_ns = l->t_ns,
				   .cpu = l->cpu,
				   .pid = l->pid,
				   .position = t->stats.n_lines,
				   .needs_resched = l->needs_resched };
	e->comm = trace_string(&t->strings, l->comm);
	read_payload(t, l, name ? name->row : trace_event_find(l->name), e);
	return t->options.wants_all || (e->kind != TRACE_OTHER && e->t_ns != UINT64_MAX);
}

/* What was lost before this event of a CPU comes first. */
static void take_loss(struct trace_text *t, struct trace_event *ret_event)
{
	const int cpu = ret_event->cpu;

	if (cpu < 0 || !t->lost[cpu])
		return;
	t->held = *ret_event;
	t->has_held = true;
	*ret_event = (struct trace_event){ .kind = TRACE_LOST,
					   .t_ns = t->held.t_ns,
					   .cpu = cpu,
					   .pid = TRACE_PID_UNKNOWN,
					   .position = t->held.position,
					   .lost.n = t->lost[cpu] };
	t->lost[cpu] = 0;
	t->n_lost_cpus--;
	t->stats.n_of_kind[TRACE_LOST]++;
}

/* Losses that no event followed, at the last time there was. */
static int take_last_loss(struct trace_text *t, struct trace_event *ret_event)
{
	if (t->stats.last_ns == UINT64_MAX)
		return 0;
	for (int cpu = 0; t->n_lost_cpus && cpu < (int)CPUS_MAX; cpu++) {
		if (!t->lost[cpu])
			continue;
		*ret_event = (struct trace_event){ .t_ns = t->stats.last_ns, .cpu = cpu };
		take_loss(t, ret_event);
		t->has_held = false;
		ret_event->position = t->stats.n_lines;
		return 1;
	}
	return 0;
}

static int text_next(struct trace_source *s, struct trace_event *ret_event)
{
	struct trace_text *t = (struct trace_text *)s;
	struct trace_line line;
	struct text text;
	int r;

	if (t->has_held) {
		*ret_event = t->held;
		t->has_held = false;
		return 1;
	}
	while ((r = next_line(t, &text)) > 0) {
		trace_line_parse(text, &line);
		t->stats.n_of_class[line.kind]++;
		if (line.kind == TRACE_LINE_LOST)
			note_lost(t, &line);
		if (line.kind != TRACE_LINE_EVENT)
			continue;
		r = take_event(t, &line, ret_event);
		if (r > 0)
			take_loss(t, ret_event);
		if (r)
			return r;
	}
	return r < 0 ? r : take_last_loss(t, ret_event);
}

int trace_text_new(FILE *in, struct trace_text_options options, struct trace_text **ret_text)
{
	auto_trace_text struct trace_text *t = calloc(1, sizeof(*t));

	if (!t)
		return -ENOMEM;
	t->source.next = text_next;
	t->in = in;
	t->options = options;
	t->names.index.max = NAMES_MAX;
	t->stats.first_ns = t->stats.last_ns = UINT64_MAX;
	t->buffer = malloc(BUFFER_SIZE);
	t->strings.size = 2 * TRACE_TEXT_LINE_MAX;
	t->strings.at = malloc(t->strings.size);
	if (!t->buffer || !t->strings.at)
		return -ENOMEM;
	*ret_text = t;
	t = NULL;
	return 0;
}

void trace_text_free(struct trace_text *t)
{
	if (!t)
		return;
	free(t->buffer);
	free(t->strings.at);
	free(t->rows);
	trace_names_release(&t->names);
	free(t);
}

struct trace_source *trace_text_source(struct trace_text *t)
{
	return &t->source;
}

const struct trace_text_stats *trace_text_stats(const struct trace_text *t)
{
	return &t->stats;
}

const char *trace_text_name(const struct trace_text *t, size_t i, uint64_t *ret_n)
{
	if (i >= t->names.index.n || i >= t->n_rows)
		return NULL;
	*ret_n = t->rows[i].n;
	return t->names.at[i];
}

int trace_text_scan(FILE *in, struct trace_text_stats *ret_stats)
{
	const struct trace_text_options all = { .wants_all = true };
	auto_trace_text struct trace_text *t = NULL;
	const off_t start = ftello(in);
	struct trace_event e;
	int r;

	if (start < 0)
		return -ESPIPE;
	r = trace_text_new(in, all, &t);
	while (r >= 0 && (r = trace_text_source(t)->next(trace_text_source(t), &e)) > 0)
		;
	if (r < 0)
		return r;
	if (fseeko(in, start, SEEK_SET) < 0)
		return neg_errno();
	*ret_stats = t->stats;
	return 0;
}

bool trace_text_is_shifted(const struct trace_text_stats *stats)
{
	return stats->n_idle_switches && stats->n_idle_shifted == stats->n_idle_switches;
}
