/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * print_trace FILE...: what the readers of pasted traces find in each, as a JSON array, in the
 * words of the truth that ktraces.sh compares it with.
 */
#include <inttypes.h>
#include <string.h>

#include "core/doc.h"
#include "probes/trace/pairs.h"
#include "probes/trace/text.h"

enum { TOP_PREEMPTIONS = 5, TOP_CULPRITS = 5, TOP_WAITS = 8 };

static int put_total(struct doc *into, const char *key, const struct pairs_total *t)
{
	auto_doc struct doc *d = doc_object_new();

	if (!d || doc_put_u64(d, "n", t->n) < 0 || doc_put_u64(d, "total_ns", t->total_ns) < 0 ||
	    doc_put_u64(d, "max_ns", t->max_ns) < 0)
		return -ENOMEM;
	return doc_put(into, key, doc_ref(d));
}

static int put_counts(struct doc *into, const char *key, const char *const *names,
		      const uint64_t *counts, size_t n)
{
	auto_doc struct doc *d = doc_object_new();

	for (size_t i = 0; d && i < n; i++) {
		if (names[i] && counts[i] && doc_put_u64(d, names[i], counts[i]) < 0)
			return -ENOMEM;
	}
	return doc_put(into, key, doc_ref(d));
}

static int put_cpus(struct doc *into, const struct cpus *cpus)
{
	auto_doc struct doc *d = doc_array_new();

	for (int c = cpus_next(cpus, 0); d && c >= 0; c = cpus_next(cpus, (unsigned)c + 1)) {
		if (doc_append_u64(d, (uint64_t)c) < 0)
			return -ENOMEM;
	}
	return doc_put(into, "cpus", doc_ref(d));
}

static int put_isa(struct doc *into, const struct trace_text_stats *s)
{
	auto_doc struct doc *d = doc_array_new();
	/* Names that both have, in small letters, and nothing else: what SVM prints. */
	const bool is_svm = s->n_svm || (s->n_lower && !s->n_vmx);

	if (!d || (is_svm && doc_append_str(d, "SVM") < 0) ||
	    (s->n_vmx && doc_append_str(d, "VMX") < 0))
		return -ENOMEM;
	return doc_put(into, "isa", doc_ref(d));
}

static int put_text(struct doc *d, const struct trace_text *t)
{
	static const char *const classes[N_TRACE_LINE_CLASSES] = {
		[TRACE_LINE_COMMENT] = "comment", [TRACE_LINE_HEADER] = "header",
		[TRACE_LINE_LOST] = "lost",       [TRACE_LINE_STACK] = "stack",
		[TRACE_LINE_BLANK] = "blank",     [TRACE_LINE_OTHER] = "other",
	};
	static const char *const formats[N_TRACE_LINE_FORMATS] = {
		"ftrace",      "dump",   "perf",   "perf-nocpu",
		"perf-notask", "tsonly", "elided", "eventonly",
	};
	const struct trace_text_stats *s = trace_text_stats(t);

	if (doc_put_u64(d, "lines", s->n_lines) < 0 ||
	    doc_put_u64(d, "parsed", s->n_of_class[TRACE_LINE_EVENT]) < 0 ||
	    put_counts(d, "not_events", classes, s->n_of_class, ARRAY_SIZE(classes)) < 0 ||
	    put_counts(d, "formats", formats, s->n_of_format, ARRAY_SIZE(formats)) < 0 ||
	    doc_put_u64(d, "res_ns", s->res_ns) < 0 || put_cpus(d, &s->cpus) < 0 ||
	    (s->res_ns && doc_put_u64(d, "first_ns", s->first_ns) < 0) ||
	    (s->res_ns && doc_put_u64(d, "last_ns", s->last_ns) < 0) ||
	    doc_put_u64(d, "ts_backwards_file", s->n_backwards) < 0 ||
	    doc_put_u64(d, "ts_backwards_cpu", s->n_backwards_cpu) < 0)
		return -ENOMEM;
	return put_isa(d, s);
}

static int put_events(struct doc *d, const struct trace_text *t)
{
	auto_doc struct doc *events = doc_object_new();
	const char *name;
	uint64_t n;

	for (size_t i = 0; events && (name = trace_text_name(t, i, &n)); i++) {
		if (doc_put_u64(events, name, n) < 0)
			return -ENOMEM;
	}
	return doc_put(d, "events", doc_ref(events));
}

/* "29003", "v0" or "anon" */
static char *key_name(const struct pairs_key *key)
{
	char *name = NULL;
	int n;

	if (key->pid >= 0)
		n = asprintf(&name, "%d", key->pid);
	else if (key->is_vcpu_key)
		n = asprintf(&name, "v%" PRIu64, key->vcpu);
	else
		n = asprintf(&name, "anon");
	return n < 0 ? NULL : name;
}

