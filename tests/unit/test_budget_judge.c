/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Budgets against results made by hand: each verdict, and each way a waiver can stand to it. */
#include <string.h>

#include "analyze/budget.h"
#include "tests/lib/host.h"

#define DAY_END (UINT64_C(1798761600) * NS_PER_S) /* of 2026-12-31 */

struct fixture {
	struct host h;
	struct record_facts record;
	struct findings findings;
	struct comparison_facts c;
	struct finding rows[4];
	struct tweak tweaks[4];
};

static struct record_metric *add_metric(struct fixture *f, const char *id)
{
	struct record_metric *m =
		fact_add_item(&f->record.metrics, &f->h.arena, sizeof(struct record_metric));

	assert_non_null(m);
	set_str(&m->id, id);
	return m;
}

static void add_values(struct fixture *f, const char *id, const uint64_t *values, size_t n)
{
	struct record_metric *m = add_metric(f, id);

	for (size_t i = 0; i < n; i++)
		assert_int_equal(fact_add_pair(&m->values, &f->h.arena, i, values[i]), 0);
}

/* Rows as the engine would have judged them; the list is kept sorted by nobody here. */
static void add_row(struct fixture *f, const char *id, enum verdict verdict, const char *summary)
{
	const size_t i = f->findings.n++;

	assert_true(i < ARRAY_SIZE(f->rows));
	f->tweaks[i] = (struct tweak){ .id = id };
	f->rows[i] =
		(struct finding){ .tweak = &f->tweaks[i], .verdict = verdict, .summary = summary };
	f->findings.v = f->rows;
}

static struct fixture *fixture_new(void)
{
	struct fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	host_blank(&f->h);
	return f;
}

static void fixture_free(struct fixture *f)
{
	arena_release(&f->h.arena);
	free(f);
}

static void judge_at(struct fixture *f, const char *file, uint64_t now_unix_ns)
{
	struct budgets b;
	const char *why;

	if (budgets_parse(text_of(file), "gate", &f->h.arena, &b, &why) < 0)
		fail_msg("%s", why);
	assert_int_equal(
		budgets_judge(&b, &f->h, &f->findings, &f->record, now_unix_ns, &f->h.arena, &f->c),
		0);
}

static const struct comparison_budget *budget(const struct fixture *f, size_t i)
{
	const struct comparison_budget *b = f->c.budgets.v;

	assert_true(f->c.budgets.known && i < f->c.budgets.n);
	return &b[i];
}

static const struct comparison_waiver *waiver(const struct fixture *f, size_t i)
{
	const struct comparison_waiver *w = f->c.waivers.v;

	assert_true(f->c.waivers.known && i < f->c.waivers.n);
	return &w[i];
}

static void check_budget(const struct fixture *f, size_t i, const char *verdict, const char *value,
			 const char *reason)
{
	const struct comparison_budget *b = budget(f, i);

	assert_string_equal(b->verdict.v, verdict);
	assert_int_equal(b->value.known, value != NULL);
	if (value)
		assert_string_equal(b->value.v, value);
	assert_int_equal(b->reason.known, reason != NULL);
	if (reason)
		assert_string_equal(b->reason.v, reason);
}

