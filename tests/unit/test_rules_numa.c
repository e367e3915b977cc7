/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules about NUMA nodes under the guest and in it: one case per verdict each can give. */
#include "tests/lib/guestconf.h"

static void add_function(struct host *h, const char *address, uint64_t class_code, uint64_t node)
{
	struct pci_function *f = fact_add_item(&h->pci.functions, &h->arena, sizeof(*f));

	assert_non_null(f);
	set_str(&f->address, address);
	fact_set_u64(&f->class_code, class_code);
	fact_set_u64(&f->node, node);
}

static void gpu_on(struct host *h, uint64_t node)
{
	add_device(h, "0000:41:00.0");
	add_device(h, "0000:02:00.0");
	add_function(h, "0000:02:00.0", 0x010802, 1 - node);
	add_function(h, "0000:41:00.0", 0x030000, node);
}

static void memory_of(struct host *h, uint64_t kib_0, uint64_t kib_1)
{
	struct mm_guest *g = fact_add_item(&h->mm.guests, &h->arena, sizeof(*g));

	assert_non_null(g);
	fact_set_u64(&g->pid, 4000);
	g->node_kib.known = true;
	assert_int_equal(fact_add_pair(&g->node_kib, &h->arena, 0, kib_0), 0);
	assert_int_equal(fact_add_pair(&g->node_kib, &h->arena, 1, kib_1), 0);
}

static void pinned_to_0(struct host *h)
{
	machine_threadripper(h);
	configure_guest(h, 4, "1 17 2 18");
}

static void bound_to_0(struct host *h)
{
	pinned_to_0(h);
	set_cpus(&h->domain.memory_nodes, "0");
}

static void bound_to_1(struct host *h)
{
	pinned_to_0(h);
	set_cpus(&h->domain.memory_nodes, "1");
}

static void gpu_on_1(struct host *h)
{
	pinned_to_0(h);
	gpu_on(h, 1);
}

static void gpu_on_0(struct host *h)
{
	bound_to_0(h);
	gpu_on(h, 0);
}

static void over_both(struct host *h)
{
	machine_threadripper(h);
	configure_guest(h, 4, "7 23 8 24");
}

static void over_both_with_cells(struct host *h)
{
	over_both(h);
	h->domain.cells.n = 2;
}

static void too_large(struct host *h)
{
	machine_threadripper(h);
	configure_guest(h, 20, "6 22 7 23 8 24 9 25 10 26 11 27 12 28 13 29 14 30 15 31");
}

static void floating(struct host *h)
{
	machine_threadripper(h);
	configure_guest(h, 4, "");
}

static void one_node(struct host *h)
{
	machine_8700k(h);
	add_node(h, 0, "0-11");
	configure_guest(h, 4, "1 7 2 8");
}

static void no_nodes(struct host *h)
{
	machine_8700k(h);
	configure_guest(h, 4, "1 7 2 8");
}

