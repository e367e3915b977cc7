/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/boot_line.h"

#include <ctype.h>
#include <string.h>

enum { WORDS_MAX = 1024 }; /* a command line has 4096 bytes at most (COMMAND_LINE_SIZE) */

struct words {
	struct text v[WORDS_MAX];
	size_t n;
};

/* A blank inside of quotes parts no words. */
static bool next_word(struct text *rest, struct text *ret_word)
{
	bool is_quoted = false;
	size_t n = 0;

	while (rest->len && isspace((unsigned char)*rest->at))
		*rest = text_make(rest->at + 1, rest->len - 1);
	while (n < rest->len && (is_quoted || !isspace((unsigned char)rest->at[n])))
		is_quoted ^= rest->at[n++] == '"';
	*ret_word = text_make(rest->at, n);
	*rest = text_make(rest->at + n, rest->len - n);
	return n > 0;
}

static size_t key_len(struct text word)
{
	const char *equals = memchr(word.at, '=', word.len);

	return equals ? (size_t)(equals - word.at) : word.len;
}

static bool is_same_key(struct text x, struct text y)
{
	const size_t n = key_len(x);

	if (n != key_len(y))
		return false;
	for (size_t i = 0; i < n; i++) {
		const char a = x.at[i] == '-' ? '_' : x.at[i], b = y.at[i] == '-' ? '_' : y.at[i];

		if (a != b)
			return false;
	}
	return true;
}

static bool is_same(struct text x, struct text y)
{
	const size_t n = key_len(x);

	return is_same_key(x, y) && x.len == y.len && !memcmp(x.at + n, y.at + n, x.len - n);
}

static void drop(struct words *w, size_t at)
{
	w->n--;
	memmove(&w->v[at], &w->v[at + 1], (w->n - at) * sizeof(w->v[0]));
}

static void add(struct words *w, struct text word)
{
	if (w->n < WORDS_MAX)
		w->v[w->n++] = word;
}

static void take_away(struct words *w, struct text word)
{
	const bool has_value = key_len(word) < word.len;

	for (size_t i = w->n; i-- > 0;) {
		if (has_value ? is_same(w->v[i], word) : is_same_key(w->v[i], word))
			drop(w, i);
	}
}

/* The first place is kept, the others go. */
static void put(struct words *w, struct text word)
{
	bool is_placed = false;

	for (size_t i = 0; i < w->n;) {
		if (!is_same_key(w->v[i], word)) {
			i++;
		} else if (is_placed) {
			drop(w, i);
		} else {
			w->v[i++] = word;
			is_placed = true;
		}
	}
	if (!is_placed)
		add(w, word);
}

static bool is_count(struct text word)
{
	return text_starts(word, "hugepages=");
}

/* The size of pages and its count are one: hugepages= speaks of the hugepagesz= before it. */
static void put_pages(struct words *w, struct text size, struct text count)
{
	for (size_t i = w->n; i-- > 0;) {
		if (!is_same(w->v[i], size))
			continue;
		if (i + 1 < w->n && is_count(w->v[i + 1]))
			drop(w, i + 1);
		drop(w, i);
	}
	add(w, size);
	if (count.len)
		add(w, count);
}

/* Pages of the default size: the count that no size stands before. */
static void put_default_pages(struct words *w, struct text count)
{
	for (size_t i = 0; i < w->n; i++) {
		if (is_count(w->v[i]) && (i == 0 || !text_starts(w->v[i - 1], "hugepagesz="))) {
			w->v[i] = count;
			return;
		}
	}
	/* At the end it would speak of the last size. */
	if (w->n == WORDS_MAX)
		return;
	memmove(&w->v[1], &w->v[0], w->n * sizeof(w->v[0]));
	w->v[0] = count;
	w->n++;
}

static void merge(struct words *w, struct text changes)
{
	struct text word;

	while (next_word(&changes, &word)) {
		if (*word.at == '-' && word.len > 1) {
			take_away(w, text_make(word.at + 1, word.len - 1));
		} else if (text_starts(word, "hugepagesz=")) {
			struct text rest = changes, count;

			if (!next_word(&rest, &count) || !is_count(count))
				count.len = 0;
			else
				changes = rest;
			put_pages(w, word, count);
		} else if (is_count(word)) {
			put_default_pages(w, word);
		} else {
			put(w, word);
		}
	}
}

char *boot_line_merge(struct arena *a, const char *line, const char *changes)
{
	struct words *w = arena_alloc(a, sizeof(*w));
	struct text rest = text_of(line), word;
	char *text = arena_strdup(a, "");

	if (!w || !text)
		return NULL;
	while (next_word(&rest, &word))
		add(w, word);
	merge(w, text_of(changes));
	for (size_t i = 0; text && i < w->n; i++)
		text = arena_printf(a, "%s%s%.*s", text, i ? " " : "", (int)w->v[i].len,
				    w->v[i].at);
	return text;
}

static bool has_word(const char *line, struct text word)
{
	struct text rest = text_of(line), have;

	while (next_word(&rest, &have)) {
		if (have.len == word.len && !memcmp(have.at, word.at, word.len))
			return true;
	}
	return false;
}

/* Words of one line that the other has not, each behind a mark. */
static char *put_missing(struct arena *a, char *text, const char *line, const char *other,
			 const char *mark)
{
	struct text rest = text_of(line), word;

	while (text && next_word(&rest, &word)) {
		if (!has_word(other, word))
			text = arena_printf(a, "%s%s%s%.*s", text, *text ? " " : "", mark,
					    (int)word.len, word.at);
	}
	return text;
}

char *boot_line_difference(struct arena *a, const char *from, const char *to)
{
	char *text = put_missing(a, arena_strdup(a, ""), to, from, "");

	return put_missing(a, text, from, to, "-");
}

bool boot_line_next(struct text *rest, struct text *ret_word)
{
	return next_word(rest, ret_word) && !text_equal(*ret_word, "--");
}

const char *boot_line_value(struct arena *a, const char *line, const char *key)
{
	struct text rest = text_of(line), word;
	const char *value = NULL;

	while (boot_line_next(&rest, &word)) {
		const size_t n = key_len(word);
		struct text v = text_make(word.at + n, word.len - n);

		if (!is_same_key(word, text_of(key)))
			continue;
		if (v.len)
			v = text_make(v.at + 1, v.len - 1);
		if (v.len >= 2 && *v.at == '"' && v.at[v.len - 1] == '"')
			v = text_make(v.at + 1, v.len - 2);
		value = arena_strndup(a, v.at, v.len);
	}
	return value;
}