static void test_metric(void **state)
{
	static const struct {
		const char *line, *verdict, *value, *limit;
	} rows[] = {
		{ "wake.p99.9 < 100us", "broken", "134 us", "100 us" },
		{ "wake.p99.9 < 134us", "broken", "134 us", "134 us" },
		{ "wake.p99.9 <= 134us", "held", "134 us", "134 us" },
		{ "wake.p99.9 < 134001ns", "held", "134 us", "134 us" },
		{ "wake.p99.9 > 134us", "broken", "134 us", "134 us" },
		{ "wake.p99.9 >= 134us", "held", "134 us", "134 us" },
		{ "wake.p99.9 > 100us", "held", "134 us", "100 us" },
		/* The largest, not the median; and shares and rates in their words. */
		{ "wake.max < 1ms", "broken", "2 ms", "1 ms" },
		{ "wake.max < 3ms", "held", "2 ms", "3 ms" },
		{ "wake.stalls < 1/min", "held", "0/min", "1/min" },
		{ "wake.stalls < 0", "broken", "0/min", "0/min" },
		{ "guest.lost < 0.5%", "held", "0.18 %", "0.5 %" },
		{ "irq.g_rate < 5/s", "broken", "5.2/s", "5/s" },
		/* One value a session, of thousands of round trips. */
		{ "exits.cpuid < 2us", "held", "1.5 us", "2 us" },
	};
	struct fixture *f = fixture_new();

	(void)state;
	add_values(f, "wake.p99.9", (uint64_t[]){ 900000, 134000, 90000 }, 3);
	add_values(f, "wake.max", (uint64_t[]){ 1, 2000000, 2 }, 3);
	add_values(f, "wake.stalls", (uint64_t[]){ 0, 0, 9000 }, 3);
	add_values(f, "guest.lost", (uint64_t[]){ 1800, 1800, 1800, 1800 }, 4);
	add_values(f, "irq.g_rate", (uint64_t[]){ 1, 5200, 9000 }, 3);
	add_values(f, "exits.cpuid", (uint64_t[]){ 1500 }, 1);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		judge_at(f, rows[i].line, 0);
		assert_int_equal(f->c.budgets.n, i + 1);
		check_budget(f, i, rows[i].verdict, rows[i].value, NULL);
		assert_string_equal(budget(f, i)->limit.v, rows[i].limit);
		assert_string_equal(budget(f, i)->rule.v, rows[i].line);
	}
	fixture_free(f);
}

/* Not measured, too short, too few: neither held nor broken. */
static void test_metric_unknown(void **state)
{
	struct fixture *f = fixture_new();

	(void)state;
	set_str(&add_metric(f, "wake.p99.9")->why, "needs 20 s a repetition");
	add_values(f, "wake.p99", (uint64_t[]){ 1, 2 }, 2);
	add_values(f, "wake.max", (uint64_t[]){ 1 }, 1);
	add_metric(f, "wake.stalls")->values.known = true;
	judge_at(f,
		 "wake.p99.9 < 1s\nwake.p99 < 1s\nwake.max < 1ns\nwake.stalls < 1/s\n"
		 "guest.lost < 1%\nwake.p99/cpu7 < 1s\n",
		 0);
	check_budget(f, 0, "unknown", NULL, "needs 20 s a repetition");
	check_budget(f, 1, "unknown", NULL, "2 repetitions: a budget needs 3");
	check_budget(f, 2, "unknown", NULL, "only 1 of 2 repetitions tell it: a budget needs 3");
	check_budget(f, 3, "unknown", NULL, "not measured");
	check_budget(f, 4, "unknown", NULL, "not measured");
	check_budget(f, 5, "unknown", NULL, "not measured");
	assert_string_equal(budget(f, 0)->limit.v, "1 s");
	fixture_free(f);
}

static void test_headroom(void **state)
{
	struct fixture *f = fixture_new();

	(void)state;
	judge_at(f, "aio.headroom > 25%", 0);
	check_budget(f, 0, "unknown", NULL, "probe aio did not run");
	fact_set_u64(&f->h.aio.nr, 1000);
	judge_at(f, "aio.headroom > 25%", 0);
	check_budget(f, 1, "unknown", NULL, "probe aio did not run");
	fact_set_u64(&f->h.aio.max_nr, 4000);
	judge_at(f, "aio.headroom > 25%", 0);
	check_budget(f, 2, "held", "75 %", NULL);
	/* The worst moment counts, not the last. */
	fact_set_u64(&f->h.activity.aio_nr_before, 1000);
	fact_set_u64(&f->h.activity.aio_nr_max, 3000);
	fact_set_u64(&f->h.activity.aio_nr_after, 2000);
	judge_at(f, "aio.headroom > 25%", 0);
	check_budget(f, 3, "broken", "25 %", NULL);
	fact_set_u64(&f->h.activity.aio_nr_max, 5000);
	judge_at(f, "aio.headroom > 25%", 0);
	check_budget(f, 4, "broken", "0 %", NULL);
	/* Hostile: no product of them may overflow, nothing be divided by 0. */
	fact_set_u64(&f->h.aio.max_nr, UINT64_MAX);
	judge_at(f, "aio.headroom > 25%", 0);
	check_budget(f, 5, "held", "100 %", NULL);
	fact_set_u64(&f->h.aio.max_nr, 0);
	judge_at(f, "aio.headroom > 25%", 0);
	check_budget(f, 6, "broken", "0 %", NULL);
	fixture_free(f);
}

