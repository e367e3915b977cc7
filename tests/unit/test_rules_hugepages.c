/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules of huge pages: one case per verdict each can give. */
#include "tests/lib/memory.h"

static void add_boot(struct host *h, uint64_t page_kib, uint64_t n_pages)
{
	struct boot_pages_fact *b = fact_add_item(&h->kernel.boot_pages, &h->arena, sizeof(*b));

	assert_non_null(b);
	if (page_kib)
		fact_set_u64(&b->page_kib, page_kib);
	fact_set_u64(&b->n_pages, n_pages);
}

static void test_count(void **state)
{
	struct guest_process guest = { 0 };
	struct hugepage_pool *pool;
	struct host h;
	struct finding f;

	(void)state;
	host_blank(&h);
	check_row(&h, "hugepages.count", VERDICT_NOT_APPLICABLE, "No guest's configuration");
	fact_set_bool(&h.domain.has_hugepages, false);
	check_row(&h, "hugepages.count", VERDICT_NOT_APPLICABLE, "does not ask");
	ask(&h, 2048);
	check_row(&h, "hugepages.count", VERDICT_UNKNOWN, "hugepages.pools is not known");
	pool = add_pool(&h, &h.hugepages.pools, -1, 2048, 10, 10);
	f = check_row(&h, "hugepages.count", VERDICT_PROBLEM,
		      "asks for 128 pages of 2 MiB (256 MiB); 10 of 10 are free");
	assert_string_equal(f.fix.now, "echo 128 | sudo tee "
				       "/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages");
	assert_string_equal(f.fix.persist, "kernel command line: hugepagesz=2M hugepages=128");
	assert_non_null(strstr(f.fix.undo, "echo 10 "));
	/* Promised pages are not free; others hold 72. */
	fact_set_u64(&pool->n_pages, 200);
	fact_set_u64(&pool->n_free, 128);
	check_row(&h, "hugepages.count", VERDICT_PASS, "128 of 200 are free");
	fact_set_u64(&pool->n_reserved, 1);
	f = check_row(&h, "hugepages.count", VERDICT_PROBLEM, "127 of 200 are free");
	assert_non_null(strstr(f.fix.now, "echo 201 "));
	run_guest(&h, &guest, 2048, 256);
	check_row(&h, "hugepages.count", VERDICT_PASS, "has 256 MiB on huge pages");
	arena_release(&h.arena);
}

/* Nothing is known but the command line: it can only be told what it does not ask for. */
static void test_count_at_boot(void **state)
{
	struct host h;
	struct finding f;

	(void)state;
	host_blank(&h);
	ask(&h, 0);
	check_row(&h, "hugepages.count", VERDICT_NOT_APPLICABLE, "is not known");
	set_str(&h.clock.arch, "x86_64"); /* 2 MiB unless it is told otherwise */
	check_row(&h, "hugepages.count", VERDICT_UNKNOWN, "nor what was reserved at boot");
	h.kernel.boot_pages.known = true;
	f = check_row(
		&h, "hugepages.count", VERDICT_ADVICE,
		"asks for 128 pages of 2 MiB (256 MiB); the kernel command line reserves none");
	assert_non_null(strstr(f.fix.persist, "hugepagesz=2M hugepages=128"));
	assert_non_null(strstr(f.fix.undo, "former kernel arguments"));
	add_boot(&h, 0, 100);
	check_row(&h, "hugepages.count", VERDICT_ADVICE, "reserves only 100");
	add_boot(&h, 2048, 128);
	check_row(&h, "hugepages.count", VERDICT_UNKNOWN, "the command line reserves 128");
	fact_set_u64(&h.kernel.default_page_kib, 1024 * 1024);
	check_row(&h, "hugepages.count", VERDICT_UNKNOWN, "1 page of 1 GiB");
	arena_release(&h.arena);
}

/* No guest asks: were the pages of the command line found? */
static void test_count_of_boot(void **state)
{
	struct host h;
	struct finding f;

	(void)state;
	host_blank(&h);
	add_boot(&h, 1024 * 1024, 14);
	check_row(&h, "hugepages.count", VERDICT_NOT_APPLICABLE, "No guest's configuration");
	add_pool(&h, &h.hugepages.pools, -1, 1024 * 1024, 14, 14);
	check_row(&h, "hugepages.count", VERDICT_PASS, "those of the command line are there");
	h.hugepages.pools = (struct fact_list){ 0 };
	add_pool(&h, &h.hugepages.pools, -1, 1024 * 1024, 9, 9);
	f = check_row(&h, "hugepages.count", VERDICT_ADVICE,
		      "command line asks for 14 pages of 1 GiB; there are 9");
	assert_non_null(strstr(f.fix.now, "echo 14 | sudo tee"));
	assert_null(f.fix.persist);
	arena_release(&h.arena);
}