static void test_vcpu_mem(void **state)
{
	static const struct guest_case cases[] = {
		{ NULL, bound_to_0, VERDICT_PASS, "CPUs and its memory are on node 0", NULL },
		{ NULL, gpu_on_0, VERDICT_PASS, "are on node 0", NULL },
		{ NULL, over_both_with_cells, VERDICT_PASS, "on nodes 0-1, and it has 2 NUMA cells",
		  NULL },
		{ NULL, pinned_to_0, VERDICT_ADVICE, "are on node 0; its memory may come from any",
		  "numatune/memory@mode=strict@nodeset=0" },
		{ NULL, bound_to_1, VERDICT_ADVICE,
		  "is to come from node 1, its CPUs are on node 0",
		  "numatune/memory@mode=strict@nodeset=0" },
		{ NULL, gpu_on_1, VERDICT_ADVICE, "device passed through is on node 1, the guest's",
		  "cputune/vcpupin[vcpu=0]@cpuset=8\n" },
		{ NULL, gpu_on_1, VERDICT_ADVICE, NULL, "numatune/memory@mode=strict@nodeset=1" },
		{ NULL, over_both, VERDICT_ADVICE, "on nodes 0-1, which it takes for one",
		  "numatune/memory@mode=strict@nodeset=" },
		{ NULL, too_large, VERDICT_ADVICE, "on nodes 0-1, which it takes for one", NULL },
		{ NULL, floating, VERDICT_NOT_APPLICABLE, "not pinned", NULL },
		{ NULL, one_node, VERDICT_NOT_APPLICABLE, "has one NUMA node", NULL },
		{ NULL, no_nodes, VERDICT_UNKNOWN, "cpu.nodes is not known", NULL },
	};
	struct finding f;
	struct host h;

	(void)state;
	CHECK_GUESTS("numa.vcpu-mem", cases);
	host_blank(&h);
	check_row(&h, "numa.vcpu-mem", VERDICT_NOT_APPLICABLE, "No guest runs");
	machine_threadripper(&h);
	run_guest(&h, "libvirt");
	check_row(&h, "numa.vcpu-mem", VERDICT_UNKNOWN, "see pin.identify");
	add_vcpu(&h, 0, "1");
	memory_of(&h, 3000000, 1000000);
	f = check_row(&h, "numa.vcpu-mem", VERDICT_PROBLEM,
		      "25 % of the guest's memory are on other nodes than its CPUs (node 0)");
	assert_int_equal(f.confidence, CONFIDENCE_MEASURED);
	check_has(f.fix.persist, "<memory mode='strict' nodeset='0'/>");
	h.mm.guests.n = 0;
	memory_of(&h, 3000000, 100000);
	check_row(&h, "numa.vcpu-mem", VERDICT_PASS, "are on node 0");
	arena_release(&h.arena);
}

static void set_balancing(struct host *h, const char *value)
{
	h->kernel.sysctls.known = true;
	if (value)
		add_setting(h, &h->kernel.sysctls, "kernel.numa_balancing", value);
}

static void balanced(struct host *h)
{
	bound_to_0(h);
	set_balancing(h, "1");
}

static void unbalanced(struct host *h)
{
	bound_to_0(h);
	set_balancing(h, "0");
}

static void balanced_floating(struct host *h)
{
	floating(h);
	set_balancing(h, "1");
}

static void balanced_strict(struct host *h)
{
	balanced_floating(h);
	set_str(&h->domain.memory_mode, "strict");
}

static void no_balancing(struct host *h)
{
	bound_to_0(h);
	set_balancing(h, NULL);
}

static void test_balancing(void **state)
{
	static const struct guest_case cases[] = {
		{ NULL, unbalanced, VERDICT_PASS, "is off", NULL },
		{ NULL, balanced, VERDICT_ADVICE, "is on although the guest is pinned.", NULL },
		{ NULL, balanced_strict, VERDICT_ADVICE, "is on although", NULL },
		{ NULL, balanced_floating, VERDICT_NOT_APPLICABLE, "it may help", NULL },
		{ NULL, no_balancing, VERDICT_NOT_APPLICABLE, "has no automatic", NULL },
		{ NULL, one_node, VERDICT_NOT_APPLICABLE, "one NUMA node", NULL },
		{ NULL, bound_to_0, VERDICT_UNKNOWN, "kernel.sysctls", NULL },
	};
	struct activity_counter *c;
	struct finding f;
	struct host h;

	(void)state;
	CHECK_GUESTS("numa.balancing", cases);
	host_blank(&h);
	balanced(&h);
	c = fact_add_item(&h.activity.counters, &h.arena, sizeof(*c));
	assert_non_null(c);
	set_str(&c->name, "vmstat.numa_hint_faults");
	fact_set_u64(&c->n, 1234);
	f = check_row(&h, "numa.balancing", VERDICT_ADVICE, "in this run it caused 1234 faults");
	assert_int_equal(f.confidence, CONFIDENCE_MEASURED);
	check_has(f.fix.now, "sudo sysctl -w kernel.numa_balancing=0");
	check_has(f.fix.undo, "sudo sysctl -w kernel.numa_balancing=1");
	arena_release(&h.arena);
}

