/* SPDX-License-Identifier: GPL-2.0-or-later */
/* audit.c - settings only: the state probes, then the rules. */
#include <string.h>

#include "cli/assemble.h"
#include "cli/judge.h"
#include "cli/output.h"
#include "cli/settings.h"
#include "cli/tree.h"
#include "core/say.h"

struct audit_options {
	struct settings_wish wish;
	struct cpus cpus;
	bool is_full;
	const char *result; /* file to write the result document to; NULL: none */
	enum fail_on fail_on;
};

enum { OPT_CPUS = 0x100, OPT_ALL };

/* clang-format off */
static const struct argp_option options[] = {
	SETTINGS_OPTIONS,
	{ "cpus", OPT_CPUS, "LIST", 0, "The guest's CPUs, e.g. 1-4,7-10", 0 },
	{ "output", 'o', "FILE", 0, "Write the result document too, for analyze, report and plan", 0 },
	{ "all", OPT_ALL, NULL, 0, "Also what passed or does not apply", 0 },
	FAIL_ON_OPTION,
	{ 0 }
};
/* clang-format on */

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct audit_options *o = state->input;

	switch (key) {
	case OPT_CPUS:
		if (cpus_parse_list(text_of(arg), &o->cpus) < 0)
			argp_error(state, "--cpus=%s: expected a list such as 1-4,7-10", arg);
		o->wish.cpus = &o->cpus;
		return 0;
	case 'o':
		o->result = arg;
		return 0;
	case OPT_ALL:
		o->is_full = true;
		return 0;
	case OPT_FAIL_ON:
		o->fail_on = fail_on_parse(state, arg);
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "'%s': no arguments are expected", arg);
		return 0;
	default:
		return settings_parse(key, arg, &o->wish);
	}
}

static int save(const char *path, struct doc *result)
{
	const int r = output_file(path, output_write_document, result);

	if (r < 0)
		say_error("%s: %s", path, strerror(-r));
	return r;
}

/* The tree is gone before anything is printed: nobody may read it any more. */
static int judge(struct audit_options *o, struct tree *tree, const struct common *common)
{
	auto_doc struct doc *result = NULL;
	auto_host struct host *h = NULL;
	struct findings findings;
	int r = settings_collect(&o->wish, tree->stop_fd, &result);

	tree_close(tree);
	if (r < 0 || result_decode(result, &h) < 0 || judge_host(h, &findings) < 0 ||
	    (o->result && save(o->result, result) < 0))
		return EXIT_CANNOT;
	r = print_findings(common, h, &findings, o->is_full);
	return r ? r : fail_on_status(o->fail_on, &findings);
}

int verb_audit(int argc, char **argv)
{
	struct audit_options o = { 0 };
	const struct verb_spec spec = {
		.name = "audit",
		.doc = "Judge the settings of this host, or of a captured one, and of its guest.\v"
		       "Needs no root and no running guest; what cannot be seen without is said to "
		       "be unknown.",
		.options = options,
		.parse = parse,
		.own = &o,
	};
	struct common common;
	struct tree tree;

	verb_parse(&spec, argc, argv, &common);
	if (tree_open(&tree, o.wish.state.sysroot) < 0)
		return EXIT_CANNOT;
	o.wish.state.sysroot = tree.path;
	return judge(&o, &tree, &common);
}
