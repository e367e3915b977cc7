/* SPDX-License-Identifier: GPL-2.0-or-later */
/* text_comparison.h - a comparison in a terminal: verdict, numbers, what differs, what to do next.
 */
#ifndef REPORT_TEXT_COMPARISON_H
#define REPORT_TEXT_COMPARISON_H

#include "facts/comparison.h"
#include "report/report.h"

/*
 * is_full of the style: also exploratory metrics that did not move, and all settings that differ.
 * 0 or -errno.
 */
int text_comparison(FILE *out, const struct comparison_facts *c,
		    const struct text_style *style) MUST_CHECK;

#endif
