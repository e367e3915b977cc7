/* SPDX-License-Identifier: GPL-2.0-or-later */
/* calibrate.c - sessions in a row with nothing changed: how noisy is this host? */
#include <inttypes.h>
#include <string.h>

#include "analyze/calibration.h"
#include "analyze/judge_change.h"
#include "analyze/record.h"
#include "cli/assemble.h"
#include "cli/judge.h"
#include "cli/load.h"
#include "cli/measuring.h"
#include "cli/store.h"
#include "core/say.h"
#include "report/text_calibration.h"
#include "report/words.h"

enum { OPT_SESSIONS = 0x100, DEFAULT_SESSIONS = 5 };

/* clang-format off */
static const struct argp_option options[] = {
	{ "sessions", OPT_SESSIONS, "K", 0, "Sessions to measure, 3 to 8 (default 5)", 0 },
	{ "output", 'o', "BASELINE", 0, "Where to keep the sessions: a file, or a name (default calibration)", 0 },
	MEASURING_PLACE_OPTIONS,
	MEASURING_TIME_OPTIONS,
	MEASURING_LABEL_OPTION,
	MEASURING_PASSIVE_OPTION,
	{ 0 }
};
/* clang-format on */

static const char doc[] =
	"Measure sessions in a row with nothing changed between them, and say how far they lie "
	"apart: what change could be seen on this host, and which metrics are fit to decide.\v"
	"Each session is a whole run: the built-in guest is started anew, one that runs goes on "
	"running. A boot may add differences that sessions of one boot do not show.\n\n"
	"The sessions are added to a baseline, each as soon as it is complete: check and compare "
	"take their margins from it. Measuring latency needs root.\n\n"
	"Exit status: 0 done; 2 could not do it; 128+n on signal n, after telling what the "
	"complete sessions say.";

struct calibration_options {
	struct session_wish wish;
	uint64_t n_sessions;
	const char *baseline;
};

struct calibration_run {
	const struct calibration_options *o;
	const char *path;    /* of the baseline */
	struct arena arena;  /* records */
	struct records list; /* of the sessions that are complete */
	int signal;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct calibration_options *o = state->input;

	switch (key) {
	case OPT_SESSIONS:
		if (text_u64(text_of(arg), &o->n_sessions) < 0 ||
		    o->n_sessions < CALIBRATION_SESSIONS_MIN ||
		    o->n_sessions > BASELINE_SESSIONS_MAX)
			argp_error(state, "--sessions=%s: expected a number from %d to %d", arg,
				   CALIBRATION_SESSIONS_MIN, BASELINE_SESSIONS_MAX);
		return 0;
	case 'o':
		o->baseline = arg;
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "'%s': no arguments are expected", arg);
		return 0;
	default:
		return measuring_parse(key, arg, state, &o->wish);
	}
}

static int add_session(void *arg, struct baseline_facts *b, struct arena *a)
{
	const struct calibration_run *c = arg;
	const char *why = NULL;
	int r = b->name.known ? 0 : fact_set_str(&b->name, a, store_name_of(c->path, a));

	if (r == 0)
		r = baseline_add(b, c->list.v[c->list.n - 1], a, &why);
	if (r < 0)
		say_error("%s: %s", c->path, why ? why : strerror(-r));
	return r;
}

/* At once: whatever ends this run, what it measured is kept. */
static int keep_session(struct calibration_run *c)
{
	auto_arena struct arena a = { 0 };
	const struct store_update update = { add_session, c };

	return store_update(c->path, &update, &a);
}

static int record_session(struct calibration_run *c, struct session *s)
{
	auto_host struct host *h = NULL;
	struct findings findings;
	int r = result_decode(s->result, &h);

	if (r == 0)
		r = judge_host(h, &findings);
	if (r == 0)
		r = load_host("calibrate", h, &findings, &c->arena, &c->list);
	return r < 0 ? r : keep_session(c);
}

/* -EINTR: a signal came; what the session measured by then is no session. */
static int measure_session(struct calibration_run *c)
{
	struct session s;
	int r = session_init(&s, &c->o->wish);

	if (r < 0)
		say_error("%s", strerror(-r));
	else
		r = session_run(&s);
	if (r == 0 && s.signal) {
		c->signal = s.signal;
		r = -EINTR;
	}
	if (r == 0)
		r = s.error;
	if (r == 0)
		r = record_session(c, &s);
	session_release(&s);
	return r;
}

