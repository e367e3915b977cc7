/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules about QEMU's threads beside the vCPUs: one case per verdict each can give. */
#include "tests/lib/machine.h"

static void test_emulator_configured(void **state)
{
	struct host h;
	struct finding f;

	(void)state;
	host_blank(&h);
	check_row(&h, "pin.emulator", VERDICT_NOT_APPLICABLE, "No guest runs");
	configure_guest(&h, 0, "");
	check_row(&h, "pin.emulator", VERDICT_UNKNOWN, "does not say how many");
	configure_guest(&h, 4, "");
	check_row(&h, "pin.emulator", VERDICT_NOT_APPLICABLE, "not pinned");
	configure_guest(&h, 4, "1 7 2 8");
	f = check_row(&h, "pin.emulator", VERDICT_ADVICE,
		      "4 vCPUs are pinned, QEMU's own threads are not: they may run on the vCPUs' "
		      "CPUs 1-2,7-8.");
	assert_null(f.fix.now);
	check_has(f.fix.persist, "no vCPU is pinned to (not 1-2,7-8)");
	machine_8700k(&h);
	f = check_row(&h, "pin.emulator", VERDICT_ADVICE, NULL);
	assert_string_equal(f.fix.now, "virsh emulatorpin win10 0,3-6,9-11");
	check_has(f.fix.persist, "<emulatorpin cpuset='0,3-6,9-11'/>");
	check_has(f.fix.undo, "remove the <emulatorpin> line");
	set_cpus(&h.domain.emulator_pin, "0-2,6-8");
	f = check_row(&h, "pin.emulator", VERDICT_ADVICE,
		      "set to CPUs 0-2,6-8; vCPUs are pinned to 1-2,7-8 of them");
	assert_string_equal(f.fix.undo, "virsh emulatorpin win10 0-2,6-8");
	set_cpus(&h.domain.emulator_pin, "0,3-6,9-11");
	check_row(&h, "pin.emulator", VERDICT_PASS, "set to CPUs 0,3-6,9-11, where no vCPU");
	/* Without a pin of their own they have the set of <vcpu>. */
	set_cpus(&h.domain.emulator_pin, "");
	set_cpus(&h.domain.vcpu_cpuset, "0,6");
	check_row(&h, "pin.emulator", VERDICT_PASS, "set to CPUs 0,6");
	set_cpus(&h.domain.vcpu_cpuset, "1,7");
	check_row(&h, "pin.emulator", VERDICT_ADVICE, "pinned to 1,7 of them");
	configure_guest(&h, 12, "0 1 2 3 4 5 6 7 8 9 10 11");
	f = check_row(&h, "pin.emulator", VERDICT_ADVICE, NULL);
	assert_null(f.fix.now);
	check_has(f.fix.persist, "No CPU is left: vCPUs are pinned to all of 0-11");
	arena_release(&h.arena);
}

/* Two vCPUs on 1 and 7, the main thread and a worker on all CPUs. */
static void run_loose(struct host *h, const char *manager)
{
	host_blank(h);
	machine_8700k(h);
	run_guest(h, manager);
	add_thread(h, "emulator", 4000, "qemu-system-x86", "0-11");
	add_vcpu(h, 0, "1");
	add_vcpu(h, 1, "7");
	add_thread(h, "worker", 4200, "worker", "0-11");
	add_thread(h, "other", 4201, "kvm-nx-lpage-re", "0-11");
	add_thread(h, "vhost", 4202, "vhost-4000", "0-11");
}

