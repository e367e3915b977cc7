/* SPDX-License-Identifier: GPL-2.0-or-later */
/* report.c - a stored result or comparison in another form: for people, CI systems, monitoring. */
#include "report/report.h"

#include <string.h>

#include "analyze/compare.h"
#include "cli/judge.h"
#include "cli/output.h"
#include "cli/pictures.h"
#include "cli/share.h"
#include "core/say.h"
#include "core/text.h"
#include "report/annotations.h"
#include "report/chrome_trace.h"
#include "report/html_comparison.h"
#include "report/junit.h"
#include "report/markdown_summary.h"
#include "report/openmetrics.h"
#include "report/paste.h"
#include "report/text_check.h"
#include "report/text_comparison.h"

/* A stranger's file may not fill the memory. */
#define MEMORY_MAX (1024 * MIB)

/* What is to be written: a result with its findings, or a comparison. */
struct subject {
	struct doc *doc;
	struct host *h; /* NULL: a comparison */
	struct findings findings;
	struct arena arena;
	struct comparison_facts comparison;
	size_t max_chars; /* of a paste; 0: as usual */
};

static void subject_release(struct subject *s)
{
	doc_free(s->doc);
	host_free(s->h);
	arena_release(&s->arena);
}

typedef int write_fn(FILE *out, struct subject *s);

static int write_html(FILE *out, struct subject *s)
{
	return report_html(out, s->h, &s->findings);
}

static int write_text(FILE *out, struct subject *s)
{
	const struct text_style style = { .width = 80 };

	return report_text(out, s->h, &s->findings, &style);
}

static int write_comparison_html(FILE *out, struct subject *s)
{
	return report_html_comparison(out, &s->comparison);
}

static int write_comparison_text(FILE *out, struct subject *s)
{
	const struct text_style style = { .width = 80 };

	return s->comparison.budgets.known ? text_check(out, &s->comparison, &style)
					   : text_comparison(out, &s->comparison, &style);
}

static int write_paste(FILE *out, struct subject *s, enum paste_markup markup)
{
	const struct paste_style style = { markup, s->max_chars };

	return s->h ? report_paste(out, s->h, &s->findings, &style)
		    : report_paste_comparison(out, &s->comparison, &style);
}

static int write_plain(FILE *out, struct subject *s)
{
	return write_paste(out, s, PASTE_PLAIN);
}

static int write_markdown(FILE *out, struct subject *s)
{
	return write_paste(out, s, PASTE_MARKDOWN);
}

static int write_bbcode(FILE *out, struct subject *s)
{
	return write_paste(out, s, PASTE_BBCODE);
}

static int write_reddit(FILE *out, struct subject *s)
{
	return write_paste(out, s, PASTE_REDDIT);
}

static int write_github(FILE *out, struct subject *s)
{
	return report_markdown_findings(out, s->h, &s->findings);
}

static int write_comparison_markdown(FILE *out, struct subject *s)
{
	return report_markdown_summary(out, &s->comparison);
}

static int write_junit(FILE *out, struct subject *s)
{
	return report_junit_findings(out, s->h, &s->findings);
}

static int write_comparison_junit(FILE *out, struct subject *s)
{
	return report_junit(out, &s->comparison);
}

static int write_comparison_annotations(FILE *out, struct subject *s)
{
	return report_annotations(out, &s->comparison);
}

static int write_openmetrics(FILE *out, struct subject *s)
{
	return report_openmetrics(out, s->h, &s->findings, NULL);
}

static int write_chrome_trace(FILE *out, struct subject *s)
{
	return report_chrome_trace(out, s->h);
}

/* The first one that can be written of it is the default. */
static const struct format {
	const char *name;
	write_fn *of_result, *of_comparison; /* NULL: there is none */
} formats[] = {
	{ "html", write_html, write_comparison_html },
	{ "text", write_text, write_comparison_text },
	{ "plain", write_plain, write_plain },
	{ "markdown", write_markdown, write_comparison_markdown },
	{ "bbcode", write_bbcode, write_bbcode },
	{ "reddit", write_reddit, write_reddit },
	{ "github", write_github, write_comparison_markdown },
	{ "junit", write_junit, write_comparison_junit },
	{ "annotations", NULL, write_comparison_annotations },
	{ "openmetrics", write_openmetrics, NULL },
	{ "chrome-trace", write_chrome_trace, NULL },
};

