/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/metric.h"
#include "tests/lib/host.h"

static const char *const gated[] = { "wake.p99",        "wake.p99.9", "wake.stalls",
				     "guest.gap.p99.9", "irq.g_rate", "guest.lost" };

static const struct record_metric *find(const struct record_facts *record, const char *id)
{
	const struct record_metric *m = record->metrics.v;

	for (size_t i = 0; i < record->metrics.n; i++) {
		if (fact_is(&m[i].id, id))
			return &m[i];
	}
	return NULL;
}

static void add_wake(struct host *h, struct wake_facts *w, uint64_t rep, uint64_t cpu, unsigned n,
		     unsigned n_late)
{
	struct wake_unit *u = fact_add_item(&w->units, &h->arena, sizeof(*u));
	auto_free struct hist *hist = malloc(sizeof(*hist));

	assert_true(u && hist);
	hist_init(hist);
	for (unsigned i = 0; i < n; i++)
		hist_add(hist, i < n - n_late ? 100 + cpu : NS_PER_MS + cpu);
	fact_set_u64(&u->rep, rep);
	fact_set_u64(&u->cpu, cpu);
	u->hist = u->hist_corrected = (struct fact_hist){ true, hist_to_bins(hist, &h->arena) };
	w->units.known = true;
}

static void measure(struct host *h, struct record_facts *record)
{
	const char *why = NULL;

	memset(record, 0, sizeof(*record));
	assert_int_equal(metrics_measure(h, &h->arena, record, &why), 0);
	assert_null(why);
}

static void test_table(void **state)
{
	size_t n_gated = 0;

	(void)state;
	for (const struct metric *m = metrics; m->id; m++) {
		assert_ptr_equal(metric_find(m->id), m);
		assert_null(strchr(m->id, '/'));
		assert_true(m->title && m->margin_why && m->floor > 0);
		assert_true(m->margin_permille == 100 || m->margin_permille == 250);
		assert_memory_equal(m->margin_why, m->margin_permille == 100 ? "10 %" : "25 %", 4);
		if (m->is_gated)
			assert_string_equal(m->id, gated[n_gated++]);
	}
	assert_int_equal(n_gated, ARRAY_SIZE(gated));
	assert_null(metric_find("wake"));
	assert_null(metric_find("wake.p99.99"));
	assert_null(metric_find(""));
	assert_null(metric_find("guest.lost/cpu3"));
	assert_false(metric_find("wake.p99.9/cpu3")->is_gated);
	assert_string_equal(metric_find("wake.p99.9/cpu3")->id, "wake.p99.9");
	assert_string_equal(metric_find("irq.g_rate/i2c/bus 0")->id, "irq.g_rate");
}

