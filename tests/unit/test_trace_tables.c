/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tables of the state machine: names, places, exits, rows, threads, durations, stretches. */
#include <string.h>

#include "analyze/catalogue.h"
#include "probes/trace/durations.h"
#include "probes/trace/exit_kind.h"
#include "probes/trace/machine.h"
#include "probes/trace/places.h"
#include "probes/trace/ran.h"
#include "probes/trace/reason.h"
#include "probes/trace/rows.h"
#include "probes/trace/tallies.h"
#include "probes/trace/threads.h"
#include "tests/lib/check.h"

static const char *row_of(enum culprit_class class, uint64_t number, const char *text,
			  const char *function)
{
	const struct name_key key = { class, number, text, function, 0 };
	const char *rows[ROWS_MAX] = { NULL };

	rows_find(&key, rows);
	return rows[0] ? rows[0] : "";
}

static void test_rows(void **state)
{
	static const struct {
		enum culprit_class class;
		uint64_t number;
		const char *text, *function, *id;
	} rows[] = {
		{ CULPRIT_VECTOR, UINT64_MAX, "local_timer", NULL, "cpu.nohz-full" },
		{ CULPRIT_VECTOR, UINT64_MAX, "local_timer", "tick_nohz_handler", "cpu.nohz-full" },
		{ CULPRIT_VECTOR, UINT64_MAX, "local_timer", "apic_timer_fn", "hv.stimer" },
		{ CULPRIT_VECTOR, UINT64_MAX, "local_timer", "stimer_timer_callback", "" },
		{ CULPRIT_VECTOR, UINT64_MAX, "call_function_single", NULL, "ipi.sources" },
		{ CULPRIT_IRQ, 35, "eth0-rx-1", NULL, "irq.host-on-g" },
		{ CULPRIT_IRQ, 36, "nvme0q3", NULL, "irq.managed" },
		{ CULPRIT_IRQ, 37, "vfio-intx(0000:01:00.0)", NULL, "msi.enabled" },
		{ CULPRIT_IRQ, 37, "vfio-msix[0](0000:01:00.0)", NULL, "irq.posted" },
		{ CULPRIT_TASK, 0, "kworker/u8:*", "wb_workfn", "wq.cpumask" },
		{ CULPRIT_TASK, 0, "kworker/1:*H", "blk_mq_run_work_fn", "irq.managed" },
		{ CULPRIT_TASK, TRACE_ROLE_EMULATOR, "qemu-system-x86", NULL, "pin.emulator" },
		{ CULPRIT_TASK, TRACE_ROLE_VHOST, "vhost-90", NULL, "pin.vhost" },
		{ CULPRIT_TASK, 0, "vhost-77", NULL, "pin.vhost" },
		{ CULPRIT_TASK, TRACE_ROLE_OTHER, "kvm-nx-lpage-re", NULL, "kthr.nx-recovery" },
		{ CULPRIT_TASK, 0, "khugepaged", NULL, "thp.cost-claim" },
		{ CULPRIT_TASK, 0, "kcompactd0", NULL, "thp.cost-claim" },
		{ CULPRIT_TASK, 0, "ksmd", NULL, "mem.ksm" },
		{ CULPRIT_TASK, 0, "rcuc/3", NULL, "cpu.rcu-nocbs" },
		{ CULPRIT_TASK, 0, "ksoftirqd/3", NULL, "softirq.net-block" },
		{ CULPRIT_TASK, 0, "migration/3", NULL, "wdt.lockup" },
		{ CULPRIT_TASK, 0, "firefox", NULL, "isol.tasks-on-g" },
		{ CULPRIT_SOFTIRQ, 9, "RCU", NULL, "cpu.rcu-nocbs" },
		{ CULPRIT_SOFTIRQ, 3, "NET_RX", NULL, "softirq.net-block" },
		{ CULPRIT_IO, 0x608, NULL, NULL, "clock.hypervclock" },
		{ CULPRIT_IO, 0x64, NULL, NULL, "input.virtio" },
		{ CULPRIT_IO, PLACE_MEMORY | 0xfed00000, NULL, NULL, "clock.hpet-off" },
		{ CULPRIT_IO, 0x1234, NULL, NULL, "" },
		{ CULPRIT_EXIT, UINT64_MAX, "PAUSE_INSTRUCTION", NULL, "kvm.pause-loop" },
		{ CULPRIT_EXIT, UINT64_MAX, "CPUID", NULL, "" },
		{ CULPRIT_STEAL, UINT64_MAX, "steal", NULL, "host.steal" },
		{ CULPRIT_RESIDUE, UINT64_MAX, "SMI", NULL, "smi.count" },
		{ CULPRIT_RESIDUE, UINT64_MAX, "idle CPU wakes from state 3", NULL,
		  "idle.cstates" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *id =
			row_of(rows[i].class, rows[i].number, rows[i].text, rows[i].function);

		if (strcmp(id, rows[i].id))
			fail_msg("%s: '%s', not '%s'", rows[i].text ? rows[i].text : "place", id,
				 rows[i].id);
	}
}

/* A row that is not in the catalogue leads nowhere. */
static void test_rows_are_in_the_catalogue(void **state)
{
	size_t n = 0;

	(void)state;
	for (const char *id; (id = rows_id(n)) != NULL; n++) {
		if (!tweak_find(id))
			fail_msg("%s: not in the catalogue", id);
	}
	assert_true(n > 50);
}

static void test_rows_via(void **state)
{
	const struct name_key iothread = { CULPRIT_TASK, TRACE_ROLE_IOTHREAD, "IO x", NULL, 0 };
	const char *rows[ROWS_MAX] = { "isol.tasks-on-g" };

	(void)state;
	rows_add_via(&iothread, rows);
	assert_string_equal(rows[1], "pin.iothread");
	rows_add_via(&iothread, rows);
	assert_null(rows[2]);
}

static void test_names(void **state)
{
	static const struct {
		struct name_key key;
		const char *name;
	} rows[] = {
		{ { CULPRIT_TASK, 0, "kworker/u8:3", NULL, 0 }, "kworker/u8:*" },
		{ { CULPRIT_TASK, 0, "kworker/1:1H", "f", 0 }, "kworker/1:*H (f)" },
		{ { CULPRIT_TASK, 0, "kworker/u8:3+flush", NULL, 0 }, "kworker/u8:*" },
		{ { CULPRIT_TASK, 0, "kworker/x", NULL, 0 }, "kworker/x" },
		{ { CULPRIT_TASK, 0, "kworker/1:", NULL, 0 }, "kworker/1:" },
		{ { CULPRIT_TASK, 0, "", NULL, 0 }, "0" },
		{ { CULPRIT_IRQ, 35, NULL, NULL, 0 }, "35" },
		{ { CULPRIT_VECTOR, UINT64_MAX, NULL, NULL, 0 }, "unnamed" },
		{ { CULPRIT_IO, 0x71, NULL, NULL, 0 }, "port 0x71 (RTC)" },
		{ { CULPRIT_IO, PLACE_MEMORY | 0xfed00000, NULL, NULL, 0 }, "0xfed00000 (HPET)" },
	};
	struct names names;
	uint16_t a, b;

	(void)state;
	assert_int_equal(names_init(&names), 0);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const uint16_t id = names_find(&names, &rows[i].key);

		assert_string_equal(names.v[id].name, rows[i].name);
		assert_int_equal(names_find(&names, &rows[i].key), id);
	}
	/* another worker of the pool is the same one, the emulator's namesake is not */
	a = names_find(&names, &(struct name_key){ CULPRIT_TASK, 0, "kworker/u8:77", NULL, 0 });
	assert_int_equal(a, names_find(&names, &rows[0].key));
	b = names_find(&names, &(struct name_key){ CULPRIT_TASK, 2, "kworker/u8:77", NULL, 0 });
	assert_int_not_equal(a, b);
	assert_string_equal(names.v[NAME_STOPPED].name, "stopped");
	b = names_via(&names, NAME_IDLE, a);
	assert_int_equal(b, names_via(&names, NAME_IDLE, a));
	assert_string_equal(names.v[b].name, "idle CPU wakes");
	assert_int_equal(names.v[b].key.via, a);
	names_release(&names);
}

