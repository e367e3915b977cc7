/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules about the CPUs of vCPUs: one case per verdict each can give. */
#include "tests/lib/machine.h"

static void test_vcpupin_configured(void **state)
{
	struct host h;
	struct finding f;

	(void)state;
	host_blank(&h);
	check_row(&h, "pin.vcpupin", VERDICT_NOT_APPLICABLE, "No guest runs");
	set_str(&h.guestref.kind, "builtin");
	check_row(&h, "pin.vcpupin", VERDICT_NOT_APPLICABLE, "no configuration of its own");
	set_str(&h.guestref.kind, "none");
	configure_guest(&h, 0, "");
	check_row(&h, "pin.vcpupin", VERDICT_UNKNOWN, "does not say how many");
	configure_guest(&h, 8, "");
	f = check_row(&h, "pin.vcpupin", VERDICT_ADVICE,
		      "None of the 8 vCPUs is pinned: they may run on any CPU");
	assert_null(f.fix.now);
	check_has(f.fix.persist, "lscpu --extended");
	machine_8700k(&h);
	f = check_row(&h, "pin.vcpupin", VERDICT_ADVICE, "they may run on CPUs 0-11");
	assert_int_equal(f.confidence, CONFIDENCE_CONFIGURED);
	check_has(f.fix.now, "virsh vcpupin win10 0 1\nvirsh vcpupin win10 1 7\n"
			     "virsh vcpupin win10 2 2\nvirsh vcpupin win10 3 8\n");
	check_has(f.fix.persist, "<cputune>\n  <vcpupin vcpu='0' cpuset='1'/>\n"
				 "  <vcpupin vcpu='1' cpuset='7'/>\n");
	check_has(f.fix.persist, "<topology sockets='1' dies='1' cores='4' threads='2'/>");
	check_has(f.fix.undo, "virsh vcpupin win10 7 0-11");
	fact_set_u64(&h.domain.threads, 2);
	f = check_row(&h, "pin.vcpupin", VERDICT_ADVICE, NULL);
	assert_null(strstr(f.fix.persist, "<topology"));
	configure_guest(&h, 1, "");
	check_row(&h, "pin.vcpupin", VERDICT_ADVICE, "The vCPU is not pinned: it may run on CPUs");
	configure_guest(&h, 1, "3");
	check_row(&h, "pin.vcpupin", VERDICT_PASS, "The vCPU is pinned to CPU 3.");
	configure_guest(&h, 4, "1 7 2");
	check_row(&h, "pin.vcpupin", VERDICT_ADVICE,
		  "3 of 4 vCPUs are pinned; vCPU 3 may run on several CPUs");
	configure_guest(&h, 4, "1 7 2 20");
	check_row(&h, "pin.vcpupin", VERDICT_ADVICE, "vCPU 3: pinned to a CPU that is not online");
	configure_guest(&h, 4, "1 7 2 2");
	f = check_row(&h, "pin.vcpupin", VERDICT_PROBLEM,
		      "vCPUs 2-3 are pinned to CPU 2, which can run only one at a time.");
	assert_int_equal(f.confidence, CONFIDENCE_CONFIGURED);
	check_has(f.fix.undo, "virsh vcpupin win10 3 2");
	configure_guest(&h, 4, "1 7 2 8");
	f = check_row(&h, "pin.vcpupin", VERDICT_PASS,
		      "All 4 vCPUs are pinned, each to a CPU of its own (1-2,7-8).");
	assert_null(f.fix.now);
	arena_release(&h.arena);
}

