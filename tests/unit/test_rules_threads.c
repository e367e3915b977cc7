/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules about kinds of cores, vhost workers, names and places of threads. */
#include "tests/lib/guestconf.h"

static void test_hybrid(void **state)
{
	struct host h;
	struct finding f;

	(void)state;
	host_blank(&h);
	check_row(&h, "pin.hybrid", VERDICT_NOT_APPLICABLE, "No guest runs");
	configure_guest(&h, 4, "1 7 2 8");
	check_row(&h, "pin.hybrid", VERDICT_NOT_APPLICABLE, "no cores of two kinds");
	machine_hybrid(&h);
	configure_guest(&h, 4, "6 7 8 9");
	f = check_row(&h, "pin.hybrid", VERDICT_ADVICE,
		      "are of two kinds: 6-7 are P cores, 8-9 E cores");
	check_has(f.fix.now, "virsh vcpupin win10 0 2\nvirsh vcpupin win10 1 3\n");
	check_has(f.fix.change[CHANGE_XML], "cputune/vcpupin[vcpu=3]@cpuset=5");
	configure_guest(&h, 4, "2 3 4 5");
	f = check_row(&h, "pin.hybrid", VERDICT_PASS, "(2-5) are all P cores");
	assert_null(f.fix.now);
	configure_guest(&h, 4, "8 9 10 11");
	check_row(&h, "pin.hybrid", VERDICT_PASS, "are all E cores");
	configure_guest(&h, 4, "");
	check_row(&h, "pin.hybrid", VERDICT_NOT_APPLICABLE, "see pin.vcpupin");
	configure_guest(&h, 0, "");
	check_row(&h, "pin.hybrid", VERDICT_UNKNOWN, "does not say how many");
	h.cpu.cores.known = false;
	configure_guest(&h, 2, "6 7");
	check_row(&h, "pin.hybrid", VERDICT_UNKNOWN, "cpu.cores is not known");
	arena_release(&h.arena);
}

static void running(struct host *h, const char *manager)
{
	host_blank(h);
	machine_8700k(h);
	run_guest(h, manager);
	add_vcpu(h, 0, "1");
	add_vcpu(h, 1, "7");
}

static void test_vhost(void **state)
{
	struct host h;
	struct finding f;

	(void)state;
	host_blank(&h);
	check_row(&h, "pin.vhost", VERDICT_NOT_APPLICABLE, "Needs a running guest");
	arena_release(&h.arena);
	running(&h, "libvirt");
	check_row(&h, "pin.vhost", VERDICT_NOT_APPLICABLE, "no vhost worker");
	add_thread(&h, "vhost", 4300, "vhost-4000", "0-11");
	f = check_row(&h, "pin.vhost", VERDICT_ADVICE,
		      "The vhost workers (1 of 1) may run on CPUs");
	check_has(f.fix.now, "virsh emulatorpin win10 0,2-6,8-11");
	check_has(f.fix.persist, "<emulatorpin cpuset='0,2-6,8-11'/>");
	check_has(f.fix.undo, "virsh emulatorpin win10 0-11");
	add_activity(&h, 4300, "vhost", 1000, 0, (const uint64_t[]){ 1, 10, 2, 0 });
	f = check_row(&h, "pin.vhost", VERDICT_PROBLEM, "ran about 1.0 s of 10 s on CPU 1");
	assert_int_equal(f.confidence, CONFIDENCE_MEASURED);
	arena_release(&h.arena);
	running(&h, "plain");
	add_thread(&h, "vhost", 4300, "vhost-4000", "0-11");
	f = check_row(&h, "pin.vhost", VERDICT_ADVICE, NULL);
	check_has(f.fix.now, "sudo taskset -pc 0,2-6,8-11 4300");
	check_has(f.fix.undo, "sudo taskset -pc 0-11 4300");
	assert_null(f.fix.change[CHANGE_XML]);
	arena_release(&h.arena);
	running(&h, "plain");
	add_thread(&h, "vhost", 4300, "vhost-4000", "0,6");
	check_row(&h, "pin.vhost", VERDICT_PASS, "stay off the vCPUs' CPUs 1,7");
	arena_release(&h.arena);
	host_blank(&h);
	machine_8700k(&h);
	run_guest(&h, "plain");
	add_thread(&h, "vhost", 4300, "vhost-4000", "0,6");
	check_row(&h, "pin.vhost", VERDICT_UNKNOWN, "see pin.identify");
	add_vcpu(&h, 0, "0-11");
	check_row(&h, "pin.vhost", VERDICT_NOT_APPLICABLE, "are not pinned");
	arena_release(&h.arena);
}

