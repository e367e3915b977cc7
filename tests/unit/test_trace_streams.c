/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TEST_SOURCES: tests/lib/trace_script.c */
/*
 * Streams of other recordings: kernels without kvm_entry and kvm_exit, events of KVM alone,
 * PREEMPT_RT; and threads that wake vCPUs late. As in test_trace_machine.c.
 */
#include "tests/lib/check.h"
#include "tests/lib/trace_script.h"

/* Hypervisors without the two events that tell guest from host. */
static const struct script_stream plain[] = {
	{ "running is one state",
	  "0 1 0 sw R 100\n 10 1 100 vec+ local_timer\n 14 1 100 vec- local_timer\n"
	  "20 1 100 sw + 200\n 40 1 200 sw S 100\n 50 1 100 sw S 0\n 70 0 0 wake 100 1\n"
	  "71 1 0 sw R 100\n",
	  "host_irq 4, preempted 20, waiting 1, halted 20, running 55",
	  "task burner 1x20, vector local_timer 1x4, residue idle CPU wakes 1x1" },
	{ "a read that QEMU answers, with an interrupt in it",
	  "0 1 0 sw R 100\n 10 1 100 user 2\n 12 1 100 vec+ local_timer\n"
	  "14 1 100 vec- local_timer\n 20 1 100 pio 0x608 r\n 30 1 100 mmio 0xfed000f0 r\n"
	  "31 1 100 user 6\n 40 1 100 mmio 0xfed000f0 r\n",
	  "host_irq 2, running 98",
	  "io 0xfed00000 (HPET) 1x9, io port 0x608 (PM timer) 1x8, vector local_timer 1x2" },
	{ "of writes the number is known alone",
	  "0 1 0 sw R 100\n 10 1 100 pio 0x70 w\n 11 1 100 user 2\n 20 1 100 pio 0x70 w\n"
	  "21 1 100 user 2\n 30 1 100 pio 0x40 w\n 31 1 100 user 10\n 50 1 100 pio 0x71 r\n",
	  "running 100", "io port 0x70 (RTC) 2x0" },
	{ "blocked, and no exit is known",
	  "0 1 0 sw R 100\n 10 1 100 sw D 0\n 30 1 0 wake 100 1\n 31 1 0 sw R 100\n",
	  "waiting 1, running 79, blocked 20",
	  "exit blocked in the kernel 1x20, residue idle CPU wakes 1x1" },
	{ "lost", "0 1 0 sw R 100\n 10 1 100 other\n 30 1 0 lost 3\n 40 1 100 other\n",
	  "running 80, lost 20", "", .lost_events = 3 },
};

static void test_plain(void **state)
{
	struct trace_setup setup = script_setup(100);

	(void)state;
	setup.has[TRACE_KVM_ENTRY] = setup.has[TRACE_KVM_EXIT] = false;
	for (size_t i = 0; i < ARRAY_SIZE(plain); i++)
		script_check(&setup, &plain[i]);
}

/* Only events of KVM, as many people record them. */
static const struct script_stream kvm_alone[] = {
	{ "vCPUs take turns on a CPU",
	  "0 1 100 entry\n 20 1 100 exit vmx 10\n 30 1 101 entry\n 35 1 101 exit vmx 10\n"
	  "50 1 100 entry\n",
	  "guest 70, exit 30", "exit CPUID 1x30" },
	{ "a halt is no time that was lost",
	  "0 1 100 entry\n 20 1 100 exit vmx 12\n 50 1 100 entry\n", "guest 70, halted 30",
	  "exit HLT 1x0" },
	{ "on another CPU", "0 1 100 entry\n 20 1 100 exit vmx 10\n 50 2 100 entry\n",
	  "guest 70, exit 30", "exit CPUID 1x30", .n_migrations = 1 },
	{ "lost while another one runs there",
	  "0 1 100 entry\n 20 1 100 exit vmx 10\n 30 1 101 entry\n 50 1 0 lost 2\n"
	  "60 1 100 entry\n",
	  "guest 60, exit 10, residue 10, lost 20", "exit CPUID 1x10", .n_incomplete = 1,
	  .lost_events = 2 },
};

static void test_kvm_alone(void **state)
{
	struct trace_setup setup = script_setup(100);

	(void)state;
	for (unsigned i = 0; i < TRACE_KVM_ENTRY; i++)
		setup.has[i] = false;
	for (size_t i = 0; i < ARRAY_SIZE(kvm_alone); i++)
		script_check(&setup, &kvm_alone[i]);
}

/* A softirq is a thread's own there: it goes with it and comes back. */
static void test_rt(void **state)
{
	static const struct script_stream rt = {
		"a softirq is thrown out",
		SCRIPT_ENTERS "10 1 100 exit vmx 10\n 11 1 100 soft+ 3\n 15 1 100 sw + 200\n"
			      "25 1 200 sw S 100\n 30 1 100 soft- 3\n 31 1 100 entry\n",
		"guest 79, exit 2, softirq 9, preempted 10",
		"task burner 1x10, softirq NET_RX 2x9, exit CPUID 1x2",
	};
	struct trace_setup setup = script_setup(100);

	(void)state;
	setup.has_rt = true;
	script_check(&setup, &rt);
}

