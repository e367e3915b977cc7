/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/stats_midrank.h"

static int compare_ranked(const void *a, const void *b)
{
	const struct stats_ranked *x = a, *y = b;

	if (x->v != y->v)
		return x->v < y->v ? -1 : 1;
	return (x->at > y->at) - (x->at < y->at);
}

static int compare_double(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

bool stats_midranks(struct stats_ranked *r, size_t n)
{
	bool has_ties = false;
	size_t end;

	if (n > 0)
		qsort(r, n, sizeof(*r), compare_ranked);
	for (size_t first = 0; first < n; first = end) {
		for (end = first + 1; end < n && r[end].v - r[end - 1].v <= STATS_TIE; end++)
			has_ties = true;
		for (size_t i = first; i < end; i++)
			r[i].rank2 = (uint32_t)(first + end + 1);
	}
	return has_ties;
}

void stats_sort(double *v, size_t n)
{
	if (n > 0)
		qsort(v, n, sizeof(*v), compare_double);
}

double stats_middle(const double *sorted, size_t n)
{
	return n % 2 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
}

double stats_median(double *v, size_t n)
{
	stats_sort(v, n);
	return stats_middle(v, n);
}