/* Pages that the kernel may add on demand are a hope; a size that it does not have is not. */
static void test_count_odd_pools(void **state)
{
	struct hugepage_pool *pool;
	struct host h;

	(void)state;
	host_blank(&h);
	ask(&h, 2048);
	pool = add_pool(&h, &h.hugepages.pools, -1, 2048, 10, 10);
	fact_set_u64(&pool->n_overcommit, 200);
	fact_set_u64(&pool->n_surplus, 82);
	check_row(&h, "hugepages.count", VERDICT_ADVICE, "may add up to 118");
	fact_set_u64(&pool->n_surplus, 83);
	check_row(&h, "hugepages.count", VERDICT_PROBLEM, "10 of 10 are free");
	pool->n_free.known = false;
	check_row(&h, "hugepages.count", VERDICT_UNKNOWN, "how many are free is not known");
	fact_set_u64(&pool->page_kib, 1024 * 1024);
	check_row(&h, "hugepages.count", VERDICT_PROBLEM, "a size the kernel does not have");
	arena_release(&h.arena);
}

/* A guest of several cells: each is rounded up, the worse of two sizes is told. */
static void test_count_cells(void **state)
{
	struct host h;

	(void)state;
	host_blank(&h);
	ask_for(&h, 2048, 33);
	ask_for(&h, 2048, 33);
	ask_for(&h, 1024 * 1024, 2048);
	fact_set_u64(&h.domain.memory_kib, 99 * 1024 * 1024); /* the rest is not on huge pages */
	add_pool(&h, &h.hugepages.pools, -1, 2048, 34, 34);
	add_pool(&h, &h.hugepages.pools, -1, 1024 * 1024, 1, 1);
	check_row(&h, "hugepages.count", VERDICT_PROBLEM, "2 pages of 1 GiB (2 GiB); 1 of 1");
	h.hugepages.pools = (struct fact_list){ 0 };
	add_pool(&h, &h.hugepages.pools, -1, 2048, 33, 33);
	add_pool(&h, &h.hugepages.pools, -1, 1024 * 1024, 2, 2);
	check_row(&h, "hugepages.count", VERDICT_PROBLEM, "34 pages of 2 MiB (66 MiB); 33 of 33");
	arena_release(&h.arena);
}

/* The file describes another guest than the one that runs. */
static void test_other_guest_runs(void **state)
{
	struct guest_process guest = { 0 };
	struct host h;

	(void)state;
	host_blank(&h);
	ask(&h, 2048);
	add_pool(&h, &h.hugepages.pools, -1, 2048, 128, 0);
	run_guest(&h, &guest, 2048, 256);
	set_str(&guest.name, "a");
	set_str(&h.domain.name, "a");
	check_row(&h, "hugepages.count", VERDICT_PASS, "The running guest");
	set_str(&h.domain.name, "b");
	check_row(&h, "hugepages.count", VERDICT_PROBLEM, "0 of 128 are free");
	arena_release(&h.arena);
}

/* What a hostile document may say. */
static void test_hostile_numbers(void **state)
{
	static const char *const ids[] = { "hugepages.count",         "hugepages.headroom",
					   "hugepages.fragmentation", "hugepages.mount",
					   "hugepages.pdpe1gb",       "numa.hugepages-node" };
	static const uint64_t numbers[] = { 0, 1, INT64_MAX / 64, INT64_MAX };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(numbers) * ARRAY_SIZE(numbers); i++) {
		const uint64_t a = numbers[i % 4], b = numbers[i / 4];
		struct buddy_zone *zone;
		struct hugepage_pool *pool;
		struct host h;

		host_blank(&h);
		for (size_t k = 0; k < 100; k++)
			fact_set_u64(&ask_for(&h, a, 0)->size_kib, b);
		fact_set_u64(&h.domain.memory_kib, b);
		pool = add_pool(&h, &h.hugepages.pools, -1, a, b, b);
		fact_set_u64(&pool->n_reserved, a);
		fact_set_u64(&pool->n_overcommit, b);
		add_pool(&h, &h.hugepages.node_pools, 0, a, b, b);
		zone = fact_add_item(&h.hugepages.buddy, &h.arena, sizeof(*zone));
		assert_int_equal(fact_add_pair(&zone->free_blocks, &h.arena, a, b), 0);
		fact_set_u64(&h.hugepages.page_kib, a);
		h.hugepages.mounts.known = true;
		fact_set_bool(&h.cpu.has_pdpe1gb, false);
		set_cpus(&h.domain.memory_nodes, "0");
		h.cpu.nodes.known = true;
		h.cpu.nodes.n = 2;
		for (size_t k = 0; k < ARRAY_SIZE(ids); k++)
			assert_non_null(judge_row(&h, ids[k]).summary);
		arena_release(&h.arena);
	}
}

