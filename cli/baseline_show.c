/* SPDX-License-Identifier: GPL-2.0-or-later */
/* baseline_show.c - which baselines there are, and what one holds. */
#include <string.h>

#include "analyze/metric.h"
#include "analyze/record_values.h"
#include "cli/baseline.h"
#include "cli/judge.h"
#include "cli/load.h"
#include "core/say.h"
#include "report/words.h"

static const struct record_facts *newest(const struct baseline_facts *b)
{
	const struct record_facts *v = b->sessions.v;

	return b->sessions.n ? &v[b->sessions.n - 1] : NULL;
}

struct listing {
	struct arena *arena;
	struct doc *list; /* NULL: as text */
	size_t n;
	bool has_failed;
};

static int append(struct doc *list, const char *path, const struct baseline_facts *b)
{
	const struct record_facts *last = newest(b);
	auto_doc struct doc *d = doc_object_new();
	int r = d ? doc_put_str(d, "path", path) : -ENOMEM;

	if (r == 0 && b->about.known)
		r = doc_put_str(d, "about", b->about.v);
	if (r == 0)
		r = doc_put_u64(d, "n_sessions", b->sessions.n);
	if (r == 0 && last && last->started_unix_ns.known)
		r = doc_put_u64(d, "newest_started_unix_ns", last->started_unix_ns.v);
	return r < 0 ? r : doc_append(list, doc_ref(d));
}

/* Whole, to be copied. */
static void print_path(const char *path)
{
	print_clean(stdout, path, strlen(path));
	putchar('\n');
}

static void print_entry(const struct listing *l, const char *path, const struct baseline_facts *b)
{
	const struct record_facts *last = newest(b);
	const char *name = store_name_of(path, l->arena);
	const char *date = last ? baseline_date(&last->started_unix_ns, l->arena) : NULL;
	const char *line;

	line = arena_printf(l->arena, "%-24s %zu session%s%s%s", name ? name : path, b->sessions.n,
			    b->sessions.n == 1 ? "" : "s", date ? ", the newest " : "",
			    date ? date : "");
	print_line(stdout, "", terminal_width(), line ? line : path);
	fputs("  ", stdout);
	print_path(path);
	if (b->about.known)
		print_wrapped(stdout, "  ", terminal_width(), b->about.v);
}

/* One that cannot be read hides no other. */
static int list_one(void *arg, const char *path)
{
	struct listing *l = arg;
	struct baseline_facts b = { 0 };
	int r = store_load(path, l->arena, &b);

	if (r < 0) {
		l->has_failed |= r != -ENOENT;
		return r == -ENOMEM ? r : 0;
	}
	l->n++;
	if (l->list)
		return append(l->list, path, &b);
	print_entry(l, path, &b);
	return 0;
}

static error_t parse_list(int key, char *arg, struct argp_state *state)
{
	if (key != ARGP_KEY_ARG)
		return ARGP_ERR_UNKNOWN;
	verb_usage(state, "'%s': no arguments are expected", arg);
	return 0;
}

static int print_list(struct doc *list)
{
	auto_doc struct doc *d = doc_object_new();

	if (!d || doc_put_str(d, "format", "vfiobench-baselines") < 0 ||
	    doc_put_u64(d, "version", 1) < 0 || doc_put(d, "baselines", doc_ref(list)) < 0) {
		say_error("%s", strerror(ENOMEM));
		return EXIT_CANNOT;
	}
	return verb_print_json(d);
}

int baseline_list(int argc, char **argv)
{
	const struct verb_spec spec = {
		.name = "baseline list",
		.doc = "The baselines that have a name.",
		.parse = parse_list,
	};
	auto_arena struct arena a = { .max = LOAD_MEMORY_MAX };
	auto_doc struct doc *list = doc_array_new();
	struct listing l = { .arena = &a };
	struct common common;

	verb_parse(&spec, argc, argv, &common);
	if (common.is_json)
		l.list = list;
	if (!list || store_each(list_one, &l) < 0)
		return EXIT_CANNOT;
	if (common.is_json && print_list(list))
		return EXIT_CANNOT;
	if (!common.is_json && !l.n)
		say_note(
			"no baseline has a name yet: 'vfiobench baseline save NAME RESULT' makes one");
	return l.has_failed ? EXIT_CANNOT : EXIT_DONE;
}

