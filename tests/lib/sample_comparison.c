/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/sample_comparison.h"

#include <string.h>

#include "tests/lib/check.h"

const char *const sample_comparison_names[N_SAMPLE_COMPARISONS] = {
	"green", "red", "inconclusive", "not-comparable", "waived", "budgets", "empty"
};

struct row { /* of metrics */
	const char *id, *title;
	uint64_t before, after;
	int64_t change, low, high;
	size_t at; /* of the value before */
};

#define AT(member) offsetof(struct comparison_metric, before_##member)

static const struct row rows[] = {
	{ "wake.p99", "wake-up latency, 99 %", 41200, 42000, 19, -12, 55, AT(ns) },
	{ "wake.p99.9", "wake-up latency, 99.9 %", 88000, 89000, 11, -40, 71, AT(ns) },
	{ "guest.lost", "time the vCPUs lost", 1800, 1790, -5, -90, 80, AT(ppm) },
	{ "irq.g_rate", "device interrupts", 5200, 5300, 20, -50, 90, AT(per_1000s) },
	{ "wake.stalls", "late wake-ups", 600, 610, 10, -70, 90, AT(per_1000min) },
	{ "future.metric", "of a newer version", 1000, 1001, 1, -9, 9, AT(ns) },
};

static struct fact_str str(const char *v)
{
	return (struct fact_str){ true, v };
}

static void *item(struct fact_list *list, struct arena *a, size_t size)
{
	void *v = fact_add_item(list, a, size);

	list->known = true;
	assert_non_null(v);
	return v;
}

static struct comparison_metric *add_metric(struct comparison_facts *c, struct arena *a,
					    const struct row *row, const char *verdict)
{
	struct comparison_metric *m = item(&c->metrics, a, sizeof(*m));
	struct fact_u64 *pair = (struct fact_u64 *)(void *)((char *)m + row->at);

	m->id = str(row->id);
	m->title = str(row->title);
	m->verdict = str(verdict);
	fact_set_bool(&m->is_gated, true);
	fact_set_u64(&pair[0], row->before);
	fact_set_u64(&pair[1], row->after);
	fact_set_i64(&m->change_permille, row->change);
	fact_set_i64(&m->ci95_low_permille, row->low);
	fact_set_i64(&m->ci95_high_permille, row->high);
	fact_set_u64(&m->margin_permille, 250);
	m->margin_reason = str("asked for");
	m->unit = str("repetitions");
	fact_set_u64(&m->n_before, 10);
	fact_set_u64(&m->n_after, 10);
	return m;
}

static void add_units(struct comparison_metric *m, struct arena *a)
{
	const struct fact_u64 *pair = m->before_ns.known          ? &m->before_ns
				      : m->before_ppm.known       ? &m->before_ppm
				      : m->before_per_1000s.known ? &m->before_per_1000s
								  : &m->before_per_1000min;

	for (uint64_t i = 0; i < 10; i++) {
		const uint64_t wobble = 950 + (i * 37) % 100;

		assert_int_equal(
			fact_add_pair(&m->units_before, a, i / 5, pair[0].v * wobble / 1000), 0);
		assert_int_equal(fact_add_pair(&m->units_after, a, 0, pair[1].v * wobble / 1000),
				 0);
	}
}

static void add_quantile(struct comparison_facts *c, struct arena *a, uint32_t ppm, uint64_t ns,
			 int64_t change)
{
	struct comparison_quantile *q = item(&c->wake_curve, a, sizeof(*q));
	const uint64_t after = ns * (uint64_t)(1000 + change) / 1000;

	fact_set_u64(&q->quantile_ppm, ppm);
	fact_set_u64(&q->before_low_ns, ns * 9 / 10);
	fact_set_u64(&q->before_ns, ns);
	fact_set_u64(&q->before_high_ns, ns * 12 / 10);
	fact_set_u64(&q->after_low_ns, after * 9 / 10);
	fact_set_u64(&q->after_ns, after);
	fact_set_u64(&q->after_high_ns, after * 12 / 10);
	fact_set_i64(&q->change_permille, change);
	fact_set_i64(&q->ci95_low_permille, change - 60);
	if (ppm < 999000) /* not bounded above */
		fact_set_i64(&q->ci95_high_permille, change + 80);
}

