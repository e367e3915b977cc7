/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * text.h - a strict scanner over text that somebody else wrote.
 *
 * A struct text is a view: a pointer and a length, not owned, not necessarily ended by NUL, and
 * possibly holding NUL bytes (sysfs lists of old kernels end in "\n\0"). Nothing here allocates.
 * Numbers are read whole or not at all: "12abc", "", "-1" and overflow are errors, never 12 or 0.
 */
#ifndef CORE_TEXT_H
#define CORE_TEXT_H

#include "core/base.h"

struct text {
	const char *at;
	size_t len;
};

struct text text_of(const char *s); /* a NUL-ended string; NULL gives an empty text */
struct text text_make(const char *at, size_t len);
struct text text_trim(struct text t); /* without white space and NULs at both ends */
bool text_equal(struct text t, const char *s);
bool text_starts(struct text t, const char *prefix);
bool text_ends(struct text t, const char *suffix);
/* First occurrence; NULL when there is none. */
const char *text_find(struct text t, const char *needle);

/*
 * Each of these cuts a piece off the front of *rest and returns false when there is none left.
 * Lines end at '\n' ("\r\n" too); the last one need not. Words are separated by what text_trim()
 * takes away.
 */
bool text_next_line(struct text *rest, struct text *ret_line);
bool text_next_word(struct text *rest, struct text *ret_word);
/* Piece up to the separator; "a,,b" gives "a", "", "b". As with lines, a separator at the end adds
 * no empty piece: "a," gives "a", and a /proc/PID/cmdline split at NUL gives its arguments. */
bool text_next_piece(struct text *rest, char separator, struct text *ret_piece);
/* Splits "key : value" at the first separator, both trimmed; false when there is no separator. */
bool text_key_value(struct text line, char separator, struct text *ret_key, struct text *ret_value);

/*
 * Cuts a decimal number off the front of *rest: 0, -EINVAL (no digit there), or -ERANGE (over 64
 * bits). All digits are cut off in each case, so that a caller can look at what follows.
 */
int text_take_u64(struct text *rest, uint64_t *ret_value) MUST_CHECK;
/* Whole text is one decimal number (blanks around it allowed): 0, or -EINVAL, -ERANGE. */
int text_u64(struct text t, uint64_t *ret_value) MUST_CHECK;
int text_i64(struct text t, int64_t *ret_value) MUST_CHECK;
/* The same in base 16, with or without "0x". */
int text_hex(struct text t, uint64_t *ret_value) MUST_CHECK;
/* A number followed by nothing, or by K, M, G, T (powers of 1024, either case): bytes. */
int text_size(struct text t, uint64_t *ret_bytes) MUST_CHECK;
/* "250ms", "10s", "3min", "2h", "500us", "100ns": nanoseconds. A bare number is refused. */
int text_duration(struct text t, uint64_t *ret_ns) MUST_CHECK;
/* The kernel's spellings of a switch: 1 Y y on, 0 N n off. */
int text_bool(struct text t, bool *ret_value) MUST_CHECK;

/*
 * Copy for people and documents: valid UTF-8 only (Unicode, table 3-7). Control characters, line
 * separators, controls of the writing direction (they can make a text read as another one) and
 * each byte of a broken sequence become '?'. Writes at most size - 1 bytes and a NUL; cuts at a
 * character. The copy is never longer than t. Returns the length written.
 */
size_t text_clean(struct text t, char *buf, size_t size);

#endif
