/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules of page sizes and of waiting for memory: one case per verdict each can give. */
#include "tests/lib/devices.h"
#include "tests/lib/memory.h"

#define GIB_KIB (1024 * 1024)

static void add_boot_pages(struct host *h, uint64_t page_kib, uint64_t n)
{
	struct boot_pages_fact *b = fact_add_item(&h->kernel.boot_pages, &h->arena, sizeof(*b));

	assert_non_null(b);
	fact_set_u64(&b->page_kib, page_kib);
	fact_set_u64(&b->n_pages, n);
}

static void test_default(void **state)
{
	struct host h;
	struct finding f;

	(void)state;
	host_blank(&h);
	check_row(&h, "hugepages.default-size", VERDICT_NOT_APPLICABLE, "No default size is told");
	fact_set_u64(&h.kernel.default_page_kib, GIB_KIB);
	check_row(&h, "hugepages.default-size", VERDICT_UNKNOWN, "hugepages.default_kib");
	fact_set_u64(&h.hugepages.default_kib, GIB_KIB);
	check_row(&h, "hugepages.default-size", VERDICT_PASS, "as asked for at boot");
	fact_set_u64(&h.hugepages.default_kib, 2048);
	f = check_row(&h, "hugepages.default-size", VERDICT_ADVICE,
		      "asks for 1 GiB, and the default is 2 MiB");
	assert_string_equal(f.fix.change[CHANGE_BOOT], "default_hugepagesz=1G");
	h.kernel.default_page_kib.known = false;
	ask(&h, 2048);
	check_row(&h, "hugepages.default-size", VERDICT_PASS, "names its page size");
	arena_release(&h.arena);
}

static void test_default_of_guest(void **state)
{
	struct host h;
	struct finding f;

	(void)state;
	host_with_guest(&h, 4);
	fact_set_u64(&h.hugepages.default_kib, 2048);
	ask(&h, 0);
	check_row(&h, "hugepages.default-size", VERDICT_PASS, "gets the default of 2 MiB.");
	add_boot_pages(&h, GIB_KIB, 12);
	f = check_row(&h, "hugepages.default-size", VERDICT_ADVICE, "while pages of 1 GiB are");
	check_edits(&f, "memoryBacking/hugepages/page@size=1048576@unit=KiB");
	assert_null(f.fix.change[CHANGE_BOOT]);
	arena_release(&h.arena);
}

static void test_size(void **state)
{
	static const struct {
		const char *cmdline;
		enum verdict verdict;
		const char *piece;
	} cases[] = {
		{ "ro quiet", VERDICT_NOT_APPLICABLE, "no hugepagesz=" },
		{ "hugepages=12", VERDICT_NOT_APPLICABLE, NULL },
		{ "hugepagesz=1G hugepages=12 ro", VERDICT_PASS, "1 page size is named" },
		{ "hugepagesz=1G hugepages=8 hugepagesz=2M hugepages=64", VERDICT_PASS,
		  "2 page sizes are named" },
		{ "hugepagesz=1G ro", VERDICT_ADVICE, "'hugepagesz=1G' has no hugepages=" },
		{ "hugepagesz=1G hugepagesz=2M hugepages=64", VERDICT_ADVICE, "'hugepagesz=1G'" },
		{ "hugepagesz=2M hugepages=64 hugepagesz=x", VERDICT_ADVICE, "'hugepagesz=x'" },
		{ "hugepagesz=", VERDICT_ADVICE, NULL },
	};
	struct host h;
	struct finding f;

	(void)state;
	host_blank(&h);
	check_row(&h, "hugepages.size", VERDICT_UNKNOWN, "kernel.cmdline");
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		set_str(&h.kernel.cmdline, cases[i].cmdline);
		check_row(&h, "hugepages.size", cases[i].verdict, cases[i].piece);
	}
	set_str(&h.kernel.cmdline, "hugepagesz=1G");
	f = judge_row(&h, "hugepages.size");
	check_has(f.fix.persist, "hugepagesz=1G hugepages=N");
	add_pool(&h, &h.hugepages.pools, -1, GIB_KIB, 8, 8); /* reserved since */
	check_row(&h, "hugepages.size", VERDICT_PASS, NULL);
	arena_release(&h.arena);
}

