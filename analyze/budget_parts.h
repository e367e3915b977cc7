/* SPDX-License-Identifier: GPL-2.0-or-later */
/* budget_parts.h - what the files of budgets share; for them alone. */
#ifndef ANALYZE_BUDGET_PARTS_H
#define ANALYZE_BUDGET_PARTS_H

#include "analyze/budget.h"

#define BUDGET_WAKE_MAX     "wake.max"
#define BUDGET_AIO_HEADROOM "aio.headroom"

/* What a budget may limit: a metric (with /PART too), or aio.headroom. NULL: neither. */
const struct metric *budget_metric(const char *id);
/* The ids of all of them, "wake.p99, wake.p99.9 …". In a; NULL: no memory. */
const char *budget_metric_ids(struct arena *a);

/*
 * "100us", "0.5 %", "1/min" in the unit of the metric, to the nearest. 0; -EINVAL: *ret_expected is
 * what one is written like; -ERANGE: more than there is, or so little that it would count as
 * nothing.
 */
int budget_limit(struct text words, enum metric_unit unit, uint64_t *ret_limit,
		 const char **ret_expected) MUST_CHECK;
/* "2026-12-31": the end of that day in UTC, since 1970. false: no such day, or not in 1970-2500. */
bool budget_day(struct text words, uint64_t *ret_end_unix_ns);

#endif