static void test_headroom(void **state)
{
	struct guest_process guest = { 0 };
	struct hugepage_pool *pool;
	struct host h;
	struct finding f;

	(void)state;
	host_blank(&h);
	ask(&h, 2048);
	pool = add_pool(&h, &h.hugepages.pools, -1, 2048, 0, 0);
	check_row(&h, "hugepages.headroom", VERDICT_NOT_APPLICABLE, "No pages of 2 MiB");
	fact_set_u64(&pool->n_pages, 130);
	fact_set_u64(&pool->n_free, 130);
	check_row(&h, "hugepages.headroom", VERDICT_PASS, "2 of 130");
	fact_set_u64(&pool->n_pages, 160);
	fact_set_u64(&pool->n_free, 160);
	f = check_row(&h, "hugepages.headroom", VERDICT_ADVICE, "32 pages of 2 MiB (64 MiB)");
	assert_non_null(strstr(f.fix.now, "echo 128 "));
	run_guest(&h, &guest, 2048, 256);
	fact_set_u64(&pool->n_free, 32);
	check_row(&h, "hugepages.headroom", VERDICT_ADVICE, "32 pages");
	fact_set_u64(&pool->n_free, 1);
	check_row(&h, "hugepages.headroom", VERDICT_PASS, NULL);
	arena_release(&h.arena);
}

static void test_fragmentation(void **state)
{
	struct buddy_zone *zone;
	struct host h;

	(void)state;
	host_blank(&h);
	ask(&h, 2048);
	add_pool(&h, &h.hugepages.pools, -1, 2048, 28, 28);
	check_row(&h, "hugepages.fragmentation", VERDICT_UNKNOWN, "buddy");
	zone = fact_add_item(&h.hugepages.buddy, &h.arena, sizeof(*zone));
	assert_int_equal(fact_add_pair(&zone->free_blocks, &h.arena, 8, 5000), 0);
	assert_int_equal(fact_add_pair(&zone->free_blocks, &h.arena, 9, 30), 0);
	assert_int_equal(fact_add_pair(&zone->free_blocks, &h.arena, 10, 20), 0);
	check_row(&h, "hugepages.fragmentation", VERDICT_ADVICE,
		  "100 pages of 2 MiB are missing, free memory holds 70 such blocks: 30 short");
	assert_int_equal(fact_add_pair(&zone->free_blocks, &h.arena, 11, 10), 0);
	check_row(&h, "hugepages.fragmentation", VERDICT_PASS, "holds 110 such blocks");
	h.hugepages.pools = (struct fact_list){ 0 };
	add_pool(&h, &h.hugepages.pools, -1, 2048, 128, 128);
	check_row(&h, "hugepages.fragmentation", VERDICT_NOT_APPLICABLE, "reserved already");
	h.domain.pages = (struct fact_list){ 0 };
	ask(&h, 1024 * 1024);
	check_row(&h, "hugepages.fragmentation", VERDICT_UNKNOWN, "1 GiB");
	arena_release(&h.arena);
}

static void test_mount(void **state)
{
	struct guest_process guest = { 0 };
	struct hugepage_mount *m;
	struct host h;
	struct finding f;

	(void)state;
	host_blank(&h);
	ask(&h, 1024 * 1024);
	set_str(&h.domain.source, "argv");
	check_row(&h, "hugepages.mount", VERDICT_NOT_APPLICABLE, NULL);
	set_str(&h.domain.source, "libvirt");
	check_row(&h, "hugepages.mount", VERDICT_UNKNOWN, NULL);
	set_str(&h.domain.memory_source, "memfd");
	check_row(&h, "hugepages.mount", VERDICT_NOT_APPLICABLE, "memfd");
	set_str(&h.domain.memory_source, "file");
	m = fact_add_item(&h.hugepages.mounts, &h.arena, sizeof(*m));
	fact_set_u64(&m->page_kib, 2048);
	f = check_row(&h, "hugepages.mount", VERDICT_PROBLEM, "pages of 1 GiB is mounted");
	assert_non_null(strstr(f.fix.now, "pagesize=1G hugetlbfs /dev/hugepages-1048576kB"));
	run_guest(&h, &guest, 1024 * 1024, 256);
	check_row(&h, "hugepages.mount", VERDICT_PASS, "The running guest");
	h.running = NULL;
	m = fact_add_item(&h.hugepages.mounts, &h.arena, sizeof(*m));
	fact_set_u64(&m->page_kib, 1024 * 1024);
	set_str(&m->path, "/dev/hugepages1G");
	check_row(&h, "hugepages.mount", VERDICT_PASS, "/dev/hugepages1G");
	arena_release(&h.arena);
}

