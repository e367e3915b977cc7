/* SPDX-License-Identifier: GPL-2.0-or-later */
/* report.c - a stored result as HTML or text. */
#include "report/report.h"

#include <string.h>

#include "cli/judge.h"
#include "cli/output.h"
#include "core/say.h"
#include "report/chrome_trace.h"

typedef int write_fn(FILE *out, struct host *h, const struct findings *f);

static int write_text(FILE *out, struct host *h, const struct findings *f)
{
	const struct text_style style = { .width = 80 };

	return report_text(out, h, f, &style);
}

static int write_chrome_trace(FILE *out, struct host *h, const struct findings *f)
{
	(void)f;
	return report_chrome_trace(out, h);
}

static const struct {
	const char *name;
	write_fn *write;
} formats[] = {
	{ "html", report_html },
	{ "text", write_text },
	{ "chrome-trace", write_chrome_trace },
};

struct report_options {
	const char *result, *output;
	size_t format;
};

enum { OPT_FORMAT = 0x100 };

/* clang-format off */
static const struct argp_option options[] = {
	{ "format", OPT_FORMAT, "FORMAT", 0, "html (default), text, or chrome-trace (worst moments, for ui.perfetto.dev)", 0 },
	{ "output", 'o', "FILE", 0, "Write there instead of standard output", 0 },
	{ 0 }
};
/* clang-format on */

static void choose_format(struct report_options *o, struct argp_state *state, const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
		if (!strcmp(formats[i].name, name)) {
			o->format = i;
			return;
		}
	}
	argp_error(state, "--format=%s: expected html, text or chrome-trace", name);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct report_options *o = state->input;

	switch (key) {
	case OPT_FORMAT:
		choose_format(o, state, arg);
		return 0;
	case 'o':
		o->output = arg;
		return 0;
	default:
		return verb_parse_result(key, arg, state, &o->result) ? 0 : ARGP_ERR_UNKNOWN;
	}
}

struct page {
	const struct report_options *o;
	struct host *h;
	const struct findings *f;
};

static int write_page(FILE *out, void *arg)
{
	const struct page *p = arg;

	return formats[p->o->format].write(out, p->h, p->f);
}

int verb_report(int argc, char **argv)
{
	struct report_options o = { 0 };
	const struct verb_spec spec = {
		.name = "report",
		.args_doc = "RESULT",
		.doc = "Write a stored result as a page, as text or as a trace of its worst moments.\v"
		       "With --json the findings document is printed.",
		.options = options,
		.parse = parse,
		.own = &o,
	};
	auto_doc struct doc *result = NULL;
	auto_host struct host *h = NULL;
	struct findings findings;
	struct common common;
	struct page page;
	int r;

	verb_parse(&spec, argc, argv, &common);
	if (verb_load(o.result, &result, &h) < 0 || judge_host(h, &findings) < 0)
		return EXIT_CANNOT;
	if (common.is_json)
		return print_findings(&common, h, &findings, true);
	page = (struct page){ &o, h, &findings };
	r = o.output ? output_file(o.output, write_page, &page) : write_page(stdout, &page);
	if (r == -ENODATA) {
		say_error("%s holds no trace of a guest: %s", o.result,
			  host_why_unknown(h, "trace.vcpus"));
		return EXIT_CANNOT;
	}
	if (r < 0) {
		say_error("%s: %s", o.output ? o.output : "standard output", strerror(-r));
		return EXIT_CANNOT;
	}
	return EXIT_DONE;
}