static void test_names_are_bounded(void **state)
{
	struct names names;
	struct tallies tallies;
	uint64_t sum = 0;

	(void)state;
	assert_int_equal(names_init(&names), 0);
	assert_int_equal(tallies_init(&tallies), 0);
	for (uint64_t i = 0; i < 3 * NAMES_MAX; i++) {
		const struct name_key key = { CULPRIT_IRQ, i, "eth", NULL, 0 };

		tallies_add(&tallies, &names, names_find(&names, &key), i);
	}
	assert_int_equal(names.n, NAMES_MAX);
	assert_int_equal(tallies.n, TALLIES_MAX);
	for (size_t i = 0; i < tallies.n; i++)
		sum += tallies.v[i].took.total_ns;
	assert_int_equal(sum, 3ull * NAMES_MAX * (3ull * NAMES_MAX - 1) / 2);
	assert_int_equal(tallies.v[CULPRIT_IRQ].id, CULPRIT_IRQ);
	assert_true(tallies.v[CULPRIT_IRQ].took.n > 2 * NAMES_MAX);
	assert_int_equal(names_via(&names, NAME_IDLE, NAME_IDLE), CULPRIT_RESIDUE);
	tallies_release(&tallies);
	names_release(&names);
}

static void test_places(void **state)
{
	static const struct {
		uint64_t place;
		enum place kind;
		const char *name;
	} rows[] = {
		{ 0x608, PLACE_PM_TIMER, "port 0x608 (PM timer)" },
		{ 0x43, PLACE_PIT, "port 0x43 (PIT)" },
		{ 0x60, PLACE_PS2, "port 0x60 (PS/2)" },
		{ 0x64, PLACE_PS2, "port 0x64 (PS/2)" },
		{ 0x3f8, PLACE_SERIAL, "port 0x3f8 (serial)" },
		{ 0xcfc, PLACE_PCI, "port 0xcfc (PCI configuration)" },
		{ 0x1234, PLACE_OTHER, "port 0x1234" },
	};
	auto_arena struct arena a = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_int_equal(place_kind(place_of_port(rows[i].place)), rows[i].kind);
		assert_string_equal(place_name(&a, place_of_port(rows[i].place)), rows[i].name);
	}
	assert_int_equal(place_of_port(0x10608), 0x608);
	assert_int_equal(place_kind(place_of_memory(0xfee000b0)), PLACE_LAPIC);
	assert_int_equal(place_of_memory(0xfed000f0), place_of_memory(0xfed00000));
	assert_string_equal(place_name(&a, place_of_memory(0xfe003010)), "0xfe003000");
}

