/* SPDX-License-Identifier: GPL-2.0-or-later */
/* analyze.c - findings again from a stored result, with today's rules. */
#include "analyze/host.h"
#include "cli/judge.h"

struct analyze_options {
	const char *result;
	bool is_full;
	enum fail_on fail_on;
};

enum { OPT_ALL = 0x100 };

/* clang-format off */
static const struct argp_option options[] = {
	{ "all", OPT_ALL, NULL, 0, "Also what passed or does not apply", 0 },
	FAIL_ON_OPTION,
	{ 0 }
};
/* clang-format on */

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct analyze_options *o = state->input;

	switch (key) {
	case OPT_ALL:
		o->is_full = true;
		return 0;
	case OPT_FAIL_ON:
		o->fail_on = fail_on_parse(state, arg);
		return 0;
	default:
		return verb_parse_result(key, arg, state, &o->result) ? 0 : ARGP_ERR_UNKNOWN;
	}
}

int verb_analyze(int argc, char **argv)
{
	struct analyze_options o = { 0 };
	const struct verb_spec spec = {
		.name = "analyze",
		.args_doc = "RESULT",
		.doc = "Judge a stored result again, with today's rules. Touches nothing else.",
		.options = options,
		.parse = parse,
		.own = &o,
	};
	auto_doc struct doc *result = NULL;
	auto_host struct host *h = NULL;
	struct findings findings;
	struct common common;
	int r;

	verb_parse(&spec, argc, argv, &common);
	if (verb_load(o.result, &result, &h) < 0 || judge_host(h, &findings) < 0)
		return EXIT_CANNOT;
	r = print_findings(&common, h, &findings, o.is_full);
	return r ? r : fail_on_status(o.fail_on, &findings);
}
