/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/parse/qemu_conf.h"

#include <string.h>

static void skip(struct text *t, size_t n)
{
	*t = text_make(t->at + n, t->len - n);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\0';
}

static bool is_name(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '.';
}

/* Blanks, ends of lines and comments. */
static void skip_space(struct text *t)
{
	struct text line;

	while (t->len > 0 && (is_blank(*t->at) || *t->at == '#')) {
		if (*t->at == '#')
			text_next_line(t, &line);
		else
			skip(t, 1);
	}
}

/* A text in quotes; one without an end is cut at the end of its line. */
static struct text take_quoted(struct text *t)
{
	const char *mark = text_starts(*t, "\"\"\"") ? "\"\"\"" : *t->at == '"' ? "\"" : "'";
	struct text value, line;
	const char *end;

	skip(t, strlen(mark));
	value = *t;
	if (mark[1] == '\0' && text_next_line(&value, &line))
		value = line;
	else
		value = *t;
	end = text_find(value, mark);
	if (end)
		value.len = (size_t)(end - value.at);
	skip(t, value.len + (end ? strlen(mark) : 0));
	return value;
}

static struct text take_word(struct text *t)
{
	size_t n = 0;

	while (n < t->len && !is_blank(t->at[n]) && t->at[n] != '#' && t->at[n] != ',' &&
	       t->at[n] != ']')
		n++;
	skip(t, n);
	return text_make(t->at - n, n);
}

static bool is_quote(struct text t)
{
	return text_starts(t, "\"") || text_starts(t, "'");
}

bool qemu_conf_item(struct text *list, struct text *ret_item)
{
	for (;;) {
		skip_space(list);
		if (list->len == 0)
			return false;
		if (*list->at == ',' || *list->at == ']') {
			skip(list, 1);
			continue;
		}
		*ret_item = is_quote(*list) ? take_quoted(list) : take_word(list);
		return true;
	}
}

/* Behind '[': up to the ']' that is in no text and no comment. */
static struct text take_list(struct text *t)
{
	const char *at = t->at;

	for (;;) {
		skip_space(t);
		if (t->len == 0 || *t->at == ']')
			break;
		if (is_quote(*t))
			take_quoted(t);
		else
			skip(t, 1);
	}
	if (t->len == 0)
		return text_make(at, (size_t)(t->at - at));
	skip(t, 1);
	return text_make(at, (size_t)(t->at - at) - 1);
}

static struct text take_name(struct text *t)
{
	size_t n = 0;

	while (n < t->len && is_name(t->at[n]))
		n++;
	skip(t, n);
	return text_make(t->at - n, n);
}

bool qemu_conf_next(struct text *rest, struct qemu_conf_setting *ret_setting)
{
	for (;;) {
		struct qemu_conf_setting s = { 0 };
		struct text line;

		skip_space(rest);
		if (rest->len == 0)
			return false;
		s.name = take_name(rest);
		while (rest->len > 0 && (*rest->at == ' ' || *rest->at == '\t'))
			skip(rest, 1);
		if (s.name.len == 0 || !text_starts(*rest, "=")) {
			text_next_line(rest, &line);
			continue;
		}
		skip(rest, 1);
		while (rest->len > 0 && (*rest->at == ' ' || *rest->at == '\t'))
			skip(rest, 1);
		s.is_list = text_starts(*rest, "[");
		if (s.is_list) {
			skip(rest, 1);
			s.value = take_list(rest);
		} else {
			s.value = is_quote(*rest) ? take_quoted(rest) : take_word(rest);
		}
		*ret_setting = s;
		return true;
	}
}