static void add_curve(struct comparison_facts *c, struct arena *a, bool is_red)
{
	static const struct {
		uint32_t ppm;
		uint64_t ns;
		int64_t change; /* of a regression */
	} points[] = { { 100000, 18000, 5 },  { 500000, 22000, 10 },  { 900000, 34000, 15 },
		       { 990000, 41200, 19 }, { 999000, 88000, 523 }, { 999900, 240000, 800 } };

	for (size_t i = 0; i < ARRAY_SIZE(points); i++)
		add_quantile(c, a, points[i].ppm, points[i].ns, is_red ? points[i].change : -8);
}

static void add_part(struct comparison_facts *c, struct arena *a)
{
	static const struct row part = {
		"wake.p99/cpu3", "wake-up latency of a CPU, 99 %", 40000, 80000, 1000, 0, 0, AT(ns)
	};
	struct comparison_metric *m = add_metric(c, a, &part, "regressed");

	fact_set_bool(&m->is_gated, false);
	m->ci95_low_permille.known = m->ci95_high_permille.known = false;
}

static void add_side(struct fact_object *object, struct arena *a, const char *name, uint64_t at_s)
{
	struct comparison_side *side = fact_set_object(object, a, sizeof(*side));

	assert_non_null(side);
	assert_int_equal(fact_add_str(&side->names, a, name), 0);
	fact_set_u64(&side->n_sessions, 3);
	fact_set_u64(&side->started_unix_ns, at_s * NS_PER_S);
	fact_set_u64(&side->duration_ns, 12345678901);
	side->label = str("as it was");
}

static void add_budget(struct comparison_facts *c, struct arena *a, const char *rule,
		       const char *verdict, const char *value, const char *reason)
{
	struct comparison_budget *b = item(&c->budgets, a, sizeof(*b));

	b->rule = str(rule);
	b->id = str("wake.p99.9");
	b->verdict = str(verdict);
	b->value = (struct fact_str){ value, value };
	b->limit = str("100 us");
	b->reason = (struct fact_str){ reason, reason };
}

static void add_budgets(struct comparison_facts *c, struct arena *a, bool is_red, bool is_waived)
{
	add_budget(c, a, "wake.p99.9 < 100us",
		   is_waived ? "waived"
		   : is_red  ? "broken"
			     : "held",
		   is_red ? "134 us" : "89 us", is_waived ? "2099-12-31: new board" : NULL);
	add_budget(c, a, "aio.headroom > 25%", "held", "99 %", NULL);
	add_budget(c, a, "wake.max < 2ms", "unknown", NULL, "n/a: needs 20 s a repetition");
}

static void add_waiver(struct comparison_facts *c, struct arena *a, const char *id,
		       const char *state)
{
	struct comparison_waiver *w = item(&c->waivers, a, sizeof(*w));

	w->id = str(id);
	w->reason = str("new board");
	w->until = str("2099-12-31");
	w->state = str(state);
}

static void add_context(struct comparison_facts *c, struct arena *a)
{
	struct comparison_difference *d = item(&c->differences, a, sizeof(*d));
	struct comparison_finding *f;
	struct comparison_tweak *t = item(&c->tweaks, a, sizeof(*t));

	d->key = str("kernel.cmdline");
	d->before = str("quiet isolcpus=2-5");
	d->after = str("quiet");
	f = item(&c->findings, a, sizeof(*f));
	*f = (struct comparison_finding){ str("isolation.isolcpus"), str("Isolated CPUs"),
					  str("pass"), str("advice"), str("No CPU is isolated.") };
	f = item(&c->findings, a, sizeof(*f));
	*f = (struct comparison_finding){ str("clocksource.tsc"), str("Clock source"),
					  str("problem"), str("pass"), str("It is the TSC.") };
	t->id = str("isolation.isolcpus");
	t->title = str("Isolated CPUs");
	t->change = str("appeared");
	t->sentence = str("isolation.isolcpus appeared, and wake.p99.9 rose by 52 %.");
	assert_int_equal(fact_add_str(&c->notes, a, "2 of 12 repetitions had steal"), 0);
}

