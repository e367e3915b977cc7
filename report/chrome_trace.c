/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/chrome_trace.h"

#include <inttypes.h>
#include <string.h>

#include "core/doc.h"
#include "core/save.h"
#include "report/states.h"

/* pid that stands for the guest when nobody knows its own. */
enum { PID_UNKNOWN = 1, IDS_MAX = 8 };

struct chrome {
	FILE *out;
	const struct host *h;
	uint64_t pid;
	uint64_t window_ns;
	size_t n_events;
};

/* Microseconds, exactly. */
static void put_us(const struct chrome *c, const char *key, uint64_t ns)
{
	fprintf(c->out, ",\"%s\":%" PRIu64 ".%03" PRIu64, key, ns / 1000, ns % 1000);
}

/* The document without the brace at its end, so that times can follow: they are no integers. */
static int put_open(struct chrome *c, const struct doc *d)
{
	auto_free char *text = doc_print(d, false);
	const char *end = text ? strrchr(text, '}') : NULL;

	if (!end)
		return -ENOMEM;
	fputs(c->n_events++ ? ",\n" : "\n", c->out);
	fwrite(text, 1, (size_t)(end - text), c->out);
	return 0;
}

static void put_close(const struct chrome *c)
{
	putc('}', c->out);
}

/* Of what all events have; NULL: no memory. Caller frees. */
static struct doc *event_new(const struct chrome *c, const char *name, const char *phase,
			     uint64_t tid)
{
	struct doc *d = doc_object_new();

	if (d && doc_put_str(d, "name", name) == 0 && doc_put_str(d, "ph", phase) == 0 &&
	    doc_put_u64(d, "pid", c->pid) == 0 && doc_put_u64(d, "tid", tid) == 0)
		return d;
	doc_free(d);
	return NULL;
}

/* Names a process or a thread. */
static int put_name(struct chrome *c, const char *event, uint64_t tid, const char *name)
{
	auto_doc struct doc *d = event_new(c, event, "M", tid);
	struct doc *args = doc_object_new();
	int r = d && args ? doc_put_str(args, "name", name) : -ENOMEM;

	if (r < 0) {
		doc_free(args);
		return r;
	}
	r = doc_put(d, "args", args);
	if (r == 0)
		r = put_open(c, d);
	if (r == 0)
		put_close(c);
	return r;
}

static bool is_same(const struct fact_str *a, const struct fact_str *b)
{
	return a->known && b->known && !strcmp(a->v, b->v);
}

/* Where to look, as the culprit of the slice says. */
static int put_ids(struct doc *args, const struct trace_vcpu *v, const struct trace_worst *w)
{
	const struct trace_culprit *culprits = v->culprits.v;
	struct doc *ids = NULL;
	int r = 0;

	for (size_t i = 0; i < v->culprits.n && !ids; i++) {
		const struct trace_culprit *at = &culprits[i];

		if (!is_same(&at->class, &w->class) || !is_same(&at->name, &w->name) ||
		    at->rows.n == 0)
			continue;
		ids = doc_array_new();
		for (size_t k = 0; ids && r == 0 && k < at->rows.n && k < IDS_MAX; k++)
			r = doc_append_str(ids, at->rows.v[k]);
		if (!ids || r < 0) {
			doc_free(ids);
			return -ENOMEM;
		}
	}
	return ids ? doc_put(args, "look_at", ids) : 0;
}

static int put_parts(struct doc *args, const struct fact_list *list)
{
	const struct trace_part *parts = list->v;
	struct doc *ran = doc_array_new();
	int r = ran ? 0 : -ENOMEM;

	for (size_t i = 0; r == 0 && i < list->n; i++) {
		struct doc *part = doc_object_new();

		r = part ? doc_put_str(part, "class", parts[i].class.known ? parts[i].class.v : "")
			 : -ENOMEM;
		if (r == 0)
			r = doc_put_str(part, "name", parts[i].name.known ? parts[i].name.v : "");
		if (r == 0 && parts[i].total_ns.known)
			r = doc_put_u64(part, "total_ns", parts[i].total_ns.v);
		if (r == 0)
			r = doc_append(ran, part);
		else
			doc_free(part);
	}
	if (r == 0)
		return doc_put(args, "ran", ran);
	doc_free(ran);
	return r;
}

static int put_u64(struct doc *args, const char *key, const struct fact_u64 *f)
{
	return f->known ? doc_put_u64(args, key, f->v) : 0;
}

static int fill_args(struct doc *args, const struct trace_vcpu *v, const struct trace_worst *w)
{
	int r = doc_put_str(args, "class", w->class.known ? w->class.v : "");

	if (r == 0)
		r = put_u64(args, "cpu", &w->cpu);
	if (r == 0)
		r = put_u64(args, "at_ns", &w->at_ns);
	if (r == 0)
		r = put_u64(args, "duration_ns", &w->duration_ns);
	if (r == 0)
		r = put_u64(args, "at_unix_ns", &w->at_unix_ns);
	if (r == 0)
		r = put_parts(args, &w->parts);
	return r < 0 ? r : put_ids(args, v, w);
}

