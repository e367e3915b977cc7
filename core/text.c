/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/text.h"

#include <string.h>

struct suffix {
	const char *name;
	uint64_t factor;
};

struct text text_of(const char *s)
{
	return text_make(s, s ? strlen(s) : 0);
}

struct text text_make(const char *at, size_t len)
{
	return (struct text){ .at = at, .len = at ? len : 0 };
}

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == '\0';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static void text_skip(struct text *t, size_t n)
{
	if (!n)
		return;
	t->at += n;
	t->len -= n;
}

struct text text_trim(struct text t)
{
	size_t n = 0;

	while (n < t.len && is_blank(t.at[n]))
		n++;
	text_skip(&t, n);
	while (t.len && is_blank(t.at[t.len - 1]))
		t.len--;
	return t;
}

bool text_equal(struct text t, const char *s)
{
	return t.len == strlen(s) && text_starts(t, s);
}

bool text_starts(struct text t, const char *prefix)
{
	size_t len = strlen(prefix);

	return !len || (len <= t.len && !memcmp(t.at, prefix, len));
}

bool text_ends(struct text t, const char *suffix)
{
	size_t len = strlen(suffix);

	return !len || (len <= t.len && !memcmp(t.at + t.len - len, suffix, len));
}

const char *text_find(struct text t, const char *needle)
{
	return t.len ? memmem(t.at, t.len, needle, strlen(needle)) : NULL;
}

bool text_next_line(struct text *rest, struct text *ret_line)
{
	if (!text_next_piece(rest, '\n', ret_line))
		return false;
	if (text_ends(*ret_line, "\r"))
		ret_line->len--;
	return true;
}

bool text_next_word(struct text *rest, struct text *ret_word)
{
	size_t n = 0;

	while (n < rest->len && is_blank(rest->at[n]))
		n++;
	text_skip(rest, n);
	if (!rest->len)
		return false;
	for (n = 0; n < rest->len && !is_blank(rest->at[n]); n++)
		;
	*ret_word = text_make(rest->at, n);
	text_skip(rest, n);
	return true;
}

bool text_next_piece(struct text *rest, char separator, struct text *ret_piece)
{
	const char *end;
	size_t n;

	if (!rest->len)
		return false;
	end = memchr(rest->at, separator, rest->len);
	n = end ? (size_t)(end - rest->at) : rest->len;
	*ret_piece = text_make(rest->at, n);
	text_skip(rest, end ? n + 1 : n);
	return true;
}

bool text_key_value(struct text line, char separator, struct text *ret_key, struct text *ret_value)
{
	const char *at = line.len ? memchr(line.at, separator, line.len) : NULL;
	size_t n;

	if (!at)
		return false;
	n = (size_t)(at - line.at);
	*ret_key = text_trim(text_make(line.at, n));
	*ret_value = text_trim(text_make(at + 1, line.len - n - 1));
	return true;
}

int text_take_u64(struct text *rest, uint64_t *ret_value)
{
	bool is_over = false;
	uint64_t v = 0;
	size_t n;

	for (n = 0; n < rest->len && is_digit(rest->at[n]); n++)
		is_over |= __builtin_mul_overflow(v, 10, &v) ||
			   __builtin_add_overflow(v, (uint64_t)(rest->at[n] - '0'), &v);
	text_skip(rest, n);
	if (!n)
		return -EINVAL;
	if (is_over)
		return -ERANGE;
	*ret_value = v;
	return 0;
}

int text_u64(struct text t, uint64_t *ret_value)
{
	uint64_t v;
	int r;

	t = text_trim(t);
	r = text_take_u64(&t, &v);
	if (t.len)
		return -EINVAL;
	if (r < 0)
		return r;
	*ret_value = v;
	return 0;
}

int text_i64(struct text t, int64_t *ret_value)
{
	bool is_negative;
	uint64_t v;
	int r;

	t = text_trim(t);
	is_negative = text_starts(t, "-");
	text_skip(&t, is_negative ? 1 : 0);
	r = text_take_u64(&t, &v);
	if (t.len)
		return -EINVAL;
	if (r < 0)
		return r;
	if (v > (uint64_t)INT64_MAX + is_negative)
		return -ERANGE;
	/* -(v - 1) - 1: INT64_MIN has no positive twin. */
	*ret_value = is_negative && v ? -(int64_t)(v - 1) - 1 : (int64_t)v;
	return 0;
}

