/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/trace/text_scan.h"

#include <string.h>

struct text scan_last_word(struct text t)
{
	size_t n = t.len;

	while (n && !scan_is_blank(t.at[n - 1]))
		n--;
	return scan_from(t, n);
}

static bool is_word_start(struct text t, const char *at)
{
	return at == t.at || strchr(" \t[(,", at[-1]);
}

/* The first place from `from` on where key begins a word of t; NULL: none. */
static const char *find_key(struct text t, const char *from, const char *key)
{
	const char *at = text_find(scan_behind(t, from), key);

	while (at && !is_word_start(t, at))
		at = text_find(scan_behind(t, at + 1), key);
	return at;
}

bool scan_behind_first(struct text t, const char *key, struct text *ret_rest)
{
	const char *at = t.len ? find_key(t, t.at, key) : NULL;

	if (at)
		*ret_rest = scan_behind(t, at + strlen(key));
	return at != NULL;
}

bool scan_behind_key(struct text t, const char *key, struct text *ret_rest)
{
	const char *at = t.len ? find_key(t, t.at, key) : NULL, *last = NULL;

	for (; at; at = find_key(t, at + 1, key))
		last = at;
	if (last)
		*ret_rest = scan_behind(t, last + strlen(key));
	return last != NULL;
}

bool scan_word(struct text t, const char *key, struct text *ret_word)
{
	struct text rest;

	if (!scan_behind_key(t, key, &rest) || !text_next_word(&rest, ret_word))
		return false;
	while (ret_word->len && strchr(",:])", ret_word->at[ret_word->len - 1]))
		ret_word->len--;
	return ret_word->len != 0;
}

bool scan_take(struct text *rest, bool is_hex, uint64_t *ret_value)
{
	const bool has_prefix = text_starts(*rest, "0x") || text_starts(*rest, "0X");
	struct text digits;
	size_t n = 0;
	bool ok;

	if (has_prefix)
		*rest = scan_from(*rest, 2);
	while (n < rest->len &&
	       (has_prefix || is_hex ? scan_is_hex(rest->at[n]) : scan_is_digit(rest->at[n])))
		n++;
	digits = text_make(rest->at, n);
	*rest = scan_from(*rest, n);
	if (!n)
		return false;
	ok = (has_prefix || is_hex ? text_hex(digits, ret_value) : text_u64(digits, ret_value)) ==
	     0;
	return ok;
}

bool scan_number(struct text t, const char *key, uint64_t *ret_value)
{
	struct text rest;

	return scan_behind_key(t, key, &rest) && scan_take(&rest, false, ret_value);
}

bool scan_hex(struct text t, const char *key, uint64_t *ret_value)
{
	struct text rest;

	return scan_behind_key(t, key, &rest) && scan_take(&rest, true, ret_value);
}

/* 9 stands for a digit, everything else for itself. */
static bool fits(struct text t, const char *shape)
{
	const size_t n = strlen(shape);

	if (t.len < n)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (shape[i] == '9' ? !scan_is_digit(t.at[i]) : t.at[i] != shape[i])
			return false;
	}
	return true;
}

struct text scan_without_quotes(struct text t)
{
	while (text_starts(t, ">") && t.len > 1 && (scan_is_blank(t.at[1]) || t.at[1] == '>'))
		t = text_trim(scan_from(t, 1));
	return t;
}

struct text scan_without_date(struct text t)
{
	struct text unused;

	if (!fits(t, "9999-99-99 99:99:99"))
		return t;
	t = scan_from(t, strlen("9999-99-99 "));
	return text_next_word(&t, &unused) ? text_trim(t) : t;
}

/* "[10611.981927]", then perhaps "[    T12]" or "[   C1]": what printk puts before a line. A CPU in
 * brackets has no point. */
static bool take_stamp(struct text *t, const char *marks)
{
	const char *end = text_starts(*t, "[") ? memchr(t->at, ']', t->len) : NULL;
	const size_t n = end ? (size_t)(end - t->at) : 0;
	bool has_mark = false;

	for (size_t i = 1; i < n; i++) {
		if (strchr(marks, t->at[i]))
			has_mark = true;
		else if (!scan_is_digit(t->at[i]) && t->at[i] != ' ')
			return false;
	}
	if (n < 2 || !has_mark ||
	    (n + 1 < t->len && !scan_is_blank(t->at[n + 1]) && t->at[n + 1] != '['))
		return false;
	*t = scan_from(*t, n + 1);
	while (t->len && t->at[0] == ' ')
		*t = scan_from(*t, 1);
	return true;
}

struct text scan_without_log_prefix(struct text t)
{
	static const char journal[] = " kernel: ";
	const char *at = text_find(t, journal);
	const struct text whole = t;

	if (at)
		t = scan_behind(t, at + sizeof(journal) - 1);
	if (fits(t, "<9>"))
		t = scan_from(t, 3);
	if (!take_stamp(&t, "."))
		return at ? t : whole;
	take_stamp(&t, "TC");
	return t;
}
