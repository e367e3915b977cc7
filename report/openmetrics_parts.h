/* SPDX-License-Identifier: GPL-2.0-or-later */
/* openmetrics_parts.h - what the files share that write families of a result. */
#ifndef REPORT_OPENMETRICS_PARTS_H
#define REPORT_OPENMETRICS_PARTS_H

#include "analyze/host.h"
#include "report/families.h"

struct comparison_facts;

static inline const char *text_or(const struct fact_str *s, const char *other)
{
	return s->known ? s->v : other;
}

/* Part of a whole of some milliseconds at least, in ppm. */
uint64_t openmetrics_ppm(uint64_t part, uint64_t whole);
void openmetrics_gauges(struct exposition *to, const struct host *h);
void openmetrics_comparison(struct exposition *to, const struct comparison_facts *c);

#endif
