/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TEST_SOURCES: tests/lib/trace_script.c */
/*
 * Streams of events as VMX and SVM make them: exact sums of the states, exact culprits, in us. The
 * window is 100 us long; vCPU 0 enters the guest at 0 on CPU 1 unless a stream says else.
 */
#include "tests/lib/check.h"
#include "tests/lib/trace_script.h"

static const struct script_stream vmx[] = {
	{ "a guest alone", SCRIPT_ENTERS "60 1 100 exit vmx 10\n 62 1 100 entry\n",
	  "guest 98, exit 2", "exit CPUID 1x2" },
	{ "the timer's exit is the timer's",
	  SCRIPT_ENTERS "10 1 100 exit vmx 1 0 236\n 12 1 100 vec+ local_timer\n"
			"17 1 100 vec- local_timer\n 18 1 100 entry\n",
	  "guest 92, exit 3, host_irq 5", "vector local_timer 1x8" },
	{ "named by the timer that it was for",
	  SCRIPT_ENTERS "10 1 100 exit vmx 1 0 236\n 12 1 100 vec+ local_timer\n"
			"13 1 100 timer tick_nohz_handler\n 14 1 100 timer hrtimer_wakeup\n"
			"17 1 100 vec- local_timer\n 18 1 100 entry\n",
	  "guest 92, exit 3, host_irq 5", "vector local_timer (tick_nohz_handler) 1x8" },
	{ "an interrupt of a device",
	  SCRIPT_ENTERS "10 1 100 exit vmx 1 0 0x22\n 11 1 100 irq+ 35 eth0\n 15 1 100 irq- 35\n"
			"16 1 100 soft+ 3\n 26 1 100 soft- 3\n 27 1 100 entry\n",
	  "guest 83, exit 3, host_irq 4, softirq 10", "softirq NET_RX 1x10, irq eth0 1x7" },
	{ "only the first one is the cause",
	  SCRIPT_ENTERS "10 1 100 exit vmx 1 0 0x22\n 11 1 100 irq+ 35 eth0\n 15 1 100 irq- 35\n"
			"16 1 100 irq+ 36 nvme0q1\n 18 1 100 irq- 36\n 20 1 100 entry\n",
	  "guest 90, exit 4, host_irq 6", "irq eth0 1x8, irq nvme0q1 1x2" },
	{ "vectors are not recorded: VMX tells which",
	  SCRIPT_ENTERS "10 1 100 exit vmx 1 0 0xf2\n 12 1 100 entry\n"
			"20 1 100 exit vmx 0x80000001 0 0xec\n 25 1 100 entry\n",
	  "guest 93, exit 7", "vector local_timer 1x5, vector posted_intr 1x2" },
	{ "an interrupt inside of a softirq inside of an exit, counted once",
	  SCRIPT_ENTERS
	  "10 1 100 exit vmx 48\n 20 1 100 soft+ 9\n 30 1 100 irq+ 35 eth0\n"
	  "32 1 100 nmi 1000 perf_event_nmi_handler\n 40 1 100 irq- 35\n 50 1 100 soft- 9\n"
	  "55 1 100 entry\n",
	  "guest 55, exit 15, host_irq 10, softirq 20",
	  "softirq RCU 1x20, exit EPT_VIOLATION 1x15, irq eth0 1x9, "
	  "nmi perf_event_nmi_handler 1x1" },
	{ "an NMI out of the guest",
	  SCRIPT_ENTERS "10 1 100 exit vmx 0\n 15 1 100 nmi 3000 perf_event_nmi_handler\n"
			"16 1 100 entry\n",
	  "guest 94, exit 3, host_irq 3", "nmi perf_event_nmi_handler 1x6" },
	{ "thrown out inside of an exit, an interrupt inside of that",
	  SCRIPT_ENTERS
	  "10 1 100 exit vmx 1 0 236\n 11 1 100 vec+ local_timer\n"
	  "13 1 100 vec- local_timer\n 14 1 100 sw + 200\n 20 1 200 vec+ local_timer\n"
	  "23 1 200 vec- local_timer\n 34 1 200 sw S 100\n 36 1 100 entry\n",
	  "guest 74, exit 4, host_irq 2, preempted 20",
	  "task burner 1x17, vector local_timer 2x9" },
	{ "one after the other, and back to the first",
	  SCRIPT_ENTERS "10 1 100 exit vmx 1 0 253\n 11 1 100 sw + 200\n 20 1 200 sw + 204\n"
			"30 1 204 sw S 200\n 35 1 200 sw S 100\n 36 1 100 entry\n",
	  "guest 74, exit 2, preempted 24",
	  "task burner 2x14, task hog 1x10, vector reschedule 1x2" },
	{ "a worker and what it works on, whichever worker it is",
	  SCRIPT_ENTERS "10 1 100 exit vmx 10\n 11 1 100 sw + 201\n 12 1 201 work+ wb_workfn\n"
			"20 1 201 work-\n 21 1 201 sw S 206\n 22 1 206 work+ wb_workfn\n"
			"29 1 206 work-\n 30 1 206 work+ drain_pages\n 35 1 206 work-\n"
			"36 1 206 sw S 100\n 37 1 100 entry\n",
	  "guest 73, exit 2, preempted 25",
	  "task kworker/u8:* (wb_workfn) 2x19, task kworker/u8:* (drain_pages) 1x6, exit CPUID 1x2" },
	{ "a worker of one CPU without a work item",
	  SCRIPT_ENTERS
	  "10 1 100 exit vmx 10\n 11 1 100 sw + 202\n 21 1 202 sw S 100\n 22 1 100 entry\n",
	  "guest 88, exit 2, preempted 10", "task kworker/1:*H 1x10, exit CPUID 1x2" },
	{ "switched out inside of a work item",
	  SCRIPT_ENTERS
	  "10 1 100 exit vmx 10\n 11 1 100 sw + 202\n 11 1 202 work+ blk_mq_run_work_fn\n"
	  "15 1 202 sw D 100\n 16 1 100 sw + 202\n 20 1 202 work-\n 20 1 202 sw S 100\n"
	  "22 1 100 entry\n",
	  "guest 88, exit 4, preempted 8",
	  "task kworker/1:*H (blk_mq_run_work_fn) 2x8, exit CPUID 1x4" },
	{ "halts, and waits for the one that runs there",
	  SCRIPT_ENTERS "10 1 100 exit vmx 12\n 12 1 100 sw S 200\n 50 0 0 wake 100 1\n"
			"56 1 200 sw + 100\n 57 1 100 entry\n",
	  "guest 53, exit 3, waiting 6, halted 38", "task burner 1x6, exit HLT 1x3" },
	{ "halts, an idle CPU wakes",
	  SCRIPT_ENTERS
	  "10 1 100 exit vmx 12\n 12 1 100 sw S 0\n 12 1 0 idle 3\n 50 0 0 wake 100 1\n"
	  "80 1 0 idle -1\n 81 1 0 sw R 100\n 82 1 100 entry\n",
	  "guest 28, exit 3, waiting 31, halted 38",
	  "residue idle CPU wakes from state 3 1x31, exit HLT 1x3" },
	{ "woken by an interrupt there",
	  SCRIPT_ENTERS
	  "10 1 100 exit vmx 12\n 12 1 100 sw S 0\n 50 1 0 vec+ local_timer\n"
	  "52 1 0 wake 100 1\n 55 1 0 vec- local_timer\n 57 1 0 sw R 100\n 58 1 100 entry\n",
	  "guest 52, exit 3, waiting 5, halted 40",
	  "exit HLT 1x3, vector local_timer 1x3, residue idle CPU wakes 1x2" },
	{ "throttled: nobody has the CPU",
	  SCRIPT_ENTERS
	  "10 1 100 exit vmx 1 0 236\n 11 1 100 sw R 0\n 61 1 0 sw R 100\n 62 1 100 entry\n",
	  "guest 48, exit 2, preempted 50", "throttle throttled 1x50, vector local_timer 1x2" },
	{ "stopped",
	  SCRIPT_ENTERS
	  "10 1 100 exit vmx 12\n 11 1 100 sw S 0\n 20 0 204 wake 100 1\n 21 1 0 sw R 100\n"
	  "22 1 100 sw T 0\n 72 0 204 wake 100 1\n 74 1 0 sw R 100\n 75 1 100 entry\n",
	  "guest 35, exit 3, waiting 3, halted 9, stopped 50",
	  "throttle stopped 1x50, exit HLT 1x3, residue idle CPU wakes 2x3" },
	{ "a page of the guest is read in",
	  SCRIPT_ENTERS
	  "10 1 100 exit vmx 48\n 11 1 100 sw D 0\n 41 1 0 wake 100 1\n 42 1 0 sw R 100\n"
	  "43 1 100 entry\n",
	  "guest 67, exit 2, waiting 1, blocked 30",
	  "exit EPT_VIOLATION 1x32, residue idle CPU wakes 1x1" },
	{ "QEMU answers a read of the PM timer",
	  SCRIPT_ENTERS "10 1 100 exit vmx 30 0x6080003\n 12 1 100 user 2\n 20 1 100 pio 0x608 r\n"
			"21 1 100 entry\n",
	  "guest 89, exit 2, qemu 9", "io port 0x608 (PM timer) 1x11" },
	{ "QEMU waits for its own lock",
	  SCRIPT_ENTERS "10 1 100 exit vmx 49\n 11 1 100 mmio 0xfed000f0 r\n 12 1 100 user 6\n"
			"14 1 100 sw S 0\n 30 0 90 wake 100 1\n 31 1 0 sw R 100\n 40 1 100 entry\n",
	  "guest 70, exit 2, waiting 1, qemu 27",
	  "io 0xfed00000 (HPET) 1x29, residue idle CPU wakes 1x1" },
	{ "KVM emulates the PIT by itself",
	  SCRIPT_ENTERS "10 1 100 exit vmx 30\n 11 1 100 pio 0x40 w\n 12 1 100 entry\n",
	  "guest 98, exit 2", "io port 0x40 (PIT) 1x2" },
	{ "back to QEMU for a signal: the interrupt is not to blame for QEMU",
	  SCRIPT_ENTERS
	  "10 1 100 exit vmx 1 0 253\n 11 1 100 vec+ reschedule\n 12 1 100 vec- reschedule\n"
	  "13 1 100 user 10\n 33 1 100 entry\n",
	  "guest 77, exit 2, host_irq 1, qemu 20", "io QEMU: INTR 1x20, vector reschedule 1x3" },
	{ "moved while it waits: blamed on what runs where it waits",
	  SCRIPT_ENTERS "10 1 100 exit vmx 1 0 236\n 11 1 100 sw + 200\n 11 2 204 other\n"
			"21 0 0 mig 100 2\n 31 2 204 sw + 100\n 32 2 100 entry\n",
	  "guest 78, exit 2, preempted 20",
	  "task burner 1x10, task hog 1x10, vector local_timer 1x2", .n_migrations = 1 },
	{ "moved to another CPU by its wake-up",
	  SCRIPT_ENTERS
	  "10 1 100 exit vmx 12\n 10 1 100 sw S 200\n 10 2 0 other\n 20 0 0 wake 100 1\n"
	  "20 0 0 mig 100 2\n 25 2 0 sw R 100\n 26 2 100 entry\n",
	  "guest 84, exit 1, waiting 5, halted 10",
	  "residue idle CPU wakes 1x5, exit HLT 1x1, task burner 1x0", .n_migrations = 1 },
	{ "what ends without a beginning",
	  SCRIPT_ENTERS "5 1 100 exit vmx 10\n 6 1 100 irq- 35\n 7 1 100 vec- local_timer\n"
			"8 1 100 soft- 3\n 9 1 100 entry\n 20 1 100 entry\n",
	  "guest 96, exit 4", "exit CPUID 1x4", .n_unpaired = 4 },
	{ "what begins without an end",
	  SCRIPT_ENTERS "5 1 100 exit vmx 1 0 0x22\n 6 1 100 irq+ 35 eth0\n 8 1 100 soft+ 3\n"
			"10 1 100 soft+ 9\n 12 1 100 entry\n 50 1 100 exit vmx 10\n"
			"51 1 100 exit vmx 28\n 54 1 100 entry\n",
	  "guest 89, exit 5, host_irq 2, softirq 4",
	  "exit CR_ACCESS 1x3, irq eth0 1x3, softirq NET_RX 1x2, softirq RCU 1x2, exit CPUID 1x1",
	  .n_unpaired = 4 },
	{ "the inner one's end is missing",
	  SCRIPT_ENTERS
	  "5 1 100 exit vmx 10\n 6 1 100 soft+ 3\n 8 1 100 irq+ 35 eth0\n 9 1 100 soft- 3\n"
	  "10 1 100 entry\n",
	  "guest 95, exit 2, host_irq 1, softirq 2",
	  "exit CPUID 1x2, softirq NET_RX 1x2, irq eth0 1x1", .n_unpaired = 1 },
	{ "events are lost while an interrupt runs",
	  SCRIPT_ENTERS "10 1 100 exit vmx 1 0 0x22\n 11 1 100 irq+ 35 eth0\n 12 1 100 other\n"
			"40 1 0 lost 7\n 50 1 100 exit vmx 10\n 51 1 100 entry\n",
	  "guest 69, exit 2, host_irq 1, lost 28", "irq eth0 1x2, exit CPUID 1x1",
	  .n_incomplete = 2, .lost_events = 7 },
	{ "events are lost while another one has the CPU",
	  SCRIPT_ENTERS
	  "10 1 100 exit vmx 10\n 11 1 100 sw + 200\n 20 1 200 other\n 40 1 0 lost 7\n"
	  "50 1 200 other\n 60 1 200 sw S 100\n 61 1 100 entry\n",
	  "guest 49, exit 1, preempted 9, residue 1, lost 20, unknown 20",
	  "task burner 1x9, exit CPUID 1x1", .n_incomplete = 1, .lost_events = 7 },
	{ "lost on another CPU: nothing to it", SCRIPT_ENTERS "1 2 0 other\n 40 2 0 lost 7\n",
	  "guest 100", "", .lost_events = 7 },
	{ "lost while it sleeps there",
	  SCRIPT_ENTERS "10 1 100 exit vmx 12\n 11 1 100 sw S 0\n 20 1 0 other\n 30 1 0 lost 1\n"
			"40 1 0 wake 100 1\n 41 1 0 sw R 100\n 42 1 100 entry\n",
	  "guest 68, exit 1, waiting 1, halted 9, residue 1, lost 10, unknown 10",
	  "exit HLT 1x1, residue idle CPU wakes 1x1", .n_incomplete = 1, .lost_events = 1 },
	{ "the clock steps back",
	  SCRIPT_ENTERS "40 1 100 exit vmx 10\n 20 1 100 vec+ irq_work\n 30 1 100 vec- irq_work\n"
			"50 1 100 entry\n",
	  "guest 90, exit 10", "exit CPUID 1x10, vector irq_work 1x0", .n_clamped = 2 },
	{ "seen on a CPU where no switch had put it",
	  SCRIPT_ENTERS
	  "10 1 100 exit vmx 10\n 12 1 100 entry\n 30 2 100 exit vmx 10\n 31 2 100 entry\n"
	  "40 1 200 other\n",
	  "guest 79, exit 3, unknown 18", "exit CPUID 2x3", .n_strayed = 1, .n_migrations = 1 },
	{ "another one is seen where it was",
	  SCRIPT_ENTERS
	  "10 1 100 exit vmx 10\n 12 1 100 entry\n 30 1 200 other\n 40 1 200 sw S 100\n"
	  "41 1 100 entry\n",
	  "guest 69, exit 2, residue 1, unknown 28", "exit CPUID 1x2", .n_strayed = 1 },
	{ "it dies, its number comes back",
	  SCRIPT_ENTERS
	  "10 1 100 exit vmx 10\n 12 1 100 sw X 200\n 40 1 200 sw S 100\n 50 1 100 sw S 0\n",
	  "guest 10, exit 2", "exit CPUID 1x2" },
	{ "nothing is ever seen of it", "0 1 0 other\n", "unknown 100", "" },
	{ "first seen in the middle, in the guest", "20 1 100 exit vmx 10\n 21 1 100 entry\n",
	  "guest 79, exit 1, unknown 20", "exit CPUID 1x1" },
	{ "first seen when it gets the CPU", "0 1 0 other\n 20 1 0 sw R 100\n 25 1 100 entry\n",
	  "guest 75, residue 5, unknown 20", "" },
	{ "first seen when it is woken",
	  "0 1 0 other\n 20 1 0 wake 100 1\n 25 1 0 sw R 100\n 26 1 100 entry\n",
	  "guest 74, waiting 5, residue 1, unknown 20", "residue idle CPU wakes 1x5" },
	{ "a wake-up for one that runs, and for one that was thrown out",
	  SCRIPT_ENTERS "5 0 0 wake 100 1\n 10 1 100 exit vmx 12\n 11 1 100 sw + 200\n"
			"15 0 0 wake 100 1\n 20 1 200 sw S 100\n 21 1 100 entry\n",
	  "guest 89, exit 2, preempted 9", "task burner 1x9, exit HLT 1x2" },
	{ "why it gave up its CPU is not told",
	  SCRIPT_ENTERS
	  "10 1 100 exit vmx 12\n 11 1 100 sw ? 200\n 20 1 200 sw S 100\n 21 1 100 entry\n",
	  "guest 89, exit 2, unknown 9", "exit HLT 1x2" },
	{ "the window ends inside of it all",
	  SCRIPT_ENTERS
	  "80 1 100 exit vmx 1 0 236\n 82 1 100 vec+ local_timer\n 120 1 100 vec- local_timer\n",
	  "guest 80, exit 2, host_irq 18", "vector local_timer 1x20" },
	{ "by its own neighbour, by the emulator, by an iothread",
	  SCRIPT_ENTERS
	  "10 1 100 exit vmx 10\n 11 1 100 sw + 101\n 21 1 101 sw S 90\n 29 1 90 sw S 91\n"
	  "35 1 91 sw S 100\n 36 1 100 entry\n",
	  "guest 74, exit 2, preempted 24",
	  "task CPU 1/KVM 1x10, task qemu-system-x86 1x8, task IO iothread1 1x6, exit CPUID 1x2" },
};

