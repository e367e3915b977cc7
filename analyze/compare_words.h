/* SPDX-License-Identifier: GPL-2.0-or-later */
/* compare_words.h - changes as people read them. All texts live in a; NULL: no memory. */
#ifndef ANALYZE_COMPARE_WORDS_H
#define ANALYZE_COMPARE_WORDS_H

#include "core/arena.h"
#include "facts/comparison.h"

/* "52 %", "9.4 %" */
const char *compare_percent(struct arena *a, uint64_t permille);
/* The same of a noise floor: ">1000 %" where it is more. */
const char *compare_noise(struct arena *a, uint64_t permille);
/* "+52 %", "-8.1 %", "0 %"; is_bare: without the sign of percent */
const char *compare_signed(struct arena *a, int64_t permille, bool is_bare);
/* "rose by 52 %", "fell by 8.1 %", "stayed as it was" */
const char *compare_change(struct arena *a, int64_t permille);
/* "+38 to +71 %", "above +38 %"; "" when it is not bounded at all */
const char *compare_interval(struct arena *a, const struct comparison_metric *c);
/* "88 us to 134 us"; "" without values */
const char *compare_values(struct arena *a, const struct comparison_metric *c);
/* It was none before: how many times as much there is now tells nothing. */
bool compare_is_from_zero(const struct comparison_metric *c);
/* "rose by 52 % (88 us to 134 us)", "rose from 0/min to 3/min" */
const char *compare_moved(struct arena *a, const struct comparison_metric *c);

#endif
