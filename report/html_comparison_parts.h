/* SPDX-License-Identifier: GPL-2.0-or-later */
/* html_comparison_parts.h - the pieces of report_html_comparison(); nothing else includes this. */
#ifndef REPORT_HTML_COMPARISON_PARTS_H
#define REPORT_HTML_COMPARISON_PARTS_H

#include "report/ci_cases.h"
#include "report/html.h"
#include "report/html_comparison.h"

struct versus {
	struct html page;    /* of which there is the stream alone: no host, no findings */
	struct arena *arena; /* of the words */
	const struct comparison_facts *c;
};

/* Sections, in their order. 0 or -ENOMEM. */
int versus_metrics(const struct versus *v) MUST_CHECK;
int versus_figures(const struct versus *v) MUST_CHECK;
int versus_exploratory(const struct versus *v) MUST_CHECK;
int versus_tweaks(const struct versus *v) MUST_CHECK;
int versus_findings(const struct versus *v) MUST_CHECK;
int versus_settings(const struct versus *v) MUST_CHECK;
int versus_method(const struct versus *v) MUST_CHECK;

/* Class, symbol and word of a verdict of any kind: regressed, broken, problem, gone … */
struct versus_tone {
	const char *verdict, *class, *symbol, *word;
};
const struct versus_tone *versus_tone(const char *verdict);
void versus_badge(const struct versus *v, const struct fact_str *verdict);

/*
 * Changes of all rows of a table on one axis, the logarithm of after / before. Decoration: the
 * numbers stand beside it.
 */
struct versus_scale {
	double end; /* of the axis, on both sides of none */
};
struct versus_scale versus_scale(const struct comparison_metric *const *rows, size_t n);
void versus_scale_head(const struct versus *v, const struct versus_scale *s); /* its ends */
void versus_interval(const struct versus *v, const struct versus_scale *s,
		     const struct comparison_metric *m);

#endif
