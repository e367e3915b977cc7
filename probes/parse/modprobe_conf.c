/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/parse/modprobe_conf.h"

#include <string.h>

/* A line with those that a backslash at its end joins to it. */
static bool next_joined(struct text *rest, struct text *ret_line)
{
	struct text line;

	if (!text_next_line(rest, ret_line))
		return false;
	line = *ret_line;
	while (text_ends(line, "\\") && text_next_line(rest, &line))
		*ret_line = text_make(ret_line->at, (size_t)(line.at + line.len - ret_line->at));
	return true;
}

/* Blanks between words, and the backslash and newline of a joined line. */
static bool next_word(struct text *rest, struct text *ret_word)
{
	while (text_next_word(rest, ret_word)) {
		if (!text_equal(*ret_word, "\\"))
			return true;
	}
	return false;
}

bool modprobe_conf_next(struct text *rest, struct modprobe_line *ret_line)
{
	struct text line;

	while (next_joined(rest, &line)) {
		struct modprobe_line l;

		line = text_trim(line);
		if (text_starts(line, "#") || !next_word(&line, &l.command) ||
		    !next_word(&line, &l.module))
			continue;
		l.rest = text_trim(line);
		*ret_line = l;
		return true;
	}
	return false;
}

static char plain(char c)
{
	return c == '-' ? '_' : c;
}

bool modprobe_name_is(struct text name, const char *want)
{
	const size_t n = strlen(want);
	const bool is_open = n > 0 && want[n - 1] == '*';

	if (is_open ? name.len < n - 1 : name.len != n)
		return false;
	for (size_t i = 0; i < n - is_open; i++) {
		if (plain(name.at[i]) != plain(want[i]))
			return false;
	}
	return true;
}

char *modprobe_name(struct arena *a, struct text name)
{
	char *copy = arena_strndup(a, name.at, name.len);

	for (char *c = copy; c && *c; c++)
		*c = plain(*c);
	return copy;
}

char *modprobe_rest(struct arena *a, struct text rest)
{
	char *copy = arena_alloc(a, rest.len + 1);
	struct text word;
	size_t n = 0;

	while (copy && next_word(&rest, &word)) {
		/* "word\" at the end of a line */
		if (text_ends(word, "\\"))
			word.len--;
		if (n > 0)
			copy[n++] = ' ';
		memcpy(copy + n, word.at, word.len);
		n += word.len;
	}
	if (copy)
		copy[n] = '\0';
	return copy;
}
