/* SPDX-License-Identifier: GPL-2.0-or-later */
/* comparison_words.h - what the terminal and the page say of a comparison in the same words. */
#ifndef REPORT_COMPARISON_WORDS_H
#define REPORT_COMPARISON_WORDS_H

#include "core/arena.h"
#include "facts/comparison.h"

/* "Regressed", "No change": a verdict at the beginning of a sentence. */
const char *comparison_verdict_word(const char *verdict);
/* What to do next, in a; NULL: nothing in particular, or no memory. */
const char *comparison_next_words(struct arena *a, const struct comparison_facts *c);
/* Items of one list that changed alike: one line tells them all. Both have a key. */
bool comparison_is_alike(const struct comparison_difference *x,
			 const struct comparison_difference *y);
/*
 * Both values are known and one is long: the words that came and went, "-isolcpus=2-5 +quiet". In
 * a; "" when it is not so; NULL: no memory.
 */
const char *comparison_words_that_moved(struct arena *a, const struct comparison_difference *d);

#endif
