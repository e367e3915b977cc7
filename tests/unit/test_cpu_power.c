/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TEST_SOURCES: probes/cpu_freq.c probes/cpu_idle.c probes/numbered.c tests/lib/tree.c */
#include "probes/cpu_freq.h"
#include "probes/cpu_idle.h"
#include "tests/lib/probe_env.h"

#define CPU "sys/devices/system/cpu"

static struct cpus cpus_of(const char *list)
{
	struct cpus set;

	assert_int_equal(cpus_parse_list(text_of(list), &set), 0);
	return set;
}

static void make_policy(const struct tree *t, const char *dir, const char *cpus)
{
	static const struct {
		const char *name, *text;
	} files[] = {
		{ "scaling_driver", "intel_pstate\n" }, { "scaling_governor", "powersave\n" },
		{ "scaling_min_freq", "800000\n" },     { "scaling_max_freq", "4700000\n" },
		{ "cpuinfo_max_freq", "4700000\n" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		auto_free char *path = NULL;

		assert_true(asprintf(&path, "%s/%s", dir, files[i].name) > 0);
		tree_file(t, path, files[i].text);
	}
	if (cpus) {
		auto_free char *path = NULL;

		assert_true(asprintf(&path, "%s/affected_cpus", dir) > 0);
		tree_file(t, path, cpus);
	}
}

static void read_freq(struct probe_fixture *x, const struct tree *t, struct cpu_facts *f,
		      const char *dirs)
{
	const struct cpus set = cpus_of(dirs);

	memset(f, 0, sizeof(*f));
	probe_fixture_init(x, t, "cpu");
	assert_int_equal(cpu_freq_read(&x->env, f, &set), 0);
}

static void test_policies(void **state)
{
	const struct tree *t = *state;
	struct probe_fixture x;
	const struct freq_fact *p;
	struct cpu_facts f;

	make_policy(t, CPU "/cpufreq/policy0", "0 1 2 3 \n");
	make_policy(t, CPU "/cpufreq/policy10", "10\n");
	tree_file(t, CPU "/cpufreq/policy10/energy_performance_preference", "performance\n");
	make_policy(t, CPU "/cpufreq/policy4", "\n"); /* all of its CPUs are offline */
	make_policy(t, CPU "/cpu5/cpufreq", "5\n");   /* not looked at: there are policies */
	read_freq(&x, t, &f, "0-5,10");
	assert_true(f.has_cpufreq.known && f.has_cpufreq.v && f.freq.known);
	assert_int_equal(f.freq.n, 2);
	p = f.freq.v;
	check_list(&p[0].cpus, "0-3");
	check_list(&p[1].cpus, "10");
	assert_true(fact_is(&p[0].governor, "powersave"));
	assert_true(fact_is(&p[0].driver, "intel_pstate"));
	assert_int_equal(p[0].min_khz.v, 800000);
	assert_int_equal(p[0].max_khz.v, 4700000);
	assert_true(p[0].hw_max_khz.known);
	assert_false(p[0].epp.known);
	assert_true(fact_is(&p[1].epp, "performance"));
	assert_null(x.env.gaps);
	probe_fixture_release(&x);
}

/* Folders of single CPUs; some know their companions, some nothing of that. */
static void test_per_cpu(void **state)
{
	const struct tree *t = *state;
	struct probe_fixture x;
	const struct freq_fact *p;
	struct cpu_facts f;

	make_policy(t, CPU "/cpu0/cpufreq", "0 2\n");
	make_policy(t, CPU "/cpu2/cpufreq", "0 2\n");
	make_policy(t, CPU "/cpu1/cpufreq", NULL);
	tree_file(t, CPU "/cpu1/cpufreq/related_cpus", "1 3\n");
	tree_file(t, CPU "/cpu4/cpufreq/cpuinfo_max_freq", "3000000\n");
	tree_file(t, CPU "/cpu5/cpufreq/cpuinfo_max_freq", "fast\n");
	read_freq(&x, t, &f, "0-6");
	p = f.freq.v;
	assert_int_equal(f.freq.n, 4);
	check_list(&p[0].cpus, "0,2");
	check_list(&p[1].cpus, "1,3");
	check_list(&p[2].cpus, "4");
	check_list(&p[3].cpus, "5");
	assert_false(p[2].governor.known);
	assert_false(p[3].hw_max_khz.known);
	/* one gap for both */
	assert_int_equal(n_gaps(&x, "cpu.freq.governor"), 1);
	assert_int_equal(n_gaps(&x, "cpu.freq.hw_max_khz"), 1);
	assert_int_equal(n_gaps(&x, "cpu.freq.epp"), 0);
	probe_fixture_release(&x);
}

static void test_no_freq(void **state)
{
	struct tree *t = *state;
	struct probe_fixture x;
	struct cpu_facts f;

	/* a tree that holds nothing of it tells nothing */
	read_freq(&x, t, &f, "0");
	assert_false(f.has_cpufreq.known || f.freq.known);
	assert_int_equal(n_gaps(&x, "cpu.has_cpufreq"), 1);
	probe_fixture_release(&x);
	/* this machine would */
	t->root.is_live = t->root.is_whole = true;
	read_freq(&x, t, &f, "0");
	t->root.is_live = t->root.is_whole = false;
	assert_true(f.has_cpufreq.known && !f.has_cpufreq.v && f.freq.known);
	assert_null(x.env.gaps);
	probe_fixture_release(&x);
	/* nor is the empty folder of a kernel without a driver a gap */
	tree_dir(t, CPU "/cpufreq");
	read_freq(&x, t, &f, "0");
	assert_true(f.has_cpufreq.known && !f.has_cpufreq.v && f.freq.known);
	assert_int_equal(f.freq.n, 0);
	assert_null(x.env.gaps);
	probe_fixture_release(&x);
}

static void make_state(const struct tree *t, const char *dir, const char *name, const char *latency,
		       const char *disable)
{
	const struct {
		const char *file, *text;
	} files[] = { { "name", name }, { "latency", latency }, { "disable", disable } };

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		auto_free char *path = NULL;

		assert_true(asprintf(&path, CPU "/%s/%s", dir, files[i].file) > 0);
		if (files[i].text)
			tree_file(t, path, files[i].text);
	}
}

