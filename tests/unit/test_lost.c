/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lost time of a trace as curves, and the figures of them. */
/* TEST_SOURCES: tests/lib/sample.c tests/lib/sample_trace.c */
#include <string.h>

#include "report/drawing.h"
#include "report/figures_trace.h"
#include "tests/lib/host.h"
#include "tests/lib/sample.h"

static struct lost lost_of(struct host *h)
{
	struct lost l;

	assert_int_equal(lost_make(h, &h->arena, &l), 0);
	return l;
}

static struct host *traced(unsigned n_vcpus, unsigned n_steps)
{
	struct host *h = calloc(1, sizeof(*h));

	assert_non_null(h);
	host_blank(h);
	set_cpus(&h->cpus.guest, "2-3");
	sample_add_trace(h, &(struct sample_trace){ n_vcpus, 12, n_steps });
	return h;
}

static void test_none(void **state)
{
	struct host *h = traced(0, 10);
	struct lost l;

	(void)state;
	assert_int_equal(lost_make(h, &h->arena, &l), -ENODATA);
	host_free(h);
}

/* The bars are those of the vCPUs that lost most, in the order of their numbers. */
static void test_bars(void **state)
{
	struct host *h = traced(40, 4);
	const struct lost l = lost_of(h);
	uint64_t all = 0, least = UINT64_MAX;
	size_t n_above = 0;

	(void)state;
	assert_int_equal(l.n_vcpus, 40);
	assert_int_equal(l.n_bars, LOST_BARS_MAX);
	for (size_t i = 0; i < l.n_bars; i++) {
		uint64_t sum = 0;

		for (size_t k = 0; k < N_LOST_STATES; k++)
			sum += l.bars[i].ns[k];
		assert_int_equal(sum, l.bars[i].lost_ns);
		assert_true(i == 0 || l.bars[i].number > l.bars[i - 1].number);
		least = u64_min(least, sum);
	}
	for (size_t i = 0; i < h->trace.vcpus.n; i++) {
		const struct trace_vcpu *v = h->trace.vcpus.v;
		const uint64_t ns = states_lost_ns(states_of(&v[i].states));

		all += ns;
		n_above += ns > least;
		assert_int_equal(states_all_ns(states_of(&v[i].states)), v[i].window_ns.v);
	}
	assert_int_equal(l.lost_ns, all);
	assert_int_equal(l.known_ns, 40 * 4 * NS_PER_S);
	assert_true(n_above < LOST_BARS_MAX);
	assert_int_equal(l.n_of[1], 40 * 120);
	host_free(h);
}

/* What the measurement took itself, and what nothing tells, are not lost. */
static void test_own(void **state)
{
	struct host *h = traced(1, 2);
	struct trace_vcpu *v = h->trace.vcpus.v;
	struct trace_culprit *c = v->culprits.v;
	struct trace_states *s = v->states.v;
	struct trace_worst *w = v->worst.v;
	const uint64_t before = lost_of(h).lost_ns;
	struct lost l;

	(void)state;
	set_str(&c[0].class, "task");
	set_str(&c[0].name, "vfiobench-probe");
	fact_set_u64(&s->guest_ns, s->guest_ns.v - NS_PER_MS);
	fact_set_u64(&s->unknown_ns, NS_PER_MS);
	set_str(&w->class, "task");
	set_str(&w->name, "vfiobench-wake");
	l = lost_of(h);
	assert_int_equal(l.n_worst, 31);
	assert_int_equal(l.own_ns, c[0].total_ns.v);
	assert_int_equal(l.lost_ns, before - c[0].total_ns.v);
	assert_int_equal(l.untold_ns, NS_PER_MS);
	assert_int_equal(l.known_ns, 2 * NS_PER_S - NS_PER_MS);
	host_free(h);
}