static void numad_runs(struct host *h)
{
	bound_to_0(h);
	fact_set_bool(&h->mm.is_numad_running, true);
}

static void numad_absent(struct host *h)
{
	bound_to_0(h);
	fact_set_bool(&h->mm.is_numad_running, false);
}

static void numad_helps(struct host *h)
{
	floating(h);
	fact_set_bool(&h->mm.is_numad_running, true);
}

static void test_numad(void **state)
{
	static const struct guest_case cases[] = {
		{ NULL, numad_absent, VERDICT_PASS, "does not run", NULL },
		{ NULL, numad_runs, VERDICT_ADVICE, "moves what the pins", NULL },
		{ NULL, numad_helps, VERDICT_NOT_APPLICABLE, "may help", NULL },
		{ NULL, one_node, VERDICT_NOT_APPLICABLE, "one NUMA node", NULL },
		{ NULL, bound_to_0, VERDICT_UNKNOWN, "is_numad_running", NULL },
	};

	(void)state;
	CHECK_GUESTS("numa.numad", cases);
}

static void add_cell(struct host *h, const char *cpus)
{
	struct domain_cell *cell = fact_add_item(&h->domain.cells, &h->arena, sizeof(*cell));

	assert_non_null(cell);
	set_cpus(&cell->cpus, cpus);
}

/* Four vCPUs on each L3 cache of a 5950X. */
static void on_both_caches(struct host *h)
{
	machine_5950x(h);
	configure_guest(h, 16, "2 18 3 19 4 20 5 21 10 26 11 27 12 28 13 29");
}

static void cells_of_vcpus(struct host *h)
{
	on_both_caches(h);
	add_cell(h, "0-7");
	add_cell(h, "8-15");
}

static void cells_of_pins(struct host *h)
{
	machine_5950x(h);
	configure_guest(h, 32,
			"0 16 1 17 2 18 3 19 4 20 5 21 6 22 7 23 8 24 9 25 10 26 11 27 12 "
			"28 13 29 14 30 15 31");
	add_cell(h, "0-7,16-23");
	add_cell(h, "8-15,24-31");
}

static void cells_beyond(struct host *h)
{
	on_both_caches(h);
	add_cell(h, "2-5,18-21");
	add_cell(h, "10-13,26-29");
}

static void cells_without_pins(struct host *h)
{
	machine_5950x(h);
	configure_guest(h, 4, "");
	add_cell(h, "0-3");
}

static void cells_lost(struct host *h)
{
	cells_without_pins(h);
	add_cell(h, "8-9");
}

static void cells_uncounted(struct host *h)
{
	add_cell(h, "0-3");
}

static void test_cells(void **state)
{
	static const struct guest_case cases[] = {
		{ NULL, cells_of_vcpus, VERDICT_PASS, "The 2 NUMA cells of the guest hold numbers",
		  NULL },
		{ NULL, cells_without_pins, VERDICT_PASS, "The 1 NUMA cell of the guest holds",
		  NULL },
		{ NULL, cells_of_pins, VERDICT_ADVICE,
		  "2 of 2 NUMA cells of the guest hold numbers",
		  "cpu/numa/cell[1]@cpus=0-15\ncpu/numa/cell[2]@cpus=16-31" },
		{ NULL, cells_beyond, VERDICT_PROBLEM, "holds vCPU 18, but the guest has 16",
		  "cpu/numa/cell[1]@cpus=0-7\ncpu/numa/cell[2]@cpus=8-15" },
		{ NULL, cells_lost, VERDICT_PROBLEM, "holds vCPU 8, but the guest has 4", NULL },
		{ NULL, cells_uncounted, VERDICT_UNKNOWN, "domain.n_vcpus", NULL },
		{ NULL, NULL, VERDICT_NOT_APPLICABLE, "has no NUMA cells", NULL },
	};

	(void)state;
	CHECK_GUESTS("numa.cells-host-numbering", cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vcpu_mem),
		cmocka_unit_test(test_balancing),
		cmocka_unit_test(test_numad),
		cmocka_unit_test(test_cells),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
