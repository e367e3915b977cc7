/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How often the whole is right: from the histograms of a run through its metrics and its record to
 * the verdict of a comparison, by seeded simulation.
 *
 * TEST_SOURCES: tests/lib/study_host.c probes/wake_loop.c
 */
#include "analyze/compare.h"
#include "analyze/record.h"
#include "probes/wake_loop.h"
#include "tests/lib/host.h"
#include "tests/lib/study_host.h"

enum { N_SESSIONS_MAX = 12 };

static void record(struct host *h, struct arena *a, struct record_facts *ret_record)
{
	const struct findings none = { 0 };
	const char *why;

	if (record_make(h, &none, a, ret_record, &why) < 0)
		fail_msg("%s", why);
}

static void run(const struct study_machine *m, double ratio, struct stats_random *r,
		struct arena *a, struct record_facts *ret_record)
{
	static struct host h;

	host_blank(&h);
	assert_int_equal(study_host(&h, m, ratio, r), 0);
	record(&h, a, ret_record);
	arena_release(&h.arena);
}

static bool is_whole(const struct comparison_facts *c, enum judge_verdict verdict)
{
	return fact_is(&c->verdict, judge_verdict_name(verdict));
}

static const struct comparison_metric *metric_of(const struct comparison_facts *c, const char *id)
{
	const struct comparison_metric *m = c->metrics.v;

	for (size_t i = 0; i < c->metrics.n; i++) {
		if (fact_is(&m[i].id, id))
			return &m[i];
	}
	fail_msg("%s is not there", id);
	return NULL;
}

struct plan {
	double ratio, sd_session;
	size_t n_before, n_after, n_calibration, n_runs;
	bool is_one_session;
};

struct outcome {
	size_t n[JUDGE_NOT_COMPARABLE + 1]; /* by the verdict of the whole */
	size_t n_gated, n_same;             /* metrics that decide, of all runs; with no change */
	size_t n_boot_inside;               /* of wake.p99 */
	size_t n_by_sessions;
};

static void count(const struct comparison_facts *c, struct outcome *o)
{
	const struct comparison_metric *m = c->metrics.v;

	for (unsigned v = 0; v <= JUDGE_NOT_COMPARABLE; v++)
		o->n[v] += is_whole(c, v);
	for (size_t i = 0; i < c->metrics.n && m[i].is_gated.v; i++) {
		o->n_gated += !fact_is(&m[i].verdict, "not-comparable");
		o->n_same += fact_is(&m[i].verdict, "no-change");
	}
	o->n_boot_inside += metric_of(c, "wake.p99")->is_boot_inside.v;
	o->n_by_sessions += fact_is(&metric_of(c, "wake.p99")->unit, "sessions");
}

static struct outcome simulate(const struct plan *p)
{
	static struct study_machine machine;
	struct outcome o = { 0 };
	struct stats_random r;

	study_machine_init(&machine);
	machine.wake.model.sd_session = p->sd_session;
	stats_random_seed(&r, 1);
	for (size_t i = 0; i < p->n_runs; i++) {
		auto_arena struct arena a = { 0 };
		struct record_facts records[N_SESSIONS_MAX];
		const struct record_facts *v[N_SESSIONS_MAX];
		const size_t n = p->n_before + p->n_calibration;
		struct comparison_facts c;
		const struct compare_wish wish = {
			.before = { v, p->n_before },
			.calibration = { v + p->n_before, p->n_calibration },
			.after = { v + n, p->n_after },
			.is_one_session = p->is_one_session,
		};

		for (size_t k = 0; k < n + p->n_after; k++) {
			run(&machine, k < n ? 1 : p->ratio, &r, &a, &records[k]);
			v[k] = &records[k];
		}
		assert_int_equal(compare_records(&wish, &a, &c), 0);
		count(&c, &o);
	}
	return o;
}

static void expect(const char *what, size_t got, size_t least, size_t most)
{
	if (got < least || got > most)
		fail_msg("%s: %zu, expected %zu to %zu", what, got, least, most);
}

