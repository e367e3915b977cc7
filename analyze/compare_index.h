/* SPDX-License-Identifier: GPL-2.0-or-later */
/* compare_index.h - the metrics of records by id; only the compare*.c files include this. */
#ifndef ANALYZE_COMPARE_INDEX_H
#define ANALYZE_COMPARE_INDEX_H

#include "analyze/compare.h"

struct compare_index { /* of one record */
	const struct record_metric **v;
	size_t n;
};

struct compare_indexes { /* of one side, in order of its records */
	struct compare_index *v;
	size_t n;
};

struct compare_ids {
	const char **v;
	size_t n;
};

/* All in a, texts lent by the records. 0 or -ENOMEM. */
int compare_index_side(struct arena *a, const struct compare_side *side,
		       struct compare_indexes *ret_side) MUST_CHECK;
/* Ids of both sides, each once, by name. */
int compare_index_ids(struct arena *a, const struct compare_indexes *before,
		      const struct compare_indexes *after, struct compare_ids *ret_ids) MUST_CHECK;
/* NULL: the record has none of that id. */
const struct record_metric *compare_index_find(const struct compare_index *x, const char *id);

#endif