static void test_pdpe1gb(void **state)
{
	struct host h;

	(void)state;
	host_blank(&h);
	check_row(&h, "hugepages.pdpe1gb", VERDICT_NOT_APPLICABLE, "Nobody asks");
	add_boot(&h, 1024 * 1024, 14);
	check_row(&h, "hugepages.pdpe1gb", VERDICT_UNKNOWN, NULL);
	fact_set_bool(&h.cpu.has_pdpe1gb, true);
	check_row(&h, "hugepages.pdpe1gb", VERDICT_PASS, NULL);
	fact_set_bool(&h.cpu.has_pdpe1gb, false);
	check_row(&h, "hugepages.pdpe1gb", VERDICT_PROBLEM, "no pdpe1gb");
	arena_release(&h.arena);
}

static void test_node(void **state)
{
	struct node_fact *node;
	struct host h;
	struct finding f;

	(void)state;
	host_blank(&h);
	node = fact_add_item(&h.cpu.nodes, &h.arena, sizeof(*node));
	fact_set_u64(&node->node, 0);
	check_row(&h, "numa.hugepages-node", VERDICT_NOT_APPLICABLE, "one NUMA node");
	node = fact_add_item(&h.cpu.nodes, &h.arena, sizeof(*node));
	fact_set_u64(&node->node, 1);
	ask(&h, 2048);
	add_pool(&h, &h.hugepages.node_pools, 0, 2048, 100, 100);
	check_row(&h, "numa.hugepages-node", VERDICT_NOT_APPLICABLE, "not bound");
	set_cpus(&h.domain.memory_nodes, "1");
	check_row(&h, "numa.hugepages-node", VERDICT_UNKNOWN, "not known");
	add_pool(&h, &h.hugepages.node_pools, 1, 2048, 28, 28);
	f = check_row(&h, "numa.hugepages-node", VERDICT_ADVICE, "node 1, where 28 of the 128");
	assert_string_equal(f.fix.now,
			    "echo 128 | sudo tee /sys/devices/system/node/node1/hugepages/"
			    "hugepages-2048kB/nr_hugepages");
	set_str(&h.domain.memory_mode, "strict");
	check_row(&h, "numa.hugepages-node", VERDICT_PROBLEM, NULL);
	add_pool(&h, &h.hugepages.pools, -1, 2048, 127, 127);
	check_row(&h, "numa.hugepages-node", VERDICT_NOT_APPLICABLE, "on all nodes together");
	h.hugepages.pools = (struct fact_list){ 0 };
	set_cpus(&h.domain.memory_nodes, "0-1");
	check_row(&h, "numa.hugepages-node", VERDICT_PASS, "needs 128, 128 are free");
	arena_release(&h.arena);
}

/* Each cell with nodes of its own is judged by these. */
static void test_node_of_cell(void **state)
{
	struct domain_page *page;
	struct host h;
	struct finding f;

	(void)state;
	host_blank(&h);
	h.cpu.nodes.known = true;
	h.cpu.nodes.n = 2;
	add_pool(&h, &h.hugepages.node_pools, 0, 2048, 100, 100);
	add_pool(&h, &h.hugepages.node_pools, 1, 2048, 20, 10);
	page = ask_for(&h, 2048, 128);
	set_cpus(&page->nodes, "0");
	page = ask_for(&h, 2048, 64);
	set_cpus(&page->nodes, "1");
	set_str(&page->mode, "strict");
	f = check_row(&h, "numa.hugepages-node", VERDICT_PROBLEM,
		      "bound to node 1, where 10 of the 32 pages of 2 MiB it needs are free");
	assert_non_null(strstr(f.fix.now, "echo 42 | sudo tee /sys/devices/system/node/node1/"));
	assert_non_null(strstr(f.fix.undo, "echo 20 |"));
	arena_release(&h.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_count),           cmocka_unit_test(test_count_at_boot),
		cmocka_unit_test(test_count_of_boot),   cmocka_unit_test(test_count_odd_pools),
		cmocka_unit_test(test_count_cells),     cmocka_unit_test(test_other_guest_runs),
		cmocka_unit_test(test_hostile_numbers), cmocka_unit_test(test_headroom),
		cmocka_unit_test(test_fragmentation),   cmocka_unit_test(test_mount),
		cmocka_unit_test(test_pdpe1gb),         cmocka_unit_test(test_node),
		cmocka_unit_test(test_node_of_cell),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