static char *vcpu_name(const struct pairs_key *key)
{
	char *name = NULL;

	if (key->vcpu == UINT64_MAX)
		return key_name(key);
	return asprintf(&name, "%" PRIu64, key->vcpu) < 0 ? NULL : name;
}

static int put_vcpus(struct doc *d, const struct pairs_kvm *k)
{
	auto_doc struct doc *ids = doc_object_new();

	for (size_t i = 0; ids && i < k->index.n; i++) {
		auto_free char *name = key_name(&k->keys[i]);

		if (k->keys[i].vcpu != UINT64_MAX &&
		    (!name || doc_put_u64(ids, name, k->keys[i].vcpu) < 0))
			return -ENOMEM;
	}
	return doc_put(d, "vcpu_of_key", doc_ref(ids));
}

static uint64_t sum_rows(const struct pairs_kvm *k, const char *vcpu, size_t reason)
{
	uint64_t n = 0;

	for (size_t i = 0; i < k->row_index.n; i++) {
		auto_free char *name = vcpu_name(&k->keys[k->rows[i].key]);

		if (name && !strcmp(name, vcpu) && k->rows[i].name == reason)
			n += k->rows[i].n;
	}
	return n;
}

/* Threads of several guests may have one number. */
static int put_exits(struct doc *d, const struct pairs_kvm *k)
{
	auto_doc struct doc *all = doc_object_new();

	for (size_t i = 0; all && i < k->row_index.n; i++) {
		auto_free char *name = vcpu_name(&k->keys[k->rows[i].key]);
		auto_doc struct doc *one = doc_object_new();

		if (!name || doc_get(all, name))
			continue;
		for (size_t reason = 0; one && reason < k->names.index.n; reason++) {
			const uint64_t n = sum_rows(k, name, reason);

			if (n && doc_put_u64(one, k->names.at[reason], n) < 0)
				return -ENOMEM;
		}
		if (doc_put(all, name, doc_ref(one)) < 0)
			return -ENOMEM;
	}
	return doc_put(d, "exits_by_vcpu", doc_ref(all));
}

static int put_reasons(struct doc *d, const struct pairs_kvm *k)
{
	auto_doc struct doc *all = doc_object_new();

	for (size_t reason = 0; all && reason < k->names.index.n; reason++) {
		struct pairs_total t = { 0 };

		for (size_t i = 0; i < k->row_index.n; i++) {
			const struct pairs_total *one = &k->rows[i].exit_to_entry;

			if (k->rows[i].name != reason)
				continue;
			t.n += one->n;
			t.total_ns += one->total_ns;
			t.max_ns = u64_max(t.max_ns, one->max_ns);
		}
		if (t.n && put_total(all, k->names.at[reason], &t) < 0)
			return -ENOMEM;
	}
	return doc_put(d, "by_reason", doc_ref(all));
}

static int put_longest(struct doc *d, const struct pairs_kvm *k)
{
	auto_doc struct doc *one = doc_object_new();

	if (!k->exit_to_entry.n)
		return 0;
	if (!one || doc_put_str(one, "reason", k->names.at[k->rows[k->longest_row].name]) < 0 ||
	    doc_put_u64(one, "exit_line", k->longest_position) < 0)
		return -ENOMEM;
	return doc_put(d, "longest", doc_ref(one));
}

static int put_kvm(struct doc *into, const struct trace_pairs *p)
{
	const struct pairs_kvm *k = &p->kvm;
	auto_doc struct doc *d = doc_object_new();

	if (!k->n_entries && !k->n_exits)
		return 0;
	if (!d || put_vcpus(d, k) < 0 || put_exits(d, k) < 0 || put_longest(d, k) < 0 ||
	    put_total(d, "exit_to_entry", &k->exit_to_entry) < 0 || put_reasons(d, k) < 0 ||
	    put_total(d, "guest", &k->guest) < 0 ||
	    put_total(d, "userspace_to_entry", &k->userspace) < 0 ||
	    doc_put_u64(d, "cross_cpu", k->n_cross_cpu) < 0 ||
	    doc_put_u64(d, "exit_without_entry", k->n_exit_without_entry) < 0 ||
	    doc_put_u64(d, "entry_without_exit", k->n_entry_without_exit) < 0 ||
	    doc_put_u64(d, "lead_in_entries", k->n_lead_in) < 0 ||
	    doc_put_u64(d, "open_exits_at_eof", pairs_kvm_n_open_exits(p)) < 0 ||
	    doc_put_u64(d, "exits_with_need_resched_flag", k->n_needs_resched) < 0 ||
	    doc_put_u64(d, "negative_clamped", k->n_clamped) < 0)
		return -ENOMEM;
	return doc_put(into, "kvm", doc_ref(d));
}

