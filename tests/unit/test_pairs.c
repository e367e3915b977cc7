/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The order of turns, and how turns become two records. */
#include <string.h>

#include "analyze/pairs.h"
#include "tests/lib/check.h"

enum { TURNS_MAX = 8 };

static void test_order(void **state)
{
	char order[17] = "";

	(void)state;
	for (size_t i = 0; i < 16; i++)
		order[i] = pairs_is_on(i) ? 'B' : 'A';
	assert_string_equal(order, "ABBABAABBAABABBA");
}

static void test_order_is_balanced(void **state)
{
	long sum = 0, at = 0, squares = 0;

	(void)state;
	for (size_t pair = 0; pair < 100; pair++)
		assert_true(pairs_is_on(2 * pair) != pairs_is_on(2 * pair + 1));
	/* Steady and growing drift have the same share of both after eight pairs. */
	for (long i = 0; i < 16; i++) {
		const long sign = pairs_is_on((size_t)i) ? 1 : -1;

		sum += sign;
		at += sign * i;
		squares += sign * i * i;
	}
	assert_int_equal(sum, 0);
	assert_int_equal(at, 0);
	assert_int_equal(squares, 0);
}

/* Records of turns, two a pair: off then on. */
struct turns {
	struct arena arena;
	struct record_facts v[2 * TURNS_MAX];
	const struct record_facts *off[TURNS_MAX], *on[TURNS_MAX];
	struct pairs pairs;
	struct record_facts ret_off, ret_on;
};

static void turns_init(struct turns *t, size_t n)
{
	memset(t, 0, sizeof(*t));
	for (size_t i = 0; i < n; i++) {
		t->off[i] = &t->v[2 * i];
		t->on[i] = &t->v[2 * i + 1];
	}
	t->pairs = (struct pairs){ t->off, t->on, n };
}

static void join(struct turns *t)
{
	assert_int_equal(pairs_join(&t->pairs, &t->arena, &t->ret_off, &t->ret_on), 0);
}

static struct record_metric *add_metric(struct turns *t, size_t turn, const char *id)
{
	struct record_metric *m =
		fact_add_item(&t->v[turn].metrics, &t->arena, sizeof(struct record_metric));

	assert_non_null(m);
	m->id = (struct fact_str){ true, id };
	return m;
}

static void add_value(struct turns *t, size_t turn, const char *id, uint64_t value)
{
	struct record_metric *m = add_metric(t, turn, id);

	assert_int_equal(fact_add_pair(&m->values, &t->arena, 0, value), 0);
}

static const struct record_metric *get(const struct record_facts *r, const char *id)
{
	const struct record_metric *m = r->metrics.v;

	for (size_t i = 0; i < r->metrics.n; i++) {
		if (fact_is(&m[i].id, id))
			return &m[i];
	}
	fail_msg("no metric %s", id);
	return NULL;
}

static void check_values(const struct record_metric *m, size_t n, const uint64_t (*expected)[2])
{
	assert_int_equal(m->values.n, n);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(m->values.v[i].key, expected[i][0]);
		assert_int_equal(m->values.v[i].value, expected[i][1]);
	}
}

static void test_values_by_pair(void **state)
{
	static const uint64_t off[][2] = { { 0, 100 }, { 2, 300 } };
	static const uint64_t on[][2] = { { 0, 110 }, { 2, 0 } };
	struct turns t;

	(void)state;
	turns_init(&t, 3);
	add_value(&t, 0, "wake.p99", 100);
	add_value(&t, 1, "wake.p99", 110);
	/* The probe failed in one half: the other half tells nothing. */
	add_value(&t, 2, "wake.p99", 200);
	add_value(&t, 4, "wake.p99", 300);
	add_value(&t, 5, "wake.p99", 0);
	fact_set_u64(&((struct record_metric *)t.v[0].metrics.v)->offset, 3);
	fact_set_u64(&((struct record_metric *)t.v[5].metrics.v)->offset, 5);
	add_metric(&t, 3, "wake.p99")->why = (struct fact_str){ true, "it crashed" };
	join(&t);
	check_values(get(&t.ret_off, "wake.p99"), 2, off);
	check_values(get(&t.ret_on, "wake.p99"), 2, on);
	assert_int_equal(get(&t.ret_off, "wake.p99")->offset.v, 5);
	assert_int_equal(get(&t.ret_on, "wake.p99")->offset.v, 5);
	assert_false(get(&t.ret_on, "wake.p99")->why.known);
	assert_int_equal(t.ret_off.metrics.n, 1);
	assert_int_equal(t.ret_on.metrics.n, 1);
	arena_release(&t.arena);
}

