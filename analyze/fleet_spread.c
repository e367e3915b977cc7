/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/fleet_spread.h"

#include <math.h>

#include "analyze/stats_spread.h"

/* Rounded up from the 99.75 % points of the simulation. */
static const struct {
	size_t n_hosts;
	double k;
} limits[] = { { 7, 8 }, { 6, 9 }, { 0, 12 } };

double fleet_spread_limit(size_t n)
{
	size_t row = 0;

	while (n < limits[row].n_hosts)
		row++;
	return limits[row].k;
}

/* From a logarithm back to a value; the largest that a document can hold at most. */
static uint64_t value_of(double y, double floor)
{
	const double v = exp(y) - floor;

	if (!(v > 0))
		return 0;
	return v < 9e18 ? (uint64_t)llround(v) : UINT64_C(9000000000000000000);
}

static bool is_more_than_chance(double more, double fewer, double k)
{
	return more - fewer >= FLEET_EVENTS_MIN && 2 * (sqrt(more + .375) - sqrt(fewer + .375)) > k;
}

static void judge_point(struct fleet_point *p, const struct fleet_limits *l, double k)
{
	const double expected = (double)l->median * p->exposure;

	p->is_worse = p->value > l->high;
	p->is_better = l->has_low && p->value < l->low;
	if (p->exposure <= 0)
		return;
	if (!is_more_than_chance(p->n_events, expected, k))
		p->is_worse = false;
	if (!is_more_than_chance(expected, p->n_events, k))
		p->is_better = false;
}

int fleet_spread_judge(struct fleet_point *points, size_t n, uint64_t floor,
		       uint32_t margin_permille, struct fleet_limits *ret_limits)
{
	const double least = floor ? (double)floor : 1, k = fleet_spread_limit(n);
	auto_free double *y = calloc(n + 1, sizeof(*y));
	const struct stats_arm arm = { y, n };
	struct fleet_limits l = { 0 };
	double sd, middle, beyond;
	int r;

	if (n < FLEET_HOSTS_MIN)
		return -ENODATA;
	if (!y)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		y[i] = log((double)points[i].value + least);
	r = stats_spread(&arm, 1, &sd);
	if (r < 0)
		return r;
	middle = stats_median(y, n);
	beyond = fmax(k * sd, log1p(margin_permille / 1e3));
	l.median = value_of(middle, least);
	l.high = u64_max(value_of(middle + beyond, least), l.median + floor);
	l.has_low = l.median > floor && exp(middle - beyond) > least;
	l.low = l.has_low ? u64_min(value_of(middle - beyond, least), l.median - floor) : 0;
	for (size_t i = 0; i < n; i++)
		judge_point(&points[i], &l, k);
	*ret_limits = l;
	return 0;
}
