/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How noisy a host is, from numbers worked out by hand. */
#include <math.h>
#include <string.h>

#include "analyze/calibration.h"
#include "analyze/metric.h"
#include "analyze/stats_size.h"
#include "tests/lib/check.h"

enum { SESSIONS_MAX = 8 };

struct sessions {
	struct arena arena;
	struct record_facts v[SESSIONS_MAX];
	const struct record_facts *list[SESSIONS_MAX];
	struct calibration_facts c;
};

static int setup(void **state)
{
	struct sessions *s = calloc(1, sizeof(*s));

	assert_non_null(s);
	for (size_t i = 0; i < SESSIONS_MAX; i++)
		s->list[i] = &s->v[i];
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	struct sessions *s = *state;

	arena_release(&s->arena);
	free(s);
	return 0;
}

static struct record_metric *add_metric(struct sessions *s, size_t session, const char *id)
{
	struct record_metric *m =
		fact_add_item(&s->v[session].metrics, &s->arena, sizeof(struct record_metric));

	assert_non_null(m);
	m->id = (struct fact_str){ true, id };
	return m;
}

static void add(struct sessions *s, size_t session, const char *id, uint64_t a, uint64_t b,
		uint64_t c)
{
	const uint64_t values[] = { a, b, c };
	struct record_metric *m = add_metric(s, session, id);

	for (size_t i = 0; i < ARRAY_SIZE(values); i++)
		assert_int_equal(fact_add_pair(&m->values, &s->arena, i, values[i]), 0);
}

static const struct calibration_metric *make(struct sessions *s, size_t n, const char *id)
{
	const struct calibration_metric *m;

	memset(&s->c, 0, sizeof(s->c));
	assert_int_equal(calibration_make(s->list, n, &s->arena, &s->c), 0);
	m = s->c.metrics.v;
	for (size_t i = 0; i < s->c.metrics.n; i++) {
		if (fact_is(&m[i].id, id))
			return &m[i];
	}
	fail_msg("no %s", id);
	return NULL;
}

static void is_u64(const struct fact_u64 *f, uint64_t expected)
{
	assert_true(f->known);
	assert_int_equal(f->v, expected);
}

/* Medians 1, 1.1 and 1.21; repetitions 10 % around them. */
static void add_noisy(struct sessions *s)
{
	add(s, 0, "wake.p99", 10000000, 11000000, 12100000);
	add(s, 1, "wake.p99", 13310000, 11000000, 12100000);
	add(s, 2, "wake.p99", 12100000, 13310000, 14641000);
}

static void test_noise_by_hand(void **state)
{
	struct sessions *s = *state;
	const struct calibration_metric *m;
	/* ln 1.1 between sessions: t(.95, 2) sqrt(2) ln 1.1 = 2.920 * 1.4142 * 0.09531 = 0.39359 */
	const double noise = 0.39359;
	/* The median distance of two repetitions is ln 1.1, times 1.0483: 0.099914. One metric. */
	const struct stats_plan plan = { 0.099914, 0.05, 0.8, false };
	const double visible = noise + stats_visible_distance(&plan, 10, 10);

	add_noisy(s);
	m = make(s, 3, "wake.p99");
	is_u64(&s->c.n_sessions, 3);
	is_u64(&s->c.n_repetitions, 3);
	is_u64(&m->n_sessions, 3);
	is_u64(&m->repetitions_permille, 105);
	is_u64(&m->sessions_permille, 100);
	is_u64(&m->noise_permille, 482);
	is_u64(&m->margin_permille, 482);
	assert_string_equal(m->margin_reason.v, "noise floor of 3 sessions");
	assert_string_equal(m->typical.v, "12.1 ms");
	assert_true(m->visible_permille.known);
	assert_true(fabs((double)m->visible_permille.v - (exp(visible) - 1) * 1000) < 2);
	/* A rise by half is hardly beyond a margin of 48.2 %. */
	assert_false(m->n_for_half.known && m->n_for_half.v < 50);
	assert_true(m->is_gate.known && m->is_gate.v);
	assert_string_equal(s->c.sentence.v, "This host can gate on wake.p99 (seen from 20.2 ms).");
	/* Three repetitions are no gate, whatever the metric. */
	assert_int_equal(s->c.notes.n, 1);
	assert_string_equal(
		s->c.notes.v[0],
		"3 repetitions a session: a check needs 5 at least, fewer decide nothing");
}