static void test_why_there_is_none(void **state)
{
	struct turns t;

	(void)state;
	turns_init(&t, 2);
	for (size_t i = 0; i < 4; i++)
		add_metric(&t, i, "wake.p99.9")->why = (struct fact_str){ true, "needs 20 s" };
	/* Seen on one side only: a metric of both, without values. */
	add_value(&t, 1, "irq.g_rate/nvme0q1", 7);
	join(&t);
	assert_int_equal(get(&t.ret_off, "wake.p99.9")->values.n, 0);
	assert_string_equal(get(&t.ret_off, "wake.p99.9")->why.v, "needs 20 s");
	assert_string_equal(get(&t.ret_on, "wake.p99.9")->why.v, "needs 20 s");
	assert_int_equal(get(&t.ret_off, "irq.g_rate/nvme0q1")->values.n, 0);
	assert_int_equal(get(&t.ret_on, "irq.g_rate/nvme0q1")->values.n, 0);
	arena_release(&t.arena);
}

static void add_setting(struct turns *t, size_t turn, const char *key, const char *value)
{
	struct record_setting *s =
		fact_add_item(&t->v[turn].settings, &t->arena, sizeof(struct record_setting));

	assert_non_null(s);
	s->key = (struct fact_str){ true, key };
	s->value = (struct fact_str){ true, value };
}

static const char *setting(const struct record_facts *r, const char *key)
{
	const struct record_setting *s = r->settings.v;

	for (size_t i = 0; i < r->settings.n; i++) {
		if (fact_is(&s[i].key, key))
			return s[i].value.v;
	}
	return NULL;
}

static void test_settings_follow_the_switch(void **state)
{
	struct turns t;

	(void)state;
	turns_init(&t, 3);
	for (size_t i = 0; i < 6; i++) {
		const bool is_on = i & 1;

		add_setting(&t, i, "cpu.governors", is_on ? "performance" : "powersave");
		add_setting(&t, i, "kernel.release", "6.1");
		if (is_on)
			add_setting(&t, i, "mm.only_on", "1");
		/* Somebody else changes these meanwhile. */
		add_setting(&t, i, "sched.other", i == 3 ? "1" : "2");
		if (i != 4)
			add_setting(&t, i, "irq.failed_once", "x");
	}
	join(&t);
	assert_string_equal(setting(&t.ret_off, "cpu.governors"), "powersave");
	assert_string_equal(setting(&t.ret_on, "cpu.governors"), "performance");
	assert_string_equal(setting(&t.ret_on, "kernel.release"), "6.1");
	assert_null(setting(&t.ret_off, "mm.only_on"));
	assert_string_equal(setting(&t.ret_on, "mm.only_on"), "1");
	assert_null(setting(&t.ret_off, "sched.other"));
	assert_null(setting(&t.ret_on, "sched.other"));
	assert_null(setting(&t.ret_off, "irq.failed_once"));
	assert_null(setting(&t.ret_on, "irq.failed_once"));
	arena_release(&t.arena);
}

static void add_finding(struct turns *t, size_t turn, const char *id, const char *verdict)
{
	struct record_finding *f =
		fact_add_item(&t->v[turn].findings, &t->arena, sizeof(struct record_finding));

	assert_non_null(f);
	f->id = (struct fact_str){ true, id };
	f->verdict = (struct fact_str){ true, verdict };
}

static void test_findings_of_one_turn_are_none(void **state)
{
	struct turns t;

	(void)state;
	turns_init(&t, 2);
	add_finding(&t, 0, "cpu.governor", "advice");
	add_finding(&t, 2, "cpu.governor", "advice");
	add_finding(&t, 1, "cpu.governor", "pass");
	add_finding(&t, 3, "cpu.governor", "pass");
	add_finding(&t, 2, "host.steal", "problem");
	join(&t);
	assert_int_equal(t.ret_off.findings.n, 1);
	assert_int_equal(t.ret_on.findings.n, 1);
	assert_true(fact_is(&((struct record_finding *)t.ret_off.findings.v)->verdict, "advice"));
	assert_true(fact_is(&((struct record_finding *)t.ret_on.findings.v)->verdict, "pass"));
	arena_release(&t.arena);
}

