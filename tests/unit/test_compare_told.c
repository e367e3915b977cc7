/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What else a comparison tells: settings, findings, tweaks, notes, what was confirmed; as document.
 */
#include "analyze/compare_words.h"
#include "tests/lib/records.h"

static void test_settings(void **state)
{
	struct side b = { 0 }, a = { 0 };
	struct record_facts *before = add_session(&b), *after = add_session(&a);
	const struct comparison_difference *d;
	struct comparison_facts c;

	(void)state;
	/* Not in order: a stranger's file need not be. */
	add_setting(before, "cpu.online", "0-7");
	add_setting(before, "clock.current", "hpet");
	add_setting(before, "cpu.isolated", "");
	add_setting(before, "power.status", "active");
	/* What we chose, or the user of us, is no setting. */
	add_setting(before, "cpus.source", "fallback");
	add_setting(after, "cpus.source", "option");
	add_setting(after, "clock.current", "tsc");
	add_setting(after, "cpu.online", "0-7");
	add_setting(after, "clock.tsc_option", "reliable");
	add_setting(after, "cpu.isolated", "2-5");
	c = compare(&b, &a, NULL);
	d = c.differences.v;
	assert_int_equal(c.differences.n, 3);
	assert_string_equal(d[0].key.v, "clock.current");
	assert_string_equal(d[0].before.v, "hpet");
	assert_string_equal(d[0].after.v, "tsc");
	assert_string_equal(d[1].key.v, "clock.tsc_option");
	assert_false(d[1].before.known);
	assert_string_equal(d[2].key.v, "cpu.isolated");
	assert_string_equal(d[2].before.v, "");
	assert_true(has_line(&c.notes, "settings of power are not known after"));
	after->settings = (struct fact_list){ 0 };
	c = compare(&b, &a, NULL);
	assert_int_equal(c.differences.n, 0);
	assert_true(has_line(&c.notes, "what differs in their settings is not known"));
}

static void test_findings(void **state)
{
	struct side b = { 0 }, a = { 0 };
	struct record_facts *before = add_session(&b), *after = add_session(&a);
	const struct comparison_finding *f;
	struct comparison_facts c;
	static const struct {
		const char *id, *before, *after;
	} expected[] = {
		{ "clocksource.tsc", "pass", "problem" },
		{ "aio.headroom", "advice", "pass" },
		{ "irq.managed", "advice", "problem" },
		{ "cpu.isolcpus", "advice", NULL },
	};

	(void)state;
	add_finding(before, "clocksource.tsc", VERDICT_PASS);
	add_finding(after, "clocksource.tsc", VERDICT_PROBLEM);
	add_finding(before, "aio.headroom", VERDICT_ADVICE);
	add_finding(after, "aio.headroom", VERDICT_PASS);
	add_finding(before, "irq.managed", VERDICT_ADVICE);
	add_finding(after, "irq.managed", VERDICT_PROBLEM);
	add_finding(before, "cpu.isolcpus", VERDICT_ADVICE);
	add_finding(before, "cpu.nohz-full", VERDICT_PASS); /* not judged after: no matter */
	add_finding(before, "freq.governor", VERDICT_ADVICE);
	add_finding(after, "freq.governor", VERDICT_ADVICE);
	add_finding(after, "no.such.row", VERDICT_PROBLEM);
	c = compare(&b, &a, NULL);
	f = c.findings.v;
	assert_int_equal(c.findings.n, ARRAY_SIZE(expected));
	for (size_t i = 0; i < ARRAY_SIZE(expected); i++) {
		size_t k = 0;

		while (k < c.findings.n && !fact_is(&f[k].id, expected[i].id))
			k++;
		assert_true(k < c.findings.n);
		assert_true(fact_is(&f[k].before, expected[i].before));
		assert_true(expected[i].after ? fact_is(&f[k].after, expected[i].after)
					      : !f[k].after.known);
		assert_true(f[k].title.known && f[k].summary.known);
	}
	/* What was judged on one side only is no tweak that was made. */
	assert_int_equal(c.tweaks.n, 2);
}

static const char *tweak_sentence(const struct comparison_facts *c, const char *id)
{
	const struct comparison_tweak *t = c->tweaks.v;

	for (size_t i = 0; i < c->tweaks.n; i++) {
		if (fact_is(&t[i].id, id))
			return t[i].sentence.v;
	}
	return "(none)";
}

static void check_tweak(const struct comparison_facts *c, const char *id, const char *piece)
{
	if (!strstr(tweak_sentence(c, id), piece))
		fail_msg("%s: '%s', expected '…%s…'", id, tweak_sentence(c, id), piece);
}

/* One in ten repetitions had any. */
static void add_none(struct record_metric *m)
{
	fact_set_u64(&m->offset, 25);
	for (uint64_t i = 0; i < 10; i++)
		assert_int_equal(fact_add_pair(&m->values, &arena, i, i == 4 ? 50 : 0), 0);
}

