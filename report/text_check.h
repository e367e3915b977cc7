/* SPDX-License-Identifier: GPL-2.0-or-later */
/* text_check.h - a check in a terminal: what decided, budgets, what is let off, the comparison. */
#ifndef REPORT_TEXT_CHECK_H
#define REPORT_TEXT_CHECK_H

#include "facts/comparison.h"
#include "report/report.h"

/* As text_comparison() takes its style; without a comparison the notes follow. 0 or -errno. */
int text_check(FILE *out, const struct comparison_facts *c,
	       const struct text_style *style) MUST_CHECK;

#endif