static void add_culprit(struct turns *t, size_t turn, const char *name, uint64_t share_ppm)
{
	struct record_culprit *c =
		fact_add_item(&t->v[turn].culprits, &t->arena, sizeof(struct record_culprit));

	assert_non_null(c);
	t->v[turn].culprits.known = true;
	c->class = (struct fact_str){ true, "task" };
	c->name = (struct fact_str){ true, name };
	fact_set_u64(&c->share_ppm, share_ppm);
}

static void test_culprits_are_means(void **state)
{
	const struct record_culprit *c;
	struct turns t;

	(void)state;
	turns_init(&t, 2);
	add_culprit(&t, 0, "kworker", 100);
	add_culprit(&t, 2, "rcu", 700);
	add_culprit(&t, 2, "kworker", 301);
	/* So are what was stolen and what is not known, of the turns that tell. */
	fact_set_u64(&t.v[0].steal_permille, 100);
	fact_set_u64(&t.v[2].steal_permille, 301);
	fact_set_u64(&t.v[3].untold_permille, 70);
	t.v[3].culprits.known = true; /* none was met; of the other turn it is not known */
	join(&t);
	c = t.ret_off.culprits.v;
	assert_int_equal(t.ret_off.culprits.n, 2);
	assert_string_equal(c[0].name.v, "rcu");
	assert_int_equal(c[0].share_ppm.v, 350);
	assert_int_equal(c[1].share_ppm.v, 201);
	assert_int_equal(t.ret_off.steal_permille.v, 201);
	assert_false(t.ret_off.untold_permille.known || t.ret_on.steal_permille.known);
	assert_int_equal(t.ret_on.untold_permille.v, 70);
	assert_true(t.ret_on.culprits.known);
	assert_int_equal(t.ret_on.culprits.n, 0);
	arena_release(&t.arena);
}

static void test_the_rest(void **state)
{
	struct turns t;

	(void)state;
	turns_init(&t, 2);
	for (size_t i = 0; i < 4; i++) {
		fact_set_u64(&t.v[i].started_unix_ns, 1000 + i);
		fact_set_u64(&t.v[i].duration_ns, 10);
		assert_int_equal(fact_add_str(&t.v[i].warnings, &t.arena, "steal"), 0);
	}
	assert_int_equal(fact_add_str(&t.v[2].warnings, &t.arena, "throttled"), 0);
	join(&t);
	assert_int_equal(t.ret_off.started_unix_ns.v, 1000);
	assert_int_equal(t.ret_on.started_unix_ns.v, 1001);
	assert_int_equal(t.ret_off.duration_ns.v, 20);
	assert_int_equal(t.ret_off.warnings.n, 2);
	assert_int_equal(t.ret_on.warnings.n, 1);
	t.pairs.n = 0;
	assert_int_equal(pairs_join(&t.pairs, &t.arena, &t.ret_off, &t.ret_on), -EINVAL);
	arena_release(&t.arena);
}

static void test_keeps_metrics(void **state)
{
	static const char *const ids[] = { "wake.p99" };
	struct turns t;

	(void)state;
	turns_init(&t, 1);
	add_value(&t, 0, "wake.p99", 1);
	add_value(&t, 0, "wake.p99.9", 2);
	add_value(&t, 0, "wake.p99/cpu3", 3);
	add_value(&t, 0, "irq.g_rate", 4);
	pairs_keep_metrics(&t.v[0], NULL, 0);
	assert_int_equal(t.v[0].metrics.n, 4);
	pairs_keep_metrics(&t.v[0], ids, 1);
	assert_int_equal(t.v[0].metrics.n, 2);
	assert_string_equal(((struct record_metric *)t.v[0].metrics.v)[0].id.v, "wake.p99");
	assert_string_equal(((struct record_metric *)t.v[0].metrics.v)[1].id.v, "wake.p99/cpu3");
	arena_release(&t.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_order_is_balanced),
		cmocka_unit_test(test_values_by_pair),
		cmocka_unit_test(test_why_there_is_none),
		cmocka_unit_test(test_settings_follow_the_switch),
		cmocka_unit_test(test_findings_of_one_turn_are_none),
		cmocka_unit_test(test_culprits_are_means),
		cmocka_unit_test(test_the_rest),
		cmocka_unit_test(test_keeps_metrics),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
