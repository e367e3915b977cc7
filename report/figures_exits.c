/* SPDX-License-Identifier: GPL-2.0-or-later */
/* figures_exits.c - what the built-in guest measured, as a figure. */
#include "report/figures_trace.h"

enum { ROWS_MAX = 24 };

static uint64_t quantile(const struct hist *h, uint32_t ppm)
{
	return hist_can_show(h, ppm) ? hist_quantile_ns(h, ppm) : 0;
}

/* A row for each metric that has a median; h is for use by it. */
static size_t make_rows(const struct host *host, struct hist *h, struct range_row rows[ROWS_MAX])
{
	const struct exits_metric *m = host->exits.metrics.v;
	size_t n = 0;

	for (size_t i = 0; i < host->exits.metrics.n && n < ROWS_MAX; i++) {
		hist_init(h);
		if (!m[i].hist.known || hist_merge_bins(h, m[i].hist.v) < 0 ||
		    !hist_can_show(h, 500000))
			continue;
		rows[n++] =
			(struct range_row){ m[i].id.known ? m[i].id.v : "?", quantile(h, 500000),
					    quantile(h, 990000), h->max_ns };
	}
	return n;
}

int figure_exits(const struct host *host, struct picture *picture)
{
	static const struct svg_names names = {
		"exits", "Round trips of a guest",
		"A row for each metric: median, p99 and maximum. The table has the numbers."
	};
	auto_free struct hist *h = malloc(sizeof(*h));
	struct range_row rows[ROWS_MAX];

	if (!h)
		return -ENOMEM;
	return figure_ranges(&names, rows, make_rows(host, h, rows), picture);
}
