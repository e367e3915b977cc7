/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/stats_multiple.h"

#include <math.h>

struct row {
	double p;
	size_t at;
};

static int compare_rows(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	if (x->p != y->p)
		return x->p < y->p ? -1 : 1;
	return (x->at > y->at) - (x->at < y->at);
}

/* Rising p; NULL: no memory. */
static struct row *sorted_rows(const double *p, size_t n)
{
	struct row *rows = calloc(n, sizeof(*rows));

	for (size_t i = 0; rows && i < n; i++)
		rows[i] = (struct row){ .p = p[i], .at = i };
	if (rows)
		qsort(rows, n, sizeof(*rows), compare_rows);
	return rows;
}

int stats_holm(const double *p, size_t n, double *ret_q)
{
	auto_free struct row *rows = n ? sorted_rows(p, n) : NULL;
	double q = 0;

	if (n > 0 && !rows)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		q = fmax(q, fmin(1, (double)(n - i) * rows[i].p));
		ret_q[rows[i].at] = q;
	}
	return 0;
}

int stats_benjamini_hochberg(const double *p, size_t n, double *ret_q)
{
	auto_free struct row *rows = n ? sorted_rows(p, n) : NULL;
	double q = 1;

	if (n > 0 && !rows)
		return -ENOMEM;
	for (size_t i = n; i-- > 0;) {
		q = fmin(q, (double)n / (double)(i + 1) * rows[i].p);
		ret_q[rows[i].at] = q;
	}
	return 0;
}