static void read_idle(struct probe_fixture *x, const struct tree *t, struct cpu_facts *f,
		      const char *dirs)
{
	const struct cpus set = cpus_of(dirs);

	memset(f, 0, sizeof(*f));
	probe_fixture_init(x, t, "cpu");
	assert_int_equal(cpu_idle_read(&x->env, f, &set), 0);
}

static void test_idle(void **state)
{
	const struct tree *t = *state;
	struct probe_fixture x;
	const struct idle_fact *s;
	struct cpu_facts f;

	tree_file(t, CPU "/cpuidle/current_driver", "intel_idle\n");
	tree_file(t, CPU "/cpuidle/current_governor_ro", "menu\n");
	make_state(t, "cpu0/cpuidle/state0", "POLL\n", "0\n", "0\n");
	make_state(t, "cpu0/cpuidle/state1", "C6\n", "133\n", "1\n");
	make_state(t, "cpu1/cpuidle/state0", "POLL\n", "0\n", "0\n");
	make_state(t, "cpu1/cpuidle/state1", "C6\n", "133\n", "0\n");
	/* the same name, another depth: a core of the other kind */
	make_state(t, "cpu9/cpuidle/state0", "C6\n", "280\n", "3\n");
	read_idle(&x, t, &f, "0-2,9");
	assert_true(fact_is(&f.idle_driver, "intel_idle"));
	assert_true(fact_is(&f.idle_governor, "menu"));
	assert_true(f.idle.known);
	assert_int_equal(f.idle.n, 3);
	s = f.idle.v;
	assert_true(fact_is(&s[0].name, "POLL"));
	check_list(&s[0].cpus, "0-1");
	check_list(&s[0].disabled, "");
	assert_true(fact_is(&s[1].name, "C6"));
	assert_int_equal(s[1].latency_us.v, 133);
	check_list(&s[1].cpus, "0-1");
	check_list(&s[1].disabled, "0");
	assert_int_equal(s[2].latency_us.v, 280);
	check_list(&s[2].cpus, "9");
	check_list(&s[2].disabled, "9");
	assert_int_equal(n_gaps(&x, "cpu.idle"), 0);
	probe_fixture_release(&x);
}