/* The proposal stays where the user wants the guest. */
static void test_vcpupin_within(void **state)
{
	struct host h;
	struct finding f;

	(void)state;
	host_blank(&h);
	machine_8700k(&h);
	configure_guest(&h, 4, "");
	set_cpus(&h.cpu.isolated, "4,5,10,11");
	f = check_row(&h, "pin.vcpupin", VERDICT_ADVICE, NULL);
	check_has(f.fix.now, "win10 0 4\nvirsh vcpupin win10 1 10\nvirsh vcpupin win10 2 5\n");
	set_cpus(&h.domain.vcpu_cpuset, "2-3,8-9");
	f = check_row(&h, "pin.vcpupin", VERDICT_ADVICE, "CPUs 2-3,8-9");
	check_has(f.fix.now, "win10 0 2\nvirsh vcpupin win10 1 8\n");
	/* The first CPU stays with the host, whoever named it, where there is room without it. */
	set_cpus(&h.domain.vcpu_cpuset, "0-1,6-7");
	f = check_row(&h, "pin.vcpupin", VERDICT_ADVICE, "CPUs 0-1,6-7");
	check_has(f.fix.now, "win10 0 1\nvirsh vcpupin win10 1 7\n");
	/* Too small a set is no set. */
	set_cpus(&h.domain.vcpu_cpuset, "0-1,6");
	set_cpus(&h.cpu.isolated, "4");
	f = check_row(&h, "pin.vcpupin", VERDICT_ADVICE, NULL);
	check_has(f.fix.now, "win10 0 1\nvirsh vcpupin win10 1 7\n");
	arena_release(&h.arena);
}

static void test_vcpupin_no_room(void **state)
{
	struct host h;
	struct finding f;

	(void)state;
	host_blank(&h);
	machine_2cpus(&h);
	configure_guest(&h, 2, "");
	f = check_row(&h, "pin.vcpupin", VERDICT_ADVICE, NULL);
	assert_null(f.fix.now);
	assert_null(f.fix.undo);
	check_has(f.fix.persist, "There is no room: 2 vCPUs, and 2 CPUs on 2 cores");
	check_has(f.fix.persist, "<vcpu placement='static'>1</vcpu>");
	arena_release(&h.arena);
	host_blank(&h);
	add_core(&h, "0", 0);
	configure_guest(&h, 2, "");
	f = check_row(&h, "pin.vcpupin", VERDICT_ADVICE, NULL);
	check_has(f.fix.persist, "no core that the host could spare");
	arena_release(&h.arena);
}

static void test_vcpupin_running(void **state)
{
	struct host h;
	struct finding f;

	(void)state;
	host_blank(&h);
	machine_8700k(&h);
	run_guest(&h, "plain");
	check_row(&h, "pin.vcpupin", VERDICT_UNKNOWN, "see pin.identify");
	add_vcpu(&h, 0, "1");
	add_vcpu(&h, 1, "1");
	f = check_row(&h, "pin.vcpupin", VERDICT_PROBLEM, "vCPUs 0-1 are pinned to CPU 1");
	check_has(f.fix.now, "sudo taskset -pc 1 4100\nsudo taskset -pc 7 4101");
	check_has(f.fix.undo, "sudo taskset -pc 1 4100\nsudo taskset -pc 1 4101");
	check_has(f.fix.persist, "\npid=4000\nsudo taskset -apc 0,2-6,8-11 $pid\npin() {");
	check_has(f.fix.persist, "\npin 0 1\npin 1 7");
	check_has(f.fix.persist, "-smp 2,sockets=1,cores=1,threads=2");
	assert_int_equal(f.confidence, CONFIDENCE_CONFIGURED);
	add_activity(&h, 4100, "vcpu", 5000, 4100, (const uint64_t[]){ 1, 10, 2, 0 });
	add_activity(&h, 4101, "vcpu", 4900, 5000, (const uint64_t[]){ 1, 10, 2, 0 });
	f = check_row(&h, "pin.vcpupin", VERDICT_PROBLEM,
		      "in this run they ran 9.9 s and waited 9.1 s for it");
	assert_int_equal(f.confidence, CONFIDENCE_MEASURED);
	assert_int_equal(f.share_permille, 455);
	set_str(&((struct guest_process *)h.guest.guests.v)->manager, "libvirt");
	set_str(&((struct guest_process *)h.guest.guests.v)->name, "my; guest");
	f = check_row(&h, "pin.vcpupin", VERDICT_PROBLEM, NULL);
	check_has(f.fix.now, "virsh vcpupin 'my; guest' 1 7");
	arena_release(&h.arena);
}

static void set_busy(struct host *h, uint64_t cpu, uint64_t ms)
{
	h->activity.busy_ns.known = true;
	assert_int_equal(fact_add_pair(&h->activity.busy_ns, &h->arena, cpu, ms * NS_PER_MS), 0);
}