static void test_identify(void **state)
{
	struct guest_process *g;
	struct host h;
	struct finding f;

	(void)state;
	host_blank(&h);
	check_row(&h, "pin.identify", VERDICT_NOT_APPLICABLE, "Needs a running guest");
	set_str(&run_guest(&h, "plain")->kind, "builtin");
	check_row(&h, "pin.identify", VERDICT_NOT_APPLICABLE, "No guest of QEMU runs");
	arena_release(&h.arena);
	host_blank(&h);
	g = run_guest(&h, "plain");
	g->threads.known = false;
	check_row(&h, "pin.identify", VERDICT_UNKNOWN, "could not be read");
	g->threads.known = true;
	add_thread(&h, "other", 4001, "qemu-system-x86", "0-11");
	add_thread(&h, "other", 4002, "qemu-system-x86", "0-11");
	f = check_row(&h, "pin.identify", VERDICT_ADVICE,
		      "Which of the 2 threads of QEMU are vCPUs");
	check_has(f.fix.persist, "-name win10,debug-threads=on");
	add_vcpu(&h, 0, "0-11");
	check_row(&h, "pin.identify", VERDICT_PASS, "1 vCPU thread is known by name");
	add_thread(&h, "vcpu", 4005, "qemu-system-x86", "0-11");
	check_row(&h, "pin.identify", VERDICT_PASS, "2 vCPU threads are known, from KVM's debugfs");
	set_str(&g->manager, "proxmox");
	fact_set_u64(&h.domain.vmid, 104);
	g->threads.n = 1;
	f = check_row(&h, "pin.identify", VERDICT_ADVICE, NULL);
	check_has(f.fix.persist, "/etc/pve/qemu-server/104.conf, line args: add -name win10");
	arena_release(&h.arena);
}

static void test_live_differs(void **state)
{
	struct host h;
	struct finding f;

	(void)state;
	host_blank(&h);
	check_row(&h, "pin.live-differs", VERDICT_NOT_APPLICABLE, "Needs a running guest");
	arena_release(&h.arena);
	running(&h, "libvirt");
	check_row(&h, "pin.live-differs", VERDICT_NOT_APPLICABLE, "pins no vCPU");
	configure_guest(&h, 2, "1 7");
	set_str(&h.domain.source, "libvirt");
	check_row(&h, "pin.live-differs", VERDICT_PASS, "All 2 pinned vCPUs are where");
	configure_guest(&h, 2, "1,20 7");
	check_row(&h, "pin.live-differs", VERDICT_PASS, "where their pins put them");
	configure_guest(&h, 2, "1 8");
	set_str(&h.domain.source, "libvirt");
	f = check_row(&h, "pin.live-differs", VERDICT_PROBLEM,
		      "1 of 2 pinned vCPUs may run elsewhere than the configuration pins them");
	assert_int_equal(f.n_items, 1);
	assert_string_equal(f.items[0], "vCPU 1 may run on CPUs 7, its pin is 8");
	assert_string_equal(f.fix.now, "virsh vcpupin win10 1 8 --live");
	assert_string_equal(f.fix.undo, "virsh vcpupin win10 1 7 --live");
	set_str(&h.domain.source, "file");
	check_row(&h, "pin.live-differs", VERDICT_ADVICE, "elsewhere than the file pins them");
	set_str(&((struct guest_process *)h.guest.guests.v)->manager, "plain");
	f = check_row(&h, "pin.live-differs", VERDICT_ADVICE, NULL);
	assert_string_equal(f.fix.now, "sudo taskset -pc 8 4101");
	set_str(&h.domain.name, "other");
	check_row(&h, "pin.live-differs", VERDICT_NOT_APPLICABLE, "pins no vCPU");
	arena_release(&h.arena);
	host_blank(&h);
	run_guest(&h, "plain");
	configure_guest(&h, 2, "1 7");
	check_row(&h, "pin.live-differs", VERDICT_UNKNOWN, "see pin.identify");
	arena_release(&h.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hybrid),
		cmocka_unit_test(test_vhost),
		cmocka_unit_test(test_identify),
		cmocka_unit_test(test_live_differs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