static const struct script_stream svm[] = {
	{ "an interrupt, whose name its handler tells",
	  SCRIPT_ENTERS
	  "10 1 100 exit svm 0x60\n 12 1 100 vec+ local_timer\n 17 1 100 vec- local_timer\n"
	  "18 1 100 entry\n",
	  "guest 92, exit 3, host_irq 5", "vector local_timer 1x8" },
	{ "an interrupt without a handler",
	  SCRIPT_ENTERS "10 1 100 exit svm 0x60\n 12 1 100 entry\n", "guest 98, exit 2",
	  "exit interrupt 1x2" },
	{ "a halt, a port, a page",
	  SCRIPT_ENTERS
	  "10 1 100 exit svm 0x78\n 11 1 100 sw S 0\n 20 0 0 wake 100 1\n 22 1 0 sw R 100\n"
	  "23 1 100 entry\n 30 1 100 exit svm 0x7b 0x710001\n 31 1 100 user 2\n"
	  "35 1 100 entry\n 40 1 100 exit svm 0x400\n 44 1 100 entry\n",
	  "guest 78, exit 7, waiting 2, halted 9, qemu 4",
	  "io port 0x71 (RTC) 1x5, exit npf 1x4, exit hlt 1x2, residue idle CPU wakes 1x2" },
	{ "thrown out inside of an exit, softirq and interrupt on the way",
	  SCRIPT_ENTERS
	  "10 1 100 exit svm 0x60\n 11 1 100 irq+ 35 eth0\n 13 1 100 irq- 35\n"
	  "14 1 100 soft+ 3\n 17 1 100 vec+ call_function\n 18 1 100 vec- call_function\n"
	  "20 1 100 soft- 3\n 21 1 100 sw + 203\n 31 1 203 sw S 100\n 32 1 100 entry\n",
	  "guest 78, exit 4, host_irq 3, softirq 5, preempted 10",
	  "task ksoftirqd/1 1x10, irq eth0 1x6, softirq NET_RX 1x5, vector call_function 1x1" },
	{ "reasons in words", SCRIPT_ENTERS "10 1 100 exit text msr\n 12 1 100 entry\n",
	  "guest 98, exit 2", "exit msr 1x2" },
	{ "a number that nobody knows", SCRIPT_ENTERS "10 1 100 exit svm 0x3ff\n 12 1 100 entry\n",
	  "guest 98, exit 2", "exit 1023 1x2" },
};

static void test_vmx(void **state)
{
	const struct trace_setup setup = script_setup(100);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(vmx); i++)
		script_check(&setup, &vmx[i]);
}

static void test_svm(void **state)
{
	const struct trace_setup setup = script_setup(100);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(svm); i++)
		script_check(&setup, &svm[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vmx),
		cmocka_unit_test(test_svm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
