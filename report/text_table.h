/* SPDX-License-Identifier: GPL-2.0-or-later */
/* text_table.h - what the parts of the report in a terminal share, and its table of findings. */
#ifndef REPORT_TEXT_TABLE_H
#define REPORT_TEXT_TABLE_H

#include "report/report.h"

struct libscols_table;

struct printer {
	FILE *out;
	const struct text_style *style;
};

/* Escape sequence that begins the colour of a verdict. */
extern const char *const verdict_colours[N_VERDICTS];

/* A copy for a cell: clean, and ASCII, for the table library writes other bytes as "\xc3". */
void text_table_clean(const char *text, char *buf, size_t size);
/* The same as lines of at most room characters, broken at blanks where there are any. */
void text_table_fold(FILE *out, const char *text, size_t room);
/* The table without blanks at the ends of its lines. 0 or -errno. */
int text_table_put(const struct printer *p, struct libscols_table *table) MUST_CHECK;
/*
 * One row for each finding that is to be shown; questions that stay open for the same reason are
 * one row. 0 or -errno.
 */
int text_table_print(const struct printer *p, const struct findings *f) MUST_CHECK;

#endif