/* Whatever becomes of the columns, nothing is left out or counted twice. */
static void test_columns(void **state)
{
	static const unsigned n_steps[] = { 2, 50, 51, 120, 480 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(n_steps); i++) {
		struct host *h = traced(3, n_steps[i]);
		const struct lost l = lost_of(h);
		uint64_t all = 0, n_shortest = 0, expected = 0;
		const struct trace_vcpu *v = h->trace.vcpus.v;

		assert_true(l.n_columns <= LOST_COLUMNS_MAX);
		assert_int_equal(l.column_ns % NS_PER_S, 0);
		assert_true(l.n_columns * l.column_ns >= l.window_ns);
		for (size_t k = 0; k < l.n_columns; k++) {
			all += l.columns[k].all_ns;
			n_shortest += l.columns[k].n_of_length[0];
		}
		for (size_t k = 0; k < h->trace.vcpus.n; k++) {
			const struct trace_second *s = v[k].series.v;

			for (size_t t = 0; t < v[k].series.n; t++)
				expected += fact_pair_value(&s[t].outages, 0);
		}
		assert_int_equal(all, 3 * n_steps[i] * NS_PER_S);
		assert_int_equal(n_shortest, expected);
		host_free(h);
	}
}

/* Steps, keys and times of strangers. */
static void test_nonsense(void **state)
{
	struct host *h = traced(1, 3);
	struct trace_vcpu *v = h->trace.vcpus.v;
	struct trace_second *s = v->series.v;
	struct trace_worst *w = v->worst.v;
	struct lost l;

	(void)state;
	fact_set_u64(&s[0].at_ns, INT64_MAX);
	s[1].at_ns.known = false;
	s[2].outages.n = 0;
	assert_int_equal(fact_add_pair(&s[2].outages, &h->arena, INT64_MAX, 1), 0);
	fact_set_u64(&w[0].at_ns, INT64_MAX);
	w[1].duration_ns.known = false;
	fact_set_u64(&w[2].duration_ns, INT64_MAX);
	l = lost_of(h);
	assert_int_equal(l.n_columns, 3);
	assert_int_equal(l.columns[0].all_ns, 0);
	assert_int_equal(l.columns[2].n_of_length[LOST_LENGTHS - 1], 1);
	assert_int_equal(l.n_worst, 30);
	assert_ptr_equal(l.marks[0].worst, &w[2]);

	fact_set_u64(&v->step_ns, 0);
	assert_int_equal(lost_of(h).n_columns, 0);
	fact_set_u64(&v->step_ns, 1);
	fact_set_u64(&h->trace.window_ns, INT64_MAX);
	assert_int_equal(lost_of(h).n_columns, 0);
	h->trace.window_ns.known = false;
	v->window_ns.known = false;
	assert_int_equal(lost_of(h).n_columns, 0);
	assert_int_equal(lost_of(h).bars[0].known_ns, states_all_ns(v->states.v));
	host_free(h);
}

static void test_causes(void **state)
{
	struct host *h = traced(20, 3);
	const struct lost l = lost_of(h);
	size_t n = 0;

	(void)state;
	assert_int_equal(l.n_worst, 20 * 32);
	assert_int_equal(l.n_marks, LOST_MARKS_MAX);
	assert_int_equal(l.n_causes, LOST_CAUSES_MAX);
	assert_null(l.causes[LOST_CAUSES_MAX - 1].name);
	for (size_t i = 0; i < l.n_marks; i++) {
		const struct lost_mark *m = &l.marks[i];
		const struct lost_cause *c = &l.causes[m->cause];

		assert_true(i == 0 ||
			    m->worst->duration_ns.v <= l.marks[i - 1].worst->duration_ns.v);
		assert_true(m->worst->duration_ns.v <= c->max_ns);
		if (c->name)
			assert_string_equal(c->name, m->worst->name.v);
	}
	for (size_t i = 0; i < l.n_causes; i++)
		n += l.causes[i].n;
	assert_int_equal(n, l.n_marks);
	host_free(h);
}

static void check_figure(int (*draw)(const struct lost *, struct picture *), const struct lost *l,
			 const char *piece)
{
	auto_picture struct picture drawn = { 0 };

	if (draw(l, &drawn) < 0)
		fail_msg("%s", drawn.why);
	if (!strstr(drawn.bytes, piece))
		fail_msg("no '%s' in %s", piece, drawn.bytes);
}

/* Skips where there is none. */
static void need_gnuplot(void)
{
	if (access("/usr/bin/gnuplot", X_OK) < 0) {
		print_message("skipped: no /usr/bin/gnuplot\n");
		skip();
	}
}