/* Two vCPUs with affinity 0-1, seen on CPU 1 for n of ten samples; CPU 0 busy for some time. */
static void pile(struct host *h, uint64_t n_on_1, uint64_t delay_ms, uint64_t busy_0_ms)
{
	const uint64_t seen[] = { 0, 10 - n_on_1, 1, n_on_1 };

	host_blank(h);
	machine_2cpus(h);
	run_guest(h, "plain");
	for (unsigned i = 0; i < 2; i++) {
		add_vcpu(h, i, "0-1");
		add_activity(h, 4100 + i, "vcpu", 5000, delay_ms, seen);
	}
	set_busy(h, 0, busy_0_ms);
	set_busy(h, 1, 10000);
}

static void test_pileup_measured(void **state)
{
	static const struct {
		uint64_t n_on_1, delay_ms, busy_0_ms;
		const char *isolated, *unbalanced;
		enum verdict verdict;
	} cases[] = {
		{ 10, 5000, 300, NULL, NULL, VERDICT_PROBLEM },
		{ 6, 1000, 2400, NULL, NULL, VERDICT_PROBLEM },
		/* seen on both CPUs alike */
		{ 5, 5000, 300, NULL, NULL, VERDICT_PASS },
		/* the other CPU had work of its own: the scheduler did what it could */
		{ 10, 5000, 7000, NULL, NULL, VERDICT_PASS },
		{ 10, 5000, 7000, "", "", VERDICT_PASS },
		{ 10, 5000, 7000, "0-1", NULL, VERDICT_PROBLEM },
		{ 10, 5000, 7000, NULL, "0-1", VERDICT_PROBLEM },
		{ 10, 5000, 9700, NULL, "0-1", VERDICT_ADVICE },
		/* they hardly waited */
		{ 10, 900, 300, NULL, NULL, VERDICT_PASS },
		{ 10, 900, 300, NULL, "0-1", VERDICT_ADVICE },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct host h;
		struct finding f;

		pile(&h, cases[i].n_on_1, cases[i].delay_ms, cases[i].busy_0_ms);
		if (cases[i].isolated)
			set_cpus(&h.cpu.isolated, cases[i].isolated);
		if (cases[i].unbalanced)
			set_cpus(&h.cpu.unbalanced, cases[i].unbalanced);
		f = judge_row(&h, "pin.pileup");
		if (f.verdict != cases[i].verdict)
			fail_msg("case %zu: %s", i, f.summary);
		assert_int_equal(f.confidence == CONFIDENCE_MEASURED, f.verdict == VERDICT_PROBLEM);
		arena_release(&h.arena);
	}
}

static void test_pileup_words(void **state)
{
	struct host h;
	struct finding f;

	(void)state;
	pile(&h, 10, 5000, 300);
	f = check_row(&h, "pin.pileup", VERDICT_PROBLEM,
		      "vCPUs 0-1 share CPUs 0-1, but sat together on CPU 1: they ran 10 s and "
		      "waited 10 s, while CPU 0 was busy 3 % of the time.");
	assert_int_equal(f.share_permille, 500);
	/* As typed, although nothing is left to the host: pin.vcpupin says what that means. */
	assert_string_equal(f.fix.now, "sudo taskset -pc 0 4100\nsudo taskset -pc 1 4101");
	assert_string_equal(f.fix.undo, "sudo taskset -pc 0-1 4100\nsudo taskset -pc 0-1 4101");
	/* Bounds: no samples, no window, an idle guest, CPUs that are not online. */
	fact_set_u64(&h.activity.window_ns, 0);
	check_row(&h, "pin.pileup", VERDICT_PASS, "keeps balanced");
	fact_set_u64(&h.activity.window_ns, 1000 * NS_PER_S);
	check_row(&h, "pin.pileup", VERDICT_PROBLEM, NULL);
	fact_set_u64(&h.activity.window_ns, 2000 * NS_PER_S);
	check_row(&h, "pin.pileup", VERDICT_PASS, NULL);
	fact_set_u64(&h.activity.window_ns, 10 * NS_PER_S);
	set_cpus(&h.cpu.online, "1");
	check_row(&h, "pin.pileup", VERDICT_PASS, NULL);
	set_cpus(&h.cpu.online, "0-1");
	h.activity.threads.n = 0;
	check_row(&h, "pin.pileup", VERDICT_PASS, NULL);
	arena_release(&h.arena);
}

