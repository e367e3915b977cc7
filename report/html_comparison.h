/* SPDX-License-Identifier: GPL-2.0-or-later */
/* html_comparison.h - a comparison or a check as a page, one file that needs nothing. */
#ifndef REPORT_HTML_COMPARISON_H
#define REPORT_HTML_COMPARISON_H

#include "facts/comparison.h"

/* Figures are left out, with a note, where gnuplot is missing. 0 or -errno. */
int report_html_comparison(FILE *out, const struct comparison_facts *c) MUST_CHECK;

#endif