static int append_culprit(struct doc *into, const struct trace_pairs *p,
			  const struct pairs_culprit *c)
{
	auto_doc struct doc *d = doc_array_new();

	if (!d || doc_append_str(d, pairs_sched_name(p, c->pid)) < 0 ||
	    doc_append_u64(d, (uint64_t)c->pid) < 0 || doc_append_u64(d, c->ns) < 0)
		return -ENOMEM;
	return doc_append(into, doc_ref(d));
}

static int append_preemption(struct doc *into, const struct trace_pairs *p,
			     const struct pairs_preemption *one)
{
	auto_doc struct doc *d = doc_object_new(), *ran = doc_array_new();

	if (!d || !ran || doc_put_u64(d, "pid", (uint64_t)one->pid) < 0 ||
	    doc_put_str(d, "comm", pairs_sched_name(p, one->pid)) < 0 ||
	    doc_put_u64(d, "cpu", (uint64_t)one->cpu) < 0 ||
	    doc_put_str(d, "state", one->letters) < 0 || doc_put_u64(d, "ns", one->ns) < 0 ||
	    doc_put_bool(d, "moved", one->is_moved) < 0 ||
	    doc_put_u64(d, "line", one->position) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < one->n_culprits && i < TOP_CULPRITS; i++) {
		if (append_culprit(ran, p, &one->culprits[i]) < 0)
			return -ENOMEM;
	}
	if (doc_put(d, "ran", doc_ref(ran)) < 0)
		return -ENOMEM;
	return doc_append(into, doc_ref(d));
}

static int put_top(struct doc *into, const char *key, const struct trace_pairs *p,
		   const struct pairs_top *top)
{
	auto_doc struct doc *d = doc_array_new();

	for (size_t i = 0; d && i < top->n && i < TOP_PREEMPTIONS; i++) {
		if (append_preemption(d, p, &top->at[i]) < 0)
			return -ENOMEM;
	}
	return doc_put(into, key, doc_ref(d));
}

/* The longest maximum first, then the first to have waited. */
static int by_max_wait(const void *a, const void *b)
{
	const struct pairs_task *x = *(const struct pairs_task *const *)a;
	const struct pairs_task *y = *(const struct pairs_task *const *)b;

	if (x->run_queue.max_ns != y->run_queue.max_ns)
		return x->run_queue.max_ns < y->run_queue.max_ns ? 1 : -1;
	return (x->first_wait > y->first_wait) - (x->first_wait < y->first_wait);
}

static int put_waits(struct doc *into, const struct trace_pairs *p)
{
	const struct pairs_sched *s = &p->sched;
	auto_free const struct pairs_task **tasks = calloc(s->index.n + 1, sizeof(*tasks));
	auto_doc struct doc *d = doc_object_new();
	size_t n = 0;

	if (!tasks)
		return -ENOMEM;
	for (size_t i = 0; i < s->index.n; i++) {
		if (s->tasks[i].run_queue.n)
			tasks[n++] = &s->tasks[i];
	}
	qsort(tasks, n, sizeof(*tasks), by_max_wait);
	for (size_t i = 0; d && i < n && i < TOP_WAITS; i++) {
		const char *comm = pairs_sched_name(p, tasks[i]->pid);
		auto_free char *key = NULL;

		if (asprintf(&key, "%d:%s", tasks[i]->pid, comm ? comm : "") < 0 ||
		    put_total(d, key, &tasks[i]->run_queue) < 0)
			return -ENOMEM;
	}
	return doc_put(into, "runq_by_pid", doc_ref(d));
}

static int put_letters(struct doc *into, const struct pairs_sched *s)
{
	auto_doc struct doc *d = doc_object_new();

	for (size_t i = 0; d && i < s->n_letters; i++) {
		if (doc_put_u64(d, s->letters[i].letters, s->letters[i].n) < 0)
			return -ENOMEM;
	}
	return doc_put(into, "prev_states", doc_ref(d));
}

static int put_vcpu_threads(struct doc *into, const struct trace_pairs *p)
{
	const struct pairs_sched *s = &p->sched;
	auto_doc struct doc *d = doc_object_new();

	for (size_t i = 0; d && i < s->index.n; i++) {
		auto_free char *key = NULL;

		if (!s->tasks[i].is_vcpu)
			continue;
		if (asprintf(&key, "%d", s->tasks[i].pid) < 0 ||
		    doc_put_str(d, key, pairs_sched_name(p, s->tasks[i].pid)) < 0)
			return -ENOMEM;
	}
	return doc_put(into, "vcpu_threads", doc_ref(d));
}

