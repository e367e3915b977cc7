/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What would make a comparison lie: copies of a run, a hypervisor below, a host too noisy. */
#include "report/text_comparison.h"
#include "tests/lib/records.h"

static struct record_facts *add_run(struct side *s, uint64_t started_ns, uint64_t permille)
{
	struct record_facts *r = add_session(s);

	fact_set_u64(&r->started_unix_ns, started_ns);
	add_values(r, "wake.p99", wobble, 10, permille);
	return r;
}

static uint64_t n_sessions(const struct fact_object *side)
{
	return ((const struct comparison_side *)side->v)->n_sessions.v;
}

static uint64_t n_before(const struct side *before, const struct side *after)
{
	const struct comparison_facts c = compare(before, after, NULL);

	return n_sessions(&c.before);
}

static void test_copies(void **state)
{
	struct side b = { 0 }, a = { 0 };
	struct comparison_facts c;

	(void)state;
	/* Three copies of one before, with and without the names of their files. */
	for (int i = 0; i < 3; i++)
		set_str(&add_run(&b, 1, 1000)->name, i ? "copy.json" : "first.json");
	add_run(&a, 2, 1500);
	c = compare(&b, &a, NULL);
	assert_int_equal(n_sessions(&c.before), 1);
	assert_int_equal(metric_of(&c, "wake.p99")->n_before.v, 10);
	assert_true(metric_of(&c, "wake.p99")->is_boot_inside.v);
	assert_string_equal(c.notes.v[0], "copy.json holds the same run as first.json: it counts "
					  "once");
	set_str(&b.v[1].name, "first.json");
	set_str(&b.v[2].name, "first.json");
	c = compare(&b, &a, NULL);
	assert_string_equal(c.notes.v[0], "first.json is there more than once: a run counts once");
	b.v[0].name.known = false;
	c = compare(&b, &a, NULL);
	assert_true(has_line(&c.notes, "the same run is there more than once: it counts once"));
	/* A baseline keeps no settings of older sessions, and other versions other metrics. */
	b.v[1].settings = (struct fact_list){ 0 };
	add_values(&b.v[2], "wake.p50", wobble, 10, 900);
	add_values(&b.v[2], "guest.lost", wobble, 10, 900);
	assert_int_equal(n_before(&b, &a), 1);
	/* Other values or another moment: another run. */
	((struct record_metric *)b.v[1].metrics.v)->values.v[3].value++;
	fact_set_u64(&b.v[2].started_unix_ns, 3);
	assert_int_equal(n_before(&b, &a), 3);
	for (int i = 0; i < 3; i++)
		b.v[i].started_unix_ns.known = false;
	assert_int_equal(n_before(&b, &a), 3);
}

static void test_copies_of_nothing(void **state)
{
	struct side b = { 0 }, a = { 0 };

	(void)state;
	/* Nothing that decides: then how long they took tells them apart. */
	for (uint64_t i = 0; i < 2; i++) {
		struct record_facts *r = add_session(&b);

		fact_set_u64(&r->started_unix_ns, 1);
		fact_set_u64(&r->duration_ns, 5 + i);
	}
	add_run(&a, 2, 1000);
	assert_int_equal(n_before(&b, &a), 2);
	fact_set_u64(&b.v[1].duration_ns, 5);
	assert_int_equal(n_before(&b, &a), 1);
}

static void test_calibration_of_copies(void **state)
{
	struct side b = { 0 }, a = { 0 }, k = { 0 };
	struct compare_wish wish = { 0 };
	struct comparison_facts c;

	(void)state;
	add_run(&b, 1, 1000);
	add_run(&a, 2, 1300);
	for (int i = 0; i < 4; i++)
		add_run(&k, 7, 1000);
	wish.calibration = (struct compare_side){ k.p, k.n };
	c = compare(&b, &a, &wish);
	/* Else they would show a machine without any noise. */
	assert_true(metric_of(&c, "wake.p99")->is_boot_inside.v);
}

static void test_both_sides(void **state)
{
	struct side b = { 0 }, a = { 0 };
	struct comparison_facts c;

	(void)state;
	for (uint64_t i = 0; i < 4; i++)
		set_str(&add_run(&b, 1 + i, 1000 + 100 * i)->name, "base.json");
	set_str(&add_run(&a, 4, 1300)->name, "last.json");
	c = compare(&b, &a, NULL);
	assert_int_equal(n_sessions(&c.before), 3);
	assert_int_equal(n_sessions(&c.after), 1);
	assert_true(has_line(&c.notes,
			     "the same run stands on both sides: last.json; it counts after"));
	assert_string_equal(metric_of(&c, "wake.p99")->margin_reason.v,
			    "noise floor of 4 sessions");
	c = compare(&a, &b, NULL);
	assert_int_equal(n_sessions(&c.before), 1);
	assert_int_equal(n_sessions(&c.after), 3);
	assert_true(has_line(&c.notes, "it counts before"));
	/* Nothing else is there. */
	c = compare(&a, &a, NULL);
	assert_int_equal(n_sessions(&c.before) + n_sessions(&c.after), 2);
	assert_true(has_line(&c.notes, "the same run stands on both sides: last.json"));
	check_whole(&c, "no-change", "");
}

/* Sessions before that lie apart by spread, and one after. */
static struct comparison_facts compare_noisy(const uint64_t *spread, size_t n, uint64_t after)
{
	struct side b = { 0 }, a = { 0 };

	for (size_t i = 0; i < n; i++)
		add_run(&b, 1 + i, spread[i]);
	add_run(&a, 100, after);
	return compare(&b, &a, NULL);
}

