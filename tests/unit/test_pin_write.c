/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Proposed pins as edits, commands and scripts, for whoever runs the guest. */
#include "tests/lib/guestconf.h"

static void test_edits(void **state)
{
	struct host h;
	struct finding f;

	(void)state;
	host_blank(&h);
	machine_8700k(&h);
	configure_guest(&h, 4, "");
	fact_set_u64(&h.domain.n_iothreads, 2);
	f = check_row(&h, "pin.vcpupin", VERDICT_ADVICE, NULL);
	assert_string_equal(f.fix.change[CHANGE_XML],
			    "cputune/vcpupin[vcpu=0]@cpuset=1\ncputune/vcpupin[vcpu=1]@cpuset=7\n"
			    "cputune/vcpupin[vcpu=2]@cpuset=2\ncputune/vcpupin[vcpu=3]@cpuset=8\n"
			    "cputune/emulatorpin@cpuset=0,3-6,9-11\n"
			    "cputune/iothreadpin[iothread=1]@cpuset=0,3-6,9-11\n"
			    "cputune/iothreadpin[iothread=2]@cpuset=0,3-6,9-11\n"
			    "cpu/topology@sockets=1@dies=1@cores=2@threads=2");
	check_has(f.fix.now, "\nvirsh emulatorpin win10 0,3-6,9-11\n"
			     "virsh iothreadpin win10 1 0,3-6,9-11\n");
	check_has(f.fix.undo, "\nvirsh emulatorpin win10 0-11\n");
	check_has(f.fix.undo, "put the former <cputune> back (sudo virsh edit win10)");
	/* Threads that are out of the way stay there. */
	set_cpus(&h.domain.emulator_pin, "5");
	fact_set_u64(&h.domain.n_iothreads, 0);
	fact_set_u64(&h.domain.threads, 2);
	f = check_row(&h, "pin.vcpupin", VERDICT_ADVICE, NULL);
	assert_null(strstr(f.fix.change[CHANGE_XML], "emulatorpin"));
	assert_null(strstr(f.fix.change[CHANGE_XML], "topology"));
	set_cpus(&h.domain.emulator_pin, "1,5");
	f = check_row(&h, "pin.vcpupin", VERDICT_ADVICE, NULL);
	check_has(f.fix.change[CHANGE_XML], "cputune/emulatorpin@cpuset=0,3-6,9-11");
	check_has(f.fix.undo, "virsh emulatorpin win10 1,5\n");
	arena_release(&h.arena);
}

