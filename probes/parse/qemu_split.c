/* SPDX-License-Identifier: GPL-2.0-or-later */
/* qemu_split.c - the text of a file as arguments; documented in qemu_args.h. */
#include <string.h>

#include "probes/parse/qemu_args.h"
#include "probes/parse/qemu_name.h"

static int add_arg(struct fact_strs *args, struct arena *a, struct text arg)
{
	const char *copy = arena_strndup(a, arg.at, arg.len);

	return copy ? fact_add_str(args, a, copy) : -ENOMEM;
}

static int split_nul(struct text t, struct arena *a, struct fact_strs *args)
{
	struct text arg;
	int r = 0;

	while (r == 0 && text_next_piece(&t, '\0', &arg))
		r = add_arg(args, a, arg);
	return r;
}

static int split_lines(struct text t, struct arena *a, struct fact_strs *args)
{
	struct text line;
	int r = 0;

	while (r == 0 && text_next_line(&t, &line)) {
		if (text_trim(line).len)
			r = add_arg(args, a, line);
	}
	return r;
}

/* A line that ends in a backslash, or several words in the first one: typed into a shell. */
static bool is_shell(struct text t)
{
	struct text line, word, first = { 0 };

	while (text_next_line(&t, &line)) {
		line = text_trim(line);
		if (text_ends(line, "\\"))
			return true;
		if (!first.len)
			first = line;
	}
	return text_starts(first, "#") || (text_next_word(&first, &word) && text_trim(first).len);
}

struct shell {
	struct text rest;
	char *word; /* room for all of the text */
	size_t len;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static char next(const struct shell *s)
{
	return s->rest.at[0];
}

static void skip(struct shell *s, size_t n)
{
	s->rest = text_make(s->rest.at + n, s->rest.len - n);
}

static void put(struct shell *s)
{
	s->word[s->len++] = next(s);
	skip(s, 1);
}

/* Length of a backslash and the end of its line or of the text, also with blanks between; else 0.
 */
static size_t continuation(const struct shell *s)
{
	size_t n = 1;

	while (n < s->rest.len && is_blank(s->rest.at[n]))
		n++;
	if (n == s->rest.len)
		return n;
	return s->rest.at[n] == '\n' ? n + 1 : 0;
}

static void take_backslash(struct shell *s, bool is_quoted)
{
	const size_t n = continuation(s);

	if (n) {
		skip(s, n);
		return;
	}
	/* Between double quotes it is itself in front of most characters. */
	if (!is_quoted || (s->rest.len > 1 && strchr("\"\\$`", s->rest.at[1]) && s->rest.at[1]))
		skip(s, 1);
	if (s->rest.len)
		put(s);
}

static void take_quoted(struct shell *s, char quote)
{
	skip(s, 1);
	while (s->rest.len && next(s) != quote) {
		if (next(s) == '\\' && quote == '"')
			take_backslash(s, true);
		else
			put(s);
	}
	if (s->rest.len)
		skip(s, 1);
}

enum between { IN_LINE, NEW_LINE, NEW_COMMAND, END };

/* Blanks, comments and ends of lines in front of a word. */
static enum between take_between(struct shell *s)
{
	enum between seen = IN_LINE;

	while (s->rest.len) {
		const char c = next(s);

		if (c == '\\' && continuation(s)) {
			skip(s, continuation(s));
		} else if (c == '#') {
			const char *end = memchr(s->rest.at, '\n', s->rest.len);

			skip(s, end ? (size_t)(end - s->rest.at) : s->rest.len);
		} else if (c == ';' || c == '|' || c == '&') {
			seen = NEW_COMMAND;
			skip(s, 1);
		} else if (c == '\n') {
			seen = seen == NEW_COMMAND ? seen : NEW_LINE;
			skip(s, 1);
		} else if (is_blank(c)) {
			skip(s, 1);
		} else {
			return seen;
		}
	}
	return END;
}

static void take_word(struct shell *s)
{
	s->len = 0;
	while (s->rest.len) {
		const char c = next(s);

		if (is_blank(c) || strchr("\n;|&", c))
			return;
		if (c == '\\' && continuation(s))
			return;
		if (c == '\\')
			take_backslash(s, false);
		else if (c == '"' || c == '\'')
			take_quoted(s, c);
		else
			put(s);
	}
}

/*
 * From the emulator on (from the start where there is none) to the end of the command. The end of a
 * line ends it only if no option follows: pasting loses backslashes.
 */
static int split_shell(struct text t, struct arena *a, struct fact_strs *args)
{
	struct shell s = { .rest = t, .word = arena_alloc(a, t.len + 1) };
	bool is_inside = false;

	if (!s.word)
		return -ENOMEM;
	for (;;) {
		const enum between seen = take_between(&s);
		struct text word;
		int r;

		if (seen == END || (is_inside && seen == NEW_COMMAND))
			return 0;
		take_word(&s);
		word = text_make(s.word, s.len);
		if (is_inside && seen == NEW_LINE && !text_starts(word, "-"))
			return 0;
		if (!is_inside && qemu_is_program(word)) {
			is_inside = true;
			args->n = 0;
		}
		r = add_arg(args, a, word);
		if (r < 0)
			return r;
	}
}

int qemu_args_split(struct text t, struct arena *a, struct fact_strs *ret_args)
{
	struct fact_strs args = { .known = true };
	int r;

	if (t.len > QEMU_ARGS_MAX)
		return -EFBIG;
	if (t.len && memchr(t.at, '\0', t.len))
		r = split_nul(t, a, &args);
	else if (is_shell(t))
		r = split_shell(t, a, &args);
	else
		r = split_lines(t, a, &args);
	if (r == 0)
		*ret_args = args;
	return r;
}