struct report_options {
	const char *name, *output;
	const char *pictures;        /* a folder; NULL: none are wanted */
	const struct format *format; /* NULL: the default */
	uint64_t max_chars;          /* 0: as usual */
	struct share share;
};

enum { OPT_FORMAT = 0x100, OPT_MAX_CHARS, OPT_PNG };

/* clang-format off */
static const struct argp_option options[] = {
	{ "format", OPT_FORMAT, "FORMAT", 0, "html, text, plain, markdown, bbcode, reddit, github, junit, annotations, openmetrics or chrome-trace", 0 },
	{ "max-chars", OPT_MAX_CHARS, "N", 0, "What plain, markdown, bbcode and reddit may have of characters, at least 1600: sections that do not fit are left out", 0 },
	{ "png", OPT_PNG, "DIR", 0, "Leave the figures there as PNG, for places that show no page; without --format and -o nothing else is written", 0 },
	{ "output", 'o', "FILE", 0, "Write there instead of standard output", 0 },
	SHARE_OPTIONS,
	{ 0 }
};
/* clang-format on */

static write_fn *writer(const struct format *f, const struct subject *s)
{
	return s->h ? f->of_result : f->of_comparison;
}

/* "html, text or junit": those that can be written of it; s NULL: all. Caller frees; or NULL. */
static char *format_names(const struct subject *s)
{
	const struct format *found[ARRAY_SIZE(formats)];
	char *names = NULL;
	size_t size = 0, n = 0;
	FILE *out = open_memstream(&names, &size);

	if (!out)
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
		if (!s || writer(&formats[i], s))
			found[n++] = &formats[i];
	}
	for (size_t i = 0; i < n; i++)
		fprintf(out, "%s%s", i == 0 ? "" : i + 1 < n ? ", " : " or ", found[i]->name);
	return fclose(out) == EOF ? NULL : names;
}

static const struct format *choose_format(struct argp_state *state, const char *name)
{
	auto_free char *names = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
		if (!strcmp(formats[i].name, name))
			return &formats[i];
	}
	names = format_names(NULL);
	argp_error(state, "--format=%s: expected %s", name, names ? names : "another one");
	return NULL;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct report_options *o = state->input;

	switch (key) {
	case OPT_FORMAT:
		o->format = choose_format(state, arg);
		return 0;
	case OPT_MAX_CHARS:
		if (text_u64(text_of(arg), &o->max_chars) < 0 || o->max_chars < PASTE_CHARS_MIN)
			argp_error(state, "--max-chars=%s: expected a number from %d on", arg,
				   PASTE_CHARS_MIN);
		return 0;
	case OPT_PNG:
		o->pictures = arg;
		return 0;
	case 'o':
		o->output = arg;
		return 0;
	default:
		if (share_parse(key, arg, state, &o->share) == 0)
			return 0;
		return verb_parse_result(key, arg, state, &o->name) ? 0 : ARGP_ERR_UNKNOWN;
	}
}

static bool is_comparison(const struct doc *d)
{
	const char *format;

	return doc_get_str(d, "format", &format) == 0 && !strcmp(format, COMPARISON_FORMAT);
}

/* 0 or -errno after one line on stderr. */
static int load(const char *name, struct share *share, struct subject *s)
{
	auto_free char *path = NULL;
	auto_free char *host_why = NULL;
	const char *why = NULL;
	int r = verb_read(name, &s->doc, &path);

	if (r == 0)
		r = share_document(share, &s->doc);

	if (r < 0)
		return r;
	if (is_comparison(s->doc)) {
		r = comparison_decode(s->doc, &s->arena, &s->comparison, &why);
	} else {
		r = host_new(s->doc, &s->h, &host_why);
		why = host_why;
	}
	if (r < 0)
		say_error("%s: %s", path, why ? why : strerror(-r));
	return r == 0 && s->h ? judge_host(s->h, &s->findings) : r;
}

