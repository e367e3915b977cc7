/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/annotations.h"

#include <string.h>

#include "core/save.h"
#include "core/text.h"
#include "report/ci_cases.h"

enum { LINES_MAX = 9, MESSAGE_MAX = 2000 };

/* What the runner would take for the end of a line or of a property. */
static void put_escaped(FILE *out, const char *text, const char *special)
{
	char clean[MESSAGE_MAX + 1];

	text_clean(text_of(text), clean, sizeof(clean));
	for (const char *p = clean; *p; p++) {
		if (strchr(special, *p))
			fprintf(out, "%%%02X", (unsigned char)*p);
		else
			putc(*p, out);
	}
}

struct lines {
	FILE *out;
	const char *command; /* "error" */
	size_t n, n_all;     /* written; there are */
};

static void put_line(struct lines *l, const char *what, const char *verdict, const char *message)
{
	if (l->n == LINES_MAX)
		return;
	fprintf(l->out, "::%s title=", l->command);
	if (l->n_all > LINES_MAX && l->n == LINES_MAX - 1) {
		fprintf(l->out, "vfiobench::%zu more of these: see the summary or the report\n",
			l->n_all - l->n);
	} else {
		put_escaped(l->out, what, "%\r\n:,");
		fputs(*verdict ? " " : "", l->out);
		put_escaped(l->out, verdict, "%\r\n:,");
		fputs("::", l->out);
		put_escaped(l->out, message, "%\r\n");
		putc('\n', l->out);
	}
	l->n++;
}

/* Not waived, not what merely appeared, and no metric that was never measured. */
static bool is_warning(const struct ci_case *one)
{
	return one->state == CI_SKIPPED && strcmp(one->verdict, "waived") != 0 && !one->finding &&
	       !(one->metric && !one->metric->is_gone.v && !strcmp(one->verdict, "not-comparable"));
}

static bool is_error(const struct ci_case *one)
{
	return one->state == CI_FAILED;
}

static size_t count(const struct ci_cases *cases, bool (*is_meant)(const struct ci_case *one))
{
	size_t n = 0;

	for (size_t i = 0; i < cases->n; i++)
		n += is_meant(&cases->v[i]);
	return n;
}

static void put_cases(struct lines *l, const struct ci_cases *cases,
		      bool (*is_meant)(const struct ci_case *one))
{
	for (size_t i = 0; i < cases->n; i++) {
		if (is_meant(&cases->v[i]))
			put_line(l, cases->v[i].id, cases->v[i].verdict, cases->v[i].message);
	}
}

int report_annotations(FILE *out, const struct comparison_facts *c)
{
	auto_arena struct arena a = { 0 };
	const struct comparison_waiver *w = c->waivers.v;
	struct lines errors = { .out = out, .command = "error" };
	struct lines warnings = { .out = out, .command = "warning" };
	struct ci_cases cases;

	if (ci_cases_make(c, &a, &cases) < 0)
		return -ENOMEM;
	errors.n_all = count(&cases, is_error);
	put_cases(&errors, &cases, is_error);
	warnings.n_all = count(&cases, is_warning);
	for (size_t i = 0; i < c->waivers.n; i++)
		warnings.n_all += fact_is(&w[i].state, "expired");
	put_cases(&warnings, &cases, is_warning);
	for (size_t i = 0; i < c->waivers.n; i++) {
		const char *message =
			arena_printf(&a, "the waiver of %s ended on %s: %s", ci_text(&w[i].id),
				     ci_text(&w[i].until), ci_text(&w[i].reason));

		if (!message)
			return -ENOMEM;
		if (fact_is(&w[i].state, "expired"))
			put_line(&warnings, ci_text(&w[i].id), "waiver expired", message);
	}
	return save_error(out);
}
