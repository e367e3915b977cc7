/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/parse/qemu_json.h"

#include <string.h>

#define DEPTH_MAX 16
#define KEY_MAX   255u

struct json {
	struct text rest;
	struct arena *arena;
	qemu_json_fn *fn;
	void *arg;
};

static void cut(struct json *j, size_t n)
{
	j->rest = text_make(j->rest.at + n, j->rest.len - n);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The next character that is not blank, not cut off; NUL at the end. */
static char peek(struct json *j)
{
	while (j->rest.len && is_blank(j->rest.at[0]))
		cut(j, 1);
	return j->rest.len ? j->rest.at[0] : '\0';
}

static bool take(struct json *j, char c)
{
	if (peek(j) != c || !j->rest.len)
		return false;
	cut(j, 1);
	return true;
}

/* Length of the text between quotes, -1: it does not end. */
static long string_length(struct text t)
{
	for (size_t i = 0; i < t.len; i++) {
		if (t.at[i] == '"')
			return (long)i;
		i += t.at[i] == '\\';
	}
	return -1;
}

static char *put_utf8(char *out, uint32_t c)
{
	if (c < 0x80) {
		*out++ = (char)c;
	} else if (c < 0x800) {
		*out++ = (char)(0xc0 | c >> 6);
		*out++ = (char)(0x80 | (c & 0x3f));
	} else {
		/* Halves of a pair stay apart and are no text: whoever prints it cleans it. */
		*out++ = (char)(0xe0 | c >> 12);
		*out++ = (char)(0x80 | (c >> 6 & 0x3f));
		*out++ = (char)(0x80 | (c & 0x3f));
	}
	return out;
}

/* What follows a backslash; *at is behind it afterwards. */
static char *put_escape(char *out, struct text t, size_t *at)
{
	static const char names[] = "bfnrt", values[] = "\b\f\n\r\t";
	const char c = t.at[(*at)++];
	const char *known = strchr(names, c);
	uint64_t v;

	if (c == 'u' && t.len - *at >= 4 && text_hex(text_make(t.at + *at, 4), &v) == 0) {
		*at += 4;
		return put_utf8(out, (uint32_t)v);
	}
	*out++ = known && c ? values[known - names] : c;
	return out;
}

/* Behind the opening quote. The copy is never longer: "\u0800" takes six bytes and gives three. */
static int take_string(struct json *j, const char **ret_string)
{
	const long len = string_length(j->rest);
	struct text t;
	char *copy, *out;

	if (len < 0)
		return -EBADMSG;
	t = text_make(j->rest.at, (size_t)len);
	copy = out = arena_alloc(j->arena, t.len + 1);
	if (!copy)
		return -ENOMEM;
	for (size_t i = 0; i < t.len;) {
		if (t.at[i] != '\\')
			*out++ = t.at[i++];
		else if (++i < t.len)
			out = put_escape(out, t, &i);
	}
	*out = '\0';
	cut(j, t.len + 1);
	*ret_string = copy;
	return 0;
}

static bool is_word_char(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-' || c == '+' ||
	       c == '.' || c == 'E';
}

static int take_word(struct json *j, const char **ret_word)
{
	struct text word = { j->rest.at, 0 };

	while (word.len < j->rest.len && is_word_char(word.at[word.len]))
		word.len++;
	if (!word.len)
		return -EBADMSG;
	cut(j, word.len);
	if (text_equal(word, "true"))
		*ret_word = "on";
	else if (text_equal(word, "false"))
		*ret_word = "off";
	else
		*ret_word = arena_strndup(j->arena, word.at, word.len);
	return *ret_word ? 0 : -ENOMEM;
}

/* key NULL: too long to be one of QEMU's; its value is read and dropped. */
static int take_value(struct json *j, const char *key, int depth);

static int join(struct json *j, const char *parent, const char *name, const char **ret_key)
{
	*ret_key = NULL;
	if (!parent || strlen(parent) + strlen(name) + 1 > KEY_MAX)
		return 0;
	*ret_key = arena_printf(j->arena, "%s%s%s", parent, *parent ? "." : "", name);
	return *ret_key ? 0 : -ENOMEM;
}

static int take_member(struct json *j, const char *parent, int depth)
{
	const char *name, *key = NULL;
	int r;

	if (!take(j, '"'))
		return -EBADMSG;
	r = take_string(j, &name);
	if (r == 0)
		r = join(j, parent, name, &key);
	if (r == 0 && !take(j, ':'))
		r = -EBADMSG;
	return r < 0 ? r : take_value(j, key, depth);
}

static int take_list(struct json *j, const char *key, char end, int depth)
{
	int r = 0;

	if (depth == DEPTH_MAX)
		return -EBADMSG;
	if (take(j, end))
		return 0;
	do
		r = end == '}' ? take_member(j, key, depth + 1) : take_value(j, key, depth + 1);
	while (r == 0 && take(j, ','));
	if (r == 0 && !take(j, end))
		r = -EBADMSG;
	return r;
}

static int take_value(struct json *j, const char *key, int depth)
{
	const char *value;
	int r;

	if (take(j, '{'))
		return take_list(j, key, '}', depth);
	if (take(j, '['))
		return take_list(j, key, ']', depth);
	r = take(j, '"') ? take_string(j, &value) : take_word(j, &value);
	return r < 0 || !key ? r : j->fn(j->arg, key, value);
}

int qemu_json_each(struct text t, struct arena *a, qemu_json_fn *fn, void *arg)
{
	struct json j = { t, a, fn, arg };
	int r = take_value(&j, "", 0);

	return r == 0 && peek(&j) ? -EBADMSG : r;
}
