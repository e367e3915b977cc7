/* SPDX-License-Identifier: GPL-2.0-or-later */
/* text_comparison_settings.c - what differs between two hosts, in a terminal. */
#include <string.h>

#include "core/text.h"
#include "report/comparison_parts.h"
#include "report/words.h"

/* Values that are longer are shown by the words that came and went. */
enum { SHOWN_MAX = 30, LONG_VALUE = 60, WORDS_MAX = 400 };
/* Items of a list stand near each other; a stranger's file may hold very many. */
enum { SEARCHED_MAX = 2000 };

static bool is_same(const struct fact_str *x, const struct fact_str *y)
{
	return x->known == y->known && (!x->known || !strcmp(x->v, y->v));
}

/* Keys that differ only in what stands between brackets: items of one list. */
static bool is_same_list(const char *x, const char *y)
{
	const size_t x_at = strcspn(x, "["), y_at = strcspn(y, "[");
	const char *x_end = strrchr(x, ']'), *y_end = strrchr(y, ']');

	return x_end && y_end && x_at == y_at && !strncmp(x, y, x_at) && !strcmp(x_end, y_end);
}

bool comparison_is_alike(const struct comparison_difference *x,
			 const struct comparison_difference *y)
{
	return is_same(&x->before, &y->before) && is_same(&x->after, &y->after) &&
	       is_same_list(x->key.v, y->key.v);
}

static bool has_word(const char *text, struct text word)
{
	struct text rest = text_of(text), w;

	while (text_next_word(&rest, &w)) {
		if (w.len == word.len && !memcmp(w.at, word.at, w.len))
			return true;
	}
	return false;
}

/* Words of one text that the other has not, each behind the sign. */
static int add_words(struct arena *a, struct arena_text *out, const char *sign, const char *of,
		     const char *not_in)
{
	struct text rest = text_of(of), w;

	for (size_t n = 0; n < WORDS_MAX && text_next_word(&rest, &w); n++) {
		if (!has_word(not_in, w) && !arena_text_add(a, out, "%s%s%.*s", out->len ? " " : "",
							    sign, (int)w.len, w.at))
			return -ENOMEM;
	}
	return 0;
}

static const char *word_or(const struct fact_str *f)
{
	if (!f->known)
		return "not there";
	return *f->v ? f->v : "none";
}

const char *comparison_words_that_moved(struct arena *a, const struct comparison_difference *d)
{
	struct arena_text words = { 0 };

	if (!d->before.known || !d->after.known ||
	    (strlen(d->before.v) < LONG_VALUE && strlen(d->after.v) < LONG_VALUE))
		return "";
	if (add_words(a, &words, "-", d->before.v, d->after.v) < 0 ||
	    add_words(a, &words, "+", d->after.v, d->before.v) < 0)
		return NULL;
	return words.len ? words.v : "the same words in another order";
}

static const char *values_words(struct arena *a, const struct comparison_difference *d)
{
	const char *moved = comparison_words_that_moved(a, d);

	if (!moved || *moved)
		return moved;
	return arena_printf(a, "%s, now %s", word_or(&d->before), word_or(&d->after));
}

static int print_difference(const struct comparison_page *page,
			    const struct comparison_difference *d, size_t n_alike)
{
	const char *values = values_words(page->arena, d);
	const char *line;

	if (!values)
		return -ENOMEM;
	if (n_alike)
		line = arena_printf(page->arena, "%s (and %zu more): %s", d->key.v, n_alike,
				    values);
	else
		line = arena_printf(page->arena, "%s: %s", d->key.v, values);
	if (!line)
		return -ENOMEM;
	print_line(page->p->out, "  ", page->p->style->width, line);
	return 0;
}

/* Those after the one that would read the same; each is told with it. */
static size_t tell_alike(const struct fact_list *differences, size_t i, bool *is_told)
{
	const struct comparison_difference *d = differences->v;
	size_t n_alike = 0;

	for (size_t k = i + 1; k < differences->n && k - i <= SEARCHED_MAX; k++) {
		if (!is_told[k] && d[k].key.known && comparison_is_alike(&d[i], &d[k])) {
			is_told[k] = true;
			n_alike++;
		}
	}
	return n_alike;
}

int comparison_print_differences(const struct comparison_page *page)
{
	const struct comparison_difference *d = page->c->differences.v;
	const size_t n = page->c->differences.n;
	bool *is_told = arena_calloc(page->arena, n, sizeof(*is_told));
	size_t n_shown = 0, n_left_out = 0;

	if (!is_told)
		return -ENOMEM;
	if (n)
		fputs("\nSettings that differ\n", page->p->out);
	for (size_t i = 0; i < n; i++) {
		if (is_told[i] || !d[i].key.known)
			continue;
		if (n_shown++ >= SHOWN_MAX && !page->p->style->is_full)
			n_left_out++;
		else if (print_difference(page, &d[i],
					  tell_alike(&page->c->differences, i, is_told)) < 0)
			return -ENOMEM;
	}
	if (n_left_out)
		fprintf(page->p->out, "  and %zu more: --all lists them\n", n_left_out);
	return 0;
}