static void test_figures(void **state)
{
	struct host *h = traced(3, 130);
	const struct lost l = lost_of(h);

	(void)state;
	need_gnuplot();
	check_figure(figure_lost_bars, &l, ">vCPU 2<");
	check_figure(figure_lost_bars, &l, "fill=\"rgb(181, 129,   0)\"");
	check_figure(figure_lost_bars, &l, ">0 %<");
	check_figure(figure_lost_columns, &l, ">100 s<");
	check_figure(figure_causes, &l, ">softirq RCU<");
	check_figure(figure_causes, &l, "kworker/3:1H (blk_mq_run_~<");
	check_figure(figure_heat, &l, ">128 µs<");
	check_figure(figure_heat, &l, "fill=\"rgb( 58, 127, 196)\"");
	host_free(h);
}

/* Names of strangers in figures: nothing of them is understood by gnuplot. */
static void test_hostile_names(void **state)
{
	static const char text[] = "';show('id >/tmp/x'); \"`id`\" %d \\n @x {/=20 }<b>&\n";
	struct host *h = traced(2, 5);
	struct lost l;

	(void)state;
	need_gnuplot();
	sample_poison(h, text);
	l = lost_of(h);
	check_figure(figure_causes, &l, ">??show(?id ?/tmp/x?)? ??id?? ~ ??show(?i~<");
	host_free(h);
}

static void test_empty_figures(void **state)
{
	static const struct svg_names names = { "none", "None", "None" };
	const struct lost none = { 0 };
	auto_picture struct picture drawn = { 0 };

	(void)state;
	assert_int_equal(figure_lost_bars(&none, &drawn), -ENODATA);
	assert_int_equal(figure_lost_columns(&none, &drawn), -ENODATA);
	assert_int_equal(figure_causes(&none, &drawn), -ENODATA);
	assert_int_equal(figure_heat(&none, &drawn), -ENODATA);
	assert_int_equal(figure_ranges(&names, NULL, 0, &drawn), -ENODATA);
	assert_null(drawn.bytes);
	assert_null(drawn.why);
}

static void test_ranges(void **state)
{
	static const struct svg_names names = { "ranges", "Ranges", "Of two" };
	static const struct range_row rows[] = {
		{ "cpuid", 900, 1200, 40000 },
		{ "all'zero", 0, 0, 0 },
	};
	auto_picture struct picture drawn = { 0 };

	(void)state;
	need_gnuplot();
	if (figure_ranges(&names, rows, ARRAY_SIZE(rows), &drawn) < 0)
		fail_msg("%s", drawn.why);
	assert_non_null(strstr(drawn.bytes, ">all?zero<"));
	assert_non_null(strstr(drawn.bytes, ">10 µs<"));
}

typedef void put_fn(FILE *out, uint64_t value);

static void check_label(put_fn *put, uint64_t value, const char *expected)
{
	auto_free char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	put(out, value);
	assert_int_equal(fclose(out), 0);
	assert_string_equal(text, expected);
}

static void axis_of(FILE *out, uint64_t max)
{
	drawing_linear_axis(out, 'x', max, drawing_put_ns);
}

static void test_labels(void **state)
{
	(void)state;
	check_label(drawing_put_ns, 0, "0");
	check_label(drawing_put_ns, 7, "7 ns");
	check_label(drawing_put_ns, 1500, "1.5 µs");
	check_label(drawing_put_ns, 250 * NS_PER_MS, "250 ms");
	check_label(drawing_put_ns, 90 * NS_PER_S, "90 s");
	check_label(drawing_put_ppm, 0, "0 %%");
	check_label(drawing_put_ppm, 2500, "0.25 %%");
	check_label(drawing_put_ppm, 1, "0.0001 %%");
	check_label(drawing_put_ppm, 1000000, "100 %%");
	check_label(axis_of, 0, "set xrange [0:1]\nset xtics ('0' 0)\n");
	check_label(axis_of, 3,
		    "set xrange [0:3]\nset xtics ('0' 0, '1 ns' 1, '2 ns' 2, '3 ns' "
		    "3)\n");
	check_label(axis_of, UINT64_MAX,
		    "set xrange [0:18446744073709551615]\nset xtics ('0' 0, '5000000000 s' "
		    "5000000000000000000, '10000000000 s' 10000000000000000000, '15000000000 s' "
		    "15000000000000000000)\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_own),           cmocka_unit_test(test_none),
		cmocka_unit_test(test_bars),          cmocka_unit_test(test_columns),
		cmocka_unit_test(test_nonsense),      cmocka_unit_test(test_causes),
		cmocka_unit_test(test_figures),       cmocka_unit_test(test_hostile_names),
		cmocka_unit_test(test_empty_figures), cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_labels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