static int put_sched(struct doc *into, const struct trace_pairs *p,
		     const struct trace_text_stats *stats, bool is_shifted)
{
	const struct pairs_sched *s = &p->sched;
	auto_doc struct doc *d = doc_object_new();

	if (!s->n_switches && !stats->n_unread[TRACE_SWITCH])
		return 0;
	if (!d || doc_put_u64(d, "switches", s->n_switches) < 0 ||
	    doc_put_u64(d, "switch_unparsable", stats->n_unread[TRACE_SWITCH]) < 0 ||
	    put_letters(d, s) < 0 || put_vcpu_threads(d, p) < 0 ||
	    put_top(d, "preempt_vcpu", p, &s->top_vcpu) < 0 ||
	    put_total(d, "preempt_all", &s->preemptions) < 0 ||
	    doc_put_u64(d, "preempt_open_at_eof", pairs_sched_n_open_preemptions(p)) < 0 ||
	    doc_put_u64(d, "preempt_left_traced_cpus", s->n_left_traced) < 0 ||
	    doc_put_bool(d, "prev_state_shifted", is_shifted) < 0 ||
	    put_total(d, "runnable_to_idle", &s->runnable_to_idle) < 0 ||
	    doc_put_u64(d, "runnable_to_idle_then_woken", s->n_idle_then_woken) < 0 ||
	    doc_put_u64(d, "wake_while_preempted", s->n_woken_while_preempted) < 0 ||
	    put_top(d, "preempt_top", p, &s->top) < 0 ||
	    put_total(d, "runq_all", &s->run_queue) < 0 || put_waits(d, p) < 0 ||
	    doc_put_u64(d, "wake_pending_at_eof", pairs_sched_n_open_waits(p)) < 0)
		return -ENOMEM;
	return doc_put(into, "sched", doc_ref(d));
}

static int put_irq(struct doc *into, const struct pairs_irq *q)
{
	auto_doc struct doc *d = doc_object_new(), *by = doc_object_new();

	if (!q->n_events)
		return 0;
	for (size_t i = 0; by && i < q->names.index.n; i++) {
		static const char *const kinds[N_TRACE_KINDS] = {
			[TRACE_IRQ_ENTRY] = "irq_handler",
			[TRACE_VECTOR_ENTRY] = "vector",
			[TRACE_SOFTIRQ_ENTRY] = "softirq",
			[TRACE_TIMER_ENTRY] = "hrtimer",
		};
		auto_free char *key = NULL;

		if (!q->rows[i].total.n)
			continue;
		if (asprintf(&key, "%s:%s", kinds[q->rows[i].kind], q->rows[i].name) < 0 ||
		    put_total(by, key, &q->rows[i].total) < 0)
			return -ENOMEM;
	}
	if (!d || doc_put(d, "by", doc_ref(by)) < 0 ||
	    doc_put_u64(d, "unmatched", q->n_unmatched) < 0)
		return -ENOMEM;
	return doc_put(into, "irq", doc_ref(d));
}

static int read_trace(FILE *in, struct doc *d)
{
	auto_trace_pairs struct trace_pairs pairs = { 0 };
	auto_trace_text struct trace_text *text = NULL;
	struct trace_text_options options = { .wants_all = true };
	struct trace_text_stats scan;
	struct trace_event e;
	int r = trace_text_scan(in, &scan);

	options.is_shifted = r >= 0 && trace_text_is_shifted(&scan);
	if (r >= 0)
		r = trace_text_new(in, options, &text);
	if (r >= 0)
		r = trace_pairs_init(&pairs, &scan.switch_cpus);
	while (r >= 0 && (r = trace_text_source(text)->next(trace_text_source(text), &e)) > 0)
		r = trace_pairs_add(&pairs, &e);
	if (r < 0)
		return r;
	if (put_text(d, text) < 0 || put_events(d, text) < 0 || put_kvm(d, &pairs) < 0 ||
	    put_sched(d, &pairs, &scan, options.is_shifted) < 0 || put_irq(d, &pairs.irq) < 0)
		return -ENOMEM;
	return 0;
}

static int append_file(struct doc *all, const char *path)
{
	auto_doc struct doc *d = doc_object_new();
	auto_file FILE *in = fopen(path, "rb");
	const char *slash = strrchr(path, '/');
	int r;

	if (!in)
		return neg_errno();
	if (!d || doc_put_str(d, "file", slash ? slash + 1 : path) < 0)
		return -ENOMEM;
	r = read_trace(in, d);
	return r < 0 ? r : doc_append(all, doc_ref(d));
}

int main(int argc, char **argv)
{
	auto_doc struct doc *all = doc_array_new();
	auto_free char *text = NULL;

	if (!all)
		return 1;
	for (int i = 1; i < argc; i++) {
		int r = append_file(all, argv[i]);

		if (r < 0) {
			fprintf(stderr, "print_trace: %s: %s\n", argv[i], strerror(-r));
			return 1;
		}
	}
	text = doc_print(all, true);
	if (!text)
		return 1;
	fputs(text, stdout);
	return 0;
}
