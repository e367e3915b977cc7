/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TEST_SOURCES: tests/lib/tree.c */
#include "facts/power.h"
#include "tests/lib/run_probe.h"

#define CPU "sys/devices/system/cpu/"

static void put_process(const struct tree *t, unsigned pid, const char *comm)
{
	auto_free char *path = NULL;

	assert_true(asprintf(&path, "proc/%u/comm", pid) > 0);
	tree_file(t, path, comm);
}

static void assert_strs(const struct fact_strs *f, const char *const *want, size_t n)
{
	assert_true(f->known);
	assert_int_equal(f->n, n);
	for (size_t i = 0; i < n; i++)
		assert_string_equal(f->v[i], want[i]);
}

static void test_intel(void **state)
{
	static const char *const managers[] = { "power-profiles-daemon", "tuned", "thermald",
						"tlp" };
	const struct tree *t = *state;
	const struct power_facts *f;
	struct outcome o;

	/* Two packages of two CPUs; CPU 3 is offline: it has no counters. */
	for (int cpu = 0; cpu < 3; cpu++) {
		static const char *const core[] = { "0\n", "7\n", "9\n" };
		static const char *const package[] = { "5\n", "6\n", "40\n" };
		static const char *const id[] = { "0\n", "0\n", "1\n" };
		static const char *const epb[] = { "0\n", "6\n", "15\n" };
		auto_free char *a = NULL, *b = NULL, *c = NULL, *d = NULL;

		assert_true(asprintf(&a, CPU "cpu%d/thermal_throttle/core_throttle_count", cpu) >
			    0);
		assert_true(asprintf(&b, CPU "cpu%d/thermal_throttle/package_throttle_count", cpu) >
			    0);
		assert_true(asprintf(&c, CPU "cpu%d/topology/physical_package_id", cpu) > 0);
		assert_true(asprintf(&d, CPU "cpu%d/power/energy_perf_bias", cpu) > 0);
		tree_file(t, a, core[cpu]);
		tree_file(t, b, package[cpu]);
		tree_file(t, c, id[cpu]);
		tree_file(t, d, epb[cpu]);
	}
	tree_dir(t, CPU "cpu3");
	tree_file(t, CPU "cpu0/cpufreq/scaling_cur_freq", "4700000\n");
	tree_file(t, CPU "intel_pstate/status", "active\n");
	tree_file(t, CPU "intel_pstate/no_turbo", "1\n");
	tree_file(t, CPU "smt/control", "on\n");
	tree_file(t, "sys/firmware/acpi/platform_profile", "balanced\n");
	tree_file(t, "run/tlp/last_pwr", "0\n");
	put_process(t, 1, "systemd\n");
	put_process(t, 500, "power-profiles-\n");
	put_process(t, 501, "tuned\n");
	put_process(t, 502, "tuned\n");
	put_process(t, 503, "thermald\n");
	put_process(t, 504, "tuned-helper\n");
	o = run("power", t);
	f = o.facts;
	assert_int_equal(f->epb.n, 3);
	assert_int_equal(fact_pair_value(&f->epb, 1), 6);
	assert_int_equal(f->epb.v[0].value, 0);
	assert_int_equal(f->throttles.n, 2);
	assert_int_equal(fact_pair_value(&f->throttles, 2), 9);
	assert_u64(&f->package_throttles, 6 + 40);
	assert_true(fact_is(&f->pstate_status, "active"));
	assert_true(fact_is(&f->pstate_driver, "intel_pstate"));
	assert_true(f->is_boost_off.known && f->is_boost_off.v);
	assert_true(fact_is(&f->platform_profile, "balanced"));
	assert_true(fact_is(&f->smt_control, "on"));
	assert_strs(&f->managers, managers, ARRAY_SIZE(managers));
	/* How fast it runs and who holds what, only a running host tells. */
	assert_false(f->current_khz.known);
	assert_false(f->dma_latency_us.known);
	assert_false(f->holders.known);
	assert_non_null(gap_of(&o, "power.dma_latency_us"));
	assert_int_equal(doc_n(doc_get(o.doc, "gaps")), 1);
	outcome_release(&o);
}

/* Settings that this hardware has not are no gaps, and not known. */
static void test_amd(void **state)
{
	const struct tree *t = *state;
	const struct power_facts *f;
	struct outcome o;

	tree_dir(t, CPU "cpu0");
	tree_file(t, CPU "amd_pstate/status", "passive\n");
	tree_file(t, CPU "cpufreq/boost", "1\n");
	tree_file(t, CPU "smt/control", "off\n");
	put_process(t, 77, "bash\n");
	o = run("power", t);
	f = o.facts;
	assert_true(fact_is(&f->pstate_driver, "amd_pstate"));
	assert_true(fact_is(&f->pstate_status, "passive"));
	assert_true(f->is_boost_off.known && !f->is_boost_off.v);
	assert_false(f->epb.known);
	assert_false(f->throttles.known);
	assert_false(f->package_throttles.known);
	assert_false(f->platform_profile.known);
	assert_strs(&f->managers, NULL, 0);
	assert_int_equal(doc_n(doc_get(o.doc, "gaps")), 1);
	outcome_release(&o);
}

static void test_odd(void **state)
{
	const struct tree *t = *state;
	const struct power_facts *f;
	struct outcome o;

	tree_file(t, CPU "cpu0/power/energy_perf_bias", "6 and more\n");
	tree_file(t, CPU "cpu1/power/energy_perf_bias", "-1\n");
	tree_file(t, CPU "cpu2/power/energy_perf_bias", "18446744073709551615\n");
	tree_file(t, CPU "cpu0/thermal_throttle/package_throttle_count", "99999999999\n");
	tree_file(t, CPU "cpu0/topology/physical_package_id", "-1\n");
	tree_file(t, CPU "intel_pstate/no_turbo", "perhaps\n");
	tree_dir(t, "proc/1");
	o = run("power", t);
	f = o.facts;
	assert_false(f->epb.known);
	assert_string_equal(gap_of(&o, "power.epb"), "EBADMSG");
	assert_false(f->package_throttles.known);
	assert_false(f->is_boost_off.known);
	assert_string_equal(gap_of(&o, "power.is_boost_off"), "EBADMSG");
	/* A process without a name is none that could be looked at. */
	assert_false(f->managers.known);
	assert_non_null(gap_of(&o, "power.managers"));
	assert_string_equal(gap_of(&o, "power.smt_control"), "ENOENT");
	outcome_release(&o);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, tree_setup, tree_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(test_intel), TEST(test_amd), TEST(test_odd) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
