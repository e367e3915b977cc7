/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "analyze/metric_parts.h"

static int wake_quantile(const struct host *h, const struct metric_way *way,
			 struct unit_values *ret_values)
{
	return unit_values_wake_quantile(h, NULL, UNIT_CORRECTED, way->ppm, ret_values);
}

static int wake_max(const struct host *h, const struct metric_way *way,
		    struct unit_values *ret_values)
{
	(void)way;
	return unit_values_wake_max(h, ret_values);
}

/* Each once: a stall that hid ten wake-ups is one. */
static int wake_stalls(const struct host *h, const struct metric_way *way,
		       struct unit_values *ret_values)
{
	(void)way;
	return unit_values_wake_stalls(h, NULL, UNIT_RAW, METRIC_STALL_NS, ret_values);
}

static int guest_gap(const struct host *h, const struct metric_way *way,
		     struct unit_values *ret_values)
{
	return unit_values_guest_gap(h, way->ppm, ret_values);
}

static int guest_lost(const struct host *h, const struct metric_way *way,
		      struct unit_values *ret_values)
{
	(void)way;
	return unit_values_guest_lost(h, ret_values);
}

static int irq_rate(const struct host *h, const struct metric_way *way,
		    struct unit_values *ret_values)
{
	(void)way;
	return unit_values_irq_rate(h, NULL, ret_values);
}

static int bare_quantile(const struct host *h, const struct metric_way *way,
			 struct unit_values *ret_values)
{
	return unit_values_bare_quantile(h, UNIT_CORRECTED, way->ppm, ret_values);
}

static int gap_lost(const struct host *h, const struct metric_way *way,
		    struct unit_values *ret_values)
{
	(void)way;
	return unit_values_gap_lost(h, ret_values);
}

/* All vCPUs that measured it together. */
static int exits_median(const struct host *h, const struct metric_way *way,
			struct unit_values *ret_values)
{
	return unit_values_exits(h, strchr(way->id, '.') + 1, way->ppm, ret_values);
}

static const struct metric_way ways[] = {
	{ "wake.p99", wake_quantile, metric_why_quantile, 990000 },
	{ "wake.p99.9", wake_quantile, metric_why_quantile, 999000 },
	{ "wake.stalls", wake_stalls, metric_why_stalls, 0 },
	{ "guest.gap.p99.9", guest_gap, metric_why_trace, 999000 },
	{ "irq.g_rate", irq_rate, metric_why_irqs, 0 },
	{ "guest.lost", guest_lost, metric_why_trace, 0 },
	{ "wake.p50", wake_quantile, NULL, 500000 },
	{ "wake.max", wake_max, NULL, 0 },
	{ "bare.wake.p99", bare_quantile, NULL, 990000 },
	{ "bare.wake.p99.9", bare_quantile, NULL, 999000 },
	{ "bare.gap.lost", gap_lost, NULL, 0 },
	{ "exits.timer", exits_median, NULL, 500000 },
	{ "exits.hlt-wake", exits_median, NULL, 500000 },
	{ "exits.irqfd", exits_median, NULL, 500000 },
	{ "exits.cpuid", exits_median, NULL, 500000 },
};

static struct record_metric *add(struct record_facts *record, struct arena *a, const char *id)
{
	struct record_metric *m = fact_add_item(&record->metrics, a, sizeof(*m));

	return m && fact_set_str(&m->id, a, id) == 0 ? m : NULL;
}

int metric_add_values(struct record_facts *record, struct arena *a, const char *id,
		      const struct unit_values *v)
{
	struct record_metric *m = add(record, a, id);

	if (!m)
		return -ENOMEM;
	if (v->offset)
		fact_set_u64(&m->offset, v->offset);
	m->values.v = arena_calloc(a, v->n, sizeof(*m->values.v));
	if (!m->values.v)
		return -ENOMEM;
	for (size_t i = 0; i < v->n; i++)
		m->values.v[i] = (struct fact_pair){ v->reps[i], v->values[i] };
	m->values.n = v->n;
	m->values.known = true;
	return 0;
}

static int add_why(struct host *h, const struct metric_way *way, struct arena *a,
		   struct record_facts *record)
{
	const char *why = way->why(h, way, a);
	struct record_metric *m = why ? add(record, a, way->id) : NULL;

	return m ? fact_set_str(&m->why, a, why) : -ENOMEM;
}

static int measure(struct host *h, const struct metric_way *way, struct arena *a,
		   struct record_facts *record)
{
	auto_unit_values struct unit_values v = { 0 };
	int r = way->values(h, way, &v);

	if (r == 0)
		return metric_add_values(record, a, way->id, &v);
	if (r != -ENODATA)
		return r;
	return way->why ? add_why(h, way, a, record) : 0;
}

int metrics_measure(struct host *h, struct arena *a, struct record_facts *record,
		    const char **ret_why)
{
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(ways) && r == 0; i++) {
		r = measure(h, &ways[i], a, record);
		if (r == -EBADMSG)
			*ret_why = arena_printf(a, "%s: a histogram is damaged", ways[i].id);
	}
	if (r == 0)
		r = metric_add_cpus(h, a, record);
	if (r == 0)
		r = metric_add_handlers(h, a, record);
	if (r == -EBADMSG && !*ret_why)
		*ret_why = "a histogram is damaged";
	if (r == 0)
		r = metrics_note_lost(h, a, record);
	return r;
}