static void test_exit_kinds(void **state)
{
	(void)state;
	assert_int_equal(exit_kind_of(reason_name(REASON_ISA_VMX, 1)), EXIT_INTERRUPT);
	assert_int_equal(exit_kind_of(reason_name(REASON_ISA_SVM, 0x60)), EXIT_INTERRUPT);
	assert_int_equal(exit_kind_of(reason_name(REASON_ISA_SVM, 0x7b)), EXIT_PORT);
	assert_int_equal(exit_kind_of(reason_name(REASON_ISA_VMX, 30)), EXIT_PORT);
	assert_int_equal(exit_kind_of(reason_name(REASON_ISA_SVM, 0x78)), EXIT_HALT);
	assert_int_equal(exit_kind_of(reason_name(REASON_ISA_VMX, 12)), EXIT_HALT);
	assert_int_equal(exit_kind_of(reason_name(REASON_ISA_SVM, 0x61)), EXIT_NMI);
	assert_int_equal(exit_kind_of(reason_name(REASON_ISA_VMX, 0)), EXIT_NMI);
	assert_int_equal(exit_kind_of("CPUID"), EXIT_OTHER);
	assert_int_equal(exit_kind_of(NULL), EXIT_OTHER);
	assert_string_equal(exit_vector_name(236), "local_timer");
	assert_string_equal(exit_vector_name(0xfd), "reschedule");
	assert_null(exit_vector_name(0x22));
}