static void test_findings(void **state)
{
	struct fixture *f = fixture_new();

	(void)state;
	judge_at(f, "finding:*\nfinding:clocksource.tsc", 0);
	check_budget(f, 0, "unknown", NULL, "nothing was judged");
	check_budget(f, 1, "unknown", NULL, "not judged");

	add_row(f, "clocksource.tsc", VERDICT_ADVICE, "The clock source is hpet.");
	add_row(f, "irq.managed", VERDICT_UNKNOWN, "It could not be told.");
	add_row(f, "aio.headroom", VERDICT_NOT_APPLICABLE, "No disk of the guest uses native AIO.");
	judge_at(f,
		 "finding:clocksource.tsc\nfinding:clocksource.tsc < problem\n"
		 "finding:irq.managed\nfinding:aio.headroom\nfinding:*\nfinding:* < problem\n"
		 "finding:aio.max-nr",
		 0);
	check_budget(f, 2, "broken", "advice", "The clock source is hpet.");
	assert_string_equal(budget(f, 2)->limit.v, "no problem, no advice");
	check_budget(f, 3, "held", "advice", "The clock source is hpet.");
	assert_string_equal(budget(f, 3)->limit.v, "no problem");
	check_budget(f, 4, "unknown", NULL, "It could not be told.");
	check_budget(f, 5, "held", "not-applicable", "No disk of the guest uses native AIO.");
	check_budget(f, 6, "broken", "clocksource.tsc", NULL);
	check_budget(f, 7, "held", "none", NULL);
	check_budget(f, 8, "unknown", NULL, "not judged");
	assert_string_equal(budget(f, 7)->id.v, "*");
	fixture_free(f);
}

/* What was not looked at, for no guest ran or nothing was measured, is neither held nor broken. */
static void test_open_findings(void **state)
{
	static const struct {
		const char *id, *reason;
	} rows[] = {
		{ "irq.storm", "Only a run measures this." },
		{ "guest.memlock", "Needs a running guest." },
		{ "aio.max-nr", "No guest's disks are known." },
	};
	struct fixture *f = fixture_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		add_row(f, "clocksource.tsc", VERDICT_NOT_APPLICABLE, rows[i].reason);
		f->rows[i].is_open = true;
		f->findings.v = &f->rows[i];
		f->findings.n = 1;
		judge_at(f, "finding:clocksource.tsc\nfinding:clocksource.tsc < problem", 0);
		check_budget(f, 2 * i, "unknown", NULL, rows[i].reason);
		check_budget(f, 2 * i + 1, "unknown", NULL, rows[i].reason);
		f->findings.n = i + 1;
	}
	fixture_free(f);
}

/* Of the engine: what an audit left to a run, against a device that is not there. */
static void test_engine_is_open(void **state)
{
	static const struct {
		const char *id;
		bool knows_disks, is_open;
	} rows[] = {
		{ "host.steal", false, true },
		{ "aio.max-nr", false, true },
		{ "aio.max-nr", true, false },
	};
	struct fixture *f = fixture_new();

	(void)state;
	fact_set_bool(&f->h.run.is_audit, true);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct rule *rule = rule_find(rows[i].id);
		struct finding finding;

		f->h.domain.disks.known = rows[i].knows_disks;
		if (!rule)
			fail_msg("no rule %s", rows[i].id);
		assert_int_equal(engine_judge(&f->h, rule, &finding), 0);
		assert_int_equal(finding.verdict, VERDICT_NOT_APPLICABLE);
		assert_int_equal(finding.is_open, rows[i].is_open);
	}
	fixture_free(f);
}

/* A waiver holds to the last moment of its last day. */
static void test_day_border(void **state)
{
	static const char file[] = "wake.p99.9 < 100us\n"
				   "waive wake.p99.9 until 2026-12-31: new board is on its way\n";
	struct fixture *f = fixture_new();

	(void)state;
	add_values(f, "wake.p99.9", (uint64_t[]){ 134000, 134000, 134000 }, 3);
	judge_at(f, file, DAY_END - 1);
	check_budget(f, 0, "waived", "134 us", "waived until 2026-12-31: new board is on its way");
	assert_string_equal(waiver(f, 0)->state.v, "used");
	assert_string_equal(waiver(f, 0)->until.v, "2026-12-31");
	assert_string_equal(waiver(f, 0)->reason.v, "new board is on its way");
	assert_int_equal(f->c.notes.n, 0);

	judge_at(f, file, DAY_END);
	check_budget(f, 1, "broken", "134 us", NULL);
	assert_string_equal(waiver(f, 1)->state.v, "expired");
	assert_int_equal(f->c.notes.n, 1);
	assert_string_equal(f->c.notes.v[0], "waiver of wake.p99.9 ended on 2026-12-31");
	fixture_free(f);
}

