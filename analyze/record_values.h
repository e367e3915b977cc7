/* SPDX-License-Identifier: GPL-2.0-or-later */
/* record_values.h - what one session measured, as one number. */
#ifndef ANALYZE_RECORD_VALUES_H
#define ANALYZE_RECORD_VALUES_H

#include "facts/record.h"

/* By id; NULL: the session does not have it. */
const struct record_metric *record_metric_of(const struct record_facts *session, const char *id);
/*
 * The mean of a share in permille over the sessions that know it; at: of the member in struct
 * record_facts, a struct fact_u64. Unknown where none does. What is more than all counts as all.
 */
struct fact_u64 record_mean_permille(const struct record_facts *const *sessions, size_t n,
				     size_t at);
/* Repetitions of the metric that has the most. */
size_t record_n_repetitions(const struct record_facts *session);
/*
 * The median of its repetitions, in the metric's unit. 0; -ENODATA: it has no value (m->why may say
 * why; m may be NULL); -ENOMEM.
 */
int record_median(const struct record_metric *m, uint64_t *ret_value) MUST_CHECK;

#endif