static void set_red(struct comparison_metric *m)
{
	m->verdict = str("regressed");
	fact_set_u64(&m->after_ns, 134000);
	fact_set_i64(&m->change_permille, 523);
	fact_set_i64(&m->ci95_low_permille, 384);
	fact_set_i64(&m->ci95_high_permille, 711);
	fact_set_bool(&m->is_confirmed, true);
}

static void set_unclear(struct comparison_metric *m, const char *verdict, const char *reason)
{
	m->verdict = str(verdict);
	m->reason = str(reason);
}

static void add_metrics(struct comparison_facts *c, struct arena *a, const char *verdict,
			const char *reason)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct comparison_metric *m = add_metric(c, a, &rows[i], "no-change");

		if (reason)
			set_unclear(m, verdict, reason);
		else if (i == 1 && !strcmp(verdict, "regressed"))
			set_red(m);
		else if (i == 0 && !strcmp(verdict, "improved"))
			m->verdict = str("improved");
		add_units(m, a);
	}
	add_part(c, a);
}

void sample_comparison(enum sample_comparison which, struct arena *a, struct comparison_facts *c)
{
	static const struct {
		const char *verdict, *reason, *why; /* why: of each metric */
	} ways[N_SAMPLE_COMPARISONS] = {
		[SAMPLE_GREEN] = { "improved", "wake.p99 improved", NULL },
		[SAMPLE_RED] = { "regressed", "wake.p99.9 rose by 52 %", NULL },
		[SAMPLE_INCONCLUSIVE] = { "inconclusive", "The repetitions lie too far apart",
					  "spread; 34 repetitions would do" },
		[SAMPLE_NOT_COMPARABLE] = { "not-comparable", "The machines differ",
					    "the machines differ" },
		[SAMPLE_WAIVED] = { "regressed", "wake.p99.9 rose by 52 %", NULL },
	};
	const bool is_red = which == SAMPLE_RED || which == SAMPLE_WAIVED;

	if (which == SAMPLE_EMPTY)
		return;
	add_side(&c->after, a, "result.json", 1717250400);
	add_budgets(c, a, is_red, which == SAMPLE_WAIVED);
	if (which == SAMPLE_BUDGETS)
		return;
	c->verdict = str(ways[which].verdict);
	c->reason = str(ways[which].reason);
	add_side(&c->before, a, "baselines/host.json", 1717164000);
	add_metrics(c, a, ways[which].verdict, ways[which].why);
	if (which != SAMPLE_NOT_COMPARABLE)
		add_curve(c, a, is_red);
	add_context(c, a);
	if (which == SAMPLE_NOT_COMPARABLE)
		assert_int_equal(fact_add_str(&c->blocking, a, "cpu_model: one / other"), 0);
	if (which == SAMPLE_WAIVED)
		add_waiver(c, a, "wake.p99.9", "used");
	if (which == SAMPLE_RED)
		add_waiver(c, a, "irq.g_rate", "expired");
}

/* Words that a program, not a stranger, writes. */
static bool is_ours(const char *key)
{
	static const char *const keys[] = { "id", "verdict", "state", "change" };

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		if (!strcmp(keys[i], key))
			return true;
	}
	return false;
}

static void poison(const struct schema *s, void *facts, const char *text)
{
	for (size_t i = 0; i < s->n_fields; i++) {
		const struct fact_field *field = &s->fields[i];
		void *at = (char *)facts + field->at;

		if (field->type == FACT_STR && ((struct fact_str *)at)->known &&
		    !is_ours(field->key)) {
			((struct fact_str *)at)->v = text;
		} else if (field->type == FACT_STRS) {
			for (size_t k = 0; k < ((struct fact_strs *)at)->n; k++)
				((struct fact_strs *)at)->v[k] = text;
		} else if (field->type == FACT_LIST) {
			struct fact_list *list = at;

			for (size_t k = 0; k < list->n; k++)
				poison(field->item, (char *)list->v + k * field->item->size, text);
		} else if (field->type == FACT_OBJECT && ((struct fact_object *)at)->known) {
			poison(field->item, ((struct fact_object *)at)->v, text);
		}
	}
}

void sample_comparison_poison(struct comparison_facts *c, const char *text)
{
	poison(&comparison_schema, c, text);
}