/* Nothing changed: at most 2 % of the comparisons say so of any of the six that decide. */
static void test_same(void **state)
{
	const struct plan p = {
		.ratio = 1, .n_before = 1, .n_after = 1, .n_runs = 240, .is_one_session = true
	};
	const struct outcome o = simulate(&p);

	(void)state;
	expect("metrics that decide", o.n_gated, 6 * p.n_runs, 6 * p.n_runs);
	expect("regressed", o.n[JUDGE_REGRESSED], 0, p.n_runs / 50);
	expect("improved", o.n[JUDGE_IMPROVED], 0, p.n_runs / 50);
	expect("no change or unclear", o.n[JUDGE_NO_CHANGE] + o.n[JUDGE_INCONCLUSIVE],
	       p.n_runs * 96 / 100, p.n_runs);
	expect("metrics with no change", o.n_same, o.n_gated / 2, o.n_gated);
	expect("caveats", o.n_boot_inside, 0, 0);
}

static void test_twice(void **state)
{
	const struct plan twice = { .ratio = 2, .n_before = 1, .n_after = 1, .n_runs = 60 };
	const struct plan half = { .ratio = 0.5, .n_before = 1, .n_after = 1, .n_runs = 60 };
	struct outcome o = simulate(&twice);

	(void)state;
	expect("regressed", o.n[JUDGE_REGRESSED], 54, 60);
	expect("improved", o.n[JUDGE_IMPROVED], 0, 0);
	expect("caveats", o.n_boot_inside, 60, 60);
	o = simulate(&half);
	expect("improved", o.n[JUDGE_IMPROVED], 54, 60);
	expect("regressed", o.n[JUDGE_REGRESSED], 0, 0);
}