/* "wake.p99 88 us, wake.p99.9 n/a, …" of the gated metrics. */
static const char *values_of(const struct record_facts *session, struct arena *a)
{
	struct arena_text words = { 0 };
	const char *ok = "";

	for (const struct metric *m = metrics; ok && m->id; m++) {
		uint64_t value;
		const char *shown = "n/a";

		if (!m->is_gated)
			continue;
		if (record_median(record_metric_of(session, m->id), &value) == 0)
			shown = metric_words(m, value, a);
		ok = shown ? arena_text_add(a, &words, "%s%s %s", words.len ? ", " : "", m->id,
					    shown)
			   : NULL;
	}
	return ok ? words.v : NULL;
}

static void print_session(size_t number, const struct record_facts *s, struct arena *a)
{
	const char *date = baseline_date(&s->started_unix_ns, a), *values = values_of(s, a);
	const size_t n = record_n_repetitions(s);
	const char *label = s->label.known ? s->label.v : "", *head;

	head = arena_printf(a, "%zu  %s, %s, %zu repetition%s%s%s%s", number, date ? date : "",
			    s->profile.known ? s->profile.v : "custom", n, n == 1 ? "" : "s",
			    *label ? ": " : "", label,
			    s->is_partial.known && s->is_partial.v ? " (ended early)" : "");
	print_line(stdout, "", terminal_width(), head ? head : "");
	print_wrapped(stdout, "   ", terminal_width(), values ? values : "");
}

/* What the sessions have in common, of the newest. */
static void print_machine(const struct baseline_facts *b, struct arena *a)
{
	const struct record_facts *last = newest(b);
	const struct fingerprint_facts *f = last ? last->fingerprint.v : NULL;
	char words[32] = "";
	const char *line;

	if (!f)
		return;
	if (f->rep_duration_ns.known)
		words_of_ns(f->rep_duration_ns.v, words, sizeof(words));
	line = arena_printf(a, "%s%s%s%s%s", f->cpu_model.known ? f->cpu_model.v : "unknown CPU",
			    f->guest_kind.known ? ", guest: " : "",
			    f->guest_kind.known ? f->guest_kind.v : "",
			    *words ? ", a repetition takes " : "", words);
	print_wrapped(stdout, "", terminal_width(), line ? line : "");
}

static error_t parse_show(int key, char *arg, struct argp_state *state)
{
	const char **name = state->input;

	switch (key) {
	case ARGP_KEY_ARG:
		if (*name)
			verb_usage(state, "one NAME or FILE is expected, '%s' is a second", arg);
		*name = arg;
		return 0;
	case ARGP_KEY_NO_ARGS:
		verb_usage(state, "a NAME or FILE is expected");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

int baseline_show(int argc, char **argv)
{
	const char *name = NULL;
	const struct verb_spec spec = {
		.name = "baseline show",
		.args_doc = "NAME|FILE",
		.doc = "The sessions of a baseline: when, called what, and the medians of the "
		       "metrics that decide. With --json the baseline itself.",
		.parse = parse_show,
		.own = &name,
	};
	auto_arena struct arena a = { .max = LOAD_MEMORY_MAX };
	auto_free char *path = NULL;
	struct baseline_facts b = { 0 };
	const struct record_facts *v;
	struct common common;
	int r;

	verb_parse(&spec, argc, argv, &common);
	if (store_path(name, STORE_READ, &path) < 0)
		return EXIT_CANNOT;
	r = store_load(path, &a, &b);
	if (r < 0) {
		if (r == -ENOENT)
			store_say_missing(name, path);
		return EXIT_CANNOT;
	}
	if (common.is_json)
		return baseline_print(&b);
	print_path(path);
	if (b.about.known)
		print_wrapped(stdout, "", terminal_width(), b.about.v);
	print_machine(&b, &a);
	v = b.sessions.v;
	for (size_t i = 0; i < b.sessions.n; i++)
		print_session(i + 1, &v[i], &a);
	return EXIT_DONE;
}
