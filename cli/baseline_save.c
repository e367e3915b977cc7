/* SPDX-License-Identifier: GPL-2.0-or-later */
/* baseline_save.c - sessions into a baseline, and out of it. */
#include <inttypes.h>
#include <string.h>

#include "cli/baseline.h"
#include "cli/load.h"
#include "core/say.h"
#include "report/words.h"

enum { OPT_ABOUT = 0x100, OPT_PARTIAL, OPT_SESSION };

struct save_options {
	const char *name, *about;
	char **results;
	int n_results;
	bool has_partial;
};

struct saving {
	const char *path, *about;
	const struct records *sessions;
	struct baseline_facts kept; /* what is in the file then */
	size_t n_added;
};

/* 0: added, or there already, which is no mistake of whoever runs it again. */
static int add(struct saving *s, struct baseline_facts *b, const struct record_facts *session,
	       struct arena *a)
{
	const char *why = NULL;
	const int r = baseline_add(b, session, a, &why);

	if (r == -EEXIST)
		say_warning("%s: %s", session->name.v, why);
	else if (r == -EXDEV)
		say_error("%s: it cannot be compared with what %s holds: %s", session->name.v,
			  s->path, why);
	else if (r < 0)
		say_error("%s", strerror(-r));
	s->n_added += r == 0;
	return r == -EEXIST ? 0 : r;
}

static int add_all(void *arg, struct baseline_facts *b, struct arena *a)
{
	struct saving *s = arg;
	int r = 0;

	for (size_t i = 0; r == 0 && i < s->sessions->n; i++)
		r = add(s, b, s->sessions->v[i], a);
	if (r < 0)
		return r;
	if (s->about)
		r = fact_set_str(&b->about, a, s->about);
	if (r == 0 && !b->name.known)
		r = fact_set_str(&b->name, a, store_name_of(s->path, a));
	s->kept = *b;
	if (r < 0)
		say_error("%s", strerror(-r));
	else if (!s->n_added && !s->about)
		r = -EALREADY;
	return r;
}

/* Later sessions would be held against what a run that was broken off happened to see. */
static int refuse_partial(const struct records *sessions)
{
	for (size_t i = 0; i < sessions->n; i++) {
		const struct fact_bool *is_partial = &sessions->v[i]->is_partial;

		if (!is_partial->known || !is_partial->v)
			continue;
		say_error("%s: its run ended early: measure again, or keep it with --partial",
			  sessions->v[i]->name.v);
		return -EINVAL;
	}
	return 0;
}

static void tell(const struct saving *s, struct arena *a)
{
	const char *line = arena_printf(a, "%s: %zu session%s added, %zu of at most %d kept",
					s->path, s->n_added, s->n_added == 1 ? "" : "s",
					s->kept.sessions.n, BASELINE_SESSIONS_MAX);

	line = line ? line : s->path;
	print_clean(stdout, line, strlen(line));
	putchar('\n');
}