static void test_gib(void **state)
{
	struct guest_process guest = { 0 };
	struct guest_backing *b;
	struct host h;
	struct finding f;

	(void)state;
	host_blank(&h);
	check_row(&h, "hugepages.static-1g", VERDICT_NOT_APPLICABLE, "No guest is configured");
	arena_release(&h.arena);
	host_with_guest(&h, 4);
	check_row(&h, "hugepages.static-1g", VERDICT_NOT_APPLICABLE, "mem.backing-hugepages");
	check_row(&h, "hugepages.2m-fallback", VERDICT_NOT_APPLICABLE, "no pages of 2 MiB");
	ask_for(&h, GIB_KIB, 8192);
	fact_set_u64(&h.domain.memory_kib, 8 * GIB_KIB);
	check_row(&h, "hugepages.static-1g", VERDICT_UNKNOWN, "shows when it runs");
	b = run_guest(&h, &guest, GIB_KIB, 8192);
	set_str(&guest.name, "win10");
	f = check_row(&h, "hugepages.static-1g", VERDICT_PASS, "8192 of 8192 MiB");
	assert_int_equal(f.confidence, CONFIDENCE_MEASURED);
	fact_set_u64(&b->page_kib, 4);
	f = check_row(&h, "hugepages.static-1g", VERDICT_PROBLEM, "0 of 8192 MiB");
	check_has(f.fix.persist, "Shut the guest down");
	arena_release(&h.arena);
}

static void test_fallback(void **state)
{
	struct host h;

	(void)state;
	host_blank(&h);
	check_row(&h, "hugepages.2m-fallback", VERDICT_NOT_APPLICABLE, "No guest is configured");
	arena_release(&h.arena);
	host_with_guest(&h, 4);
	fact_set_u64(&h.domain.memory_kib, 12 * GIB_KIB);
	fact_set_bool(&h.cpu.has_pdpe1gb, false);
	check_row(&h, "hugepages.2m-fallback", VERDICT_NOT_APPLICABLE, "the guest takes 6144");
	ask_for(&h, 2048, 12 * 1024);
	check_row(&h, "hugepages.2m-fallback", VERDICT_PASS, "12 GiB on pages of 2 MiB are 6144");
	check_row(&h, "hugepages.static-1g", VERDICT_NOT_APPLICABLE, "another size");
	arena_release(&h.arena);
}

static void test_cost(void **state)
{
	struct guest_process guest = { 0 };
	struct host h;
	struct finding f;

	(void)state;
	host_blank(&h);
	check_row(&h, "thp.cost-claim", VERDICT_NOT_APPLICABLE, "running guest");
	set_str(&guest.kind, "qemu");
	h.running = &guest;
	check_row(&h, "thp.cost-claim", VERDICT_UNKNOWN, "activity.compact_stalls");
	fact_set_u64(&h.activity.window_ns, 10 * NS_PER_S);
	fact_set_u64(&h.activity.compact_stalls, 1);
	f = check_row(&h, "thp.cost-claim", VERDICT_PASS, "1 time in 10 s");
	assert_int_equal(f.confidence, CONFIDENCE_MEASURED);
	fact_set_u64(&h.activity.compact_stalls, 500);
	set_str(&h.hugepages.thp_defrag, "always");
	f = check_row(&h, "thp.cost-claim", VERDICT_ADVICE,
		      "wait 500 times in 10 s for memory to be compacted (defrag is 'always')");
	check_has(f.fix.now, "echo defer+madvise | sudo tee");
	check_has(f.fix.undo, "echo always | sudo tee");
	arena_release(&h.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_default),  cmocka_unit_test(test_default_of_guest),
		cmocka_unit_test(test_size),     cmocka_unit_test(test_gib),
		cmocka_unit_test(test_fallback), cmocka_unit_test(test_cost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
