/* SPDX-License-Identifier: GPL-2.0-or-later */
/* text_scan.h - what the readers of pasted traces share: pieces of a line, numbers behind words. */
#ifndef PROBES_TRACE_TEXT_SCAN_H
#define PROBES_TRACE_TEXT_SCAN_H

#include "core/base.h"
#include "core/text.h"

static inline bool scan_is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static inline bool scan_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool scan_is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline bool scan_is_hex(char c)
{
	return scan_is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* Without its first n bytes (n <= t.len). */
static inline struct text scan_from(struct text t, size_t n)
{
	return n ? text_make(t.at + n, t.len - n) : t;
}

/* From a place inside t (or its end) on. */
static inline struct text scan_behind(struct text t, const char *at)
{
	return scan_from(t, (size_t)(at - t.at));
}

/* The last piece without blanks; t itself when it has none. */
struct text scan_last_word(struct text t);

/*
 * What stands behind the last place where key begins a word: "pid=" in "comm=x pid=7 prio=3". False
 * when there is none. Names of threads, which may hold anything, stand before what matters.
 */
bool scan_behind_key(struct text t, const char *key, struct text *ret_rest);
/* The first such place instead. */
bool scan_behind_first(struct text t, const char *key, struct text *ret_rest);
/* The word behind it, without a comma, colon or closing bracket at its end. */
bool scan_word(struct text t, const char *key, struct text *ret_word);
/* A number behind it: decimal, or hexadecimal with "0x". *ret_value is written only with true. */
bool scan_number(struct text t, const char *key, uint64_t *ret_value);
/* Hexadecimal with or without "0x". */
bool scan_hex(struct text t, const char *key, uint64_t *ret_value);
/* The number at the front of *rest, cut off; false when there is none. */
bool scan_take(struct text *rest, bool is_hex, uint64_t *ret_value);

/* "> > x" of mails -> "x" */
struct text scan_without_quotes(struct text t);
/* "2022-04-22 17:39:26.535148 x" -> "x" */
struct text scan_without_date(struct text t);
/* "<4>[10611.981927] [ T12] x", "Nov 3 10:00:00 host kernel: [1.2] x" -> "x" */
struct text scan_without_log_prefix(struct text t);

#endif
