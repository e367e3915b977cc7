/* SPDX-License-Identifier: GPL-2.0-or-later */
/* record_curve.c - timer wake-ups by percentile, a value per repetition, for figures. */
#include "analyze/record_parts.h"
#include "analyze/unit_values.h"

/* About even steps of 1 / (1 - q) on a logarithmic axis; metrics stand on three of them. */
static const uint32_t quantiles_ppm[] = {
	100000, 250000, 500000, 750000, 900000, 950000, 980000, 990000, 995000,
	998000, 999000, 999500, 999800, 999900, 999950, 999980, 999990,
};

static int add(struct arena *a, uint32_t ppm, const struct unit_values *v,
	       struct record_facts *record)
{
	struct record_quantile *q = fact_add_item(&record->wake_curve, a, sizeof(*q));

	if (!q)
		return -ENOMEM;
	fact_set_u64(&q->quantile_ppm, ppm);
	q->values_ns.v = arena_calloc(a, v->n, sizeof(*q->values_ns.v));
	if (!q->values_ns.v)
		return -ENOMEM;
	for (size_t i = 0; i < v->n; i++)
		q->values_ns.v[i] = (struct fact_pair){ v->reps[i], v->values[i] };
	q->values_ns.n = v->n;
	q->values_ns.known = true;
	return 0;
}

int record_curve(const struct host *h, struct arena *a, struct record_facts *record)
{
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(quantiles_ppm) && r == 0; i++) {
		auto_unit_values struct unit_values v = { 0 };

		r = unit_values_wake_quantile(h, NULL, UNIT_CORRECTED, quantiles_ppm[i], &v);
		if (r == -ENODATA) /* what lies further out rests on still fewer events */
			return 0;
		if (r == 0)
			r = add(a, quantiles_ppm[i], &v, record);
	}
	record->wake_curve.known |= r == 0;
	return r;
}
