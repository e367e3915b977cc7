/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * markdown.h - text of strangers in Markdown, and a page that is kept below a size.
 *
 * Sources: the CommonMark and GitHub Flavored Markdown specifications. An entity never is mark-up
 * there ("Entity and numeric character references"), so each mark of ASCII that could be becomes
 * one. What sites make links of on their own (@name, #12, http://, www.) is split by an empty HTML
 * comment, which is ours.
 */
#ifndef REPORT_MARKDOWN_H
#define REPORT_MARKDOWN_H

#include "report/part.h"

enum { MARKDOWN_TEXT_MAX = 500 };

/* On one line, cleaned, escaped and cut; where a paragraph begins, too, and inside of HTML. */
void markdown_text(FILE *out, const char *text);
/* A cell of a table: "| TEXT " */
void markdown_cell(FILE *out, const char *text);

/* One after the other, each whole or not at all. */
struct markdown_page {
	FILE *out;
	size_t n_bytes, max;
	char *left_out; /* titles */
};

/*
 * Writes what put() makes of arg, if it fits. What put() writes nothing for is not there. 0 or
 * -errno (put's own too).
 */
int markdown_section(struct markdown_page *p, const char *title, part_fn *put,
		     const void *arg) MUST_CHECK;
/* The note about what was left out; releases what the page holds. 0 or -errno. */
int markdown_end(struct markdown_page *p) MUST_CHECK;

#endif
