/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/stats_size.h"

#include <math.h>

#include "analyze/stats_null.h"

#define SQRT_2    1.41421356237309504880
#define SQRT_2_PI 2.50662827463100050242

/* Chances at one distance, whatever the number of units. */
struct chances {
	double one;  /* one unit after above one before; two differences add up above 0 */
	double both; /* and above another one; and the first with a third one, too */
	double self; /* a difference is above 0; pairs only */
};

struct moments {
	double mean, sd, top; /* of the statistic under the change; its largest value */
	double limit;         /* from here on the test finds */
};

double stats_normal_cdf(double z)
{
	return erfc(-z / SQRT_2) / 2;
}

double stats_normal_quantile(double p)
{
	double low = -40, high = 40;

	/* As many halvings as a double has bits: the last leaves neighbours. */
	for (unsigned i = 0; i < 64; i++) {
		const double middle = (low + high) / 2;

		if (stats_normal_cdf(middle) < p)
			low = middle;
		else
			high = middle;
	}
	return high;
}

bool stats_can_reach(const struct stats_plan *plan, size_t n, size_t m)
{
	const double outcomes =
		plan->is_paired ? ldexp(1, n < 1000 ? (int)n : 1000) : stats_choose(n + m, m);

	/* Just reached is reached: a level divided by a whole number may be rounded up. */
	return outcomes * plan->level >= 1 - 1e-9;
}

/* Mean of Phi(x + z)^2, x normal. Trapezoids are all but exact for what falls off like this. */
static double both_above(double z)
{
	const double step = 0.75;
	double sum = 0;

	for (int i = -9; i <= 9; i++) {
		const double x = i * step, above = stats_normal_cdf(x + z);

		sum += exp(-x * x / 2) * above * above;
	}
	return sum * step / SQRT_2_PI;
}

static struct chances chances_at(const struct stats_plan *plan, double distance)
{
	/* 40 spreads away nothing is left to chance, nor where there is no spread. */
	const double z = distance < 40 * plan->sd ? distance / plan->sd : 40;

	if (plan->is_paired)
		return (struct chances){ stats_normal_cdf(z * SQRT_2), both_above(2 * z),
					 stats_normal_cdf(z) };
	return (struct chances){ stats_normal_cdf(z / SQRT_2), both_above(z), 0 };
}

static struct moments moments_of_sides(const struct chances *c, double n, double m, double z)
{
	const double variance =
		n * m * (c->one * (1 - c->one) + (n + m - 2) * fmax(c->both - c->one * c->one, 0));

	return (struct moments){
		.mean = n * m * c->one,
		.sd = sqrt(variance),
		.top = n * m,
		.limit = n * m / 2 + z * sqrt(n * m * (n + m + 1) / 12),
	};
}

static struct moments moments_of_pairs(const struct chances *c, double n, double z)
{
	const double apart = c->self - c->one;
	const double variance = n * (n - 1) * (n - 2) * fmax(c->both - c->one * c->one, 0) +
				n * (n - 1) / 2 * (2 * apart * apart + 3 * c->one * (1 - c->one)) +
				n * c->self * (1 - c->self);

	return (struct moments){
		.mean = n * c->self + n * (n - 1) / 2 * c->one,
		.sd = sqrt(variance),
		.top = n * (n + 1) / 2,
		.limit = n * (n + 1) / 4 + z * sqrt(n * (n + 1) * (2 * n + 1) / 24),
	};
}

/* z: normal quantile of 1 - level. Of tests that can reach their level. */
static double power_at(const struct stats_plan *plan, const struct chances *c, size_t n, size_t m,
		       double z)
{
	struct moments s = plan->is_paired ? moments_of_pairs(c, (double)n, z)
					   : moments_of_sides(c, (double)n, (double)m, z);

	/* The statistic is a whole number: it has reached the limit from half a step below on. */
	s.limit = fmin(s.limit, s.top) - 0.5;
	if (!(s.sd > 0))
		return s.mean >= s.limit;
	return stats_normal_cdf((s.mean - s.limit) / s.sd);
}

double stats_power(const struct stats_plan *plan, size_t n, size_t m, double distance)
{
	const struct chances c = chances_at(plan, distance);

	if (!stats_can_reach(plan, n, m))
		return 0;
	return power_at(plan, &c, n, m, stats_normal_quantile(1 - plan->level));
}

size_t stats_units_needed(const struct stats_plan *plan, double distance)
{
	const struct chances c = chances_at(plan, distance);
	const double z = stats_normal_quantile(1 - plan->level);
	bool can_reach = false;

	if (!(distance > 0))
		return 0;
	for (size_t n = 1; n <= STATS_SIZE_MAX; n++) {
		can_reach = can_reach || stats_can_reach(plan, n, n);
		if (can_reach && power_at(plan, &c, n, n, z) >= plan->power)
			return n;
	}
	return 0;
}

double stats_visible_distance(const struct stats_plan *plan, size_t n, size_t m)
{
	const double z = stats_normal_quantile(1 - plan->level);
	double low = 0, high = 40 * plan->sd;
	struct chances c = chances_at(plan, high);

	if (!stats_can_reach(plan, n, m) || !(power_at(plan, &c, n, m, z) >= plan->power))
		return INFINITY;
	for (unsigned i = 0; i < 24; i++) {
		const double middle = (low + high) / 2;

		c = chances_at(plan, middle);
		if (power_at(plan, &c, n, m, z) < plan->power)
			low = middle;
		else
			high = middle;
	}
	return high;
}