static void test_words(void **state)
{
	static const struct {
		const char *id;
		uint64_t value;
		const char *words;
	} rows[] = {
		{ "wake.p99", 0, "0 ns" },
		{ "wake.p99", 850, "850 ns" },
		{ "wake.p99", 999, "999 ns" },
		{ "wake.p99", 1000, "1 us" },
		{ "wake.p99", 1234, "1.23 us" },
		{ "wake.p99", 100000, "100 us" },
		{ "wake.p99", 134400, "134 us" },
		{ "wake.p99", 999400, "999 us" },
		{ "wake.p99", 999600, "1 ms" },
		{ "wake.p99", 2000000, "2 ms" },
		{ "wake.p99", 12345678901, "12.3 s" },
		{ "wake.stalls", 0, "0/min" },
		{ "wake.stalls", 600, "0.6/min" },
		{ "wake.stalls", 412000, "412/min" },
		{ "wake.stalls", 12345678, "12346/min" },
		{ "irq.g_rate", 5200, "5.2/s" },
		{ "irq.g_rate/nvme0q3", 1, "0.001/s" },
		{ "guest.lost", 1800, "0.18 %" },
		{ "guest.lost", 100000, "10 %" },
		{ "guest.lost", 5, "0.0005 %" },
		{ "bare.gap.lost", 123456, "12.3 %" },
	};
	auto_arena struct arena a = { 0 }, none = { .max = 1 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_string_equal(metric_words(metric_find(rows[i].id), rows[i].value, &a),
				    rows[i].words);
	assert_null(metric_words(metrics, 1, &none));
}

static void test_pairs(void **state)
{
	(void)state;
	for (const struct metric *m = metrics; m->id; m++) {
		struct comparison_metric c = { 0 };
		uint64_t before = 7, after = 7;

		assert_false(metric_get_values(&c, &before, &after));
		assert_int_equal(before, 7);
		metric_put_values(m, 3, 4, &c);
		assert_true(metric_get_values(&c, &before, &after));
		assert_int_equal(before, 3);
		assert_int_equal(after, 4);
		assert_int_equal(c.before_ns.known, m->unit == METRIC_NS);
		assert_int_equal(c.before_per_1000min.known, m->unit == METRIC_PER_1000MIN);
		assert_int_equal(c.after_per_1000s.known, m->unit == METRIC_PER_1000S);
		assert_int_equal(c.after_ppm.known, m->unit == METRIC_PPM);
	}
}

static void assert_why(const struct record_facts *record, const char *id, const char *why)
{
	const struct record_metric *m = find(record, id);

	assert_non_null(m);
	assert_false(m->values.known);
	assert_string_equal(m->why.v, why);
}

/* The gated ones are there and say why they have no value; of the others nothing is said. */
static void test_nothing_measured(void **state)
{
	static struct host h;
	struct record_facts record;

	(void)state;
	host_blank(&h);
	measure(&h, &record);
	assert_int_equal(record.metrics.n, ARRAY_SIZE(gated));
	assert_why(&record, "wake.p99", "probe wake did not run");
	assert_why(&record, "wake.stalls", "probe wake did not run");
	assert_why(&record, "guest.lost", "no trace: probe trace did not run");
	assert_why(&record, "irq.g_rate", "which CPUs are the guest's is not known");
	arena_release(&h.arena);
}

static void test_too_short(void **state)
{
	static struct host h;
	struct record_facts record;
	struct trace_vcpu *v;
	struct trace_unit *u;

	(void)state;
	host_blank(&h);
	host_set_guest_cpus(&h, "2-3", "0-1");
	fact_set_u64(&h.wake.rep_duration_ns, 2 * NS_PER_S);
	for (uint64_t rep = 0; rep < 6; rep++)
		add_wake(&h, &h.wake, rep, 2, 2000, 30);
	h.trace.vcpus.known = h.activity.irqs.known = true;
	set_str(&h.trace.rung, "schedstat");
	measure(&h, &record);
	assert_int_equal(find(&record, "wake.p99")->values.n, 6);
	assert_why(&record, "wake.p99.9",
		   "needs 20 s a repetition, had 2 s: 20 wake-ups beyond p99.9");
	assert_why(&record, "guest.gap.p99.9", "no trace of events, only schedstat");
	assert_why(&record, "irq.g_rate", "interrupts were not counted by repetition");
	set_str(&h.trace.rung, "tracefs");
	measure(&h, &record);
	assert_why(&record, "guest.lost", "no trace: it saw no vCPU");
	v = fact_add_item(&h.trace.vcpus, &h.arena, sizeof(*v));
	measure(&h, &record);
	assert_why(&record, "guest.lost", "the trace was not kept by repetition");
	u = fact_add_item(&v->units, &h.arena, sizeof(*u));
	fact_set_u64(&u->rep, 0);
	fact_set_u64(&u->known_ns, 1);
	fact_set_u64(&h.trace.rep_duration_ns, NS_PER_S);
	measure(&h, &record);
	assert_why(&record, "guest.lost",
		   "the trace knows less than half of the time of each repetition");
	h.wake.rep_duration_ns.known = false;
	measure(&h, &record);
	assert_why(&record, "wake.p99.9",
		   "a repetition had 2000 wake-ups, p99.9 needs 20000: 20 beyond it");
	assert_why(&record, "wake.stalls", "the result does not say how long a repetition was");
	arena_release(&h.arena);
}

/* Repetitions that count for one metric and not for another are told, with the reason. */
static void test_lost_repetitions(void **state)
{
	static struct host h;
	struct record_facts record;
	struct trace_vcpu *v;

	(void)state;
	host_blank(&h);
	fact_set_u64(&h.wake.rep_duration_ns, 20 * NS_PER_S);
	fact_set_u64(&h.trace.rep_duration_ns, 20 * NS_PER_S);
	h.trace.vcpus.known = true;
	set_str(&h.trace.rung, "tracefs");
	v = fact_add_item(&h.trace.vcpus, &h.arena, sizeof(*v));
	for (uint64_t rep = 0; rep < 6; rep++) {
		struct trace_unit *u = fact_add_item(&v->units, &h.arena, sizeof(*u));

		add_wake(&h, &h.wake, rep, 2, 20000, 0);
		fact_set_u64(&u->rep, rep);
		fact_set_u64(&u->known_ns, rep < 2 ? NS_PER_S : 20 * NS_PER_S);
		fact_set_u64(&u->lost_ns, NS_PER_MS);
	}
	measure(&h, &record);
	assert_int_equal(find(&record, "guest.lost")->values.n, 4);
	assert_int_equal(record.warnings.n, 1);
	assert_string_equal(record.warnings.v[0],
			    "2 of 6 repetitions do not count for guest.lost: the trace knows less "
			    "than half of their time");
	fact_set_u64(&h.trace.lost_events, 7);
	measure(&h, &record);
	assert_int_equal(record.warnings.n, 1);
	assert_non_null(strstr(record.warnings.v[0], ", for events of it were lost"));
	arena_release(&h.arena);
}

static void test_wake(void **state)
{
	static struct host h;
	struct record_facts record;
	const struct record_metric *m;

	(void)state;
	host_blank(&h);
	fact_set_u64(&h.wake.rep_duration_ns, 20 * NS_PER_S);
	for (uint64_t rep = 0; rep < 5; rep++) {
		add_wake(&h, &h.wake, rep, 2, 20000, 0);
		add_wake(&h, &h.wake, rep, 3, 20000, rep == 4 ? 500 : 1);
		add_wake(&h, &h.wake_bare, rep, 3, 3333, 0);
	}
	measure(&h, &record);
	m = find(&record, "wake.p99");
	assert_int_equal(m->values.n, 5);
	assert_false(m->offset.known);
	assert_int_equal(m->values.v[0].key, 0);
	assert_int_equal(m->values.v[0].value, 103);
	assert_int_equal(m->values.v[4].value, NS_PER_MS + 3);
	m = find(&record, "wake.stalls");
	assert_int_equal(m->values.v[0].value, 3000); /* one in 20 s, in 1000 minutes */
	assert_int_equal(m->offset.v, 1500);
	assert_int_equal(find(&record, "wake.p50")->values.v[4].value, 102);
	assert_int_equal(find(&record, "wake.max")->values.v[0].value, NS_PER_MS + 3);
	assert_int_equal(find(&record, "wake.p99/cpu2")->values.v[4].value, 102);
	assert_int_equal(find(&record, "wake.p99.9/cpu3")->values.v[4].value, NS_PER_MS + 3);
	assert_int_equal(find(&record, "bare.wake.p99")->values.n, 5);
	assert_null(find(&record, "bare.wake.p99.9"));
	assert_null(find(&record, "bare.gap.lost"));
	arena_release(&h.arena);
}

static void test_exits(void **state)
{
	static const struct hist_bin few[] = { { 10, 39 } }, many[] = { { 200, 100 } };
	static const struct hist_bins few_bins = { 39, 10, 10, 390, 1, few };
	static const struct hist_bins many_bins = { 100, 200, 200, 20000, 1, many };
	static struct host h;
	struct record_facts record;

	(void)state;
	host_blank(&h);
	for (unsigned i = 0; i < 4; i++) {
		struct exits_metric *m = fact_add_item(&h.exits.metrics, &h.arena, sizeof(*m));

		set_str(&m->id, i < 2 ? "timer" : i == 2 ? "cpuid" : "port");
		m->hist = (struct fact_hist){ true, i == 2 ? &few_bins : &many_bins };
	}
	measure(&h, &record);
	assert_int_equal(find(&record, "exits.timer")->values.n, 1);
	assert_int_equal(find(&record, "exits.timer")->values.v[0].value, 200);
	assert_null(find(&record, "exits.cpuid")); /* too few */
	assert_null(find(&record, "exits.port"));
	arena_release(&h.arena);
}

static void add_irq(struct host *h, struct fact_list *irqs, uint64_t irq, const char *actions,
		    uint64_t cpu, uint64_t n)
{
	struct activity_irq *a = fact_add_item(irqs, &h->arena, sizeof(*a));

	assert_non_null(a);
	fact_set_u64(&a->irq, irq);
	set_str(&a->actions, actions);
	assert_int_equal(fact_add_pair(&a->counts, &h->arena, cpu, n), 0);
	irqs->known = true;
}

/* Handlers that fire on G or once did; those of the host's CPUs only are left out. */
static void test_handlers(void **state)
{
	static struct host h;
	struct record_facts record;
	struct activity_unit *u;
	struct irq_line *line;

	(void)state;
	host_blank(&h);
	host_set_guest_cpus(&h, "2-3", "0-1");
	add_irq(&h, &h.activity.irqs, 40, "i2c/bus", 3, 20);
	add_irq(&h, &h.activity.irqs, 41, "moved", 1, 20);
	add_irq(&h, &h.activity.irqs, 42, "host", 1, 20);
	for (unsigned i = 0; i < METRIC_PARTS_MAX; i++)
		add_irq(&h, &h.activity.irqs, 100 + i, arena_printf(&h.arena, "queue-%03u", i), 2,
			1000 + i);
	line = fact_add_item(&h.irq.lines, &h.arena, sizeof(*line));
	fact_set_u64(&line->irq, 41);
	set_str(&line->actions, "moved");
	assert_int_equal(fact_add_pair(&line->counts, &h.arena, 2, 5), 0);
	u = fact_add_item(&h.activity.units, &h.arena, sizeof(*u));
	fact_set_u64(&u->rep, 7);
	fact_set_u64(&u->window_ns, 10 * NS_PER_S);
	add_irq(&h, &u->irqs, 40, "i2c/bus", 3, 20);

	measure(&h, &record);
	assert_int_equal(find(&record, "irq.g_rate")->values.v[0].value, 2000);
	/* 64 queues have more: neither of the two has room. */
	assert_null(find(&record, "irq.g_rate/i2c/bus"));
	assert_non_null(find(&record, "irq.g_rate/queue-000"));
	h.activity.irqs.n -= 2;
	measure(&h, &record);
	assert_int_equal(find(&record, "irq.g_rate/i2c/bus")->values.v[0].key, 7);
	assert_int_equal(find(&record, "irq.g_rate/i2c/bus")->values.v[0].value, 2000);
	assert_int_equal(find(&record, "irq.g_rate/moved")->values.v[0].value, 0);
	assert_null(find(&record, "irq.g_rate/host"));
	arena_release(&h.arena);
}

/* Of many CPUs those with the latest wake-ups. */
static void test_many_cpus(void **state)
{
	static struct host h;
	struct record_facts record;
	size_t n = 0;

	(void)state;
	host_blank(&h);
	for (uint64_t cpu = 0; cpu < METRIC_PARTS_MAX + 10; cpu++)
		add_wake(&h, &h.wake, 0, cpu, 2000, cpu ? 1 : 100);
	measure(&h, &record);
	for (size_t i = 0; i < record.metrics.n; i++) {
		const struct record_metric *m = record.metrics.v;

		n += !strncmp(m[i].id.v, "wake.p99/cpu", 12);
	}
	assert_int_equal(n, METRIC_PARTS_MAX);
	assert_null(find(&record, "wake.p99/cpu9"));
	assert_non_null(find(&record, "wake.p99/cpu10"));
	arena_release(&h.arena);
}

static void test_damaged(void **state)
{
	static const struct hist_bin bin = { 100, 7 };
	static const struct hist_bins unsound = { .n = 3000, .n_bins = 1, .bins = &bin };
	static struct host h;
	struct record_facts record = { 0 };
	struct wake_unit *u;
	const char *why = NULL;

	(void)state;
	host_blank(&h);
	add_wake(&h, &h.wake, 0, 2, 2000, 0);
	u = h.wake.units.v;
	u->hist_corrected.v = &unsound;
	assert_int_equal(metrics_measure(&h, &h.arena, &record, &why), -EBADMSG);
	assert_string_equal(why, "wake.p99: a histogram is damaged");
	arena_release(&h.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_pairs),
		cmocka_unit_test(test_nothing_measured),
		cmocka_unit_test(test_too_short),
		cmocka_unit_test(test_wake),
		cmocka_unit_test(test_lost_repetitions),
		cmocka_unit_test(test_exits),
		cmocka_unit_test(test_handlers),
		cmocka_unit_test(test_many_cpus),
		cmocka_unit_test(test_damaged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