static int hex_digit(char c)
{
	if (is_digit(c))
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int text_hex(struct text t, uint64_t *ret_value)
{
	bool is_over = false;
	uint64_t v = 0;

	t = text_trim(t);
	if (text_starts(t, "0x") || text_starts(t, "0X"))
		text_skip(&t, 2);
	if (!t.len)
		return -EINVAL;
	for (size_t i = 0; i < t.len; i++) {
		int digit = hex_digit(t.at[i]);

		if (digit < 0)
			return -EINVAL;
		is_over |= v >> 60 != 0;
		v = v << 4 | (uint64_t)digit;
	}
	if (is_over)
		return -ERANGE;
	*ret_value = v;
	return 0;
}

static int text_scaled(struct text t, const struct suffix *table, size_t n, uint64_t *ret_value)
{
	uint64_t v = 0;
	int r;

	t = text_trim(t);
	r = text_take_u64(&t, &v);
	if (r == -EINVAL)
		return r;
	for (size_t i = 0; i < n; i++) {
		if (!text_equal(t, table[i].name))
			continue;
		if (r < 0 || __builtin_mul_overflow(v, table[i].factor, &v))
			return -ERANGE;
		*ret_value = v;
		return 0;
	}
	return -EINVAL;
}

int text_size(struct text t, uint64_t *ret_bytes)
{
	static const struct suffix units[] = {
		{ "", 1 },    { "K", KIB }, { "k", KIB },        { "M", MIB },        { "m", MIB },
		{ "G", GIB }, { "g", GIB }, { "T", 1024 * GIB }, { "t", 1024 * GIB },
	};

	return text_scaled(t, units, ARRAY_SIZE(units), ret_bytes);
}

int text_duration(struct text t, uint64_t *ret_ns)
{
	static const struct suffix units[] = {
		{ "ns", 1 },       { "us", NS_PER_US },      { "ms", NS_PER_MS },
		{ "s", NS_PER_S }, { "min", 60 * NS_PER_S }, { "h", 3600 * NS_PER_S },
	};

	return text_scaled(t, units, ARRAY_SIZE(units), ret_ns);
}

int text_bool(struct text t, bool *ret_value)
{
	t = text_trim(t);
	if (t.len != 1 || !memchr("1Yy0Nn", t.at[0], 6))
		return -EINVAL;
	*ret_value = t.at[0] != '0' && (t.at[0] | 0x20) != 'n';
	return 0;
}

/* One row of Unicode's table 3-7 "well-formed UTF-8 byte sequences". */
struct utf8_form {
	unsigned char first_lo, first_hi;
	unsigned char second_lo,
		second_hi; /* narrower than 80..BF: no overlong form, no surrogate */
	unsigned char len;
};

/* Length of the character at the front, 0 when the bytes there are none. t.len > 0. */
static size_t utf8_take(struct text t, uint32_t *ret_code)
{
	static const struct utf8_form forms[] = {
		{ 0x00, 0x7f, 0x00, 0x00, 1 }, { 0xc2, 0xdf, 0x80, 0xbf, 2 },
		{ 0xe0, 0xe0, 0xa0, 0xbf, 3 }, { 0xe1, 0xec, 0x80, 0xbf, 3 },
		{ 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 },
		{ 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 },
		{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
	};
	const unsigned char *b = (const unsigned char *)t.at;
	const struct utf8_form *form = NULL;
	uint32_t code;

	for (size_t i = 0; i < ARRAY_SIZE(forms) && !form; i++)
		if (b[0] >= forms[i].first_lo && b[0] <= forms[i].first_hi)
			form = &forms[i];
	if (!form || form->len > t.len)
		return 0;
	if (form->len > 1 && (b[1] < form->second_lo || b[1] > form->second_hi))
		return 0;
	code = form->len == 1 ? b[0] : b[0] & (0x7fu >> form->len);
	for (size_t i = 1; i < form->len; i++) {
		if ((b[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (b[i] & 0x3fu);
	}
	*ret_code = code;
	return form->len;
}

static bool is_printable(uint32_t code)
{
	static const uint32_t hidden[][2] = {
		{ 0x0000, 0x001f }, /* C0 controls */
		{ 0x007f, 0x009f }, /* DEL and C1 controls */
		{ 0x2028, 0x202e }, /* line separators, direction overrides */
		{ 0x2066, 0x2069 }, /* direction isolates */
	};

	for (size_t i = 0; i < ARRAY_SIZE(hidden); i++)
		if (code >= hidden[i][0] && code <= hidden[i][1])
			return false;
	return true;
}

size_t text_clean(struct text t, char *buf, size_t size)
{
	size_t n = 0;

	if (!size)
		return 0;
	while (t.len) {
		uint32_t code = 0;
		size_t len = utf8_take(t, &code);
		bool is_kept = len && is_printable(code);
		size_t n_out = is_kept ? len : 1;

		if (n_out > size - 1 - n)
			break;
		memcpy(buf + n, is_kept ? t.at : "?", n_out);
		n += n_out;
		text_skip(&t, len ? len : 1);
	}
	buf[n] = '\0';
	return n;
}
