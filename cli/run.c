/* SPDX-License-Identifier: GPL-2.0-or-later */
/* run.c - measure while a guest runs, judge, report, and leave result.json and report.html. */
#include <string.h>

#include "analyze/fix.h"
#include "cli/judge.h"
#include "cli/measured.h"
#include "cli/measuring.h"

enum { OPT_KEEP_TRACE = 0x100 };

/* clang-format off */
static const struct argp_option options[] = {
	MEASURING_PLACE_OPTIONS,
	MEASURING_TIME_OPTIONS,
	MEASURING_LABEL_OPTION,
	MEASURING_PASSIVE_OPTION,
	{ "keep-trace", OPT_KEEP_TRACE, NULL, 0, "Also leave trace.dat, for trace-cmd and KernelShark", 0 },
	{ "output", 'o', "DIR", 0, "Folder for result.json and report.html", 0 },
	FAIL_ON_OPTION,
	{ 0 }
};
/* clang-format on */

struct run_options {
	struct session_wish wish;
	const char *folder;
	bool keeps_trace;
	enum fail_on fail_on;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct run_options *o = state->input;

	switch (key) {
	case OPT_KEEP_TRACE:
		o->keeps_trace = true;
		return 0;
	case 'o':
		if (!strcmp(arg, "-"))
			argp_error(state, "--output=-: a folder is expected, the files are two");
		o->folder = arg;
		return 0;
	case OPT_FAIL_ON:
		o->fail_on = fail_on_parse(state, arg);
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "'%s': no arguments are expected", arg);
		return 0;
	default:
		return measuring_parse(key, arg, state, &o->wish);
	}
}

/* "no problem, 2 pieces of advice; first: irq.host-on-g" */
static void print_counts(const struct findings *f)
{
	const size_t n_problems = f->n_by_verdict[VERDICT_PROBLEM];
	const size_t n_advice = f->n_by_verdict[VERDICT_ADVICE];

	if (n_problems)
		printf("%zu problem%s, ", n_problems, n_problems == 1 ? "" : "s");
	else
		fputs("no problem, ", stdout);
	printf("%zu piece%s of advice", n_advice, n_advice == 1 ? "" : "s");
	if (n_problems + n_advice)
		printf("; first: %s", f->v[0].tweak->id);
	putchar('\n');
}

static bool is_partial(const struct measured *m)
{
	return m->host->run.is_partial.known && m->host->run.is_partial.v;
}

static void print_verdict(const struct measured *m)
{
	const struct fact_str *reason = &m->host->run.reason;

	fputs("\nVerdict: ", stdout);
	if (is_partial(m))
		printf("partial, %s; in what was measured: ",
		       reason->known ? reason->v : "ended early");
	print_counts(&m->findings);
}

/* The words of this run as they were typed: numbers of a part are compared with nothing. */
static void print_again(struct arena *a, char **argv)
{
	fputs("Next:    measure again: vfiobench", stdout);
	for (size_t i = 0; argv[i]; i++) {
		const char *word = fix_quote(a, argv[i]);

		printf(" %s", word ? word : argv[i]);
	}
	putchar('\n');
}

static void print_next(const char *before, const char *after)
{
	printf("Next:    change one setting, run it again with the same options and\n"
	       "         -o %s\n"
	       "         vfiobench compare %s %s\n",
	       after, before, after);
}

/* The last lines: the verdict, where the report lies, what to type next. */
static void print_end(const struct measured *m, char **argv)
{
	auto_arena struct arena a = { 0 };
	size_t len = strlen(m->folder);
	const char *before = fix_quote(&a, m->folder), *later;
	const char *after;

	while (len > 1 && m->folder[len - 1] == '/')
		len--;
	later = arena_printf(&a, "%.*s-after", (int)len, m->folder);
	after = later ? fix_quote(&a, later) : NULL;
	print_verdict(m);
	printf("Report:  %s/report.html (to be shown: names are replaced)\n"
	       "         %s/result.json (with all names)\n",
	       m->folder, m->folder);
	if (!before || !after)
		return;
	if (is_partial(m))
		print_again(&a, argv);
	else
		print_next(before, after);
	printf("To ask:  vfiobench report %s --format markdown\n", before);
}

static int show(const struct run_options *o, const struct common *common, struct measured *m,
		char **argv)
{
	int status = common->is_json ? verb_print_json(m->session.result)
				     : print_findings(common, m->host, &m->findings, false);

	if (status || !m->has_report)
		return EXIT_CANNOT;
	if (!common->is_json)
		print_end(m, argv);
	status = measured_status(m);
	return status ? status : fail_on_status(o->fail_on, &m->findings);
}

int verb_run(int argc, char **argv)
{
	struct run_options o = { 0 };
	const struct verb_spec spec = {
		.name = "run",
		.doc = "Measure this host while a guest runs, judge what was found, and leave "
		       "result.json and report.html.\v"
		       "Without a running guest a small one of our own is used. Measuring "
		       "latency needs root. Nothing is changed on this machine. Ctrl-C ends the "
		       "run and keeps what was measured. A result that is in DIR already is kept as "
		       "result.json.old.",
		.options = options,
		.parse = parse,
		.own = &o,
	};
	struct common common;
	struct measured m;
	int status = EXIT_CANNOT;

	verb_parse(&spec, argc, argv, &common);
	o.wish.is_quiet = common.is_quiet;
	if (measuring_complete(&o.wish) < 0)
		return EXIT_CANNOT;
	if (measured_make(&m, &o.wish, o.folder, o.keeps_trace) == 0)
		status = show(&o, &common, &m, argv);
	measured_release(&m);
	return status;
}