/* Boots that differ by 20 %: a noise floor, or sessions, hold what repetitions cannot. */
static void test_boots(void **state)
{
	static const struct {
		const char *what;
		struct plan plan;
		size_t least, most;
	} rows[] = {
		{ "two boots", { .n_before = 1, .n_after = 1 }, 8, 32 },
		{ "two boots, calibrated",
		  { .n_before = 1, .n_after = 1, .n_calibration = 5 },
		  0,
		  7 },
		{ "8 boots and 3", { .n_before = 8, .n_after = 3 }, 0, 3 },
		{ "8 boots and 1", { .n_before = 8, .n_after = 1 }, 0, 3 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct plan p = rows[i].plan;
		struct outcome o;

		p.ratio = 1;
		p.sd_session = 0.2;
		p.n_runs = 40;
		o = simulate(&p);
		expect(rows[i].what, o.n[JUDGE_REGRESSED], rows[i].least, rows[i].most);
		expect("by sessions", o.n_by_sessions, p.n_after > 1 ? 40 : 0,
		       p.n_after > 1 ? 40 : 0);
		expect("caveats", o.n_boot_inside, i == 0 ? 40 : 0, i == 0 ? 40 : 0);
	}
}

static void shuffle(struct fact_list *list, size_t size, struct stats_random *r)
{
	char *v = list->v, swap[4096];

	assert_true(size <= sizeof(swap));
	for (size_t i = list->n; i > 1; i--) {
		const size_t j = stats_random_below(r, (uint32_t)i);

		memcpy(swap, v + j * size, size);
		memcpy(v + j * size, v + (i - 1) * size, size);
		memcpy(v + (i - 1) * size, swap, size);
	}
}

/* However a document has its repetitions, CPUs and threads in order, it says the same. */
static void test_any_order(void **state)
{
	static struct study_machine machine;
	static struct host h;
	struct stats_random r;

	(void)state;
	study_machine_init(&machine);
	stats_random_seed(&r, 5);
	for (unsigned i = 0; i < 20; i++) {
		auto_arena struct arena a = { 0 };
		struct record_facts before, after;
		const struct record_metric *x, *y;

		host_blank(&h);
		assert_int_equal(study_host(&h, &machine, 1, &r), 0);
		record(&h, &a, &before);
		shuffle(&h.wake.units, sizeof(struct wake_unit), &r);
		shuffle(&h.activity.units, sizeof(struct activity_unit), &r);
		shuffle(&h.trace.vcpus, sizeof(struct trace_vcpu), &r);
		for (size_t k = 0; k < h.trace.vcpus.n; k++)
			shuffle(&((struct trace_vcpu *)h.trace.vcpus.v)[k].units,
				sizeof(struct trace_unit), &r);
		record(&h, &a, &after);
		assert_int_equal(before.metrics.n, after.metrics.n);
		x = before.metrics.v;
		y = after.metrics.v;
		for (size_t k = 0; k < before.metrics.n; k++) {
			assert_string_equal(x[k].id.v, y[k].id.v);
			assert_int_equal(x[k].values.n, STUDY_HOST_REPS);
			assert_int_equal(y[k].values.n, STUDY_HOST_REPS);
			assert_memory_equal(x[k].values.v, y[k].values.v,
					    x[k].values.n * sizeof(struct fact_pair));
		}
		arena_release(&h.arena);
	}
}

/* A clock that stands still but for sleeping; each second it may lose 50 ms. */
struct fake {
	uint64_t now_ns, stall_ns, next_stall_ns;
	struct stats_random *random;
};

static uint64_t fake_now_ns(void *self)
{
	return ((struct fake *)self)->now_ns;
}

static int fake_sleep_until_ns(void *self, uint64_t deadline_ns)
{
	struct fake *f = self;

	f->now_ns = u64_max(f->now_ns, deadline_ns) + noise_latency_ns(f->random, 0.3, 0.2);
	if (f->stall_ns > 0 && deadline_ns >= f->next_stall_ns) {
		f->now_ns = deadline_ns + f->stall_ns;
		f->next_stall_ns += NS_PER_S;
	}
	return 0;
}

/* Ten repetitions of 10 s at 1 ms, by the loop of the real probe. */
static void run_loop(uint64_t stall_ns, bool is_raw, struct stats_random *random, struct arena *a,
		     struct record_facts *ret_record)
{
	static struct wake_series series;
	static struct hist corrected;
	static struct host h;

	host_blank(&h);
	fact_set_u64(&h.wake.rep_duration_ns, 10 * NS_PER_S);
	for (uint64_t rep = 0; rep < 10; rep++) {
		struct fake f = { .stall_ns = stall_ns,
				  .next_stall_ns = NS_PER_S / 2,
				  .random = random };
		const struct timebase time = { &f, fake_now_ns, fake_sleep_until_ns };
		const struct wake_plan plan = { 0, NS_PER_MS, 10000 };
		struct wake_unit *u = fact_add_item(&h.wake.units, &h.arena, sizeof(*u));
		const atomic_bool stop = false;

		assert_non_null(u);
		assert_int_equal(wake_loop_run(&time, &plan, &stop, &series), 0);
		wake_series_corrected(&series, &corrected);
		fact_set_u64(&u->rep, rep);
		fact_set_u64(&u->cpu, 3);
		u->hist = (struct fact_hist){ true, hist_to_bins(&series.raw, &h.arena) };
		u->hist_corrected =
			(struct fact_hist){ true, hist_to_bins(is_raw ? &series.raw : &corrected,
							       &h.arena) };
		assert_true(u->hist.v && u->hist_corrected.v);
	}
	record(&h, a, ret_record);
	arena_release(&h.arena);
}

/* 50 of 1000 periods are lost each second. To the raw values that is nothing. */
static void test_coordinated_omission(void **state)
{
	struct stats_random random;

	(void)state;
	stats_random_seed(&random, 6);
	for (unsigned is_raw = 0; is_raw < 2; is_raw++) {
		auto_arena struct arena a = { 0 };
		struct record_facts before, after;
		const struct record_facts *b = &before, *c = &after;
		const struct compare_wish wish = { .before = { &b, 1 }, .after = { &c, 1 } };
		const struct comparison_metric *m;
		struct comparison_facts comparison;

		run_loop(0, is_raw, &random, &a, &before);
		run_loop(50 * NS_PER_MS, is_raw, &random, &a, &after);
		assert_int_equal(compare_records(&wish, &a, &comparison), 0);
		m = metric_of(&comparison, "wake.p99");
		/* 20 us, 30 % spread: p99 is twice as much. */
		assert_in_range(m->before_ns.v, 37 * NS_PER_US, 43 * NS_PER_US);
		if (is_raw) {
			assert_string_equal(m->verdict.v, "no-change");
			assert_in_range(m->after_ns.v, 37 * NS_PER_US, 45 * NS_PER_US);
		} else {
			assert_string_equal(m->verdict.v, "regressed");
			assert_in_range(m->after_ns.v, 39 * NS_PER_MS, 41 * NS_PER_MS);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_twice),
		cmocka_unit_test(test_boots),
		cmocka_unit_test(test_any_order),
		cmocka_unit_test(test_coordinated_omission),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