/* What the edits say, set: the rule passes, and the one about QEMU's own threads does. */
static void test_edits_pass(void **state)
{
	static const struct {
		void (*machine)(struct host *h);
		uint64_t n;
		const char *pins, *rest;
	} cases[] = {
		{ machine_8700k, 8, "1 7 2 8 3 9 4 10", "0,5-6,11" },
		{ machine_5950x, 16, "8 24 9 25 10 26 11 27 12 28 13 29 14 30 15 31", "0-7,16-23" },
		{ machine_7950x3d, 12, "1 17 2 18 3 19 4 20 5 21 6 22", "0,7-16,23-31" },
		{ machine_12900k, 12, "2 3 4 5 6 7 8 9 10 11 12 13", "0-1,14-23" },
		{ machine_threadripper, 8, "4 20 5 21 6 22 7 23", "0-3,8-19,24-31" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct text rest = text_of(cases[i].pins), word;
		struct host h;
		struct finding f;

		host_blank(&h);
		cases[i].machine(&h);
		configure_guest(&h, cases[i].n, "");
		fact_set_u64(&h.domain.threads, 2);
		f = check_row(&h, "pin.vcpupin", VERDICT_ADVICE, NULL);
		for (unsigned v = 0; text_next_word(&rest, &word); v++)
			check_has(f.fix.change[CHANGE_XML],
				  arena_printf(&h.arena, "cputune/vcpupin[vcpu=%u]@cpuset=%.*s\n",
					       v, (int)word.len, word.at));
		check_has(f.fix.change[CHANGE_XML],
			  arena_printf(&h.arena, "cputune/emulatorpin@cpuset=%s", cases[i].rest));
		configure_guest(&h, cases[i].n, cases[i].pins);
		set_cpus(&h.domain.emulator_pin, cases[i].rest);
		check_row(&h, "pin.vcpupin", VERDICT_PASS, NULL);
		check_row(&h, "pin.emulator", VERDICT_PASS, NULL);
		check_row(&h, "pin.smt-siblings", VERDICT_PASS, NULL);
		check_row(&h, "cpu.host-reserve", VERDICT_PASS, NULL);
		arena_release(&h.arena);
	}
}

static void add_function(struct host *h, const char *address, uint64_t class_code, uint64_t node)
{
	struct pci_function *f = fact_add_item(&h->pci.functions, &h->arena, sizeof(*f));

	assert_non_null(f);
	set_str(&f->address, address);
	fact_set_u64(&f->class_code, class_code);
	fact_set_u64(&f->node, node);
}

static void test_node_of_the_device(void **state)
{
	struct host h;
	struct finding f;

	(void)state;
	host_blank(&h);
	machine_threadripper(&h);
	configure_guest(&h, 8, "");
	add_function(&h, "0000:01:00.0", 0x010802, 0);
	add_function(&h, "0000:41:00.0", 0x030000, 1);
	add_function(&h, "0000:42:00.0", 0x030000, 0);
	f = check_row(&h, "pin.vcpupin", VERDICT_ADVICE, NULL);
	check_has(f.fix.change[CHANGE_XML], "cputune/vcpupin[vcpu=0]@cpuset=4\n");
	add_device(&h, "0000:01:00.0");
	add_device(&h, "0000:41:00.0");
	f = check_row(&h, "pin.vcpupin", VERDICT_ADVICE, NULL);
	check_has(f.fix.change[CHANGE_XML], "cputune/vcpupin[vcpu=0]@cpuset=8\n");
	/* Memory that is bound stays where it is. */
	set_cpus(&h.domain.memory_nodes, "0");
	f = check_row(&h, "pin.vcpupin", VERDICT_ADVICE, NULL);
	check_has(f.fix.change[CHANGE_XML], "cputune/vcpupin[vcpu=0]@cpuset=4\n");
	arena_release(&h.arena);
}

static void test_scripts(void **state)
{
	struct host h;
	struct finding f;

	(void)state;
	host_blank(&h);
	machine_8700k(&h);
	run_guest(&h, "proxmox");
	fact_set_u64(&h.domain.vmid, 104);
	add_vcpu(&h, 0, "0-11");
	add_vcpu(&h, 1, "0-11");
	f = check_row(&h, "pin.vcpupin", VERDICT_ADVICE, NULL);
	check_has(f.fix.persist, "qm set 104 --hookscript");
	check_has(f.fix.persist, "pid=$(cat /run/qemu-server/104.pid)\n"
				 "sudo taskset -apc 0,2-6,8-11 $pid\npin() {");
	check_has(f.fix.persist, "\npin 0 1\npin 1 7");
	arena_release(&h.arena);
	host_blank(&h);
	machine_8700k(&h);
	run_guest(&h, "plain");
	add_vcpu(&h, 0, "0-11");
	f = check_row(&h, "pin.vcpupin", VERDICT_ADVICE, NULL);
	check_has(f.fix.persist, "\npid=4000\n");
	assert_string_equal(f.fix.now, "sudo taskset -pc 1 4100");
	assert_string_equal(f.fix.undo, "sudo taskset -pc 0-11 4100");
	arena_release(&h.arena);
}

static void test_fewer(void **state)
{
	struct host h;
	struct finding f;

	(void)state;
	host_blank(&h);
	machine_8700k(&h);
	configure_guest(&h, 12, "0 6 1 7 2 8 3 9 4 10 5 11");
	fact_set_u64(&h.domain.n_current_vcpus, 12);
	f = check_row(&h, "cpu.host-reserve", VERDICT_ADVICE, NULL);
	check_has(f.fix.change[CHANGE_XML], "vcpu:=8\n-vcpu@current\n-cputune/vcpupin[vcpu=8]\n");
	check_has(f.fix.change[CHANGE_XML], "-cputune/vcpupin[vcpu=11]\n");
	check_has(f.fix.change[CHANGE_XML], "cputune/vcpupin[vcpu=7]@cpuset=10\n"
					    "cpu/topology@sockets=1@dies=1@cores=4@threads=2");
	set_str(&h.domain.manager, "proxmox");
	fact_set_u64(&h.domain.vmid, 104);
	f = check_row(&h, "cpu.host-reserve", VERDICT_ADVICE, NULL);
	check_has(f.fix.persist, "qm set 104 --sockets 1 --cores 8\n");
	check_has(f.fix.persist, "add -smp 8,sockets=1,cores=4,threads=2");
	h.domain.cells.n = 2;
	set_str(&h.domain.manager, "libvirt");
	f = check_row(&h, "cpu.host-reserve", VERDICT_ADVICE, NULL);
	assert_null(f.fix.change[CHANGE_XML]);
	check_has(f.fix.persist,
		  "Give the guest 8 vCPUs or fewer, in <vcpu>, <topology> and <numa>");
	arena_release(&h.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_edits),
		cmocka_unit_test(test_edits_pass),
		cmocka_unit_test(test_node_of_the_device),
		cmocka_unit_test(test_scripts),
		cmocka_unit_test(test_fewer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
