/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * openmetrics.h - a result as text for node_exporter's textfile collector.
 *
 * The Prometheus text format 0.0.4 ("Exposition formats" of its documentation): HELP and TYPE
 * before each family, base units, no time stamps (the collector refuses them), a line feed at the
 * end. What was not measured is not there. The number of series is bounded whatever the result
 * holds.
 */
#ifndef REPORT_OPENMETRICS_H
#define REPORT_OPENMETRICS_H

#include "report/report.h"

struct comparison_facts;

/* c: what a check of this result said; NULL: none was made. 0 or -errno. */
int report_openmetrics(FILE *out, struct host *h, const struct findings *f,
		       const struct comparison_facts *c) MUST_CHECK;

#endif