/* Two metrics decide: the noise of each is at 2.5 %, t(.975, 2) = 4.3027. */
static void test_noise_of_a_family(void **state)
{
	struct sessions *s = *state;
	const struct calibration_metric *m;

	add_noisy(s);
	for (size_t i = 0; i < 3; i++)
		add(s, i, "wake.p99.9", 2000000, 2010000, 2020000);
	m = make(s, 3, "wake.p99");
	/* exp(0.39359 * 4.3027 / 2.91999) */
	is_u64(&m->noise_permille, 786);
	is_u64(&m->margin_permille, 786);
}

static void test_quiet(void **state)
{
	struct sessions *s = *state;
	const struct calibration_metric *m;

	for (size_t i = 0; i < 5; i++)
		add(s, i, "wake.p99", 1000000, 1010000, 1020000);
	m = make(s, 5, "wake.p99");
	is_u64(&m->sessions_permille, 0);
	is_u64(&m->noise_permille, 0);
	is_u64(&m->margin_permille, 100);
	assert_string_equal(m->margin_reason.v, metric_find("wake.p99")->margin_why);
	assert_true(m->visible_permille.v > 100 && m->visible_permille.v < 130);
	/* Whatever the spread, the exact test asks for five. */
	is_u64(&m->n_for_half, 5);
}

static void test_too_noisy(void **state)
{
	struct sessions *s = *state;
	const struct calibration_metric *m;

	for (size_t i = 0; i < 5; i++) {
		add(s, i, "wake.p99", 1000000, 1010000, 1020000);
		/* Each session twice the one before. */
		add(s, i, "guest.lost", 1000u << i, 1100u << i, 1200u << i);
	}
	m = make(s, 5, "guest.lost");
	assert_true(m->is_gate.known && !m->is_gate.v);
	assert_false(m->n_for_half.known);
	/* By tens of thousands of percent: nobody sees that. */
	assert_false(m->visible_permille.known || m->visible_at.known);
	assert_string_equal(s->c.sentence.v, "Too noisy to gate on guest.lost (no rise can be "
					     "seen); fit to gate on wake.p99 (seen from 1.13 ms).");
}

static void test_all_too_noisy(void **state)
{
	struct sessions *s = *state;

	for (size_t i = 0; i < 5; i++)
		add(s, i, "wake.p99", 1000000u << i, 1000000u << i, 1000000u << i);
	make(s, 5, "wake.p99");
	assert_non_null(strstr(s->c.sentence.v, "too noisy to gate on anything: wake.p99"));
}

/* A value that cannot be is none: more than all of the time, a wait beyond its repetition. */
static void test_no_such_value(void **state)
{
	static const struct {
		const char *id;
		uint64_t usual, rep_duration_ns;
		bool is_visible;
	} cases[] = {
		{ "guest.lost", 100000, 0, true },
		{ "guest.lost", 800000, 0, false },
		{ "guest.gap.p99.9", 400000000, NS_PER_S, false },
		{ "guest.gap.p99.9", 400000000, 20 * NS_PER_S, true },
		{ "guest.gap.p99.9", 400000000, 0, true },
	};
	struct sessions *s = *state;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		static const uint64_t percent[] = { 100, 160, 65, 125, 75 };
		struct fingerprint_facts f = { 0 };
		const struct calibration_metric *m;

		if (cases[i].rep_duration_ns)
			fact_set_u64(&f.rep_duration_ns, cases[i].rep_duration_ns);
		for (size_t k = 0; k < ARRAY_SIZE(percent); k++) {
			const uint64_t v = cases[i].usual * percent[k] / 100;

			s->v[k] = (struct record_facts){ .fingerprint = { true, &f } };
			add(s, k, cases[i].id, v, v + v / 50, v - v / 50);
		}
		m = make(s, 5, cases[i].id);
		assert_true(m->is_gate.known && !m->is_gate.v);
		assert_int_equal(m->visible_at.known, cases[i].is_visible);
		assert_int_equal(m->visible_permille.known, cases[i].is_visible);
		assert_non_null(strstr(s->c.sentence.v, cases[i].is_visible
								? "(a rise below "
								: "(no rise can be seen)"));
	}
}

/* As steady as can be, but what is lost is most of the time: it cannot double, nor be a gate. */
static void test_no_room_to_rise(void **state)
{
	struct sessions *s = *state;
	const struct calibration_metric *m;

	for (size_t i = 0; i < 5; i++)
		add(s, i, "guest.lost", 900000, 901000, 902000);
	m = make(s, 5, "guest.lost");
	assert_false(m->visible_at.known);
	assert_true(m->is_gate.known && !m->is_gate.v);
	assert_non_null(strstr(s->c.sentence.v, "guest.lost (no rise can be seen)"));
}