static void test_emulator_running(void **state)
{
	struct host h;
	struct finding f;

	(void)state;
	run_loose(&h, "libvirt");
	f = check_row(&h, "pin.emulator", VERDICT_ADVICE,
		      "QEMU's own threads (2 of 2) may run on CPUs 1,7, where vCPUs are pinned.");
	assert_int_equal(f.confidence, CONFIDENCE_CONFIGURED);
	assert_int_equal(f.n_items, 2);
	check_has(f.items[1], "thread 4200 (worker) may run on CPUs 0-11");
	assert_string_equal(f.fix.now, "virsh emulatorpin win10 0,2-6,8-11");
	assert_string_equal(f.fix.undo, "virsh emulatorpin win10 0-11");
	set_str(&((struct guest_process *)h.guest.guests.v)->manager, "plain");
	f = check_row(&h, "pin.emulator", VERDICT_ADVICE, NULL);
	assert_string_equal(f.fix.now, "sudo taskset -pc 0,2-6,8-11 4000\n"
				       "sudo taskset -pc 0,2-6,8-11 4200");
	assert_string_equal(f.fix.undo, "sudo taskset -pc 0-11 4000\nsudo taskset -pc 0-11 4200");
	/* Seen on CPU 1 in half of the samples: half of 400 ms, of ten seconds. */
	add_activity(&h, 4000, "emulator", 400, 0, (const uint64_t[]){ 0, 5, 1, 5 });
	f = check_row(
		&h, "pin.emulator", VERDICT_PROBLEM,
		"QEMU's own threads ran about 200 ms of 10 s on CPU 1, where vCPUs are pinned "
		"(2 of 2 may).");
	assert_int_equal(f.confidence, CONFIDENCE_MEASURED);
	assert_int_equal(f.share_permille, 20);
	check_has(f.items[0], "ran about 200 ms on CPU 1");
	arena_release(&h.arena);
	run_loose(&h, "libvirt");
	add_activity(&h, 4000, "emulator", 19, 0, (const uint64_t[]){ 0, 5, 1, 5 });
	check_row(&h, "pin.emulator", VERDICT_ADVICE,
		  "; in this run they spent about 9.5 ms there");
	arena_release(&h.arena);
}

static void test_emulator_off(void **state)
{
	struct host h;

	(void)state;
	host_blank(&h);
	run_guest(&h, "libvirt");
	add_vcpu(&h, 0, "1-2");
	check_row(&h, "pin.emulator", VERDICT_NOT_APPLICABLE, "not pinned");
	add_vcpu(&h, 1, "7");
	check_row(&h, "pin.emulator", VERDICT_UNKNOWN, "are not among the threads");
	add_thread(&h, "emulator", 4000, "qemu", "0,6");
	add_thread(&h, "iothread", 4001, "IO mon_iothread", "0,6");
	check_row(&h, "pin.emulator", VERDICT_PASS,
		  "QEMU's own threads (2) stay off the vCPUs' CPUs");
	add_thread(&h, "iothread", 4002, "IO iothread1", "7");
	check_row(&h, "pin.emulator", VERDICT_PASS, "(2)");
	arena_release(&h.arena);
}

static void add_iothread_pin(struct host *h, uint64_t id, const char *cpus)
{
	struct domain_pin *pin = fact_add_item(&h->domain.iothread_pins, &h->arena, sizeof(*pin));

	assert_non_null(pin);
	fact_set_u64(&pin->id, id);
	set_cpus(&pin->cpus, cpus);
}

