/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/fleet.h"
#include "analyze/fleet_spread.h"
#include "analyze/metric.h"
#include "analyze/stats_random.h"
#include "report/text_fleet.h"
#include "tests/lib/host.h"

#define WAKES 40000u

struct made { /* what a session points to */
	struct arena arena;
	struct record_facts record;
	struct fleet_session session;
};

static void made_release(struct made *m)
{
	arena_release(&m->arena);
}

#define auto_made auto_cleanup(made_release)

/* Nearly all wake-ups take base_ns, n_late of them ten times as long. */
static const struct hist_bins *wake_of(struct arena *a, uint64_t base_ns, unsigned n_late)
{
	auto_free struct hist *h = malloc(sizeof(*h));
	const struct hist_bins *bins;

	assert_non_null(h);
	hist_init(h);
	for (unsigned i = 0; i < WAKES; i++)
		hist_add(h, i < n_late ? 10 * base_ns : base_ns - i % 7 * base_ns / 100);
	bins = hist_to_bins(h, a);
	assert_non_null(bins);
	return bins;
}

static void make(struct made *m, uint64_t started_s, uint64_t base_ns, unsigned n_late)
{
	struct fingerprint_facts *f;

	*m = (struct made){ .session = {
				    .record = &m->record, .n_cpus = 8, .n_measured_cpus = 4 } };
	fact_set_u64(&m->record.started_unix_ns, started_s * NS_PER_S);
	fact_set_u64(&m->record.duration_ns, 60 * NS_PER_S);
	f = fact_set_object(&m->record.fingerprint, &m->arena, sizeof(*f));
	assert_non_null(f);
	set_str(&f->cpu_model, "Example 9000");
	set_str(&f->guest_kind, "qemu");
	m->session.numbers = (struct fleet_numbers){
		.wake = wake_of(&m->arena, base_ns, n_late),
		.wake_ns = WAKES / 4 * NS_PER_MS,
		.lost_ns = 2 * NS_PER_MS,
		.known_ns = NS_PER_S,
		.n_irqs = 50,
		.irq_ns = 10 * NS_PER_S,
	};
	m->record.settings.known = true;
}

static void add_setting(struct made *m, const char *key, const char *value)
{
	struct record_setting *s = fact_add_item(&m->record.settings, &m->arena, sizeof(*s));

	assert_non_null(s);
	set_str(&s->key, key);
	set_str(&s->value, value);
}

static void add(struct fleet *f, const char *name, const char *file, const struct made *m)
{
	const char *twin;

	assert_int_equal(fleet_add(f, name, file, &m->session, &twin), 0);
}

static const struct fleet_value *value_of(const struct fleet_host *h, const char *id)
{
	const struct fleet_value *v = h->values.v;

	for (size_t i = 0; i < h->values.n; i++) {
		if (!strcmp(v[i].id.v, id))
			return &v[i];
	}
	fail_msg("no value %s", id);
	return NULL;
}

/* Two results of a host are one that was as long as both, not two percentiles. */
static void test_merging_is_adding(void **state)
{
	auto_fleet struct fleet *f = fleet_new();
	auto_made struct made quiet, noisy;
	auto_free struct hist *both = malloc(sizeof(*both));
	const struct fleet_value *v;
	const struct fleet_host *h;
	struct fleet_facts facts;

	(void)state;
	assert_true(f && both);
	make(&quiet, 1, 20000, 0);
	make(&noisy, 2, 40000, 4000);
	noisy.session.numbers.lost_ns = 10 * NS_PER_MS;
	noisy.session.numbers.n_irqs = 250;
	set_str(&noisy.record.label, "after");
	add(f, "a", "a/1.json", &noisy);
	add(f, "a", "a/2.json", &quiet);
	assert_int_equal(fleet_judge(f, &facts), 0);
	assert_int_equal(facts.n_results.v, 2);
	assert_int_equal(facts.n_hosts.v, 1);
	h = ((struct fleet_group *)facts.groups.v)->hosts.v;
	assert_int_equal(h->files.n, 2);
	assert_int_equal(h->n_wakeups.v, 2 * WAKES);
	assert_string_equal(h->label.v, "after");
	assert_int_equal(h->started_unix_ns.v, 2 * NS_PER_S);

	hist_init(both);
	assert_int_equal(hist_merge_bins(both, quiet.session.numbers.wake), 0);
	assert_int_equal(hist_merge_bins(both, noisy.session.numbers.wake), 0);
	v = value_of(h, "wake.p99.9");
	assert_int_equal(v->value_ns.v, hist_quantile_ns(both, 999000));
	/* 4000 in 20 s. */
	assert_int_equal(value_of(h, "wake.stalls")->value_per_1000min.v, 12000 * 1000);
	assert_int_equal(value_of(h, "guest.lost")->value_ppm.v, 6000);
	assert_int_equal(value_of(h, "irq.g_rate")->value_per_1000s.v, 15 * 1000);
}

