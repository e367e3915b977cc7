/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * paste.h - a result or a comparison as text to be pasted where people help each other.
 *
 * ASCII without colour, at most PASTE_COLUMNS columns (a command that cannot be continued on the
 * next line is longer), in one block of the markup, which no text of strangers can leave. Where it
 * would be longer than a place takes, sections are left out as a whole, and a note names them.
 *
 * Sources: the CommonMark specification (fenced and indented code blocks; old Reddit knows only
 * indented ones), the BBCode of FluxBB, XenForo, SMF and MyBB.
 */
#ifndef REPORT_PASTE_H
#define REPORT_PASTE_H

#include "report/report.h"

struct comparison_facts;

enum paste_markup { PASTE_PLAIN, PASTE_MARKDOWN, PASTE_BBCODE, PASTE_REDDIT, N_PASTE_MARKUPS };

enum { PASTE_COLUMNS = 76, PASTE_CHARS_MIN = 1600 /* what is never left out fits */ };

struct paste_style {
	enum paste_markup markup;
	size_t max_chars; /* code points, at least PASTE_CHARS_MIN; 0: paste_usual_max() */
};

/*
 * What places of the markup take of one comment, by default: Markdown 32000 (Discourse; GitHub
 * takes 65536), BBCode 10000 (XenForo), Reddit 10000; plain text 65536.
 */
size_t paste_usual_max(enum paste_markup markup);

/* Both: 0; -EINVAL (max_chars too small); other -errno. */
int report_paste(FILE *out, struct host *h, const struct findings *f,
		 const struct paste_style *style) MUST_CHECK;
int report_paste_comparison(FILE *out, const struct comparison_facts *c,
			    const struct paste_style *style) MUST_CHECK;

#endif
