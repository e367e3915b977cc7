/* SPDX-License-Identifier: GPL-2.0-or-later */
/* redact_words.c - a text from its beginning to its end: keys and values, paths, elements. */
#include "report/redact_words.h"

#include <ctype.h>
#include <string.h>

#include "report/redact_scan.h"
#include "report/redact_telling.h"

static size_t skip_blanks(const struct words_scan *s, size_t at)
{
	while (words_char(s, at) == ' ' || words_char(s, at) == '\t')
		at++;
	return at;
}

/* The device a guest has, where a host's name could stand: host=0000:01:00.0 */
static bool is_address(struct text t)
{
	for (size_t i = 0; i < t.len; i++) {
		if (!isxdigit((unsigned char)t.at[i]) && t.at[i] != ':' && t.at[i] != '.')
			return false;
	}
	return true;
}

static bool ends_value(const struct words_scan *s, size_t at, char quote)
{
	const char c = words_char(s, at);

	return !c || (quote ? c == quote : strchr(" \t\n;&<>\"'", c) != NULL);
}

/* Replaces the value at s->at, behind a key of this kind. */
static int take_value(struct words_scan *s, const char *kind, char quote)
{
	size_t end = s->at;
	struct text value;

	/* A comma that is doubled is part of a value of QEMU's. */
	while (!ends_value(s, end, quote) &&
	       (quote || words_char(s, end) != ',' || words_char(s, end + 1) == ','))
		end += !quote && words_char(s, end) == ',' ? 2 : 1;
	value = words_piece(s, s->at, end);
	if (!strcmp(kind, "host") && is_address(value))
		return 0;
	s->at = end;
	return words_name(s, kind, value);
}

/* After a key that ends at s->at: what stands behind = or : is its value. */
static int take_telling(struct words_scan *s, const char *kind)
{
	size_t at = s->at;
	bool is_json = false, is_log;
	char quote;

	if (words_char(s, at) == '"' && words_char(s, at + 1) == ':') {
		is_json = true;
		at++;
	}
	is_log = words_char(s, at) == ':' && words_char(s, at + 1) == ' ' &&
		 (kind == TELLING_SECRET || !strcmp(kind, "serial") || !strcmp(kind, "uuid") ||
		  !strcmp(kind, "mac"));
	if (words_char(s, at) != '=' && !is_json && !is_log)
		return 0;
	at = skip_blanks(s, at + 1);
	quote = words_char(s, at);
	quote = quote == '"' || quote == '\'' ? quote : '\0';
	words_copy(s, quote ? at + 1 : at);
	return take_value(s, kind, quote);
}

static int take_word(struct words_scan *s)
{
	const size_t end = words_end(s);
	const struct text word = words_piece(s, s->at, end);
	const char *kind = telling_key(word);

	if (s->is_in_tag && kind && text_equal(s->tag, "entry"))
		s->content = kind;
	if (words_put_one(s, end) < 0)
		return -ENOMEM;
	return kind ? take_telling(s, kind) : 0;
}

static int take_shape(struct words_scan *s, size_t len, const char *kind)
{
	const char *pseudonym = words_address(s->aliases, kind, words_piece(s, s->at, s->at + len));

	s->at += len;
	return pseudonym && fputs(pseudonym, s->out) != EOF ? 0 : -ENOMEM;
}

/* The ends by which a device says what it is: -event-kbd, -part1. */
static size_t suffix_start(const struct words_scan *s, size_t from, size_t to)
{
	static const char *const suffixes[] = { "-event-", "-part" };

	for (size_t i = 0; i < ARRAY_SIZE(suffixes); i++) {
		for (size_t at = to; at-- > from;) {
			if (text_starts(words_piece(s, at, to), suffixes[i]))
				return at;
		}
	}
	return to;
}

/* After "/": the folder above says whether the name below it is somebody's. */
static int take_path(struct words_scan *s)
{
	size_t start = s->at, end, name_end;
	const char *kind;

	while (start > 0 && !strchr("/ \t\n\"'=,:<>", s->all.at[start - 1]))
		start--;
	kind = telling_folder(words_piece(s, start, s->at), s->kind);
	words_copy(s, s->at + 1);
	if (!kind)
		return 0;
	end = s->at;
	while (end < s->all.len && !strchr("/ \t\n\"'<>,;()[]{}", s->all.at[end]))
		end++;
	name_end = suffix_start(s, s->at, end);
	if (words_name(s, kind, words_piece(s, s->at, name_end)) < 0)
		return -ENOMEM;
	s->at = name_end;
	return 0;
}

static void open_tag(struct words_scan *s)
{
	size_t end = s->at + 1;

	while (isalnum((unsigned char)words_char(s, end)) || words_char(s, end) == '_')
		end++;
	s->tag = words_piece(s, s->at + 1, end);
	s->is_in_tag = s->tag.len > 0;
	s->content = telling_element(s->tag);
	words_copy(s, s->at + 1);
}

/* At ">": what stands between it and the next "<". */
static int close_tag(struct words_scan *s)
{
	const bool is_empty = s->at > 0 && s->all.at[s->at - 1] == '/';
	const char *kind = is_empty ? NULL : s->content;
	size_t end;

	s->is_in_tag = false;
	s->content = NULL;
	words_copy(s, s->at + 1);
	for (end = s->at; end < s->all.len && s->all.at[end] != '<';)
		end++;
	if (!kind || text_trim(words_piece(s, s->at, end)).len == 0)
		return 0;
	words_copy(s, skip_blanks(s, s->at));
	if (words_name(s, kind, text_trim(words_piece(s, s->at, end))) < 0)
		return -ENOMEM;
	s->at = end;
	return 0;
}

static int take_mark(struct words_scan *s)
{
	const size_t symbol = words_symbol(s, s->at);

	switch (words_char(s, s->at)) {
	case '/':
		return take_path(s);
	case '<':
		open_tag(s);
		return 0;
	case '>':
		if (s->is_in_tag)
			return close_tag(s);
		break;
	default:
		break;
	}
	words_copy(s, s->at + (symbol ? symbol : words_is_escape(s, s->at) ? 4 : 1));
	return 0;
}

static int take_next(struct words_scan *s)
{
	const char *kind;
	const size_t shape = words_shape(s, s->at, &kind);

	if (shape)
		return take_shape(s, shape, kind);
	return words_is_in_word(s, s->at) ? take_word(s) : take_mark(s);
}

int words_redact(struct aliases *n, const char *kind, const char *option, struct text t, FILE *out)
{
	struct words_scan s = { .aliases = n, .kind = kind, .all = t, .out = out };
	const char *telling = telling_option(option);
	const char *equals = text_find(t, "="), *comma = text_find(t, ",");
	int r = 0;

	/* "-name win,debug-threads=on"; of "-name guest=win" the key tells. */
	if (telling && (!equals || (comma && comma < equals)))
		r = take_value(&s, telling, '\0');
	while (r == 0 && s.at < t.len)
		r = take_next(&s);
	return r;
}

int words_redact_shapes(struct aliases *n, struct text t, FILE *out)
{
	struct words_scan s = { .aliases = n, .all = t, .out = out };
	int r = 0;

	while (r == 0 && s.at < t.len) {
		const char *kind;
		const size_t shape = words_shape(&s, s.at, &kind);

		if (shape)
			r = take_shape(&s, shape, kind);
		else
			words_copy(&s, s.at + 1);
	}
	return r;
}