static void test_pileup_fixed(void **state)
{
	struct host h;

	(void)state;
	host_blank(&h);
	machine_2cpus(&h);
	run_guest(&h, "plain");
	add_vcpu(&h, 0, "0");
	add_vcpu(&h, 1, "1");
	set_cpus(&h.cpu.unbalanced, "0-1");
	check_row(&h, "pin.pileup", VERDICT_PASS, "No two vCPUs share a set of CPUs.");
	arena_release(&h.arena);
}

static void test_pileup_configured(void **state)
{
	struct host h;
	struct finding f;

	(void)state;
	host_blank(&h);
	check_row(&h, "pin.pileup", VERDICT_NOT_APPLICABLE, "No guest runs");
	configure_guest(&h, 8, "");
	check_row(&h, "pin.pileup", VERDICT_PASS, NULL);
	machine_8700k(&h);
	set_cpus(&h.cpu.isolated, "1-4,7-10");
	check_row(&h, "pin.pileup", VERDICT_PASS, "keeps balanced");
	configure_guest(&h, 4, "1-4,7-10 1-4,7-10 5 11");
	f = check_row(&h, "pin.pileup", VERDICT_ADVICE,
		      "vCPUs 0-1 share CPUs 1-4,7-10, between which the scheduler moves no thread");
	assert_string_equal(f.fix.now, "virsh vcpupin win10 0 1\nvirsh vcpupin win10 1 7");
	arena_release(&h.arena);
}

static void test_smt(void **state)
{
	struct host h;
	struct finding f;

	(void)state;
	host_blank(&h);
	check_row(&h, "pin.smt-siblings", VERDICT_NOT_APPLICABLE, "No guest runs");
	configure_guest(&h, 4, "1 7 2 8");
	check_row(&h, "pin.smt-siblings", VERDICT_UNKNOWN, "cpu.cores is not known");
	machine_8700k(&h);
	fact_set_u64(&h.domain.threads, 2);
	check_row(&h, "pin.smt-siblings", VERDICT_PASS, "the guest has 2 whole cores.");
	configure_guest(&h, 4, "1 2 7 8");
	f = check_row(&h, "pin.smt-siblings", VERDICT_ADVICE,
		      "2 threads per core, but 2 of its sibling pairs are on different cores");
	assert_int_equal(f.n_items, 2);
	check_has(f.items[0], "vCPUs 0 and 1 are one core to the guest, but CPUs 1 and 2 are two");
	check_has(f.fix.now, "win10 0 1\nvirsh vcpupin win10 1 7\nvirsh vcpupin win10 2 2\n");
	assert_null(strstr(f.fix.persist, "<topology"));
	fact_set_u64(&h.domain.threads, 1);
	f = check_row(&h, "pin.smt-siblings", VERDICT_ADVICE,
		      "told one thread per core, but on 2 host cores");
	check_has(f.items[0], "CPUs 1,7 are one core, the guest takes them for 2");
	check_has(f.fix.persist, "cores='2' threads='2'");
	configure_guest(&h, 8, "");
	check_row(&h, "pin.smt-siblings", VERDICT_NOT_APPLICABLE, "not pinned");
	arena_release(&h.arena);
}

static void test_smt_half_cores(void **state)
{
	struct host h;
	struct finding f;

	(void)state;
	host_blank(&h);
	machine_8700k(&h);
	/* One whole core and two halves. */
	configure_guest(&h, 4, "1 7 2 3");
	f = check_row(&h, "pin.smt-siblings", VERDICT_ADVICE,
		      "2 cores are shared with the host: CPUs 8-9 run beside vCPUs on the same "
		      "core.");
	assert_int_equal(f.confidence, CONFIDENCE_CONFIGURED);
	check_has(f.fix.now, "win10 2 2\nvirsh vcpupin win10 3 8");
	set_cpus(&h.cpu.isolated, "8-9");
	check_row(&h, "pin.smt-siblings", VERDICT_PASS, "1 whole core and one thread of 2");
	set_cpus(&h.cpu.isolated, "");
	/* An odd vCPU leaves a half core in any case. */
	configure_guest(&h, 3, "1 7 2");
	check_row(&h, "pin.smt-siblings", VERDICT_PASS, NULL);
	/* One vCPU per core is the guide's alternative, unless the siblings are busy. */
	configure_guest(&h, 4, "1 2 3 4");
	check_row(&h, "pin.smt-siblings", VERDICT_PASS, "each vCPU has a core, 4 in all.");
	fact_set_u64(&h.activity.window_ns, 10 * NS_PER_S);
	set_busy(&h, 8, 900);
	check_row(&h, "pin.smt-siblings", VERDICT_PASS, NULL);
	set_busy(&h, 9, 3400);
	f = check_row(&h, "pin.smt-siblings", VERDICT_ADVICE, "; CPU 9 was busy 34 % of the time.");
	assert_int_equal(f.confidence, CONFIDENCE_MEASURED);
	check_has(f.fix.now, "win10 0 1\nvirsh vcpupin win10 1 7");
	arena_release(&h.arena);
}