static void test_twins(void **state)
{
	auto_fleet struct fleet *f = fleet_new();
	auto_made struct made m;
	const char *twin = NULL;

	(void)state;
	make(&m, 1, 20000, 0);
	add(f, "a", "a.json", &m);
	assert_int_equal(fleet_add(f, "b", "b.json", &m.session, &twin), -EEXIST);
	assert_string_equal(twin, "a.json");
	/* Without a start nobody can tell. */
	m.record.started_unix_ns.known = false;
	add(f, "b", "b.json", &m);
	add(f, "c", "c.json", &m);
}

/* 20 hosts; the last is slow, with a governor of its own. */
static void make_fleet(struct fleet *f, size_t n, uint64_t slow_ns, unsigned n_late)
{
	for (size_t i = 0; i < n; i++) {
		const bool is_slow = i + 1 == n;
		auto_made struct made m;
		char name[32], address[32];

		make(&m, i + 1, is_slow ? slow_ns : 20000 + i * 50, is_slow ? n_late : 0);
		snprintf(name, sizeof(name), "host-%02zu", i);
		snprintf(address, sizeof(address), "0000:%02zx:00.0", i);
		add_setting(&m, "clock.current", "tsc");
		add_setting(&m, "kernel.release", i % 2 ? "6.1.0-25" : "6.1.0-26");
		add_setting(&m, "net.address", address); /* each its own: it says nothing */
		add_setting(&m, "pci.aspm", is_slow ? "powersave" : "default");
		add_setting(&m, "power.governor", is_slow ? "powersave" : "performance");
		if (is_slow)
			add_setting(&m, "irq.affinity[ahci]", "0-7");
		add(f, name, name, &m);
	}
}

static void test_outlier_and_its_settings(void **state)
{
	auto_fleet struct fleet *f = fleet_new();
	const struct fleet_outlier *o;
	const struct fleet_setting *s;
	struct fleet_facts facts;

	(void)state;
	make_fleet(f, 20, 60000, 400);
	assert_int_equal(fleet_judge(f, &facts), 0);
	assert_int_equal(facts.outliers.n, 1);
	o = facts.outliers.v;
	assert_string_equal(o->host.v, "host-19");
	assert_int_equal(o->worse.n, 2);
	assert_string_equal(o->worse.v[0], "wake.p99.9");
	assert_string_equal(o->worse.v[1], "wake.stalls");
	assert_int_equal(o->better.n, 0);
	/* What half of the others have too, or each has its own of, is not told. */
	assert_int_equal(o->n_settings.v, 3);
	s = o->settings.v;
	assert_string_equal(s[0].key.v, "power.governor");
	assert_string_equal(s[0].value.v, "powersave");
	assert_string_equal(s[0].usual.v, "performance");
	assert_int_equal(s[0].n_usual.v, 19);
	assert_int_equal(s[0].n_outliers.v, 0);
	assert_string_equal(s[1].key.v, "pci.aspm");
	assert_string_equal(s[2].key.v, "irq.affinity[ahci]");
	assert_false(s[2].usual.known);
	assert_int_equal(s[2].n_usual.v, 19);
}

