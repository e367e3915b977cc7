/* SPDX-License-Identifier: GPL-2.0-or-later */
/* comparison_parts.h - the pieces of text_comparison(); nothing else includes this. */
#ifndef REPORT_COMPARISON_PARTS_H
#define REPORT_COMPARISON_PARTS_H

#include "analyze/compare.h"
#include "report/comparison_words.h"
#include "report/text_table.h"

struct comparison_page {
	const struct printer *p;
	struct arena *arena; /* of the words */
	const struct comparison_facts *c;
};

const char *comparison_verdict_colour(const char *verdict); /* escape sequence; "" for others */

/* Tables of the metrics and why some have no verdict. 0 or -ENOMEM. */
int comparison_print_metrics(const struct comparison_page *page) MUST_CHECK;
/* Settings that differ; items of a list that changed alike are one line. 0 or -ENOMEM. */
int comparison_print_differences(const struct comparison_page *page) MUST_CHECK;
/* What to do next, a line. 0 or -ENOMEM. */
int comparison_print_next(const struct comparison_page *page) MUST_CHECK;

#endif