static const struct format *default_format(const struct subject *s)
{
	const struct format *f = formats;

	while (!writer(f, s))
		f++;
	return f;
}

/* Whether it is cut to a number of characters. */
static bool is_paste(write_fn *write)
{
	return write == write_plain || write == write_markdown || write == write_bbcode ||
	       write == write_reddit;
}

struct page {
	write_fn *write;
	struct subject *s;
};

static int write_page(FILE *out, void *arg)
{
	const struct page *p = arg;

	return p->write(out, p->s);
}

static int write_format(const struct report_options *o, struct subject *s)
{
	const struct format *f = o->format ? o->format : default_format(s);
	struct page page = { writer(f, s), s };
	int r;

	if (!page.write) {
		auto_free char *names = format_names(s);

		say_error("%s is a %s, of which there is no %s: expected %s", o->name,
			  s->h ? "result" : "comparison", f->name, names ? names : "another one");
		return EXIT_CANNOT;
	}
	if (o->max_chars && !is_paste(page.write)) {
		say_error("--max-chars: %s of a %s is never cut", f->name,
			  s->h ? "result" : "comparison");
		return EXIT_CANNOT;
	}
	s->max_chars = o->max_chars;
	r = o->output ? output_file(o->output, write_page, &page) : write_page(stdout, &page);
	if (r == -ENODATA)
		say_error("%s holds no trace of a guest: %s", o->name,
			  host_why_unknown(s->h, "trace.vcpus"));
	else if (r < 0)
		say_error("%s: %s", o->output ? o->output : "standard output", strerror(-r));
	return r < 0 ? EXIT_CANNOT : EXIT_DONE;
}

/* What was understood of it, written as we write: not whatever else the file holds. */
static int print_comparison_json(const struct subject *s)
{
	auto_doc struct doc *d = NULL;

	if (comparison_encode(&s->comparison, &d) < 0) {
		say_error("no memory");
		return EXIT_CANNOT;
	}
	return verb_print_json(d);
}

int verb_report(int argc, char **argv)
{
	struct report_options o = { 0 };
	const struct verb_spec spec = {
		.name = "report",
		.args_doc = "RESULT",
		.doc = "Write a stored result, or what check and compare said of one, in another "
		       "form.\v"
		       "RESULT is a result, or a comparison that compare, check or ab printed with "
		       "--json.\n\n"
		       "  html          a page (default)\n"
		       "  text          as in a terminal\n"
		       "  plain, markdown, bbcode, reddit\n"
		       "                few lines of ASCII to be pasted into a forum; of a\n"
		       "                comparison markdown is as github\n"
		       "  github        the summary of a CI job\n"
		       "  junit         tests for CI systems: of a result its findings, of a\n"
		       "                comparison its metrics and budgets\n"
		       "  annotations   of a comparison: ::error lines for GitHub\n"
		       "  openmetrics   of a result: for node_exporter's textfile collector\n"
		       "  chrome-trace  of a result: its worst moments, for ui.perfetto.dev\n\n"
		       "With --json the findings document, or the comparison, is printed.\n\n"
		       "In all of them names are replaced by pseudonyms (guest-3f2a), the same "
		       "throughout, so that the report can be shown to others; --raw keeps names.",
		.options = options,
		.parse = parse,
		.own = &o,
	};
	auto_cleanup(subject_release) struct subject s = { .arena = { .max = MEMORY_MAX } };
	struct common common;
	int status;

	verb_parse(&spec, argc, argv, &common);
	status = load(o.name, &o.share, &s) < 0 || share_finish(&o.share) < 0 ? EXIT_CANNOT
									      : EXIT_DONE;
	if (status == EXIT_DONE && common.is_json)
		status = s.h ? print_findings(&common, s.h, &s.findings, true)
			     : print_comparison_json(&s);
	else if (status == EXIT_DONE && (o.format || o.output || !o.pictures))
		status = write_format(&o, &s);
	if (status == EXIT_DONE && o.pictures)
		status = pictures_write(o.pictures, o.name, s.h, &s.comparison);
	share_release(&o.share);
	return status;
}