static void test_ranks(void **state)
{
	auto_fleet struct fleet *f = fleet_new();
	const struct fleet_group *g;
	const struct fleet_host *h;
	struct fleet_facts facts;

	(void)state;
	make_fleet(f, 20, 60000, 400);
	assert_int_equal(fleet_judge(f, &facts), 0);
	assert_int_equal(facts.groups.n, 1);
	g = facts.groups.v;
	h = g->hosts.v;
	assert_int_equal(g->hosts.n, 20);
	assert_string_equal(h[0].name.v, "host-19");
	assert_string_equal(value_of(&h[0], "wake.p99.9")->verdict.v, "worse");
	for (size_t i = 1; i < 20; i++) {
		const struct fleet_value *v = value_of(&h[i], "wake.p99.9");

		assert_true(v->value_ns.v <= value_of(&h[i - 1], "wake.p99.9")->value_ns.v);
		assert_true(v->rank.v <= i + 1);
		assert_false(v->verdict.known);
		/* All share the first rank of what they have in common. */
		assert_int_equal(value_of(&h[i], "guest.lost")->rank.v, 1);
		assert_int_equal(value_of(&h[i], "wake.stalls")->rank.v, 2);
	}
}

/* No host loses more than all of its time, and no limit says so. */
static void test_limit_of_share(void **state)
{
	auto_fleet struct fleet *f = fleet_new();
	const struct fleet_spread *s;
	struct fleet_facts facts;

	(void)state;
	for (size_t i = 0; i < 8; i++) {
		auto_made struct made m;
		char name[32];

		make(&m, i + 1, 20000, 0);
		m.session.numbers.lost_ns = (i + 1) * 100 * NS_PER_MS;
		snprintf(name, sizeof(name), "h%zu", i);
		add(f, name, name, &m);
	}
	assert_int_equal(fleet_judge(f, &facts), 0);
	s = ((struct fleet_group *)facts.groups.v)->spreads.v;
	assert_string_equal(s[2].id.v, "guest.lost");
	assert_true(s[2].median_ppm.known);
	assert_false(s[2].high_ppm.known);
	assert_true(s[0].high_ns.known);
	assert_int_equal(facts.outliers.n, 0);
}

/* Hosts of another kind are another group; four tell nothing, whatever they show. */
static void test_groups_and_small_ones(void **state)
{
	auto_fleet struct fleet *f = fleet_new();
	const struct fleet_spread *s;
	const struct fleet_group *g;
	struct fleet_facts facts;
	auto_made struct made m;

	(void)state;
	make_fleet(f, 4, 9000000, 400);
	make(&m, 100, 20000, 0);
	((struct fingerprint_facts *)m.record.fingerprint.v)->cpu_model.v = "Other";
	add(f, "host-00", "other.json", &m);
	assert_int_equal(fleet_judge(f, &facts), 0);
	assert_int_equal(facts.n_hosts.v, 5);
	assert_int_equal(facts.groups.n, 2);
	assert_int_equal(facts.outliers.n, 0);
	g = facts.groups.v;
	assert_int_equal(g[0].hosts.n, 4);
	assert_int_equal(g[1].hosts.n, 1);
	s = g[0].spreads.v;
	assert_non_null(strstr(s[0].why.v, "4 hosts: at least 5"));
	assert_false(s[0].high_ns.known);
}

static void test_nothing_measured(void **state)
{
	auto_fleet struct fleet *f = fleet_new();
	const struct fleet_group *g;
	struct fleet_facts facts;
	auto_made struct made m;

	(void)state;
	make(&m, 1, 20000, 0);
	m.session.numbers = (struct fleet_numbers){ 0 };
	add(f, "a", "a.json", &m);
	assert_int_equal(fleet_judge(f, &facts), 0);
	g = facts.groups.v;
	for (size_t i = 0; i < FLEET_N_METRICS; i++) {
		const struct fleet_value *v = ((struct fleet_host *)g->hosts.v)->values.v;
		const struct fleet_spread *s = g->spreads.v;

		assert_true(v[i].why.known && !v[i].rank.known);
		assert_non_null(strstr(s[i].why.v, v[i].why.v));
	}
}

