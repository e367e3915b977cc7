/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sample_comparison.h - comparisons made up, one for each way that a check can end. */
#ifndef TESTS_LIB_SAMPLE_COMPARISON_H
#define TESTS_LIB_SAMPLE_COMPARISON_H

#include "facts/comparison.h"

enum sample_comparison {
	SAMPLE_GREEN,
	SAMPLE_RED, /* one regression, one broken budget */
	SAMPLE_INCONCLUSIVE,
	SAMPLE_NOT_COMPARABLE,
	SAMPLE_WAIVED,  /* what is red in SAMPLE_RED */
	SAMPLE_BUDGETS, /* no baseline */
	SAMPLE_EMPTY,   /* a document that says nothing */
	N_SAMPLE_COMPARISONS
};

extern const char *const sample_comparison_names[N_SAMPLE_COMPARISONS];
/* Fills a comparison that was zeroed; in a. */
void sample_comparison(enum sample_comparison which, struct arena *a, struct comparison_facts *c);
/* Every text that is known becomes this one; id, verdict, state and change stay what they were. */
void sample_comparison_poison(struct comparison_facts *c, const char *text);

#endif