/* Old kernels cannot disable states; files may be missing or odd. */
static void test_idle_incomplete(void **state)
{
	const struct tree *t = *state;
	struct probe_fixture x;
	const struct idle_fact *s;
	struct cpu_facts f;

	make_state(t, "cpu0/cpuidle/state0", "C1\n", "x\n", NULL);
	make_state(t, "cpu0/cpuidle/state1", NULL, "1\n", "0\n");
	read_idle(&x, t, &f, "0");
	assert_int_equal(f.idle.n, 1);
	s = f.idle.v;
	assert_false(s[0].latency_us.known || s[0].disabled.known);
	check_list(&s[0].cpus, "0");
	assert_int_equal(n_gaps(&x, "cpu.idle.name"), 1);
	assert_int_equal(n_gaps(&x, "cpu.idle.latency_us"), 1);
	assert_int_equal(n_gaps(&x, "cpu.idle.disabled"), 1);
	assert_int_equal(n_gaps(&x, "cpu.idle_driver"), 1);
	assert_int_equal(n_gaps(&x, "cpu.idle_governor"), 1);
	probe_fixture_release(&x);
}

/* No states are an answer where the driver is told; the number of states is bounded. */
static void test_idle_limits(void **state)
{
	const struct tree *t = *state;
	struct probe_fixture x;
	struct cpu_facts f;

	read_idle(&x, t, &f, "0");
	assert_false(f.idle.known);
	assert_int_equal(n_gaps(&x, "cpu.idle"), 1);
	probe_fixture_release(&x);
	tree_file(t, CPU "/cpuidle/current_driver", "none\n");
	read_idle(&x, t, &f, "0");
	assert_true(f.idle.known);
	assert_int_equal(f.idle.n, 0);
	assert_int_equal(n_gaps(&x, "cpu.idle"), 0);
	probe_fixture_release(&x);
	for (int i = 0; i < 100; i++) {
		auto_free char *dir = NULL, *name = NULL;

		assert_true(asprintf(&dir, "cpu0/cpuidle/state%d", i) > 0);
		assert_true(asprintf(&name, "C%d\n", i) > 0);
		make_state(t, dir, name, "1\n", "0\n");
	}
	read_idle(&x, t, &f, "0");
	assert_int_equal(f.idle.n, 64);
	probe_fixture_release(&x);
}

static void test_pm_qos(void **state)
{
	const struct tree *t = *state;
	struct probe_fixture x;
	struct cpu_facts f;

	read_idle(&x, t, &f, "0");
	assert_false(f.pm_qos_resume_latency_us.known);
	assert_int_equal(n_gaps(&x, "cpu.pm_qos_resume_latency_us"), 1);
	probe_fixture_release(&x);
	tree_file(t, CPU "/cpu0/power/pm_qos_resume_latency_us", "0\n");
	read_idle(&x, t, &f, "0-4");
	assert_true(f.pm_qos_resume_latency_us.known);
	assert_int_equal(f.pm_qos_resume_latency_us.n, 0);
	probe_fixture_release(&x);
	tree_file(t, CPU "/cpu1/power/pm_qos_resume_latency_us", "n/a\n");
	tree_file(t, CPU "/cpu3/power/pm_qos_resume_latency_us", "20\n");
	tree_file(t, CPU "/cpu4/power/pm_qos_resume_latency_us", "auto\n");
	read_idle(&x, t, &f, "0-4");
	assert_int_equal(f.pm_qos_resume_latency_us.n, 2);
	assert_int_equal(f.pm_qos_resume_latency_us.v[0].key, 1);
	assert_int_equal(f.pm_qos_resume_latency_us.v[0].value, 0);
	assert_int_equal(f.pm_qos_resume_latency_us.v[1].key, 3);
	assert_int_equal(f.pm_qos_resume_latency_us.v[1].value, 20);
	assert_int_equal(n_gaps(&x, "cpu.pm_qos_resume_latency_us"), 0);
	probe_fixture_release(&x);
}

#define TREE_TEST(test) cmocka_unit_test_setup_teardown(test, tree_setup, tree_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TREE_TEST(test_policies),        TREE_TEST(test_per_cpu),
		TREE_TEST(test_no_freq),         TREE_TEST(test_idle),
		TREE_TEST(test_idle_incomplete), TREE_TEST(test_idle_limits),
		TREE_TEST(test_pm_qos),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