/* A rate of 0 has no ratio: its floor says from where on it matters. */
static void test_zero_rate(void **state)
{
	struct sessions *s = *state;
	const struct metric *irq = metric_find("irq.g_rate");
	const struct calibration_metric *m;

	for (size_t i = 0; i < 5; i++) {
		add(s, i, "irq.g_rate", 0, 0, 0);
		fact_set_u64(&((struct record_metric *)s->v[i].metrics.v)->offset, 25);
	}
	m = make(s, 5, "irq.g_rate");
	assert_string_equal(m->typical.v, metric_words(irq, 0, &s->arena));
	assert_string_equal(m->visible_at.v, metric_words(irq, irq->floor, &s->arena));
	assert_true(m->is_gate.v);
}

static void test_what_is_missing(void **state)
{
	struct sessions *s = *state;
	const struct calibration_metric *m;

	for (size_t i = 0; i < 3; i++)
		add_metric(s, i, "wake.p99.9")->why = (struct fact_str){ true, "needs 20 s" };
	m = make(s, 3, "wake.p99.9");
	assert_string_equal(m->why.v, "needs 20 s");
	assert_false(m->typical.known || m->margin_permille.known || m->is_gate.known);
	m = make(s, 3, "guest.lost");
	assert_string_equal(m->why.v, "not measured");
	assert_string_equal(s->c.sentence.v, "Nothing that decides could be measured here.");
	assert_int_equal(calibration_make(s->list, 0, &s->arena, &s->c), -EINVAL);
}

static void test_one_repetition_each(void **state)
{
	struct sessions *s = *state;
	const struct calibration_metric *m;

	for (size_t i = 0; i < 3; i++) {
		struct record_metric *r = add_metric(s, i, "wake.p99");

		assert_int_equal(fact_add_pair(&r->values, &s->arena, 0, 1000000), 0);
	}
	m = make(s, 3, "wake.p99");
	assert_true(m->typical.known);
	assert_true(m->why.known);
	assert_false(m->repetitions_permille.known || m->is_gate.known);
}

static void test_two_sessions(void **state)
{
	struct sessions *s = *state;
	const struct calibration_metric *m;

	add(s, 0, "wake.p99", 1000000, 1100000, 1200000);
	add(s, 1, "wake.p99", 9000000, 9100000, 9200000);
	m = make(s, 2, "wake.p99");
	assert_false(m->noise_permille.known || m->sessions_permille.known);
	is_u64(&m->margin_permille, 100);
	assert_int_equal(s->c.notes.n, 2);
	assert_non_null(strstr(s->c.notes.v[0], "fewer than three sessions"));
}

/* A soak has more repetitions than a test takes. */
static void test_many_repetitions(void **state)
{
	struct sessions *s = *state;

	for (size_t i = 0; i < 3; i++) {
		struct record_metric *r = add_metric(s, i, "wake.p99");

		for (uint64_t k = 0; k < 1000; k++)
			assert_int_equal(fact_add_pair(&r->values, &s->arena, k, 1000000 + k), 0);
	}
	assert_true(make(s, 3, "wake.p99")->is_gate.v);
	is_u64(&s->c.n_repetitions, 1000);
	assert_int_equal(s->c.notes.n, 0);
}

static void test_document(void **state)
{
	struct sessions *s = *state;
	auto_doc struct doc *d = NULL;
	const char *text;

	add_noisy(s);
	make(s, 3, "wake.p99");
	assert_int_equal(calibration_encode(&s->c, &d), 0);
	assert_int_equal(doc_get_str(d, "format", &text), 0);
	assert_string_equal(text, CALIBRATION_FORMAT);
	assert_int_equal(doc_get_str(d, "sentence", &text), 0);
	assert_string_equal(text, "This host can gate on wake.p99 (seen from 20.2 ms).");
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_noise_by_hand),   T(test_noise_of_a_family),
		T(test_quiet),           T(test_too_noisy),
		T(test_all_too_noisy),   T(test_zero_rate),
		T(test_what_is_missing), T(test_one_repetition_each),
		T(test_two_sessions),    T(test_many_repetitions),
		T(test_document),        T(test_no_such_value),
		T(test_no_room_to_rise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
