/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/stats_midrank.h"

#include <math.h>

enum { N_TURNS_MAX = 40 };

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

static void swap(double *a, double *b)
{
	const double v = *a;

	*a = *b;
	*b = v;
}

static double middle_of_three(double a, double b, double c)
{
	return fmax(fmin(a, b), fmin(fmax(a, b), c));
}

struct span { /* what equals the pivot */
	size_t first, end;
};

/* Below the pivot, as the pivot, above it. */
static struct span split(double *v, size_t n)
{
	const double pivot = middle_of_three(v[0], v[n / 2], v[n - 1]);
	struct span same = { 0, n };

	for (size_t i = 0; i < same.end;) {
		if (v[i] < pivot)
			swap(&v[i++], &v[same.first++]);
		else if (v[i] > pivot)
			swap(&v[i], &v[--same.end]);
		else
			i++;
	}
	return same;
}

double stats_select(double *v, size_t n, size_t k)
{
	/* Pivots that halve what is left come to the end in as many turns; bad ones are not
	 * followed.
	 */
	for (unsigned turn = 0; turn < N_TURNS_MAX; turn++) {
		const struct span same = split(v, n);

		if (k < same.first) {
			n = same.first;
		} else if (k >= same.end) {
			v += same.end;
			n -= same.end;
			k -= same.end;
		} else {
			return v[k];
		}
	}
	stats_sort(v, n);
	return v[k];
}

double stats_select_middle(double *v, size_t n)
{
	const double upper = stats_select(v, n, n / 2);
	double lower = v[0];

	if (n % 2)
		return upper;
	for (size_t i = 1; i < n / 2; i++)
		lower = fmax(lower, v[i]);
	return (lower + upper) / 2;
}