static error_t parse_save(int key, char *arg, struct argp_state *state)
{
	struct save_options *o = state->input;

	switch (key) {
	case OPT_ABOUT:
		o->about = arg;
		return 0;
	case OPT_PARTIAL:
		o->has_partial = true;
		return 0;
	case ARGP_KEY_ARG:
		if (o->name)
			return ARGP_ERR_UNKNOWN; /* the others, all at once */
		o->name = arg;
		return 0;
	case ARGP_KEY_ARGS:
		o->results = state->argv + state->next;
		o->n_results = state->argc - state->next;
		return 0;
	case ARGP_KEY_END:
		if (!o->name || !o->n_results)
			verb_usage(state, "a NAME or FILE and a RESULT are expected");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

int baseline_save(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{ "about", OPT_ABOUT, "TEXT", 0, "Why it is kept", 0 },
		{ "partial", OPT_PARTIAL, NULL, 0, "Also results of runs that ended early", 0 },
		{ 0 },
	};
	struct save_options o = { 0 };
	const struct verb_spec spec = {
		.name = "baseline save",
		.args_doc = "NAME|FILE RESULT…",
		.doc = "Add results, as sessions of one machine, to a baseline.\v"
		       "The last 8 sessions are kept. A result of another machine, or measured in "
		       "another way, is refused; so is one of a run that ended early. Fewer than 5 "
		       "repetitions get no verdict.",
		.options = options,
		.parse = parse_save,
		.own = &o,
	};
	auto_arena struct arena a = { .max = LOAD_MEMORY_MAX };
	auto_free char *path = NULL;
	struct records sessions = { 0 };
	struct saving s = { .sessions = &sessions };
	const struct store_update update = { add_all, &s };
	struct common common;
	int r = 0;

	verb_parse(&spec, argc, argv, &common);
	for (int i = 0; r == 0 && i < o.n_results; i++)
		r = load_records(o.results[i], &a, &sessions);
	if (r == 0 && !o.has_partial)
		r = refuse_partial(&sessions);
	if (r == 0)
		r = store_path(o.name, STORE_WRITE, &path);
	s.path = path;
	s.about = o.about;
	if (r == 0)
		r = store_update(path, &update, &a);
	if (r < 0 && r != -EALREADY)
		return EXIT_CANNOT;
	if (common.is_json)
		return baseline_print(&s.kept);
	tell(&s, &a);
	return EXIT_DONE;
}

struct rm_options {
	const char *name;
	uint64_t session; /* from 1; 0: all */
};

struct removing {
	const char *path;
	uint64_t session;
};

static int take_out(void *arg, struct baseline_facts *b, struct arena *a)
{
	const struct removing *rm = arg;
	struct record_facts *v = b->sessions.v;
	const size_t at = (size_t)rm->session - 1;

	(void)a;
	if (!b->sessions.known) {
		say_error("%s: %s", rm->path, strerror(ENOENT));
		return -ENOENT;
	}
	if (rm->session > b->sessions.n) {
		say_error("%s: there is no session %" PRIu64 ": it has %zu", rm->path, rm->session,
			  b->sessions.n);
		return -EINVAL;
	}
	if (b->sessions.n == 1) {
		say_error("%s: it is the last session: without --session all of it goes", rm->path);
		return -EINVAL;
	}
	memmove(&v[at], &v[at + 1], (b->sessions.n - at - 1) * sizeof(*v));
	b->sessions.n--;
	return 0;
}

static error_t parse_rm(int key, char *arg, struct argp_state *state)
{
	struct rm_options *o = state->input;

	switch (key) {
	case OPT_SESSION:
		if (text_u64(text_of(arg), &o->session) < 0 || !o->session)
			verb_usage(state, "--session=%s: expected a number from 1", arg);
		return 0;
	case ARGP_KEY_ARG:
		if (o->name)
			verb_usage(state, "one NAME or FILE is expected, '%s' is a second", arg);
		o->name = arg;
		return 0;
	case ARGP_KEY_NO_ARGS:
		verb_usage(state, "a NAME or FILE is expected");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

int baseline_rm(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{ "session", OPT_SESSION, "N", 0, "This session only, as 'show' numbers them", 0 },
		{ 0 },
	};
	struct rm_options o = { 0 };
	const struct verb_spec spec = {
		.name = "baseline rm",
		.args_doc = "NAME|FILE",
		.doc = "Take a baseline away, or one session of it. What is no baseline stays.",
		.options = options,
		.parse = parse_rm,
		.own = &o,
	};
	auto_arena struct arena a = { .max = LOAD_MEMORY_MAX };
	auto_free char *path = NULL;
	struct removing rm;
	const struct store_update update = { take_out, &rm };
	struct common common;

	verb_parse(&spec, argc, argv, &common);
	if (store_path(o.name, STORE_READ, &path) < 0)
		return EXIT_CANNOT;
	if (access(path, F_OK) < 0 && errno == ENOENT) {
		store_say_missing(o.name, path);
		return EXIT_CANNOT;
	}
	rm = (struct removing){ path, o.session };
	return (o.session ? store_update(path, &update, &a) : store_remove(path, &a)) < 0
		       ? EXIT_CANNOT
		       : EXIT_DONE;
}
