/* SPDX-License-Identifier: GPL-2.0-or-later */
/* metric_parts.h - what the files that measure metrics share. */
#ifndef ANALYZE_METRIC_PARTS_H
#define ANALYZE_METRIC_PARTS_H

#include "analyze/metric.h"

struct metric_way { /* how the values of a metric are got */
	const char *id;
	int (*values)(const struct host *h, const struct metric_way *way,
		      struct unit_values *ret_values);
	/* Why there are none, in a; NULL: no memory. Of gated ones. */
	const char *(*why)(struct host *h, const struct metric_way *way, struct arena *a);
	uint32_t ppm;
};

/* One more metric of the record with these values: 0 or -ENOMEM. */
int metric_add_values(struct record_facts *record, struct arena *a, const char *id,
		      const struct unit_values *v) MUST_CHECK;
/* "wake.p99/cpu3" and "irq.g_rate/nvme0q3", where there are several: 0, -EBADMSG, -ENOMEM. */
int metric_add_cpus(const struct host *h, struct arena *a, struct record_facts *record) MUST_CHECK;
int metric_add_handlers(const struct host *h, struct arena *a,
			struct record_facts *record) MUST_CHECK;

/*
 * Warns of each metric that decides and has fewer repetitions than another: how many, and why. 0 or
 * -ENOMEM.
 */
int metrics_note_lost(const struct host *h, struct arena *a,
		      struct record_facts *record) MUST_CHECK;

const char *metric_why_quantile(struct host *h, const struct metric_way *way, struct arena *a);
const char *metric_why_stalls(struct host *h, const struct metric_way *way, struct arena *a);
const char *metric_why_trace(struct host *h, const struct metric_way *way, struct arena *a);
const char *metric_why_irqs(struct host *h, const struct metric_way *way, struct arena *a);

#endif