static void test_smt_hybrid(void **state)
{
	struct host h;
	struct finding f;

	(void)state;
	host_blank(&h);
	machine_hybrid(&h);
	fact_set_u64(&h.domain.threads, 2);
	configure_guest(&h, 6, "2 3 8 9 10 11");
	f = check_row(&h, "pin.smt-siblings", VERDICT_ADVICE, "2 of its sibling pairs are");
	check_has(f.fix.now, "win10 0 2\nvirsh vcpupin win10 1 3\nvirsh vcpupin win10 2 4\n");
	/* No room on one kind of cores. */
	configure_guest(&h, 10, "2 3 6 7 8 9 10 11 12 13");
	f = check_row(&h, "pin.smt-siblings", VERDICT_ADVICE, "3 of its");
	check_has(f.fix.persist, "There is no room: 10 vCPUs");
	arena_release(&h.arena);
	/* Cores without siblings. */
	host_blank(&h);
	machine_2cpus(&h);
	configure_guest(&h, 2, "0 1");
	check_row(&h, "pin.smt-siblings", VERDICT_NOT_APPLICABLE, "one thread each");
	fact_set_u64(&h.domain.threads, 2);
	f = check_row(&h, "pin.smt-siblings", VERDICT_ADVICE, "1 of its sibling pairs is on");
	arena_release(&h.arena);
}

static void test_l3(void **state)
{
	struct host h;
	struct finding f;
	struct l3_fact *l3;

	(void)state;
	host_blank(&h);
	check_row(&h, "pin.l3-ccd", VERDICT_NOT_APPLICABLE, "No guest runs");
	configure_guest(&h, 4, "7 23 8 24");
	check_row(&h, "pin.l3-ccd", VERDICT_UNKNOWN, "cpu.l3s is not known");
	machine_5950x(&h);
	f = check_row(&h, "pin.l3-ccd", VERDICT_ADVICE,
		      "The guest's CPUs (7-8,23-24) span 2 L3 caches, but 4 vCPUs have room in one "
		      "(CPUs 8-9,24-25).");
	assert_int_equal(f.n_items, 2);
	check_has(f.items[0], "CPUs 7,23 share an L3 cache of 32 MiB");
	check_has(f.fix.now, "win10 0 8\nvirsh vcpupin win10 1 24\n");
	configure_guest(&h, 4, "8 24 9 25");
	check_row(&h, "pin.l3-ccd", VERDICT_PASS, "(8-9,24-25) share one L3 cache.");
	l3 = h.cpu.l3s.v;
	fact_set_u64(&l3[0].size_kib, 98304);
	check_row(&h, "pin.l3-ccd", VERDICT_PASS, "(the one of CPUs 0-7,16-23 is larger: 96 MiB)");
	configure_guest(&h, 18, "1 17 2 18 3 19 4 20 5 21 6 22 7 23 8 24 9 25");
	check_row(&h, "pin.l3-ccd", VERDICT_PASS, "span 2 L3 caches; none has room for 18 vCPUs");
	configure_guest(&h, 4, "");
	check_row(&h, "pin.l3-ccd", VERDICT_NOT_APPLICABLE, "not pinned");
	arena_release(&h.arena);
	host_blank(&h);
	machine_8700k(&h);
	configure_guest(&h, 4, "1 7 2 8");
	check_row(&h, "pin.l3-ccd", VERDICT_NOT_APPLICABLE, "All CPUs share one L3");
	h.cpu.l3s.n = 0;
	check_row(&h, "pin.l3-ccd", VERDICT_NOT_APPLICABLE, "shows no L3");
	arena_release(&h.arena);
}

