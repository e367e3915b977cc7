/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/host.h"

static void merging_runs_or_not(void **state)
{
	struct finding f;
	struct host h;

	(void)state;
	host_blank(&h);
	check_row(&h, "mem.ksm", VERDICT_UNKNOWN, NULL);
	fact_set_u64(&h.mm.ksm_run, 2);
	check_row(&h, "mem.ksm", VERDICT_PASS, "does not run");
	fact_set_u64(&h.mm.ksm_run, 1);
	check_row(&h, "mem.ksm", VERDICT_ADVICE, "on any CPU.");
	fact_set_u64(&h.mm.ksm_pages_sharing, 1234);
	f = check_row(&h, "mem.ksm", VERDICT_ADVICE, "saves 1234 pages");
	assert_string_equal(f.fix.now, "echo 2 | sudo tee /sys/kernel/mm/ksm/run");
	arena_release(&h.arena);
}

static void swapped_guests_count(void **state)
{
	struct activity_counter in = { { true, "vmstat.pswpin" }, { true, 50 } };
	struct guest_process guest = { .pid = { true, 7 } };
	struct finding f;
	struct host h;

	(void)state;
	host_blank(&h);
	check_row(&h, "mem.swap", VERDICT_NOT_APPLICABLE, "running guest");
	set_str(&h.guestref.kind, "qemu");
	h.running = &guest;
	check_row(&h, "mem.swap", VERDICT_NOT_APPLICABLE, "not known");
	fact_set_u64(&guest.swap_kib, 0);
	check_row(&h, "mem.swap", VERDICT_PASS, "Nothing");
	fact_set_u64(&guest.swap_kib, 4096);
	f = check_row(&h, "mem.swap", VERDICT_ADVICE, "4096 KiB");
	assert_string_equal(f.fix.now, "sudo sysctl -w vm.swappiness=10");
	h.activity.counters = (struct fact_list){ true, 1, &in };
	f = check_row(&h, "mem.swap", VERDICT_PROBLEM, "50 pages came back");
	assert_int_equal(f.confidence, CONFIDENCE_MEASURED);
	arena_release(&h.arena);
}

static void compaction_is_measured(void **state)
{
	struct activity_counter wake = { { true, "vmstat.compact_daemon_wake" }, { true, 0 } };
	struct guest_process guest = { .pid = { true, 7 } };
	struct finding f;
	struct host h;

	(void)state;
	host_blank(&h);
	set_str(&h.guestref.kind, "qemu");
	h.running = &guest;
	check_row(&h, "mem.compaction", VERDICT_UNKNOWN, NULL);
	h.activity.counters = (struct fact_list){ true, 1, &wake };
	check_row(&h, "mem.compaction", VERDICT_PASS, "not compacted");
	wake.n.v = 3;
	f = check_row(&h, "mem.compaction", VERDICT_ADVICE, "was compacted");
	assert_string_equal(f.items[1], "wake-ups of kcompactd: 3");
	arena_release(&h.arena);
}

static void pressure_of_memory_counts(void **state)
{
	struct mm_pressure p[] = {
		{ .resource = { true, "io" }, .some_avg10_permille = { true, 900 } },
		{ .resource = { true, "memory" }, .some_avg10_permille = { true, 10 } },
	};
	struct finding f;
	struct host h;

	(void)state;
	host_blank(&h);
	check_row(&h, "mem.psi", VERDICT_UNKNOWN, NULL);
	h.mm.pressure = (struct fact_list){ true, 2, p };
	f = check_row(&h, "mem.psi", VERDICT_PASS, "does not run short");
	assert_string_equal(f.items[0], "io: 90.0 % of the last 10 s");
	p[1].some_avg10_permille.v = 123;
	check_row(&h, "mem.psi", VERDICT_ADVICE, "12.3 %");
	arena_release(&h.arena);
}

static void set_sysctls(struct host *h, struct setting_fact *s, size_t n)
{
	h->kernel.sysctls = (struct fact_list){ true, n, s };
}

static void counters_are_folded(void **state)
{
	struct setting_fact s = { { true, "vm.stat_interval" }, { true, "1" } };
	struct host h;

	(void)state;
	host_blank(&h);
	check_row(&h, "vm.stat-interval", VERDICT_UNKNOWN, NULL);
	set_sysctls(&h, &s, 0);
	check_row(&h, "vm.stat-interval", VERDICT_UNKNOWN, "is not known");
	set_sysctls(&h, &s, 1);
	check_row(&h, "vm.stat-interval", VERDICT_NOT_APPLICABLE, "every 1 s");
	s.value.v = "10";
	check_row(&h, "vm.stat-interval", VERDICT_PASS, "every 10 s");
	arena_release(&h.arena);
}

static void large_hosts_write_back_late(void **state)
{
	struct setting_fact s[] = { { { true, "vm.dirty_background_bytes" }, { true, "0" } },
				    { { true, "vm.dirty_background_ratio" }, { true, "10" } } };
	struct finding f;
	struct host h;

	(void)state;
	host_blank(&h);
	check_row(&h, "vm.dirty", VERDICT_UNKNOWN, NULL);
	fact_set_u64(&h.hugepages.mem_total_kib, 16 * 1024 * 1024);
	set_sysctls(&h, s, 1);
	check_row(&h, "vm.dirty", VERDICT_UNKNOWN, "is not known");
	set_sysctls(&h, s, 2);
	check_row(&h, "vm.dirty", VERDICT_PASS, "early enough");
	fact_set_u64(&h.hugepages.mem_total_kib, 64 * 1024 * 1024);
	f = check_row(&h, "vm.dirty", VERDICT_ADVICE, "6550 MiB at once");
	assert_string_equal(f.fix.now, "sudo sysctl -w vm.dirty_background_bytes=268435456");
	s[0].value.v = "268435456";
	check_row(&h, "vm.dirty", VERDICT_PASS, NULL);
	arena_release(&h.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(merging_runs_or_not),
		cmocka_unit_test(swapped_guests_count),
		cmocka_unit_test(compaction_is_measured),
		cmocka_unit_test(pressure_of_memory_counts),
		cmocka_unit_test(counters_are_folded),
		cmocka_unit_test(large_hosts_write_back_late),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
