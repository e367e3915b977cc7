/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TEST_SOURCES: probes/cpu_nodes.c probes/cpu_virtual.c probes/numbered.c tests/lib/tree.c */
#include "probes/cpu_nodes.h"
#include "probes/cpu_virtual.h"
#include "tests/lib/probe_env.h"

#define NODE "sys/devices/system/node"

static void add_core(struct probe_fixture *x, struct cpu_facts *f, unsigned a, unsigned b)
{
	struct core_fact *core = fact_add_item(&f->cores, &x->arena, sizeof(*core));
	struct cpus set = { { 0 } };

	assert_non_null(core);
	cpus_add(&set, a);
	cpus_add(&set, b);
	fact_set_cpus(&core->cpus, &set);
	f->online.known = true;
	f->online.v = cpus_or(&f->online.v, &set);
}

/* A node of CPUs, one of memory alone, one of CPUs alone in the format of old kernels. */
static void test_nodes(void **state)
{
	const struct tree *t = *state;
	struct cpu_facts f = { 0 };
	const struct node_fact *n;
	const struct core_fact *c;
	struct probe_fixture x;

	probe_fixture_init(&x, t, "cpu");
	add_core(&x, &f, 0, 2);
	add_core(&x, &f, 1, 3);
	tree_file(t, NODE "/node0/cpulist", "0,2,4\n"); /* 4 is offline */
	tree_file(t, NODE "/node0/meminfo",
		  "Node 0 MemTotal:       32768 kB\nNode 0 MemFree:  16 kB\n");
	tree_file(t, NODE "/node2/cpulist", "\n");
	tree_file(t, NODE "/node2/meminfo", "Node 2 MemTotal:       65536 kB\n");
	tree_file(t, NODE "/node10/cpumap", "0000000a\n");
	tree_file(t, NODE "/node10/meminfo", "Node 10 MemTotal:  0 kB\n");
	tree_file(t, NODE "/online", "0,2,10\n");
	assert_int_equal(cpu_nodes_read(&x.env, &f), 0);
	assert_null(x.env.gaps);
	assert_int_equal(f.nodes.n, 3);
	n = f.nodes.v;
	assert_int_equal(n[0].node.v, 0);
	check_list(&n[0].cpus, "0,2");
	assert_int_equal(n[0].memory_kib.v, 32768);
	assert_int_equal(n[1].node.v, 2);
	check_list(&n[1].cpus, "");
	assert_int_equal(n[1].memory_kib.v, 65536);
	assert_int_equal(n[2].node.v, 10);
	check_list(&n[2].cpus, "1,3");
	assert_true(n[2].memory_kib.known && n[2].memory_kib.v == 0);
	c = f.cores.v;
	assert_true(c[0].node.known && c[0].node.v == 0);
	assert_true(c[1].node.known && c[1].node.v == 10);
	probe_fixture_release(&x);
}

static void test_nodes_missing(void **state)
{
	const struct tree *t = *state;
	struct cpu_facts f = { 0 };
	const struct node_fact *n;
	struct probe_fixture x;

	probe_fixture_init(&x, t, "cpu");
	assert_int_equal(cpu_nodes_read(&x.env, &f), 0);
	assert_false(f.nodes.known);
	assert_int_equal(n_gaps(&x, "cpu.nodes"), 1);
	tree_file(t, NODE "/node0/cpulist", "none\n");
	tree_file(t, NODE "/node0/meminfo", "Node 0 MemTotal: lots\n");
	tree_dir(t, NODE "/node1");
	assert_int_equal(cpu_nodes_read(&x.env, &f), 0);
	assert_true(f.nodes.known);
	assert_int_equal(f.nodes.n, 2);
	n = f.nodes.v;
	assert_false(n[0].cpus.known || n[0].memory_kib.known);
	assert_int_equal(n_gaps(&x, "cpu.nodes.cpus"), 1);
	assert_int_equal(n_gaps(&x, "cpu.nodes.memory_kib"), 1);
	probe_fixture_release(&x);
}

/* On a captured tree nothing is asked of this CPU. */
static void test_virtual(void **state)
{
	static const struct {
		const char *flags, *file, *text;
		bool is_known, is_virtual;
		const char *name;
	} cases[] = {
		{ "fpu vmx", NULL, NULL, true, false, NULL },
		{ "fpu hypervisor", NULL, NULL, true, true, NULL },
		{ NULL, NULL, NULL, false, false, NULL },
		{ "fpu", "sys/hypervisor/type", "xen\n", true, true, "Xen" },
		{ NULL, "sys/hypervisor/type", "z/VM\n", true, true, "z/VM" },
		{ NULL, "sys/class/dmi/id/product_name", "KVM\n", true, true, NULL },
		{ "fpu", "sys/class/dmi/id/product_name", "Standard PC (Q35 + ICH9, 2009)\n", true,
		  true, NULL },
		{ "fpu", "sys/class/dmi/id/sys_vendor", "QEMU\n", true, true, NULL },
		{ "fpu", "sys/class/dmi/id/product_name", "KVM Switch Server 9\n", true, false,
		  NULL },
		{ NULL, "sys/class/dmi/id/product_name", "PowerEdge R740xd\n", false, false, NULL },
	};
	struct tree *t = *state;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct cpuinfo info = { .flags = text_of(cases[i].flags) };
		struct cpu_facts f = { 0 };
		struct probe_fixture x;

		if (cases[i].file)
			tree_file(t, cases[i].file, cases[i].text);
		probe_fixture_init(&x, t, "cpu");
		assert_int_equal(cpu_virtual_read(&x.env, &f, &info), 0);
		if (f.is_virtual.known != cases[i].is_known ||
		    f.is_virtual.v != cases[i].is_virtual)
			fail_msg("case %zu", i);
		assert_int_equal(n_gaps(&x, "cpu.is_virtual"), !cases[i].is_known);
		assert_int_equal(f.hypervisor.known, cases[i].name != NULL);
		if (cases[i].name)
			assert_string_equal(f.hypervisor.v, cases[i].name);
		assert_int_equal(n_gaps(&x, "cpu.hypervisor"),
				 cases[i].is_virtual && !cases[i].name);
		probe_fixture_release(&x);
		tree_teardown(state);
		tree_setup(state);
		t = *state;
	}
}

#define TREE_TEST(test) cmocka_unit_test_setup_teardown(test, tree_setup, tree_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TREE_TEST(test_nodes),
		TREE_TEST(test_nodes_missing),
		TREE_TEST(test_virtual),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