static void test_tweaks(void **state)
{
	struct side b = { 0 }, a = { 0 };
	struct record_facts *before = add_session(&b), *after = add_session(&a);
	struct comparison_facts c;

	(void)state;
	add_finding(before, "irq.managed", VERDICT_ADVICE);
	add_finding(after, "irq.managed", VERDICT_PASS);
	add_finding(before, "cpu.isolcpus", VERDICT_PASS);
	add_finding(after, "cpu.isolcpus", VERDICT_ADVICE);
	add_finding(before, "freq.governor", VERDICT_ADVICE);
	add_finding(after, "freq.governor", VERDICT_PASS);
	add_finding(before, "aio.headroom", VERDICT_PROBLEM);
	add_finding(after, "aio.headroom", VERDICT_PASS);
	add_finding(before, "smi.count", VERDICT_ADVICE);
	add_finding(after, "smi.count", VERDICT_PASS);
	add_culprit(before, "irq.managed", 23000);
	add_culprit(before, "irq.managed", 1000);
	add_culprit(after, "irq.host-on-g", 70000);
	add_values(before, "irq.g_rate", wobble, 10, 1000);
	add_values(after, "irq.g_rate", wobble, 10, 100);
	add_values(before, "guest.lost", wobble, 10, 10);
	add_values(after, "guest.lost", wobble, 10, 10);
	add_values(before, "wake.p99", wobble, 10, 1000);
	add_values(after, "wake.p99", wobble, 10, 3000);
	c = compare(&b, &a, NULL);
	check_tweak(&c, "irq.managed", "irq.managed is gone; irq.g_rate fell by 90 % (");
	check_tweak(&c, "irq.managed", "): as expected");
	check_tweak(&c, "irq.managed", "; who it is about took 2.4 % of the vCPUs' time, now none");
	check_tweak(&c, "cpu.isolcpus",
		    "cpu.isolcpus appeared; guest.lost shows that it did not move");
	check_tweak(&c, "freq.governor", "freq.governor is gone; wake.p99 rose by 200 % (");
	check_tweak(&c, "freq.governor", "the opposite of what is expected");
	check_tweak(&c, "aio.headroom", "what it should move is nothing that vfiobench measures");
	check_tweak(&c, "smi.count", "guest.gap.p99.9, was not measured on both sides");
	/* None in most repetitions is not none at all. */
	((struct record_metric *)before->metrics.v)[0].values.n = 0;
	((struct record_metric *)after->metrics.v)[0].values.n = 0;
	add_none(&((struct record_metric *)before->metrics.v)[0]);
	add_none(&((struct record_metric *)after->metrics.v)[0]);
	c = compare(&b, &a, NULL);
	check_tweak(&c, "irq.managed",
		    "irq.managed is gone; irq.g_rate shows that it did not move: most repetitions "
		    "have none, before and after; who");
	/* Without a trace on one side, time is not told. */
	after->culprits = (struct fact_list){ 0 };
	c = compare(&b, &a, NULL);
	assert_null(strstr(tweak_sentence(&c, "irq.managed"), "who it is about"));
}

static int check_proof(void *arg, const struct tweak *t)
{
	const char *id = tweak_metric(t->id);
	size_t *n = arg;

	if (id && !metric_find(id))
		fail_msg("%s: no metric '%s'", t->id, id);
	*n += id != NULL;
	return 0;
}

static void test_tweak_metrics(void **state)
{
	size_t n = 0;

	(void)state;
	tweak_each(check_proof, &n);
	assert_true(n > 60);
	assert_string_equal(tweak_metric("pin.emulator"), "guest.lost");
	assert_string_equal(tweak_metric("irq.managed"), "irq.g_rate");
	assert_null(tweak_metric("todo.guide"));
	assert_null(tweak_metric("pin"));
	assert_null(tweak_metric(""));
}

static void test_confirm(void **state)
{
	struct comparison_facts alarm = compare_shapes(wobble, wobble, 1500);
	struct comparison_facts same = compare_shapes(wobble, wobble, 1000);
	struct comparison_facts again = compare_shapes(wobble, wobble, 1600);

	(void)state;
	assert_int_equal(compare_confirm(&alarm, &again, &arena), 0);
	check_whole(&alarm, "regressed", "wake.p99 rose by 50 %");
	assert_true(metric_of(&alarm, "wake.p99")->is_confirmed.v);
	assert_int_equal(compare_confirm(&alarm, &same, &arena), 0);
	check_whole(&alarm, "inconclusive", "fresh sessions did not show it again (no-change)");
	check_metric(&alarm, "wake.p99", "inconclusive");
	assert_true(metric_of(&alarm, "wake.p99")->is_confirmed.known);
	assert_false(metric_of(&alarm, "wake.p99")->is_confirmed.v);
	/* Without an alarm there is nothing to confirm. */
	assert_int_equal(compare_confirm(&same, &again, &arena), 0);
	check_whole(&same, "no-change", "");
	assert_false(metric_of(&same, "wake.p99")->is_confirmed.known);
}

