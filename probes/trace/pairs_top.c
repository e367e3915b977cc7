/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/trace/pairs.h"

static void sort(struct pairs_culprit *c, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		const struct pairs_culprit one = c[i];
		size_t j = i;

		for (; j && c[j - 1].ns < one.ns; j--)
			c[j] = c[j - 1];
		c[j] = one;
	}
}

void pairs_top_culprits(struct pairs_preemption *one, struct pairs_culprit *culprits, size_t n)
{
	sort(culprits, n);
	one->n_culprits = n < PAIRS_TOP ? n : PAIRS_TOP;
	for (size_t i = 0; i < one->n_culprits; i++)
		one->culprits[i] = culprits[i];
}

void pairs_top_insert(struct pairs_top *top, const struct pairs_preemption *one)
{
	size_t j;

	if (top->n == PAIRS_TOP && top->at[PAIRS_TOP - 1].ns >= one->ns)
		return;
	j = top->n < PAIRS_TOP ? top->n++ : PAIRS_TOP - 1;
	for (; j && top->at[j - 1].ns < one->ns; j--)
		top->at[j] = top->at[j - 1];
	top->at[j] = *one;
}
