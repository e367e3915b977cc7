/* SPDX-License-Identifier: GPL-2.0-or-later */
/* paste_parts.h - the pieces of a paste; only they include this. */
#ifndef REPORT_PASTE_PARTS_H
#define REPORT_PASTE_PARTS_H

#include "core/arena.h"
#include "report/part.h"
#include "report/paste.h"

/* Text in ASCII: what has no letter there is '?', one for each character. */

/* Text after the lead and below it, broken at blanks; beyond max_lines it is cut ("..."). */
void paste_prose(FILE *out, const char *lead, const char *text, size_t max_lines);
/*
 * Lines of a fix. A command that is too long goes on in the next line, where a shell reads it as
 * one; other lines to be copied stay whole. Of more than max_lines the rest is counted.
 */
void paste_fix(FILE *out, const char *indent, const char *text, size_t max_lines);
/* Lines of a report of ours; what is too long is broken. */
void paste_lines(FILE *out, const char *text);
/* The same of what put() writes; put()'s error, or -ENOMEM. */
int paste_text(FILE *out, part_fn *put, const void *arg) MUST_CHECK;

struct paste_section {
	const char *title; /* for the note; NULL: never left out */
	unsigned keep;     /* the least important one is left out first: the largest number */
	char *text;        /* whole lines */
	bool is_out;
};

struct paste {
	struct arena arena;
	struct paste_section *sections; /* in order; the first is the head */
	size_t n, size;
	char id[9];
	bool is_redacted;
};

void paste_release(struct paste *p);
/* What put() writes, if it writes anything. The title is copied. 0, -ENOMEM, or put()'s error. */
int paste_add(struct paste *p, const char *title, unsigned keep, part_fn *put,
	      const void *arg) MUST_CHECK;
/* In the block of its markup, with a foot. 0 or -errno. */
int paste_put(struct paste *p, FILE *out, const struct paste_style *style) MUST_CHECK;

/* Names a report among others: eight digits of what was measured, no name in it. */
struct paste_hash {
	uint64_t v;
};
void paste_hash_begin(struct paste_hash *h);
void paste_hash_u64(struct paste_hash *h, uint64_t v);
void paste_hash_str(struct paste_hash *h, const char *s); /* NULL is fine */
void paste_hash_end(const struct paste_hash *h, char id[9]);

struct paste_subject { /* of a result */
	struct host *h;
	const struct findings *f;
	const char *id;
};

/* Parts: arg is a struct paste_subject. */
part_fn paste_head, paste_verdict, paste_numbers, paste_table, paste_culprits, paste_curve;

struct paste_fix_of { /* one finding in full */
	const struct finding *finding;
	size_t number; /* from 1 */
};
part_fn paste_finding;
/* The first max ones with something to do, what costs security last; how many. */
size_t paste_top(const struct findings *f, const struct finding **ret_top, size_t max);

#endif