/* The first session and fresh ones together: what stands is what both comparisons reject. */
static void test_confirm_all(void **state)
{
	struct comparison_facts first = compare_shapes(wobble, wobble, 1500);
	struct comparison_facts same = compare_shapes(wobble, wobble, 1000);
	struct comparison_facts all = compare_shapes(wobble, wobble, 1400);

	(void)state;
	assert_int_equal(compare_confirm_all(&all, &first, &arena), 0);
	check_whole(&all, "regressed", "wake.p99 rose by 40 %");
	assert_true(metric_of(&all, "wake.p99")->is_confirmed.v);
	assert_false(has_line(&all.notes, "wake.p99 rose in the first session"));
	/* Only at first: what all of them say decides, and the alarm is told. */
	assert_int_equal(compare_confirm_all(&same, &first, &arena), 0);
	check_whole(&same, "no-change", "");
	assert_true(has_line(&same.notes, "wake.p99 rose in the first session; with the fresh "
					  "ones it is no-change"));
	/* Only with the fresh ones: they were not measured to look for it. */
	first = compare_shapes(wobble, wobble, 1000);
	assert_int_equal(compare_confirm_all(&all, &first, &arena), 0);
	check_whole(&all, "inconclusive", "with the fresh sessions only, not at first (no-change)");
	assert_false(metric_of(&all, "wake.p99")->is_confirmed.v);
}

static void test_notes(void **state)
{
	struct side b = { 0 }, a = { 0 };
	struct record_facts *before = add_session(&b), *after = add_session(&a);
	struct comparison_facts c;

	(void)state;
	after->started_unix_ns = before->started_unix_ns;
	set_str(&after->name, "again.json");
	fact_set_bool(&after->is_partial, true);
	set_str(&before->tool_version, "1");
	set_str(&after->tool_version, "2");
	assert_int_equal(fact_add_str(&before->warnings, &arena, "the hypervisor below took 5 %"),
			 0);
	c = compare(&b, &a, NULL);
	assert_true(has_line(&c.notes, "the same run stands on both sides: again.json"));
	assert_true(has_line(&c.notes, "again.json ended early"));
	assert_true(has_line(&c.notes, "measured by different versions: 1 and 2"));
	assert_true(has_line(&c.notes, "before: the hypervisor below took 5 %"));
	/* A stranger's file with very many of them. */
	for (int i = 0; i < 1000; i++) {
		const char *line = arena_printf(&arena, "warning %d", i);

		assert_int_equal(fact_add_str(&before->warnings, &arena, line), 0);
	}
	c = compare(&b, &a, NULL);
	assert_true(c.notes.n <= 40);
}

static void test_document(void **state)
{
	struct comparison_facts c = compare_shapes(wobble, wobble, 1500), back;
	auto_doc struct doc *d = NULL, *again = NULL, *bad = doc_object_new();
	const char *why;

	(void)state;
	assert_int_equal(comparison_encode(&c, &d), 0);
	assert_int_equal(comparison_decode(d, &arena, &back, &why), 0);
	assert_int_equal(comparison_encode(&back, &again), 0);
	assert_true(doc_equal(d, again));
	assert_int_equal(comparison_decode(bad, &arena, &back, &why), -EBADMSG);
	assert_non_null(strstr(why, "not a vfiobench comparison"));
	assert_int_equal(doc_put_str(bad, "format", COMPARISON_FORMAT), 0);
	assert_int_equal(doc_put_u64(bad, "version", COMPARISON_VERSION), 0);
	assert_int_equal(comparison_decode(bad, &arena, &back, &why), -EBADMSG);
	assert_string_equal(why, "verdict is missing");
}

static void test_words(void **state)
{
	static const struct {
		int64_t permille;
		const char *text;
	} cases[] = {
		{ 0, "0 %" },     { 4, "+0.4 %" },     { -81, "-8.1 %" },
		{ 520, "+52 %" }, { -1000, "-100 %" }, { INT64_MIN, ">-100000 %" },
	};
	struct comparison_metric m = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_string_equal(compare_signed(&arena, cases[i].permille, false),
				    cases[i].text);
	assert_string_equal(compare_change(&arena, 0), "stayed as it was");
	assert_string_equal(compare_interval(&arena, &m), "");
	fact_set_i64(&m.ci95_low_permille, 380);
	assert_string_equal(compare_interval(&arena, &m), "above +38 %");
	fact_set_i64(&m.ci95_high_permille, 710);
	assert_string_equal(compare_interval(&arena, &m), "+38 to +71 %");
	m.ci95_low_permille.known = false;
	assert_string_equal(compare_interval(&arena, &m), "below +71 %");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_settings, release),
		cmocka_unit_test_teardown(test_findings, release),
		cmocka_unit_test_teardown(test_tweaks, release),
		cmocka_unit_test_teardown(test_tweak_metrics, release),
		cmocka_unit_test_teardown(test_confirm, release),
		cmocka_unit_test_teardown(test_confirm_all, release),
		cmocka_unit_test_teardown(test_notes, release),
		cmocka_unit_test_teardown(test_document, release),
		cmocka_unit_test_teardown(test_words, release),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
