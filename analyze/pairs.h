/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pairs.h - a setting is switched off and on in turns; each turn is half of a pair.
 *
 * Order: off on, on off, on off, off on … (ABBA BAAB): the sequence of Thue and Morse. Each pair
 * has both, no side is always the first, and of a machine that gets slower all the time (also at a
 * rate that grows) both sides have the same share after 4, 8, 16 … pairs.
 */
#ifndef ANALYZE_PAIRS_H
#define ANALYZE_PAIRS_H

#include "facts/record.h"

/* Seven: fewer cannot reach the level with six metrics (2^-7 is below 0.05 / 6). */
enum { PAIRS_MIN = 7, PAIRS_MAX = 100 };

/* Turn 2k and 2k + 1 are pair k. */
bool pairs_is_on(size_t turn);

struct pairs { /* the record of each turn */
	const struct record_facts *const *off, *const *on;
	size_t n;
};

/*
 * Two records, one value per pair: a metric that is not known in one half of a pair has none in the
 * other. Settings and findings that changed from turn to turn while the switch stood the same are
 * in neither: what differs then differs with the switch. Shares of culprits are means over the
 * turns. All else is of the first turn; warnings are of all. Texts are not copied. 0 or -ENOMEM;
 * -EINVAL: no pair.
 */
int pairs_join(const struct pairs *p, struct arena *a, struct record_facts *ret_off,
	       struct record_facts *ret_on) MUST_CHECK;

/* Keeps only metrics of these ids and their parts. n 0: all. */
void pairs_keep_metrics(struct record_facts *r, const char *const *ids, size_t n);

#endif