static void test_threads(void **state)
{
	struct threads t;
	struct thread *held;

	(void)state;
	assert_int_equal(threads_init(&t), 0);
	held = threads_get(&t, 77);
	held->is_held = true;
	assert_true(thread_rename(held, "CPU 0/KVM"));
	assert_false(thread_rename(held, "CPU 0/KVM"));
	assert_false(thread_rename(held, "<...>"));
	assert_false(thread_rename(held, NULL));
	assert_true(thread_rename(held, "a name that is cut"));
	assert_string_equal(held->comm, "a name that is ");
	assert_false(thread_rename(held, "a name that is cut"));
	/* more than there is room for: the one that is held stays */
	for (int pid = 1; pid < 5 * THREADS_MAX; pid++)
		assert_non_null(threads_get(&t, pid * 8));
	assert_ptr_equal(threads_find(&t, 77), held);
	assert_null(threads_find(&t, 8));
	assert_non_null(threads_find(&t, (5 * THREADS_MAX - 1) * 8));
	/* and each that is there is found, whatever was taken out around it */
	for (int pid = 4 * THREADS_MAX; pid < 5 * THREADS_MAX; pid += 3) {
		struct thread *x = threads_find(&t, pid * 8);

		if (x)
			threads_forget(&t, x);
		assert_null(threads_find(&t, pid * 8));
	}
	for (size_t i = 0; i < THREADS_MAX; i++) {
		if (t.pool[i].pid)
			assert_ptr_equal(threads_find(&t, t.pool[i].pid), &t.pool[i]);
	}
	for (size_t i = 0; i < THREADS_MAX; i++)
		t.pool[i].is_held = true;
	while (t.n_free)
		threads_get(&t, (int)t.n_free + 1000000)->is_held = true;
	assert_null(threads_get(&t, 3));
	threads_release(&t);
}

static void test_durations(void **state)
{
	struct durations d = { 0 };
	auto_free struct hist *h = malloc(sizeof(*h));
	uint64_t sum = 0;

	(void)state;
	assert_non_null(h);
	/* few sizes: as exact as the histogram */
	for (unsigned i = 0; i < 1000; i++)
		durations_add(&d, 5000);
	durations_add(&d, 70000);
	hist_init(h);
	durations_to_hist(&d, h);
	assert_int_equal(h->n, 1001);
	assert_int_equal(h->count[hist_index(5000)], 1000);
	assert_int_equal(h->min_ns, 5000);
	assert_int_equal(h->max_ns, 70000);
	assert_int_equal(h->sum_ns, 5070000);
	/* all sizes there are: coarser, and none is lost */
	d = (struct durations){ 0 };
	for (unsigned bit = 0; bit < 64; bit++) {
		for (uint64_t i = 0; i < 32; i++)
			durations_add(&d, (1ull << bit) + ((1ull << bit) * i) / 32);
	}
	assert_true(d.n_used <= DURATIONS_SLOTS * 3 / 4 && d.shift > 0);
	hist_init(h);
	durations_to_hist(&d, h);
	assert_int_equal(h->n, 64 * 32);
	for (size_t i = 0; i < HIST_N_BUCKETS; i++)
		sum += h->count[i];
	assert_int_equal(sum, 64 * 32);
	/* none at all adds nothing */
	d = (struct durations){ 0 };
	durations_to_hist(&d, h);
	assert_int_equal(h->n, 64 * 32);
}

static void test_ran(void **state)
{
	struct ran *r = calloc(1, sizeof(*r));
	struct slice s;
	uint64_t place = 0;

	(void)state;
	assert_non_null(r);
	assert_false(ran_next(r, 0, 100, &place, &s));
	for (uint64_t i = 0; i < 1000; i++) {
		ran_add(r, 10 * i, 10 * i + 5, (uint16_t)i, 7);
		/* goes on */
		ran_add(r, 10 * i + 5, 10 * i + 10, (uint16_t)i, 7);
	}
	assert_int_equal(r->n, 1000);
	assert_true(ran_next(r, 9983, 9995, &place, &s));
	assert_int_equal(s.id, 999);
	assert_int_equal(s.from_ns, 9990);
	assert_int_equal(s.to_ns, 9995);
	assert_true(ran_next(r, 9983, 9995, &place, &s));
	assert_int_equal(s.from_ns, 9983);
	assert_false(ran_next(r, 9983, 9995, &place, &s));
	/* the oldest are gone */
	place = 0;
	for (unsigned i = 0; i < RAN_MAX; i++)
		assert_true(ran_next(r, 0, 100000, &place, &s));
	assert_int_equal(s.from_ns, 10 * (1000 - RAN_MAX));
	assert_false(ran_next(r, 0, 100000, &place, &s));
	free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_rows_are_in_the_catalogue),
		cmocka_unit_test(test_rows_via),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_names_are_bounded),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_exit_kinds),
		cmocka_unit_test(test_threads),
		cmocka_unit_test(test_durations),
		cmocka_unit_test(test_ran),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
