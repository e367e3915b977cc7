/* SPDX-License-Identifier: GPL-2.0-or-later */
/* redact_scan.h - a text while its names are replaced; only words_redact()'s files include this. */
#ifndef REPORT_REDACT_SCAN_H
#define REPORT_REDACT_SCAN_H

#include "report/redact_words.h"

struct words_scan {
	struct aliases *aliases;
	const char *kind;
	struct text all;
	size_t at; /* what is read next */
	FILE *out;
	struct text tag;     /* the element whose attributes are read */
	const char *content; /* what stands in it names somebody: a kind; or NULL */
	bool is_in_tag;
};

/* '\0' behind the end. */
char words_char(const struct words_scan *s, size_t at);
struct text words_piece(const struct words_scan *s, size_t from, size_t to);
/* What stands there, up to end, as it is. */
void words_copy(struct words_scan *s, size_t end);
/* A name of this kind, by its pseudonym; what many settings have stays. 0 or -ENOMEM. */
int words_name(const struct words_scan *s, const char *kind, struct text value) MUST_CHECK;
/* The pseudonym of an address, which is one however it is written; NULL: no memory. */
const char *words_address(struct aliases *n, const char *kind, struct text t) MUST_CHECK;
/*
 * Bytes of a sign beyond ASCII: U+2000 to U+2FFF, U+0080 to U+00BF, the signs of arithmetic; 0:
 * there is none.
 */
size_t words_symbol(const struct words_scan *s, size_t at);
bool words_is_in_word(const struct words_scan *s, size_t at);
/* \x2d, as systemd writes a "-" in the name of a unit. */
bool words_is_escape(const struct words_scan *s, size_t at);
/* Bytes of an address or UUID that begins there, and its kind; 0: none does. */
size_t words_shape(const struct words_scan *s, size_t at, const char **ret_kind);

/* Where the word ends that begins at s->at; before an address in it: "luks-" of luks-5f0c…. */
size_t words_end(const struct words_scan *s);
/* Writes this word, its names replaced. 0 or -ENOMEM. */
int words_put_one(struct words_scan *s, size_t end) MUST_CHECK;

#endif