static int put_slice(struct chrome *c, const struct trace_vcpu *v, const struct trace_worst *w,
		     uint64_t tid)
{
	auto_doc struct doc *d =
		event_new(c, w->name.known && *w->name.v ? w->name.v : "?", "X", tid);
	struct doc *args = doc_object_new();
	int r = d && args ? fill_args(args, v, w) : -ENOMEM;

	if (r < 0) {
		doc_free(args);
		return r;
	}
	r = doc_put_str(d, "cat", w->class.known && *w->class.v ? w->class.v : "?");
	if (r < 0)
		doc_free(args);
	else
		r = doc_put(d, "args", args);
	if (r == 0)
		r = put_open(c, d);
	if (r < 0)
		return r;
	put_us(c, "ts", w->at_ns.v);
	put_us(c, "dur", u64_min(w->duration_ns.v, c->window_ns - w->at_ns.v));
	put_close(c);
	return 0;
}

/* Documents of strangers may have slices outside the window: they are left out. */
static int put_slices(struct chrome *c, const struct trace_vcpu *v, uint64_t tid)
{
	const struct trace_worst *w = v->worst.v;
	int r = 0;

	for (size_t i = 0; r == 0 && i < v->worst.n; i++) {
		if (w[i].at_ns.known && w[i].duration_ns.known && w[i].at_ns.v < c->window_ns)
			r = put_slice(c, v, &w[i], tid);
	}
	return r;
}

/* Nanoseconds of the step in each state that some step of this vCPU was in; none: all are zero. */
static int put_counter(struct chrome *c, const struct trace_vcpu *v, const char *name,
		       const struct trace_states *s, uint64_t at_ns)
{
	const struct trace_states *all = states_of(&v->states);
	auto_doc struct doc *d = event_new(c, name, "C", 0);
	struct doc *args = doc_object_new();
	int r = d && args ? 0 : -ENOMEM;

	for (size_t i = 0; r == 0 && i < N_TRACE_STATES; i++) {
		if (state_ns(all, i))
			r = doc_put_u64(args, state_rows[i].word, s ? state_ns(s, i) : 0);
	}
	if (r < 0) {
		doc_free(args);
		return r;
	}
	r = doc_put(d, "args", args);
	if (r == 0)
		r = put_open(c, d);
	if (r < 0)
		return r;
	put_us(c, "ts", at_ns);
	put_close(c);
	return 0;
}

static int put_counters(struct chrome *c, const struct trace_vcpu *v, uint64_t number)
{
	const struct trace_second *s = v->series.v;
	char name[64];
	int r = 0;

	snprintf(name, sizeof(name), "vCPU %" PRIu64 ", ns of the step", number);
	for (size_t i = 0; r == 0 && i < v->series.n; i++) {
		if (s[i].at_ns.known && s[i].at_ns.v < c->window_ns)
			r = put_counter(c, v, name, states_of(&s[i].states), s[i].at_ns.v);
	}
	/* Else the last step would seem to go on. */
	if (r == 0 && v->series.n)
		r = put_counter(c, v, name, NULL, c->window_ns);
	return r;
}

/* Threads of one tid would be one: what is not known gets one that no thread has. */
static uint64_t tid_of(const struct trace_vcpu *v, size_t i)
{
	return v->tid.known && v->tid.v ? v->tid.v : (UINT64_C(1) << 31) + i;
}

static int put_vcpu(struct chrome *c, const struct trace_vcpu *v, size_t i)
{
	const uint64_t tid = tid_of(v, i), number = v->vcpu.known ? v->vcpu.v : i;
	char name[64];
	int r;

	snprintf(name, sizeof(name), "vCPU %" PRIu64, number);
	r = put_name(c, "thread_name", tid, v->name.known && *v->name.v ? v->name.v : name);
	if (r == 0)
		r = put_slices(c, v, tid);
	return r < 0 ? r : put_counters(c, v, number);
}

static uint64_t window_of(const struct trace_facts *t)
{
	const struct trace_vcpu *v = t->vcpus.v;
	uint64_t ns = 0;

	if (t->window_ns.known)
		return t->window_ns.v;
	for (size_t i = 0; i < t->vcpus.n; i++)
		ns = u64_max(ns, v[i].window_ns.known ? v[i].window_ns.v : 0);
	return ns;
}

static int put_about(const struct chrome *c)
{
	const struct trace_facts *t = &c->h->trace;
	auto_doc struct doc *about = doc_object_new();
	auto_free char *text = NULL;
	int r = about ? doc_put_u64(about, "window_ns", c->window_ns) : -ENOMEM;

	if (r == 0)
		r = put_u64(about, "start_unix_ns", &t->start_unix_ns);
	if (r == 0)
		r = put_u64(about, "lost_events", &t->lost_events);
	text = r == 0 ? doc_print(about, false) : NULL;
	if (!text)
		return -ENOMEM;
	/* doc_print() ends with a newline. */
	fprintf(c->out, "\n],\"displayTimeUnit\":\"ns\",\"otherData\":%.*s}\n",
		(int)strlen(text) - 1, text);
	return 0;
}

int report_chrome_trace(FILE *out, struct host *h)
{
	const struct guestref_facts *g = &h->guestref;
	const struct trace_vcpu *v = h->trace.vcpus.v;
	struct chrome c = { .out = out,
			    .h = h,
			    .pid = g->pid.known && g->pid.v ? g->pid.v : PID_UNKNOWN,
			    .window_ns = window_of(&h->trace) };
	int r;

	if (h->trace.vcpus.n == 0)
		return -ENODATA;
	fputs("{\"traceEvents\":[", out);
	r = put_name(&c, "process_name", 0, g->name.known && *g->name.v ? g->name.v : "guest");
	for (size_t i = 0; r == 0 && i < h->trace.vcpus.n; i++)
		r = put_vcpu(&c, &v[i], i);
	if (r == 0)
		r = put_about(&c);
	return r < 0 ? r : save_error(out);
}
