/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ab.c - a setting switched off and on in turns while the guest runs: did it matter? */
#include <string.h>

#include "analyze/compare.h"
#include "cli/ab_turns.h"
#include "cli/measuring.h"
#include "cli/print_comparison.h"
#include "core/say.h"
#include "report/words.h"

#define DEFAULT_PAIRS     12
#define DEFAULT_REP_NS    (5 * NS_PER_S)
#define DEFAULT_SETTLE_NS NS_PER_S
#define SETTLE_MAX_NS     (600 * NS_PER_S)

enum { OPT_ON = 0x100, OPT_OFF, OPT_NULL, OPT_PAIRS, OPT_SETTLE, OPT_END, OPT_METRIC, OPT_STRICT };

/* clang-format off */
static const struct argp_option options[] = {
	{ "on", OPT_ON, "CMD", 0, "What switches the setting on", 0 },
	{ "off", OPT_OFF, "CMD", 0, "What switches it off; the machine is left so", 0 },
	{ "null", OPT_NULL, NULL, 0, "Switch nothing: a trial of the method, which must find nothing", 0 },
	{ "pairs", OPT_PAIRS, "N", 0, "Pairs of repetitions, 7 to 100 (default 12)", 0 },
	{ "rep-duration", OPT_REP_DURATION, "TIME", 0, "Length of a repetition (default 5s)", 0 },
	{ "settle", OPT_SETTLE, "TIME", 0, "Wait after each command (default 1s)", 0 },
	{ "end", OPT_END, "STATE", 0, "How to leave the setting: off (default) or on", 0 },
	{ "metric", OPT_METRIC, "ID", 0, "Judge this metric alone, e.g. wake.p99; may be repeated", 0 },
	{ "strict", OPT_STRICT, NULL, 0, "Exit 3 when inconclusive", 0 },
	MEASURING_PLACE_OPTIONS,
	{ 0 }
};
/* clang-format on */

static const char doc[] =
	"Switch a setting off and on in turns while the guest runs, and say whether it changed "
	"the guest's latency.\v"
	"Turns go off on, on off, on off, off on ...: pairs, so that a machine that drifts hits "
	"both sides alike. Each pair is one observation; a metric is judged by the exact "
	"signed-rank test over the pairs. Seven are the fewest that can show anything; twelve "
	"show a rise by 60 %, four times of five, where pairs differ by 20 %.\n\n"
	"CMD is run by /bin/sh with your rights (as root under sudo), environment and folder, on "
	"the CPUs of the host; only where the other setting is in force; for at most 60 s. Exit "
	"status other than 0 ends all. A program that it leaves running should write elsewhere: "
	"'PROGRAM >/dev/null 2>&1 &'. The first turn runs --off, and whatever happens --off is "
	"run at the end (--end on: --on): after Ctrl-C, a failure, the guest's end. Only kill -9 "
	"prevents that: then run it yourself.\n\n"
	"Without a running guest a small one of our own is used. p99.9 of wake-ups needs 20 s a "
	"repetition on one CPU; with less it is not judged.\n\n"
	"Exit status: 0 it was measured, whatever was found; 1 --null found something; 2 could "
	"not do it; 3 inconclusive, with --strict; 128+n on signal n, after telling what the "
	"complete pairs say.";

struct ab_options {
	struct ab_wish wish;
	bool is_strict;
};

static void parse_metric(struct ab_wish *w, struct argp_state *state, const char *id)
{
	const struct metric *m = metric_find(id);

	if (!m || !m->is_gated || strcmp(m->id, id) != 0) {
		auto_arena struct arena a = { 0 };
		struct arena_text names = { 0 };

		for (m = metrics; m->id; m++) {
			if (m->is_gated)
				(void)!arena_text_add(&a, &names, " %s", m->id);
		}
		verb_usage(state, "--metric=%s: expected one of%s", id, names.v ? names.v : "");
	}
	if (w->n_metrics == AB_METRICS_MAX)
		verb_usage(state, "--metric=%s: too many", id);
	w->metrics[w->n_metrics++] = id;
}

static void parse_number(struct ab_wish *w, int key, const char *arg, struct argp_state *state)
{
	if (key == OPT_PAIRS) {
		if (text_u64(text_of(arg), &w->n_pairs) < 0 || w->n_pairs < PAIRS_MIN ||
		    w->n_pairs > PAIRS_MAX)
			verb_usage(state, "--pairs=%s: expected a number from %d to %d", arg,
				   PAIRS_MIN, PAIRS_MAX);
	} else if (text_duration(text_of(arg), &w->settle_ns) < 0 || w->settle_ns > SETTLE_MAX_NS) {
		verb_usage(state, "--settle=%s: expected a time from 0s to 10min", arg);
	}
}