/* The victim is the thread that would have woken the vCPU. */
static const struct script_stream upstream[] = {
	{ "a kworker waits for its CPU, then wakes the vCPU",
	  SCRIPT_ENTERS "0 2 0 sw R 204\n 10 1 100 exit vmx 12\n 11 1 100 sw S 0\n"
			"20 2 204 wake 202 2\n 50 2 204 sw + 202\n 52 2 202 wake 100 1\n"
			"53 1 0 sw R 100\n 54 1 100 entry\n",
	  "guest 56, exit 2, waiting 1, halted 41",
	  "task hog via kworker/1:*H 1x30, exit HLT 1x2, residue idle CPU wakes 1x1" },
	{ "an iothread is thrown out after it was woken",
	  SCRIPT_ENTERS "0 2 0 other\n 10 1 100 exit vmx 12\n 11 1 100 sw S 0\n 20 2 0 wake 91 2\n"
			"22 2 0 sw R 91\n 25 2 91 sw + 200\n 35 2 200 vec+ local_timer\n"
			"38 2 200 vec- local_timer\n 45 2 200 sw S 91\n 50 2 91 wake 100 1\n"
			"51 1 0 sw R 100\n 52 1 100 entry\n",
	  "guest 58, exit 2, waiting 1, halted 39",
	  "task burner via IO iothread1 1x17, vector local_timer via IO iothread1 1x3, "
	  "exit HLT 1x2, residue idle CPU wakes via IO iothread1 1x2, "
	  "residue idle CPU wakes 1x1" },
	{ "the one that woke the one that woke it waited too",
	  SCRIPT_ENTERS
	  "0 2 0 sw R 204\n 0 3 0 other\n 10 1 100 exit vmx 12\n 11 1 100 sw S 0\n"
	  "20 2 204 wake 92 2\n 40 2 204 sw S 92\n 42 2 92 wake 202 3\n"
	  "45 3 0 sw R 202\n 48 3 202 wake 100 1\n 49 1 0 sw R 100\n 50 1 100 entry\n",
	  "guest 60, exit 2, waiting 1, halted 37",
	  "task hog via vhost-90 1x20, residue idle CPU wakes via kworker/1:*H 1x3, "
	  "exit HLT 1x2, residue idle CPU wakes 1x1" },
	{ "when the vCPU fell asleep was not seen",
	  "0 2 0 sw R 204\n 5 2 204 wake 92 2\n 40 2 204 sw S 92\n 42 2 92 wake 100 1\n"
	  "42 1 0 other\n 43 1 0 sw R 100\n 44 1 100 entry\n",
	  "guest 56, waiting 1, residue 1, unknown 42",
	  "task hog via vhost-90 1x35, residue idle CPU wakes 1x1" },
	{ "it waits for a CPU of which nothing is recorded, twice",
	  SCRIPT_ENTERS "10 1 100 exit vmx 12\n 11 1 100 sw S 0\n 20 1 0 wake 100 7\n"
			"50 1 0 wake 100 7\n",
	  "guest 10, exit 1, halted 9, unknown 80", "exit HLT 1x1" },
	{ "only what the vCPU slept through",
	  SCRIPT_ENTERS
	  "0 2 0 sw R 204\n 5 2 204 wake 92 2\n 30 1 100 exit vmx 12\n 31 1 100 sw S 0\n"
	  "40 2 204 sw S 92\n 42 2 92 wake 100 1\n 43 1 0 sw R 100\n 44 1 100 entry\n",
	  "guest 86, exit 2, waiting 1, halted 11",
	  "task hog via vhost-90 1x9, exit HLT 1x2, residue idle CPU wakes 1x1" },
	{ "an interrupt woke it, not the thread under that",
	  SCRIPT_ENTERS
	  "0 2 0 sw R 204\n 5 2 204 wake 92 2\n 10 1 100 exit vmx 12\n 11 1 100 sw S 0\n"
	  "30 2 204 sw S 92\n 32 2 92 irq+ 35 eth0\n 33 2 92 wake 100 1\n"
	  "34 2 92 irq- 35\n 35 1 0 sw R 100\n 36 1 100 entry\n",
	  "guest 74, exit 2, waiting 2, halted 22", "exit HLT 1x2, residue idle CPU wakes 1x2" },
};

static void test_upstream(void **state)
{
	const struct trace_setup setup = script_setup(100);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(upstream); i++)
		script_check(&setup, &upstream[i]);
}

/* Where interrupts are not recorded, only threads that serve guests are believed. */
static void test_upstream_without_interrupts(void **state)
{
	static const struct script_stream strangers = {
		"an unknown thread wakes it",
		SCRIPT_ENTERS "0 2 0 sw R 204\n 5 2 204 wake 200 2\n 10 1 100 exit vmx 12\n"
			      "11 1 100 sw S 0\n 30 2 204 sw S 200\n 33 2 200 wake 100 1\n"
			      "35 1 0 sw R 100\n 36 1 100 entry\n",
		"guest 74, exit 2, waiting 2, halted 22",
		"exit HLT 1x2, residue idle CPU wakes 1x2",
	};
	struct trace_setup setup = script_setup(100);

	(void)state;
	setup.has[TRACE_VECTOR_ENTRY] = false;
	script_check(&setup, &strangers);
	script_check(&setup, &upstream[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_kvm_alone),
		cmocka_unit_test(test_rt),
		cmocka_unit_test(test_upstream),
		cmocka_unit_test(test_upstream_without_interrupts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