static int print_calibration(const struct common *common, const struct calibration_facts *facts)
{
	const struct text_style style = { .has_colour = common->has_colour,
					  .width = terminal_width() };
	auto_doc struct doc *d = NULL;
	int r = common->is_json ? calibration_encode(facts, &d)
				: report_calibration(stdout, facts, &style);

	if (r < 0) {
		say_error("%s", strerror(-r));
		return EXIT_CANNOT;
	}
	return common->is_json ? verb_print_json(d) : EXIT_DONE;
}

/* A check measures as its baseline was measured, and with too few repetitions decides nothing. */
static void tell_next(const char *path, const struct calibration_facts *facts)
{
	if (facts->n_repetitions.v >= JUDGE_UNITS_MIN)
		printf("\nKept in %s: give it to 'vfiobench check --baseline'.\n", path);
	else
		printf("\nKept in %s: give it to 'vfiobench check --baseline' with --reps 10.\n",
		       path);
}

static int tell(const struct common *common, struct calibration_run *c)
{
	struct calibration_facts facts;
	int r;

	if (c->list.n == 0)
		return EXIT_CANNOT;
	r = calibration_make(c->list.v, c->list.n, &c->arena, &facts);
	if (r < 0) {
		say_error("%s", strerror(-r));
		return EXIT_CANNOT;
	}
	r = print_calibration(common, &facts);
	if (r == EXIT_DONE && !common->is_json)
		tell_next(c->path, &facts);
	return r;
}

static void say_ended(const struct calibration_run *c)
{
	if (c->list.n == 0)
		say_error("ended by SIG%s: no session was complete, nothing was kept",
			  sigabbrev_np(c->signal));
	else
		say_error("ended by SIG%s: %zu of %" PRIu64 " sessions were complete and are kept",
			  sigabbrev_np(c->signal), c->list.n, c->o->n_sessions);
}

static int calibrate(const struct common *common, struct calibration_run *c)
{
	const struct calibration_options *o = c->o;
	int r = 0, status;

	for (uint64_t i = 0; r == 0 && i < o->n_sessions; i++) {
		say_note("session %" PRIu64 " of %" PRIu64, i + 1, o->n_sessions);
		r = measure_session(c);
	}
	if (c->signal)
		say_ended(c);
	status = tell(common, c);
	if (c->signal)
		return 128 + c->signal;
	return r < 0 ? EXIT_CANNOT : status;
}

/* A new file can be made beside that path. */
static int check_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	auto_free char *folder = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
	int r = folder ? 0 : -ENOMEM;

	if (r == 0 && access(folder, W_OK | X_OK) < 0)
		r = neg_errno();
	if (r < 0)
		say_error("%s: %s", folder ? folder : path, strerror(-r));
	return r;
}

/* That it can be kept is found out before an hour of measuring. */
static int find_place(const char *baseline, struct arena *a, char **ret_path)
{
	struct baseline_facts there = { 0 };
	auto_free char *path = NULL;
	int r = store_path(baseline, STORE_WRITE, &path);

	if (r == 0)
		r = store_load(path, a, &there);
	if (r == 0 || r == -ENOENT)
		r = check_folder(path);
	if (r < 0)
		return r;
	*ret_path = path;
	path = NULL;
	return 0;
}

int verb_calibrate(int argc, char **argv)
{
	struct calibration_options o = { .n_sessions = DEFAULT_SESSIONS,
					 .baseline = "calibration" };
	const struct verb_spec spec = {
		.name = "calibrate", .doc = doc, .options = options, .parse = parse, .own = &o
	};
	struct calibration_run c = { .o = &o };
	auto_free char *path = NULL;
	struct common common;
	char words[32];
	int status = EXIT_CANNOT;

	verb_parse(&spec, argc, argv, &common);
	o.wish.is_quiet = common.is_quiet;
	if (measuring_complete(&o.wish) < 0)
		return EXIT_CANNOT;
	if (find_place(o.baseline, &c.arena, &path) == 0) {
		c.path = path;
		words_of_ns(o.n_sessions * session_duration_ns(&o.wish), words, sizeof(words));
		say_note("this takes about %s: %" PRIu64 " sessions; they are kept in %s", words,
			 o.n_sessions, path);
		status = calibrate(&common, &c);
	}
	arena_release(&c.arena);
	return status;
}
