/* SPDX-License-Identifier: GPL-2.0-or-later */
/* compare_rows.h - the values of both sides by metric; only the compare*.c files include this. */
#ifndef ANALYZE_COMPARE_ROWS_H
#define ANALYZE_COMPARE_ROWS_H

#include "analyze/compare_parts.h"

struct compare_row { /* of one id, on both sides */
	const char *id;
	const struct metric *metric;
	struct judge_metric judged;
	const char *why_not; /* not comparable; NULL: it is */
};

struct compare_rows {
	struct compare_row *v;
	size_t n, n_left_out;
};

/*
 * Gated ones first, in the order of the table, also those that cannot be compared; then the others
 * by name. In the arena of w; 0 or -ENOMEM.
 */
int compare_make_rows(struct comparer *w, struct compare_rows *ret_rows) MUST_CHECK;

#endif
