/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules of guest memory: one case per verdict each can give. */
#include "tests/lib/memory.h"

static void test_backing(void **state)
{
	struct guest_process guest = { 0 };
	struct guest_backing *b;
	struct host h;
	struct finding f;

	(void)state;
	host_blank(&h);
	check_row(&h, "mem.backing-hugepages", VERDICT_NOT_APPLICABLE, NULL);
	fact_set_u64(&h.domain.memory_kib, 8 * 1024 * 1024);
	fact_set_bool(&h.domain.has_hugepages, false);
	set_str(&h.domain.name, "win 10");
	fact_set_bool(&h.cpu.has_pdpe1gb, true);
	f = check_row(&h, "mem.backing-hugepages", VERDICT_ADVICE, "does not ask");
	assert_non_null(strstr(f.fix.persist, "<page size='1048576' unit='KiB'/>"));
	assert_non_null(strstr(f.fix.persist, "sudo virsh edit 'win 10'\n<memoryBacking>"));
	assert_non_null(strstr(f.fix.persist, "hugepagesz=1G hugepages=8"));
	assert_string_equal(f.fix.now, "echo 8 | sudo tee "
				       "/sys/kernel/mm/hugepages/hugepages-1048576kB/nr_hugepages");
	/* What others hold stays theirs; what is free already need not be added. */
	add_pool(&h, &h.hugepages.pools, -1, 1024 * 1024, 5, 3);
	f = judge_row(&h, "mem.backing-hugepages");
	assert_non_null(strstr(f.fix.now, "echo 10 | sudo tee"));
	assert_non_null(strstr(f.fix.undo, "echo 5 | sudo tee"));
	set_str(&h.domain.source, "argv");
	fact_set_u64(&h.domain.memory_kib, 8 * 1024 * 1024 + 1024);
	f = judge_row(&h, "mem.backing-hugepages");
	assert_non_null(strstr(f.fix.persist, "memory-backend-memfd,id=ram0,size=8193M,hugetlb=on,"
					      "hugetlbsize=2M,prealloc=on"));
	h.domain.memory_kib.known = false;
	f = check_row(&h, "mem.backing-hugepages", VERDICT_ADVICE, "does not ask");
	assert_null(f.fix.now);
	set_str(&h.domain.type, "lxc");
	check_row(&h, "mem.backing-hugepages", VERDICT_NOT_APPLICABLE, "type lxc");
	set_str(&h.domain.type, "kvm");
	ask(&h, 2048);
	check_row(&h, "mem.backing-hugepages", VERDICT_PASS, "shows when it runs");
	b = run_guest(&h, &guest, 4, 256);
	f = check_row(&h, "mem.backing-hugepages", VERDICT_PROBLEM,
		      "256 of 256 MiB of its memory are on none");
	assert_int_equal(f.confidence, CONFIDENCE_MEASURED);
	assert_null(f.fix.now);
	assert_non_null(strstr(f.fix.persist, "Shut the guest down"));
	set_str(&guest.name, "another");
	check_row(&h, "mem.backing-hugepages", VERDICT_PASS, "shows when it runs");
	set_str(&guest.name, "win 10");
	fact_set_bool(&h.domain.has_hugepages, false);
	check_row(&h, "mem.backing-hugepages", VERDICT_ADVICE, "256 of 256 MiB");
	fact_set_u64(&b->anon_huge_kib, 250 * 1024);
	check_row(&h, "mem.backing-hugepages", VERDICT_PASS, "transparent");
	fact_set_bool(&b->is_hugetlb, true);
	fact_set_u64(&b->anon_huge_kib, 0);
	check_row(&h, "mem.backing-hugepages", VERDICT_PASS, "reserved huge pages");
	/* Of a guest without a known configuration its memory tells. */
	h.domain = (struct domain_facts){ 0 };
	check_row(&h, "mem.backing-hugepages", VERDICT_PASS, "reserved huge pages");
	arena_release(&h.arena);
}

static void test_thp(void **state)
{
	struct guest_process guest = { 0 };
	struct guest_backing *b;
	struct host h;
	struct finding f;

	(void)state;
	host_blank(&h);
	check_row(&h, "thp.never", VERDICT_NOT_APPLICABLE, "running guest");
	h.running = &guest;
	set_str(&guest.kind, "builtin");
	check_row(&h, "thp.never", VERDICT_NOT_APPLICABLE, "built-in");
	set_str(&guest.kind, "qemu");
	check_row(&h, "thp.never", VERDICT_UNKNOWN, "thp_enabled");
	set_str(&h.hugepages.thp_enabled, "never");
	check_row(&h, "thp.never", VERDICT_UNKNOWN, "what backs");
	b = run_guest(&h, &guest, 4, 512);
	fact_set_u64(&b->resident_kib, 2047);
	check_row(&h, "thp.never", VERDICT_UNKNOWN, "what backs");
	fact_set_u64(&b->resident_kib, 512 * 1024);
	f = check_row(&h, "thp.never", VERDICT_PROBLEM, "512 of 512 MiB");
	assert_string_equal(f.fix.now,
			    "echo madvise | sudo tee /sys/kernel/mm/transparent_hugepage/enabled");
	assert_string_equal(f.fix.undo,
			    "echo never | sudo tee /sys/kernel/mm/transparent_hugepage/enabled");
	fact_set_u64(&b->anon_huge_kib, 480 * 1024); /* switched off after it had them */
	check_row(&h, "thp.never", VERDICT_PASS, "480 of 512 MiB");
	fact_set_u64(&b->anon_huge_kib, 0);
	set_str(&h.hugepages.thp_enabled, "madvise");
	check_row(&h, "thp.never", VERDICT_PASS, "'madvise'; 0 of 512 MiB");
	set_str(&h.hugepages.thp_enabled, "always");
	set_str(&h.hugepages.thp_defrag, "always");
	f = check_row(&h, "thp.never", VERDICT_ADVICE, "direct compaction");
	assert_non_null(strstr(f.fix.now, "transparent_hugepage/defrag"));
	assert_non_null(strstr(f.fix.persist, "/etc/tmpfiles.d/"));
	fact_set_bool(&b->is_hugetlb, true);
	check_row(&h, "thp.never", VERDICT_PASS, "does not matter");
	arena_release(&h.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_backing),
		cmocka_unit_test(test_thp),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
