/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/culprits.h"
#include "tests/lib/machine.h"

/* Two CPUs spun for ten seconds in two goes; no counter of SMIs, all gaps traced. */
static void set_gap(struct host *h)
{
	host_blank(h);
	fact_set_bool(&h->cpu.is_virtual, false);
	set_str(&h->gap.rung, "tracefs");
	set_cpus(&h->gap.cpus, "1-2");
	for (unsigned i = 0; i < 4; i++) {
		struct gap_unit *u = fact_add_item(&h->gap.units, &h->arena, sizeof(*u));

		assert_non_null(u);
		fact_set_u64(&u->cpu, 1 + i % 2);
		fact_set_u64(&u->window_ns, 5 * NS_PER_S);
	}
	fact_set_u64(&h->gap.n_together, 0);
	fact_set_u64(&h->gap.together_ns, 0);
}

static void add_smis(struct host *h, uint64_t cpu, uint64_t n)
{
	struct gap_smi *s = fact_add_item(&h->gap.smis, &h->arena, sizeof(*s));

	assert_non_null(s);
	fact_set_u64(&s->cpu, cpu);
	fact_set_u64(&s->n, n);
}

static void smis_that_are_counted(void **state)
{
	static const struct {
		uint64_t n;
		enum verdict verdict;
		const char *piece;
	} cases[] = {
		{ 0, VERDICT_PASS, "counted no system management interrupt" },
		{ 1, VERDICT_PASS, "counted 1 system management interrupt in 10.0 s" },
		{ 2, VERDICT_PASS, "counted 2" },
		{ 3, VERDICT_ADVICE, "counted 3 system management interrupts in 10.0 s" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct finding f;
		struct host h;

		set_gap(&h);
		add_smis(&h, 1, cases[i].n);
		add_smis(&h, 2, cases[i].n);
		f = check_row(&h, "smi.count", cases[i].verdict, cases[i].piece);
		assert_int_equal(f.confidence, CONFIDENCE_MEASURED);
		if (f.verdict == VERDICT_ADVICE)
			check_has(f.fix.persist, "USB legacy support");
		arena_release(&h.arena);
	}
}

static void gaps_that_begin_together(void **state)
{
	static const struct {
		uint64_t n, us;
		enum verdict verdict;
		const char *piece;
	} cases[] = {
		{ 0, 0, VERDICT_PASS, "No gap began on several CPUs together" },
		{ 2, 4000, VERDICT_PASS, "Few or short gaps" },
		{ 10, 490, VERDICT_PASS, "Few or short gaps" },
		{ 10, 20000, VERDICT_ADVICE,
		  "10 times all that spun stopped together, 2.0 ms on average" },
	};
	struct finding f;
	struct host h;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		set_gap(&h);
		fact_set_u64(&h.gap.n_together, cases[i].n);
		fact_set_u64(&h.gap.together_ns, cases[i].us * NS_PER_US);
		f = check_row(&h, "smi.count", cases[i].verdict, cases[i].piece);
		assert_int_equal(f.share_permille, f.verdict == VERDICT_ADVICE ? 2 : 0);
		if (i + 1 < ARRAY_SIZE(cases))
			arena_release(&h.arena);
	}
	set_str(&h.gap.rung, "none");
	check_row(&h, "smi.count", VERDICT_UNKNOWN, "without a trace gaps have no causes");
	set_cpus(&h.gap.cpus, "1");
	check_row(&h, "smi.count", VERDICT_UNKNOWN, "it takes two CPUs");
	fact_set_bool(&h.cpu.is_virtual, true);
	check_row(&h, "smi.count", VERDICT_NOT_APPLICABLE, "itself a guest");
	arena_release(&h.arena);
	host_blank(&h);
	check_row(&h, "smi.count", VERDICT_NOT_APPLICABLE, "Nothing spun");
	arena_release(&h.arena);
}