static void test_waivers(void **state)
{
	struct fixture *f = fixture_new();

	(void)state;
	add_values(f, "wake.p99.9", (uint64_t[]){ 90000, 90000, 90000 }, 3);
	add_row(f, "clocksource.tsc", VERDICT_ADVICE, "The clock source is hpet.");
	add_row(f, "irq.managed", VERDICT_PROBLEM, "One queue.");
	judge_at(f,
		 "wake.p99.9 < 100us\nwake.max < 1ms\nfinding:*\nfinding:clocksource.tsc\n"
		 "waive wake.p99.9 until 2026-12-31: held anyway\n"
		 "waive wake.max until 2026-12-31: unknown anyway\n"
		 "waive irq.managed until 2020-01-01: over\n"
		 "waive irq.managed until 2026-12-31: renewed\n"
		 "waive clocksource.tsc until 2026-12-31: old board\n",
		 DAY_END - 1);
	check_budget(f, 0, "held", "90 us", NULL);
	check_budget(f, 1, "unknown", NULL, "not measured");
	check_budget(f, 2, "waived", "none",
		     "waived: clocksource.tsc until 2026-12-31: old board; "
		     "irq.managed until 2026-12-31: renewed");
	check_budget(f, 3, "waived", "advice", "waived until 2026-12-31: old board");
	assert_string_equal(waiver(f, 0)->state.v, "unused");
	assert_string_equal(waiver(f, 1)->state.v, "unused");
	assert_string_equal(waiver(f, 2)->state.v, "expired");
	assert_string_equal(waiver(f, 3)->state.v, "used");
	assert_string_equal(waiver(f, 4)->state.v, "used");
	assert_int_equal(f->c.notes.n, 3);
	assert_string_equal(f->c.notes.v[0], "waiver of wake.p99.9 was not needed");

	/* What is not let off still breaks it, and is all that is named. */
	judge_at(f, "finding:*\nwaive irq.managed until 2026-12-31: renewed\n", DAY_END - 1);
	check_budget(f, 4, "broken", "clocksource.tsc",
		     "waived: irq.managed until 2026-12-31: renewed");
	fixture_free(f);
}

static struct comparison_metric *add_compared(struct fixture *f, const char *id,
					      const char *verdict, bool is_gated)
{
	struct comparison_metric *m =
		fact_add_item(&f->c.metrics, &f->h.arena, sizeof(struct comparison_metric));

	assert_non_null(m);
	set_str(&m->id, id);
	set_str(&m->verdict, verdict);
	fact_set_bool(&m->is_gated, is_gated);
	return m;
}

static void test_regressions(void **state)
{
	const struct comparison_metric *m;
	struct fixture *f = fixture_new();

	(void)state;
	add_compared(f, "wake.p99", "regressed", true);
	add_compared(f, "wake.p99.9", "improved", true);
	add_compared(f, "wake.max", "regressed", false);
	judge_at(f,
		 "waive wake.p99 until 2026-12-31: a reason\n"
		 "waive wake.p99.9 until 2026-12-31: it got better\n"
		 "waive wake.max until 2026-12-31: decides nothing\n",
		 DAY_END - 1);
	m = f->c.metrics.v;
	assert_string_equal(m[0].reason.v, "waived until 2026-12-31: a reason");
	assert_false(m[1].reason.known);
	assert_false(m[2].reason.known);
	assert_string_equal(waiver(f, 0)->state.v, "used");
	assert_string_equal(waiver(f, 1)->state.v, "unused");
	assert_string_equal(waiver(f, 2)->state.v, "unused");
	assert_true(f->c.budgets.known && !f->c.budgets.n);
	fixture_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_metric),        cmocka_unit_test(test_metric_unknown),
		cmocka_unit_test(test_headroom),      cmocka_unit_test(test_findings),
		cmocka_unit_test(test_open_findings), cmocka_unit_test(test_engine_is_open),
		cmocka_unit_test(test_day_border),    cmocka_unit_test(test_waivers),
		cmocka_unit_test(test_regressions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
