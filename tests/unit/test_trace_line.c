/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/trace/event.h"
#include "probes/trace/text_line.h"
#include "tests/lib/check.h"

static void assert_text(struct text t, const char *want, const char *line)
{
	if (!text_equal(t, want))
		fail_msg("%s: \"%.*s\" is not \"%s\"", line, (int)t.len, t.at ? t.at : "", want);
}

#define NONE UINT64_MAX
#define US   (UINT64_C(12) * NS_PER_S + 345678 * NS_PER_US)

static void test_formats(void **state)
{
	static const struct {
		const char *line;
		enum trace_line_format format;
		const char *comm;
		int pid, cpu;
		uint64_t t_ns, res_ns;
		const char *system, *name, *args;
	} cases[] = {
		/* tracefs: four, five and seven flags, none, a column of thread groups */
		{ "       CPU 0/KVM-7289  [001] d..1    12.345678: kvm_entry: vcpu 0",
		  TRACE_FORMAT_FTRACE, "CPU 0/KVM", 7289, 1, US, 1000, "", "kvm_entry", "vcpu 0" },
		{ " qemu-system-x86-18971   [015] d.... 12.345678: kvm_exit: vcpu 0 reason HLT", 0,
		  "qemu-system-x86", 18971, 15, US, 1000, "", "kvm_exit", "vcpu 0 reason HLT" },
		{ "kworker/0:1H-31 [000] ....... 12.345678: x:", 0, "kworker/0:1H", 31, 0, US, 1000,
		  "", "x", "" },
		{ "   <idle>-0     [102]    12.345678: cpu_idle:             state=1 cpu_id=2", 0,
		  "<idle>", 0, 102, US, 1000, "", "cpu_idle", "state=1 cpu_id=2" },
		{ " _net2_qp0-26374   (  36411) [003] d.s1 12.345678: e: 1", 0, "_net2_qp0", 26374,
		  3, US, 1000, "", "e", "1" },
		{ "<idle>-0       (-------) [009] d... 12.345678: e: 1", 0, "<idle>", 0, 9, US,
		  1000, "", "e", "1" },
		{ "<...>-35787 [038] ....  12.345678: e: 1", 0, "", 35787, 38, US, 1000, "", "e",
		  "1" },
		{ "a [2] b-7 [003] .... 12.345678: e: [1] 1.000000: x", 0, "a [2] b", 7, 3, US,
		  1000, "", "e", "[1] 1.000000: x" },
		{ "> > a-7 [003] .... 12.345678: e: 1\r", 0, "a", 7, 3, US, 1000, "", "e", "1" },
		/* other clocks, nanoseconds, a difference, the latency columns of trace-cmd */
		{ "a-7 [003] 12.345678901: e: 1", 0, "a", 7, 3, US + 901, 1, "", "e", "1" },
		{ "a-7 [010] 15813659115036: e: 1", 0, "a", 7, 10, 15813659115036, 1, "", "e",
		  "1" },
		{ "a-7 [010] 12.345678: (+0.000012) e: 1", 0, "a", 7, 10, US, 1000, "", "e", "1" },
		{ "   <idle>-0       0dNh2. 12.345678: e: 1", 0, "<idle>", 0, 0, US, 1000, "", "e",
		  "1" },
		{ "  a-b-7    12.345678: e: 1", 0, "a-b", 7, -1, US, 1000, "", "e", "1" },
		/* what has no name of an event */
		{ "a-7 [003] 12.345678: kvm_exit", 0, "a", 7, 3, US, 1000, "", "kvm_exit", "" },
		{ "a-7 [003] 12.345678: do_it <-caller", 0, "a", 7, 3, US, 1000, "", "<function>",
		  "do_it <-caller" },
		{ "a-7 [003] 12.345678: sys_ioctl(fd: 3, cmd: 1)", 0, "a", 7, 3, US, 1000, "",
		  "<syscall>", "sys_ioctl(fd: 3, cmd: 1)" },
		{ "a-7 [003] 12.345678: sys_ioctl -> 0x0", 0, "a", 7, 3, US, 1000, "", "<syscall>",
		  "sys_ioctl -> 0x0" },
		{ "a-7 [003] 12.345678: sys_enter: NR 1", 0, "a", 7, 3, US, 1000, "", "sys_enter",
		  "NR 1" },
		{ "a-7 [003] 12.345678: nothing of a name", 0, "a", 7, 3, US, 1000, "", "<other>",
		  "" },
		{ "a-7 [003] 12.345678: <hack>: x = 1", 0, "a", 7, 3, US, 1000, "", "<hack>",
		  "x = 1" },
		/* the kernel's log */
		{ "[10611.983576]   <idle>-0         1dNh4. 12345678us : e: 1", TRACE_FORMAT_DUMP,
		  "<idle>", 0, 1, US, 1000, "", "e", "1" },
		{ "<4>[    1.5][    T1] rcuc/1-25        1d..2. 12345678us+: e: 1",
		  TRACE_FORMAT_DUMP, "rcuc/1", 25, 1, US, 1000, "", "e", "1" },
		{ "Nov  3 10:00:00 host kernel: [    1.5] a-25 11d..2. 12345678us!: f <-g",
		  TRACE_FORMAT_DUMP, "a", 25, 11, US, 1000, "", "<function>", "f <-g" },
		/* perf */
		{ "      CPU 0/KVM  699876 [020] 12.345678:      kvm:kvm_exit: reason HLT",
		  TRACE_FORMAT_PERF, "CPU 0/KVM", 699876, 20, US, 1000, "kvm", "kvm_exit",
		  "reason HLT" },
		{ " kworker/5:2-eve 429543 [005] 12.345678: kvm:e: 1", TRACE_FORMAT_PERF,
		  "kworker/5:2-eve", 429543, 5, US, 1000, "kvm", "e", "1" },
		{ "qemu 10/11 [005] 12.345678:          1 sched:e: 1", TRACE_FORMAT_PERF, "qemu",
		  11, 5, US, 1000, "sched", "e", "1" },
		{ ":123   123 [005] 12.345678: kvm:e: 1", TRACE_FORMAT_PERF, "", 123, 5, US, 1000,
		  "kvm", "e", "1" },
		{ "swapper    -1 [005] 12.345678: kvm:e: 1", TRACE_FORMAT_PERF, "swapper", -1, 5,
		  US, 1000, "kvm", "e", "1" },
		{ "2022-04-22 17:39:26.535148   <...> 126953 d... [078] 12.345678: kvm:e: 1",
		  TRACE_FORMAT_PERF, "", 126953, 78, US, 1000, "kvm", "e", "1" },
		{ "qemu [005] 12.345678: kvm:e: 1", TRACE_FORMAT_PERF, "qemu", -1, 5, US, 1000,
		  "kvm", "e", "1" },
		{ "[005] 12.345678: kvm:e: 1", TRACE_FORMAT_PERF_NO_TASK, "", -1, 5, US, 1000,
		  "kvm", "e", "1" },
		{ "preempt-7 12.345678: kvm:kvm_vmx_debug: kvm_vmx_debug: 3",
		  TRACE_FORMAT_PERF_NO_CPU, "preempt-7", -1, -1, US, 1000, "kvm", "kvm_vmx_debug",
		  "kvm_vmx_debug: 3" },
		{ "CPU 0/KVM 12 12.345678: kvm:e: 1", TRACE_FORMAT_PERF_NO_CPU, "CPU 0/KVM", 12, -1,
		  US, 1000, "kvm", "e", "1" },
		/* columns cut out */
		{ " 12.345678: kvm_entry: vcpu 0", TRACE_FORMAT_TIME_ONLY, "", -1, -1, US, 1000, "",
		  "kvm_entry", "vcpu 0" },
		{ "87162647182125: e: 1", TRACE_FORMAT_TIME_ONLY, "", -1, -1, 87162647182125, 1, "",
		  "e", "1" },
		{ " CPU 0/KVM-82557 [002] ... kvm_entry: vcpu 0", TRACE_FORMAT_ELIDED, "CPU 0/KVM",
		  82557, 2, NONE, 0, "", "kvm_entry", "vcpu 0" },
		{ "a-7 [002] ... 12.345678: e: 1", TRACE_FORMAT_FTRACE, "a", 7, 2, US, 1000, "",
		  "e", "1" },
		{ "kvm_exit: reason HLT", TRACE_FORMAT_EVENT_ONLY, "", -1, -1, NONE, 0, "",
		  "kvm_exit", "reason HLT" },
		{ "kvm:kvm_exit: reason HLT", TRACE_FORMAT_EVENT_ONLY, "", -1, -1, NONE, 0, "kvm",
		  "kvm_exit", "reason HLT" },
		/* numbers that no machine has */
		{ "a-7 [99999] 12.345678: e: 1", 0, "a", 7, -1, US, 1000, "", "e", "1" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct trace_line l;

		trace_line_parse(text_of(cases[i].line), &l);
		if (l.kind != TRACE_LINE_EVENT || l.format != cases[i].format ||
		    l.pid != cases[i].pid || l.cpu != cases[i].cpu || l.t_ns != cases[i].t_ns ||
		    l.res_ns != cases[i].res_ns)
			fail_msg("%s: class %d, format %d, pid %d, cpu %d, %llu ns, res %llu",
				 cases[i].line, l.kind, l.format, l.pid, l.cpu,
				 (unsigned long long)l.t_ns, (unsigned long long)l.res_ns);
		assert_text(l.comm, cases[i].comm, cases[i].line);
		assert_text(l.system, cases[i].system, cases[i].line);
		assert_text(l.name, cases[i].name, cases[i].line);
		assert_text(l.args, cases[i].args, cases[i].line);
	}
}

static void test_no_events(void **state)
{
	static const struct {
		const char *line;
		enum trace_line_class kind;
	} cases[] = {
		{ "", TRACE_LINE_BLANK },
		{ " \t\r", TRACE_LINE_BLANK },
		{ "# tracer: nop", TRACE_LINE_COMMENT },
		{ "cpus=4", TRACE_LINE_HEADER },
		{ "version = 6", TRACE_LINE_HEADER },
		{ "CPU 3 is empty", TRACE_LINE_HEADER },
		{ " => schedule", TRACE_LINE_STACK },
		{ "\tffffffff8112a0c5 schedule+0x5 ([kernel.kallsyms])", TRACE_LINE_STACK },
		{ " gid=4", TRACE_LINE_OTHER },
		{ "3: that is what I did: nothing", TRACE_LINE_OTHER },
		{ "he said: kvm_exit is slow", TRACE_LINE_OTHER },
		{ "note: 12.345678: e: 1", TRACE_LINE_EVENT },
		{ "a-7 [1] 12.345678 kvm_exit: no colon", TRACE_LINE_OTHER },
		{ "a-7 [001] 12.34: e: 1", TRACE_LINE_OTHER },
		{ "a-7 [001] 12.3456789012: e: 1", TRACE_LINE_OTHER },
		{ "a-7 [001] 99999999999999999999.345678: e: 1", TRACE_LINE_OTHER },
		{ "a-7 [001] 18446744074.345678: e: 1", TRACE_LINE_OTHER },
		{ "a-7 [001 12.345678: e: 1", TRACE_LINE_EVENT },
		{ "a-7 [001]12.345678: e: 1", TRACE_LINE_OTHER },
		{ "a-7 1d..2. 99999999999999999999us : e: 1", TRACE_LINE_OTHER },
		{ "this costs 5us : a lot", TRACE_LINE_OTHER },
		{ "us us: us", TRACE_LINE_OTHER },
		{ "[[[[ -", TRACE_LINE_OTHER },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct trace_line l;

		trace_line_parse(text_of(cases[i].line), &l);
		if (l.kind != cases[i].kind)
			fail_msg("%s: class %d", cases[i].line, l.kind);
	}
}

static void test_lost(void **state)
{
	static const struct {
		const char *line;
		int cpu;
		uint64_t n;
	} cases[] = {
		{ "CPU:2 [LOST 123 EVENTS]", 2, 123 },
		{ "CPU:2 [LOST EVENTS]", 2, NONE },
		{ "CPU:12 [45 EVENTS DROPPED]", 12, 45 },
		{ "CPU:12 [EVENTS DROPPED]", 12, NONE },
		{ "##### CPU 1 buffer started ####", 1, NONE },
		{ "[   12.5] ##### CPU 1 buffer started ####", 1, NONE },
		{ "CPU:99999 [LOST 1 EVENTS]", -1, 1 },
		{ "qemu 10 [005] 12.345678: PERF_RECORD_LOST lost 7", 5, 7 },
		{ "qemu 10 [005] 12.345678: PERF_RECORD_LOST_SAMPLES", 5, NONE },
	};
	struct trace_line l;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		trace_line_parse(text_of(cases[i].line), &l);
		if (l.kind != TRACE_LINE_LOST || l.cpu != cases[i].cpu || l.n_lost != cases[i].n)
			fail_msg("%s: class %d, cpu %d, lost %llu", cases[i].line, l.kind, l.cpu,
				 (unsigned long long)l.n_lost);
	}
	trace_line_parse(text_of("CPU:2 is slow"), &l);
	assert_int_equal(l.kind, TRACE_LINE_OTHER);
	trace_line_parse(text_of("# CPU 2"), &l);
	assert_int_equal(l.kind, TRACE_LINE_COMMENT);
}

static void test_resched_flag(void **state)
{
	static const struct {
		const char *line;
		bool needs;
	} cases[] = {
		{ "a-7 [003] dN.. 1.000000: e: 1", true },
		{ "a-7 [003] .n.. 1.000000: e: 1", true },
		{ "a-7 [003] d... 1.000000: e: 1", false },
		{ "a-7 [003] d..N 1.000000: e: 1", false },
		{ "a-7 [003] 1.000000: e: 1", false },
		{ "a-7 1dNh4. 1us : e: 1", true },
		{ "a 7 dN.. [003] 1.000000: k:e: 1", true },
		{ "a-7 [003] dp.. 1.000000: e: 1", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct trace_line l;

		trace_line_parse(text_of(cases[i].line), &l);
		assert_int_equal(l.kind, TRACE_LINE_EVENT);
		if (l.needs_resched != cases[i].needs)
			fail_msg("%s", cases[i].line);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_formats),
		cmocka_unit_test(test_no_events),
		cmocka_unit_test(test_lost),
		cmocka_unit_test(test_resched_flag),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