static void smis_of_a_trace(void **state)
{
	struct finding f;
	struct host h;

	(void)state;
	host_blank(&h);
	set_trace(&h, NULL);
	add_culprit(&h, "residue", "SMI", "smi.count", 2, 30000, 20000);
	check_row(&h, "smi.count", VERDICT_PASS, "2 system management interrupts took 30.0 ms");
	arena_release(&h.arena);
	host_blank(&h);
	set_trace(&h, NULL);
	add_culprit(&h, "residue", "SMI", "smi.count", 20, 30000, 2000);
	f = check_row(&h, "smi.count", VERDICT_ADVICE, "20 system management interrupts");
	assert_int_equal(f.share_permille, 3);
	check_has(f.items[0], "trace: SMI took 30.0 ms");
	arena_release(&h.arena);
}

static void pages_that_are_logged(void **state)
{
	struct finding f;
	struct host h;

	(void)state;
	host_blank(&h);
	check_row(&h, "kvm.dirty-log", VERDICT_NOT_APPLICABLE, "Only a trace");
	set_trace(&h, NULL);
	add_culprit(&h, "exit", "npf", "mem.prealloc", 1000, 10000, 20);
	check_row(&h, "kvm.dirty-log", VERDICT_NOT_APPLICABLE, "Only a trace");
	add_culprit(&h, "exit", "CPUID", "", 1000, 10000, 20);
	check_row(&h, "kvm.dirty-log", VERDICT_PASS, "was not being copied");
	add_culprit(&h, "exit", "PML_FULL", "kvm.dirty-log", 1000, 20000, 90);
	f = check_row(&h, "kvm.dirty-log", VERDICT_ADVICE, "were full 1000 times");
	assert_int_equal(f.share_permille, 2);
	check_has(f.fix.now, "virsh domjobinfo");
	arena_release(&h.arena);
}

static void a_desktop_in_the_way(void **state)
{
	struct trace_culprit *c;
	struct finding f;
	struct host h;

	(void)state;
	host_blank(&h);
	check_row(&h, "host.compositor", VERDICT_NOT_APPLICABLE, "Only a trace");
	set_trace(&h, NULL);
	add_culprit(&h, "task", "dd", "isol.tasks-on-g", 1000, 20000, 90);
	check_row(&h, "host.compositor", VERDICT_PASS, "held up neither");
	c = add_culprit(&h, "task", "kwin_wayland", "isol.tasks-on-g pin.iothread", 100, 20000,
			900);
	set_str(&c->via, "IO iothread1");
	f = check_row(&h, "host.compositor", VERDICT_ADVICE,
		      "task kwin_wayland for 20.0 ms in 100 turns, the longest slice 900 us");
	assert_int_equal(f.share_permille, 2);
	check_has(f.items[0], "kept IO iothread1");
	arena_release(&h.arena);
}

/* QEMU's own thread on the CPU of a vCPU that is pinned nowhere: both get a place. */
static void helpers_of_a_floating_guest(void **state)
{
	static const struct {
		const char *id, *comm, *role;
	} cases[] = {
		{ "pin.emulator", "qemu-system-x86", "emulator" },
		{ "pin.iothread", "IO iothread1", "iothread" },
		{ "pin.vhost", "vhost-77", "vhost" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct finding f;
		struct host h;

		host_blank(&h);
		machine_8700k(&h);
		host_set_guest_cpus(&h, "0-11", "");
		run_guest(&h, "libvirt");
		add_vcpu(&h, 0, "0-11");
		add_thread(&h, cases[i].role, 71, cases[i].comm, "0-11");
		check_row(&h, cases[i].id, VERDICT_NOT_APPLICABLE, "not pinned");
		set_trace(&h, NULL);
		add_culprit(&h, "task", cases[i].comm, cases[i].id, 1000, 50000, 900);
		f = check_row(&h, cases[i].id, VERDICT_ADVICE,
			      "The vCPUs are not pinned, and task ");
		assert_int_equal(f.share_permille, 5);
		assert_int_equal(f.confidence, CONFIDENCE_MEASURED);
		check_has(f.fix.now, "virsh vcpupin");
		check_has(f.fix.now, "virsh emulatorpin");
		arena_release(&h.arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(smis_that_are_counted),
		cmocka_unit_test(gaps_that_begin_together),
		cmocka_unit_test(smis_of_a_trace),
		cmocka_unit_test(pages_that_are_logged),
		cmocka_unit_test(a_desktop_in_the_way),
		cmocka_unit_test(helpers_of_a_floating_guest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