static void test_reserve(void **state)
{
	struct host h;
	struct finding f;

	(void)state;
	host_blank(&h);
	check_row(&h, "cpu.host-reserve", VERDICT_NOT_APPLICABLE, "is not known");
	configure_guest(&h, 8, "1 7 2 8 3 9 4 10");
	check_row(&h, "cpu.host-reserve", VERDICT_UNKNOWN, "cpu.cores is not known");
	machine_8700k(&h);
	check_row(&h, "cpu.host-reserve", VERDICT_PASS,
		  "2 whole cores are left to the host (CPUs 0,5-6,11)");
	configure_guest(&h, 9, "1 7 2 8 3 9 4 10 5");
	f = check_row(&h, "cpu.host-reserve", VERDICT_ADVICE,
		      "Only one whole core of 6 is left to the host (CPUs 0,6)");
	check_has(f.fix.persist,
		  "sudo virsh edit win10\nwithout <vcpupin vcpu='8'>\n<vcpu>8</vcpu>\n"
		  "<cputune>\n  <vcpupin vcpu='0' cpuset='1'/>\n");
	check_has(f.fix.persist, "<topology sockets='1' dies='1' cores='4' threads='2'/>");
	assert_int_equal(f.fix.needs, NEEDS_GUEST_RESTART);
	configure_guest(&h, 10, "0 1 7 2 8 3 9 4 10 5");
	check_row(&h, "cpu.host-reserve", VERDICT_ADVICE, "No core is left to the host");
	/* vCPUs that float take as many cores as they can fill. */
	configure_guest(&h, 8, "");
	check_row(&h, "cpu.host-reserve", VERDICT_PASS, "even when all 8 vCPUs run");
	configure_guest(&h, 9, "");
	check_row(&h, "cpu.host-reserve", VERDICT_NOT_APPLICABLE, "No vCPU is pinned");
	configure_guest(&h, 12, "");
	check_row(&h, "cpu.host-reserve", VERDICT_ADVICE, "the guest takes all 6");
	arena_release(&h.arena);
}

static void test_reserve_of_cpus(void **state)
{
	struct host h;
	struct finding f;

	(void)state;
	host_blank(&h);
	machine_8700k(&h);
	set_str(&h.guestref.kind, "builtin");
	host_set_guest_cpus(&h, "1-5,7-11", "0,6");
	f = check_row(&h, "cpu.host-reserve", VERDICT_ADVICE, "Only one whole core");
	check_has(f.fix.persist, "--cpus 1-4,7-10");
	host_set_guest_cpus(&h, "1-4,7-10", "0,5,6,11");
	check_row(&h, "cpu.host-reserve", VERDICT_PASS, "2 whole cores");
	set_str(&h.cpus.source, "fallback");
	check_row(&h, "cpu.host-reserve", VERDICT_NOT_APPLICABLE, NULL);
	run_guest(&h, "plain");
	check_row(&h, "cpu.host-reserve", VERDICT_UNKNOWN, "see pin.identify");
	for (unsigned i = 0; i < 11; i++)
		add_vcpu(&h, i, "0-11");
	f = check_row(&h, "cpu.host-reserve", VERDICT_ADVICE, "No core is left");
	check_has(f.fix.persist, "-smp 8,sockets=1,cores=4,threads=2");
	arena_release(&h.arena);
	/* A host that is too small for two. */
	host_blank(&h);
	machine_2cpus(&h);
	host_set_guest_cpus(&h, "1", "0");
	f = check_row(&h, "cpu.host-reserve", VERDICT_ADVICE, "Only one whole core of 2");
	check_has(f.fix.persist, "This host has 2 cores: a guest cannot leave two");
	arena_release(&h.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vcpupin_configured),
		cmocka_unit_test(test_vcpupin_within),
		cmocka_unit_test(test_vcpupin_no_room),
		cmocka_unit_test(test_vcpupin_running),
		cmocka_unit_test(test_pileup_measured),
		cmocka_unit_test(test_pileup_words),
		cmocka_unit_test(test_pileup_fixed),
		cmocka_unit_test(test_pileup_configured),
		cmocka_unit_test(test_smt),
		cmocka_unit_test(test_smt_half_cores),
		cmocka_unit_test(test_smt_hybrid),
		cmocka_unit_test(test_l3),
		cmocka_unit_test(test_reserve),
		cmocka_unit_test(test_reserve_of_cpus),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