static void test_iothread_configured(void **state)
{
	struct host h;
	struct finding f;

	(void)state;
	host_blank(&h);
	check_row(&h, "pin.iothread", VERDICT_NOT_APPLICABLE, "No guest runs");
	configure_guest(&h, 4, "1 7 2 8");
	check_row(&h, "pin.iothread", VERDICT_NOT_APPLICABLE, "no I/O threads");
	fact_set_u64(&h.domain.n_iothreads, 2);
	f = check_row(&h, "pin.iothread", VERDICT_ADVICE,
		      "2 I/O threads have no pin and may run on the vCPUs' CPUs 1-2,7-8.");
	check_has(f.fix.persist, "not 1-2,7-8");
	machine_8700k(&h);
	f = check_row(&h, "pin.iothread", VERDICT_ADVICE, NULL);
	assert_string_equal(f.fix.now, "virsh iothreadpin win10 1 0,3-6,9-11\n"
				       "virsh iothreadpin win10 2 0,3-6,9-11");
	check_has(f.fix.persist, "<iothreadpin iothread='2' cpuset='0,3-6,9-11'/>");
	check_has(f.fix.undo, "remove the <iothreadpin> lines");
	add_iothread_pin(&h, 1, "0,6");
	check_row(&h, "pin.iothread", VERDICT_ADVICE, "1 I/O thread has no pin");
	add_iothread_pin(&h, 2, "6-7");
	f = check_row(&h, "pin.iothread", VERDICT_ADVICE,
		      "1 of 2 pinned I/O threads may run on CPUs of vCPUs.");
	check_has(f.items[0], "I/O thread 2 is set to CPUs 6-7; vCPUs are pinned to 7");
	assert_string_equal(f.fix.now, "virsh iothreadpin win10 2 0,3-6,9-11");
	assert_string_equal(f.fix.undo, "virsh iothreadpin win10 2 6-7");
	h.domain.iothread_pins.n = 1;
	set_cpus(&h.domain.vcpu_cpuset, "0,6");
	check_row(&h, "pin.iothread", VERDICT_PASS, "The I/O threads stay off");
	fact_set_u64(&h.domain.n_iothreads, UINT64_MAX);
	h.domain.vcpu_cpuset.known = false;
	check_row(&h, "pin.iothread", VERDICT_ADVICE, "More than 16 I/O threads have no pin");
	configure_guest(&h, 4, "");
	check_row(&h, "pin.iothread", VERDICT_NOT_APPLICABLE, "not pinned");
	arena_release(&h.arena);
}

static void test_iothread_running(void **state)
{
	struct host h;
	struct finding f;

	(void)state;
	run_loose(&h, "libvirt");
	add_thread(&h, "iothread", 4300, "IO mon_iothread", "0-11");
	check_row(&h, "pin.iothread", VERDICT_NOT_APPLICABLE, "no I/O threads");
	add_thread(&h, "iothread", 4301, "IO iothread2", "0,7");
	f = check_row(&h, "pin.iothread", VERDICT_ADVICE, "(1 of 1) may run on CPU 7");
	assert_string_equal(f.fix.now, "virsh iothreadpin win10 2 0,2-6,8-11");
	assert_string_equal(f.fix.undo, "virsh iothreadpin win10 2 0,7");
	add_activity(&h, 4301, "iothread", 1500, 0, (const uint64_t[]){ 7, 9, 0, 0 });
	check_row(&h, "pin.iothread", VERDICT_PROBLEM,
		  "The I/O threads ran about 1.5 s of 10 s on CPU 7");
	/* A name that libvirt did not give: no number for virsh. */
	add_thread(&h, "iothread", 4302, "IO disk", "7");
	set_str(&((struct guest_process *)h.guest.guests.v)->manager, "plain");
	f = check_row(&h, "pin.iothread", VERDICT_PROBLEM, "(2 of 2 may)");
	assert_string_equal(f.fix.now, "sudo taskset -pc 0,2-6,8-11 4301\n"
				       "sudo taskset -pc 0,2-6,8-11 4302");
	assert_string_equal(f.fix.undo, "sudo taskset -pc 0,7 4301\nsudo taskset -pc 7 4302");
	arena_release(&h.arena);
	run_loose(&h, "libvirt");
	add_thread(&h, "iothread", 4301, "IO iothread1", "0,6");
	check_row(&h, "pin.iothread", VERDICT_PASS, "The I/O threads (1) stay off");
	arena_release(&h.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_emulator_configured),
		cmocka_unit_test(test_emulator_running),
		cmocka_unit_test(test_emulator_off),
		cmocka_unit_test(test_iothread_configured),
		cmocka_unit_test(test_iothread_running),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
