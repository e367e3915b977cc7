/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fleet_values.c - the metrics of one host of a fleet. */
#include <inttypes.h>
#include <math.h>

#include "analyze/fleet_parts.h"

#define P999_PPM      999000
#define NS_PER_MINUTE 60e9

const char *const fleet_metric_ids[FLEET_N_METRICS] = { "wake.p99.9", "wake.stalls", "guest.lost",
							"irq.g_rate" };

/* Events in that time, times 1000, per unit of time. */
static struct fleet_point rate(uint64_t n, uint64_t time_ns, double unit_ns)
{
	const double exposure = (double)time_ns / unit_ns / 1000;
	const double value = (double)n / exposure;

	return (struct fleet_point){ .value = value < 9e18 ? (uint64_t)llround(value) : INT64_MAX,
				     .n_events = (double)n,
				     .exposure = exposure };
}

/* 0; -ENODATA: *ret_why, in the arena, says why. */
typedef int value_fn(const struct fleet_numbers *n, const struct hist *wake, struct arena *a,
		     struct fleet_point *ret_point, const char **ret_why);

static int tail(const struct fleet_numbers *n, const struct hist *wake, struct arena *a,
		struct fleet_point *ret_point, const char **ret_why)
{
	const uint64_t needed = unit_samples_needed(P999_PPM);

	if (!n->wake) {
		*ret_why = "the wake probe measured nothing";
		return -ENODATA;
	}
	if (wake->n < needed) {
		*ret_why = arena_printf(a, "%" PRIu64 " wake-ups, %" PRIu64 " are needed", wake->n,
					needed);
		return -ENODATA;
	}
	*ret_point = (struct fleet_point){ .value = hist_quantile_ns(wake, P999_PPM) };
	return 0;
}

static int stalls(const struct fleet_numbers *n, const struct hist *wake, struct arena *a,
		  struct fleet_point *ret_point, const char **ret_why)
{
	(void)a;
	if (!n->wake || !n->wake_ns) {
		*ret_why = n->wake ? "how long a repetition was is not known"
				   : "the wake probe measured nothing";
		return -ENODATA;
	}
	*ret_point = rate(hist_n_above(wake, METRIC_STALL_NS), n->wake_ns, NS_PER_MINUTE);
	return 0;
}

static int lost(const struct fleet_numbers *n, const struct hist *wake, struct arena *a,
		struct fleet_point *ret_point, const char **ret_why)
{
	(void)a;
	(void)wake;
	if (!n->known_ns) {
		*ret_why = "no trace tells where the vCPUs' time went";
		return -ENODATA;
	}
	ret_point->value = (uint64_t)llround(1e6 * (double)u64_min(n->lost_ns, n->known_ns) /
					     (double)n->known_ns);
	return 0;
}

static int irqs(const struct fleet_numbers *n, const struct hist *wake, struct arena *a,
		struct fleet_point *ret_point, const char **ret_why)
{
	(void)a;
	(void)wake;
	if (!n->irq_ns) {
		*ret_why = "interrupts on the guest's CPUs were not counted";
		return -ENODATA;
	}
	*ret_point = rate(n->n_irqs, n->irq_ns, (double)NS_PER_S);
	return 0;
}

static value_fn *const values[FLEET_N_METRICS] = { tail, stalls, lost, irqs };

int fleet_measure(struct fleet *f, struct fleet_machine *m)
{
	auto_free struct hist *wake = malloc(sizeof(*wake));

	if (!wake)
		return -ENOMEM;
	hist_init(wake);
	if (m->numbers.wake && hist_merge_bins(wake, m->numbers.wake) < 0)
		hist_init(wake); /* they were sound when they were added */
	for (size_t i = 0; i < FLEET_N_METRICS; i++) {
		m->points[i] = (struct fleet_point){ 0 };
		m->why[i] = NULL;
		if (values[i](&m->numbers, wake, &f->arena, &m->points[i], &m->why[i]) < 0 &&
		    !m->why[i])
			return -ENOMEM;
	}
	return 0;
}

bool fleet_stands_out(const struct fleet_machine *m)
{
	for (size_t i = 0; i < FLEET_N_METRICS; i++) {
		if (m->points[i].is_worse || m->points[i].is_better)
			return true;
	}
	return false;
}
