/* SPDX-License-Identifier: GPL-2.0-or-later */
/* compare.c - did it get better, did it get worse? */
#include "analyze/compare.h"

#include <string.h>

#include "cli/fleet.h"
#include "cli/load.h"
#include "cli/margin.h"
#include "cli/output.h"
#include "cli/print_comparison.h"
#include "cli/share.h"
#include "core/say.h"
#include "report/html_comparison.h"

struct names {
	char **v;
	size_t n;
};

struct compare_options {
	struct names before, after; /* after: behind "--" */
	const char *fleet;          /* the folder; NULL: two sides are compared */
	const char *html;           /* also as a page there; NULL: no */
	uint32_t margin_permille;   /* 0: of each metric its own */
	bool has_separator, is_strict, is_full;
	struct share share;
};

enum { OPT_MARGIN = 0x100, OPT_STRICT, OPT_ALL, OPT_FLEET, OPT_HTML };

/* clang-format off */
static const struct argp_option options[] = {
	{ "margin", OPT_MARGIN, "PERCENT", 0, "Changes up to this are none (default: 10 or 25, by metric)", 0 },
	{ "strict", OPT_STRICT, NULL, 0, "Exit 3 when it cannot be told", 0 },
	{ "all", OPT_ALL, NULL, 0, "Also exploratory metrics that did not move, and all settings that differ", 0 },
	{ "html", OPT_HTML, "FILE", 0, "Also leave it as a page, with figures", 0 },
	SHARE_OPTIONS,
	{ "fleet", OPT_FLEET, "DIR", 0, "Results of many hosts, HOST.json or HOST/result.json: who stands out", 0 },
	{ 0 }
};
/* clang-format on */

static void check_html(const struct compare_options *o, struct argp_state *state)
{
	if (o->html && o->fleet)
		argp_error(state, "--fleet makes no page: no --html");
	if (!o->html && (o->share.is_raw || o->share.map))
		argp_error(state, "--raw and --show-redactions are about the page of --html");
}

/* Without "--" there is one name for each side. */
static void check_names(struct compare_options *o, struct argp_state *state)
{
	if (o->fleet) {
		if (o->has_separator || o->before.n || o->is_strict || o->margin_permille)
			argp_error(state, "--fleet takes its folder only: no results, no --margin, "
					  "no --strict");
		return;
	}
	if (o->has_separator) {
		if (!o->before.n || !o->after.n)
			argp_error(state, "a RESULT is expected on each side of '--'");
		return;
	}
	if (o->before.n != 2)
		argp_error(state,
			   "BEFORE and AFTER are expected, or several of each with '--' between");
	o->after = (struct names){ o->before.v + 1, 1 };
	o->before.n = 1;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct compare_options *o = state->input;

	switch (key) {
	case OPT_MARGIN:
		o->margin_permille = margin_parse(state, arg);
		return 0;
	case OPT_STRICT:
		o->is_strict = true;
		return 0;
	case OPT_ALL:
		o->is_full = true;
		return 0;
	case OPT_FLEET:
		o->fleet = arg;
		return 0;
	case OPT_HTML:
		o->html = arg;
		return 0;
	case ARGP_KEY_ARG:
		/* What argp has sorted behind the options stays where it is. */
		if (!o->before.n)
			o->before.v = &state->argv[state->next - 1];
		o->before.n++;
		return 0;
	case ARGP_KEY_END:
		(void)share_parse(key, arg, state, &o->share);
		check_html(o, state);
		check_names(o, state);
		return 0;
	default:
		return share_parse(key, arg, state, &o->share);
	}
}

/* Cuts off "-- AFTER…", which argp would mix with the names before. */
static int split_names(int argc, char **argv, struct compare_options *o)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--") != 0)
			continue;
		o->has_separator = true;
		o->after = (struct names){ &argv[i + 1], (size_t)(argc - i - 1) };
		return i;
	}
	return argc;
}

static int load_side(const struct names *names, struct arena *a, struct records *ret_records)
{
	int r = 0;

	for (size_t i = 0; i < names->n && r == 0; i++)
		r = load_records(names->v[i], a, ret_records);
	return r;
}

static int write_page(FILE *out, void *arg)
{
	const struct comparison_facts *c = arg;

	return report_html_comparison(out, c);
}

/* It is made to be shown; what was printed is not. */
static int leave_page(struct compare_options *o, const struct comparison_facts *c)
{
	auto_arena struct arena a = { 0 };
	struct comparison_facts shared;
	int r;

	if (!o->html)
		return EXIT_DONE;
	if (share_comparison(&o->share, c, &a, &shared) < 0)
		return EXIT_CANNOT;
	r = output_file(o->html, write_page, &shared);
	if (r < 0)
		say_error("%s: %s", o->html, strerror(-r));
	return r < 0 || share_finish(&o->share) < 0 ? EXIT_CANNOT : EXIT_DONE;
}

static int exit_status(const struct compare_options *o, const struct comparison_facts *c)
{
	if (fact_is(&c->verdict, "regressed"))
		return EXIT_FINDINGS;
	if (fact_is(&c->verdict, "not-comparable"))
		return EXIT_CANNOT;
	return o->is_strict && fact_is(&c->verdict, "inconclusive") ? EXIT_INCONCLUSIVE : EXIT_DONE;
}

int verb_compare(int argc, char **argv)
{
	struct compare_options o = { 0 };
	const struct verb_spec spec = {
		.name = "compare",
		.args_doc = "BEFORE AFTER\nBEFORE… -- AFTER…\n--fleet DIR",
		.doc = "Did it get better, did it get worse, or can nobody tell?\v"
		       "Each name is a result.json, its directory, or a baseline file with all its "
		       "sessions. Several results of one side are sessions: with enough of them "
		       "(8 and 3, 5 and 5) differences between boots are not taken for changes.\n\n"
		       "A fleet: hosts of the same kind that were measured the same way are ranked; one "
		       "far beyond what the others show is named, with the settings that are its own. "
		       "HOST@NAME.json and all files of one folder are results of one host.\n\n"
		       "In the page of --html names are replaced by pseudonyms (guest-3f2a), so "
		       "that it can be shown to others; what is printed, and the document of "
		       "--json, keep them, as a result.json does.\n\n"
		       "Exit status: 0 not worse, 1 worse, 2 could not do it or not comparable, "
		       "3 cannot be told and --strict.",
		.options = options,
		.parse = parse,
		.own = &o,
	};
	auto_arena struct arena a = { .max = LOAD_MEMORY_MAX };
	struct records before = { 0 }, after = { 0 };
	struct compare_wish wish = { 0 };
	struct comparison_facts c;
	struct common common;
	int r;

	verb_parse(&spec, split_names(argc, argv, &o), argv, &common);
	if (o.fleet)
		return fleet_run(o.fleet, &common, o.is_full);
	if (load_side(&o.before, &a, &before) < 0 || load_side(&o.after, &a, &after) < 0)
		return EXIT_CANNOT;
	wish.before = (struct compare_side){ before.v, before.n };
	wish.after = (struct compare_side){ after.v, after.n };
	wish.margin_permille = o.margin_permille;
	r = compare_records(&wish, &a, &c);
	if (r < 0) {
		say_error("%s", strerror(-r));
		return EXIT_CANNOT;
	}
	r = print_comparison(&common, &c,
			     &(struct print_style){ text_comparison, o.is_full, NULL, NULL });
	if (r == EXIT_DONE)
		r = leave_page(&o, &c);
	share_release(&o.share);
	return r ? r : exit_status(&o, &c);
}
