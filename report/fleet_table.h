/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fleet_table.h - a group of a fleet as a table, and values of a fleet as words. */
#ifndef REPORT_FLEET_TABLE_H
#define REPORT_FLEET_TABLE_H

#include "core/arena.h"
#include "facts/fleet.h"
#include "report/text_table.h"

/* The one that is known; NULL: there is none. */
const struct fact_u64 *fleet_value_of(const struct fleet_value *v);
const struct fact_u64 *fleet_median_of(const struct fleet_spread *s);
const struct fact_u64 *fleet_high_of(const struct fleet_spread *s);
const struct fact_u64 *fleet_low_of(const struct fleet_spread *s);
/* "134 us"; "-" where there is no value. In a; NULL: no memory. */
const char *fleet_words(const char *metric, const struct fact_u64 *value, struct arena *a);
/* By some metric there are hosts enough to tell who stands out. */
bool fleet_is_judged(const struct fleet_group *g);

/* 0 or -errno. */
int fleet_table_print(const struct printer *p, const struct fleet_group *g) MUST_CHECK;

#endif