static void parse_end(struct ab_wish *w, struct argp_state *state, const char *arg)
{
	if (strcmp(arg, "on") != 0 && strcmp(arg, "off") != 0)
		verb_usage(state, "--end=%s: expected off or on", arg);
	w->is_end_on = !strcmp(arg, "on");
}

/* All were read: do they make sense together? */
static void check_commands(const struct ab_wish *w, struct argp_state *state)
{
	if (w->is_null && (w->on || w->off || w->is_end_on))
		verb_usage(state, "--null switches nothing: no --on, --off or --end with it");
	if (!w->is_null && !w->on)
		verb_usage(state, "--on CMD is expected, or --null");
	if (!w->is_null && !w->off)
		verb_usage(state, "--off CMD is expected: how the setting was found, and is "
				  "left, cannot be known without it");
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct ab_options *o = state->input;
	struct ab_wish *w = &o->wish;

	switch (key) {
	case OPT_ON:
		w->on = arg;
		return 0;
	case OPT_OFF:
		w->off = arg;
		return 0;
	case OPT_NULL:
		w->is_null = true;
		return 0;
	case OPT_PAIRS:
	case OPT_SETTLE:
		parse_number(w, key, arg, state);
		return 0;
	case OPT_END:
		parse_end(w, state, arg);
		return 0;
	case OPT_METRIC:
		parse_metric(w, state, arg);
		return 0;
	case OPT_STRICT:
		o->is_strict = true;
		return 0;
	case ARGP_KEY_ARG:
		verb_usage(state, "'%s': no arguments are expected", arg);
		return 0;
	case ARGP_KEY_END:
		check_commands(w, state);
		return 0;
	default:
		return measuring_parse(key, arg, state, &w->session);
	}
}

static int status_of(const struct ab_options *o, const struct comparison_facts *c)
{
	if (fact_is(&c->verdict, "not-comparable"))
		return EXIT_CANNOT;
	if (o->wish.is_null &&
	    (fact_is(&c->verdict, "regressed") || fact_is(&c->verdict, "improved")))
		return EXIT_FINDINGS;
	if (o->is_strict && fact_is(&c->verdict, "inconclusive"))
		return EXIT_INCONCLUSIVE;
	return EXIT_DONE;
}

/* The complete pairs are told also where not all could be measured. */
static int tell(const struct ab_options *o, const struct common *common, struct ab *ab)
{
	struct comparison_facts c = { 0 };
	int r, status;

	if (ab->n_pairs == 0) {
		if (ab->session->signal || ab->n_left_out)
			say_error("no pair is complete: nothing to compare");
		return EXIT_CANNOT;
	}
	r = ab_compare(ab, &c);
	if (r < 0) {
		say_error("%s", strerror(-r));
		return EXIT_CANNOT;
	}
	status =
		print_comparison(common, &c, &(struct print_style){ text_comparison, false, NULL });
	return status ? status : status_of(o, &c);
}

static int run(const struct ab_options *o, const struct common *common, struct session *s)
{
	struct ab ab = { .wish = &o->wish,
			 .session = s,
			 .toggle = { o->wish.on, o->wish.off, s->time, TOGGLE_LIMIT_NS,
				     TOGGLE_FOUND } };
	char words[32];
	int r, status;

	words_of_ns(ab_duration_ns(&o->wish), words, sizeof(words));
	say_note("this takes about %s: %zu pairs", words, (size_t)o->wish.n_pairs);
	r = ab_run(&ab);
	status = tell(o, common, &ab);
	arena_release(&ab.arena);
	if (r < 0)
		return EXIT_CANNOT;
	return s->signal ? 128 + s->signal : status;
}

int verb_ab(int argc, char **argv)
{
	struct ab_options o = { .wish = { .session = { .n_reps = 1 },
					  .n_pairs = DEFAULT_PAIRS,
					  .settle_ns = DEFAULT_SETTLE_NS } };
	const struct verb_spec spec = {
		.name = "ab", .doc = doc, .options = options, .parse = parse, .own = &o
	};
	struct common common;
	struct session s;
	int status = EXIT_CANNOT, r;

	verb_parse(&spec, argc, argv, &common);
	o.wish.is_quiet = common.is_quiet;
	o.wish.session.is_quiet = true;
	if (!o.wish.session.rep_duration_ns)
		o.wish.session.rep_duration_ns = DEFAULT_REP_NS;
	if (measuring_complete(&o.wish.session) < 0)
		return EXIT_CANNOT;
	r = session_init(&s, &o.wish.session);
	if (r == 0)
		status = run(&o, &common, &s);
	else
		say_error("%s", strerror(-r));
	session_release(&s);
	return status;
}