static void test_unsound(void **state)
{
	static const struct hist_bin bins[] = { { 5, 1 } };
	static const struct hist_bins wrong = { .n = 2, .n_bins = 1, .bins = bins };
	auto_fleet struct fleet *f = fleet_new();
	struct fleet_facts facts;
	auto_made struct made m;
	const char *twin;

	(void)state;
	make(&m, 1, 20000, 0);
	m.session.numbers.wake = &wrong;
	assert_int_equal(fleet_add(f, "a", "a.json", &m.session, &twin), -EBADMSG);
	assert_int_equal(fleet_judge(f, &facts), 0);
	assert_int_equal(facts.n_hosts.v, 0);
	assert_int_equal(facts.groups.n, 0);
}

/* 200 hosts that are alike, 50 times, from the samples on: who stands out is nobody. */
static void test_homogeneous_fleets(void **state)
{
	struct stats_random r;
	size_t named = 0;

	(void)state;
	stats_random_seed(&r, 4);
	for (unsigned k = 0; k < 20; k++) {
		auto_fleet struct fleet *f = fleet_new();
		struct fleet_facts facts;

		for (size_t i = 0; i < 200; i++) {
			auto_made struct made m;
			char name[32];

			make(&m, i + 1, 15000 + stats_random_below(&r, 10000),
			     stats_random_below(&r, 80));
			m.session.numbers.lost_ns = NS_PER_MS + stats_random_below(&r, 3000000);
			m.session.numbers.n_irqs = 20 + stats_random_below(&r, 60);
			snprintf(name, sizeof(name), "h%zu", i);
			add(f, name, name, &m);
		}
		assert_int_equal(fleet_judge(f, &facts), 0);
		named += facts.outliers.n;
	}
	assert_true(named * 100 <= 20 * 200);
}

static char *print(const struct fleet_facts *facts)
{
	const struct text_style style = { .width = 80 };
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	assert_int_equal(report_fleet_text(out, facts, &style), 0);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void test_text(void **state)
{
	static const char *const pieces[] = {
		"20 hosts, 20 results; 1 left out: 1 stands out.",
		"host-19 stands out",
		"worse:  wake-up latency, 99.9 %: 600 us; the median of 20 hosts is 20",
		"    Only this host has:",
		"power.governor = powersave (19 hosts: performance)",
		"irq.affinity[ahci] = 0-7 (19 hosts: none)",
		"Example 9000, 8 CPUs, guest: qemu; 4 CPUs measured: 20 hosts",
		"! 600 us",
		"(median)",
		"x.json: not a ?[31mresult",
	};
	auto_fleet struct fleet *f = fleet_new();
	struct fleet_facts facts;
	auto_free char *text = NULL;

	(void)state;
	make_fleet(f, 20, 60000, 400);
	assert_int_equal(fleet_leave_out(f, "x.json", "not a \033[31mresult"), 0);
	assert_int_equal(fleet_judge(f, &facts), 0);
	text = print(&facts);
	for (size_t i = 0; i < ARRAY_SIZE(pieces); i++) {
		if (!strstr(text, pieces[i]))
			fail_msg("no '%s' in:\n%s", pieces[i], text);
	}
	for (const char *c = text, *end; (end = strchr(c, '\n')); c = end + 1)
		assert_true(end - c <= 80);
}

static void test_document(void **state)
{
	auto_fleet struct fleet *f = fleet_new();
	auto_doc struct doc *d = NULL, *again = NULL;
	struct fleet_facts facts;
	uint64_t version;

	(void)state;
	make_fleet(f, 20, 60000, 400);
	assert_int_equal(fleet_judge(f, &facts), 0);
	assert_int_equal(fleet_encode(&facts, &d), 0);
	assert_int_equal(doc_check_format(d, FLEET_FORMAT, FLEET_VERSION, &version), 0);
	/* Judged twice it is the same. */
	assert_int_equal(fleet_judge(f, &facts), 0);
	assert_int_equal(fleet_encode(&facts, &again), 0);
	assert_true(doc_equal(d, again));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_merging_is_adding),
		cmocka_unit_test(test_twins),
		cmocka_unit_test(test_outlier_and_its_settings),
		cmocka_unit_test(test_ranks),
		cmocka_unit_test(test_limit_of_share),
		cmocka_unit_test(test_groups_and_small_ones),
		cmocka_unit_test(test_nothing_measured),
		cmocka_unit_test(test_unsound),
		cmocka_unit_test(test_homogeneous_fleets),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_document),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