static char *print(const struct comparison_facts *c)
{
	const struct text_style style = { .width = 80 };
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	assert_int_equal(text_comparison(out, c, &style), 0);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void test_too_noisy(void **state)
{
	static const uint64_t apart[] = { 1000, 2400, 700, 1900 };
	static const uint64_t absurd[] = { 1000, 90000, 30, 8000 };
	struct comparison_facts c = compare_noisy(apart, 4, 1500);
	const struct comparison_metric *m = metric_of(&c, "wake.p99");
	auto_free char *text = print(&c), *more = NULL;

	(void)state;
	check_whole(&c, "inconclusive",
		    "wake.p99: this host is too noisy to gate on it: as far as 4 tell, sessions "
		    "with nothing changed differ by up to ");
	assert_true(m->is_too_noisy.v && !m->n_needed.known);
	assert_true(m->margin_permille.v > 1000);
	assert_non_null(strstr(text, "\nNext: find out what disturbs this host"));
	assert_non_null(strstr(text, "(it keeps 8)"));
	/* However noisy: what is beyond is worse. */
	c = compare_noisy(apart, 4, 90000);
	check_whole(&c, "regressed", "");
	assert_false(m->is_too_noisy.known && metric_of(&c, "wake.p99")->is_too_noisy.v);
	c = compare_noisy(absurd, 4, 1000);
	check_whole(&c, "inconclusive", "differ by more than 1000 %");
	more = print(&c);
	assert_non_null(strstr(more, "  >1000 %  inconclusive\n"));
}

static void test_hypervisor_below(void **state)
{
	static const struct {
		uint64_t before, after; /* UINT64_MAX: not known */
		const char *note;
	} cases[] = {
		{ 0, 0, NULL },
		{ 30, 45, NULL },
		{ 3, 30, "took 0.3 % of the CPUs' time before, 3 % after: " },
		{ 120, 310, "the hypervisor below took 12 % of the CPUs' time before, 31 % after" },
		{ 60, 60, "took 6 % of the CPUs' time before, 6 % after" },
		{ UINT64_MAX, 60, "took an unknown part of the CPUs' time before, 6 % after" },
		{ UINT64_MAX, 40, NULL },
		{ UINT64_MAX - 1, 0, "took 100 % of the CPUs' time before, 0 % after" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct side b = { 0 }, a = { 0 };
		struct comparison_facts c;

		if (cases[i].before != UINT64_MAX)
			fact_set_u64(&add_run(&b, 1, 1000)->steal_permille, cases[i].before);
		else
			add_run(&b, 1, 1000);
		fact_set_u64(&add_run(&a, 2, 1500)->steal_permille, cases[i].after);
		c = compare(&b, &a, NULL);
		/* The first thing to know; the verdict stands. */
		check_whole(&c, "regressed", "");
		if (cases[i].note)
			assert_non_null(strstr(c.notes.v[0], cases[i].note));
		else
			assert_false(has_line(&c.notes, "the hypervisor below"));
	}
}

static void test_untold(void **state)
{
	struct side b = { 0 }, a = { 0 };
	struct record_facts *before = add_run(&b, 1, 1000), *after = add_run(&a, 2, 1000);
	struct comparison_facts c;

	(void)state;
	fact_set_u64(&before->untold_permille, 113);
	fact_set_u64(&after->untold_permille, 10);
	c = compare(&b, &a, NULL);
	assert_true(has_line(&c.notes, "the trace does not tell 11 % of the vCPUs' time before, "
				       "1 % after: guest.lost is a share of what it tells"));
	fact_set_u64(&before->untold_permille, 50);
	c = compare(&b, &a, NULL);
	assert_false(has_line(&c.notes, "the trace does not tell"));
}

static void test_key(void **state)
{
	const struct compare_wish paired = { .is_paired = true, .is_one_session = true };
	struct side b = { 0 }, a = { 0 };
	struct comparison_facts c;
	auto_free char *text = NULL, *pairs = NULL;

	(void)state;
	add_run(&b, 1, 1000);
	add_run(&a, 2, 1500);
	c = compare(&b, &a, NULL);
	text = print(&c);
	assert_non_null(strstr(text, "\nBEFORE and AFTER are medians of the repetitions; CHANGE "));
	c = compare(&b, &a, &paired);
	pairs = print(&c);
	assert_non_null(strstr(pairs, "\npairs, not the change of the medians.\n"));
}

static void test_all_that_blocks(void **state)
{
	struct side b = { 0 }, a = { 0 };
	struct comparison_facts c;
	struct fingerprint_facts *f;

	(void)state;
	add_run(&b, 1, 1000);
	f = add_run(&a, 2, 1000)->fingerprint.v;
	set_str(&f->cpu_model, "Intel");
	set_str(&f->guest_kind, "qemu");
	c = compare(&b, &a, NULL);
	assert_int_equal(c.blocking.n, 2);
	check_whole(&c, "not-comparable", "they differ in cpu_model: AMD / Intel (and 1 more)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_copies, release),
		cmocka_unit_test_teardown(test_copies_of_nothing, release),
		cmocka_unit_test_teardown(test_calibration_of_copies, release),
		cmocka_unit_test_teardown(test_both_sides, release),
		cmocka_unit_test_teardown(test_too_noisy, release),
		cmocka_unit_test_teardown(test_hypervisor_below, release),
		cmocka_unit_test_teardown(test_untold, release),
		cmocka_unit_test_teardown(test_key, release),
		cmocka_unit_test_teardown(test_all_that_blocks, release),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
