/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules of huge pages and guest memory: one case per verdict each can give. */
#include "tests/lib/host.h"

static struct hugepage_pool *add_pool(struct host *h, struct fact_list *list, int node,
				      uint64_t page_kib, uint64_t n_pages, uint64_t n_free)
{
	struct hugepage_pool *p = fact_add_item(list, &h->arena, sizeof(*p));

	assert_non_null(p);
	if (node >= 0)
		fact_set_u64(&p->node, (uint64_t)node);
	fact_set_u64(&p->page_kib, page_kib);
	fact_set_u64(&p->n_pages, n_pages);
	fact_set_u64(&p->n_free, n_free);
	return p;
}

/* A guest of 256 MiB that asks for pages of this size. */
static void ask(struct host *h, uint64_t page_kib)
{
	struct domain_page *p = fact_add_item(&h->domain.pages, &h->arena, sizeof(*p));

	assert_non_null(p);
	fact_set_u64(&p->page_kib, page_kib);
	fact_set_bool(&h->domain.has_hugepages, true);
	fact_set_u64(&h->domain.memory_kib, 256 * 1024);
	set_str(&h->domain.source, "file");
}

static struct guest_backing *run_guest(struct host *h, struct guest_process *guest,
				       uint64_t page_kib, uint64_t size_mib)
{
	struct guest_backing *b;

	set_str(&guest->kind, "qemu");
	b = fact_add_item(&guest->backing, &h->arena, sizeof(*b));
	assert_non_null(b);
	fact_set_u64(&b->page_kib, page_kib);
	fact_set_u64(&b->size_kib, size_mib * 1024);
	fact_set_u64(&b->resident_kib, size_mib * 1024);
	fact_set_bool(&b->is_hugetlb, page_kib > 4);
	h->running = guest;
	return b;
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
	fact_set_u64(&h.domain.memory_kib, 256 * 1024);
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
	check_row(&h, "hugepages.count", VERDICT_PASS, "128 pages of 2 MiB are free");
	fact_set_u64(&pool->n_reserved, 1);
	f = check_row(&h, "hugepages.count", VERDICT_PROBLEM, "127 of 200 are free");
	assert_non_null(strstr(f.fix.now, "echo 201 "));
	run_guest(&h, &guest, 2048, 256);
	check_row(&h, "hugepages.count", VERDICT_PASS, "runs on its 128 pages");
	arena_release(&h.arena);
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
	check_row(&h, "hugepages.fragmentation", VERDICT_PASS, "holds 110 blocks");
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
	m = fact_add_item(&h.hugepages.mounts, &h.arena, sizeof(*m));
	fact_set_u64(&m->page_kib, 2048);
	f = check_row(&h, "hugepages.mount", VERDICT_PROBLEM, "pages of 1 GiB is mounted");
	assert_non_null(strstr(f.fix.now, "pagesize=1G hugetlbfs /dev/hugepages-1048576kB"));
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
	set_str(&h.kernel.cmdline, "quiet hugepagesz=1G hugepages=14");
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
	set_cpus(&h.domain.memory_nodes, "0-1");
	check_row(&h, "numa.hugepages-node", VERDICT_PASS, "128 pages");
	arena_release(&h.arena);
}

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
	fact_set_bool(&h.cpu.has_pdpe1gb, true);
	f = check_row(&h, "mem.backing-hugepages", VERDICT_ADVICE, "does not ask");
	assert_non_null(strstr(f.fix.persist, "<page size='1048576' unit='KiB'/>"));
	assert_non_null(strstr(f.fix.persist, "with 8 such pages"));
	ask(&h, 2048);
	check_row(&h, "mem.backing-hugepages", VERDICT_PASS, "shows when it runs");
	b = run_guest(&h, &guest, 4, 256);
	check_row(&h, "mem.backing-hugepages", VERDICT_PROBLEM,
		  "256 of 256 MiB of its memory are on none");
	fact_set_bool(&h.domain.has_hugepages, false);
	check_row(&h, "mem.backing-hugepages", VERDICT_ADVICE, "256 of 256 MiB");
	fact_set_u64(&b->anon_huge_kib, 250 * 1024);
	check_row(&h, "mem.backing-hugepages", VERDICT_PASS, "transparent");
	fact_set_bool(&b->is_hugetlb, true);
	fact_set_u64(&b->anon_huge_kib, 0);
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
	f = check_row(&h, "thp.never", VERDICT_PROBLEM, "512 MiB");
	assert_string_equal(f.fix.now,
			    "echo madvise | sudo tee /sys/kernel/mm/transparent_hugepage/enabled");
	set_str(&h.hugepages.thp_enabled, "madvise");
	check_row(&h, "thp.never", VERDICT_PASS, "'madvise'");
	set_str(&h.hugepages.thp_enabled, "always");
	set_str(&h.hugepages.thp_defrag, "always");
	f = check_row(&h, "thp.never", VERDICT_ADVICE, "direct compaction");
	assert_non_null(strstr(f.fix.now, "transparent_hugepage/defrag"));
	fact_set_bool(&b->is_hugetlb, true);
	check_row(&h, "thp.never", VERDICT_PASS, "does not matter");
	arena_release(&h.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_count),         cmocka_unit_test(test_headroom),
		cmocka_unit_test(test_fragmentation), cmocka_unit_test(test_mount),
		cmocka_unit_test(test_pdpe1gb),       cmocka_unit_test(test_node),
		cmocka_unit_test(test_backing),       cmocka_unit_test(test_thp),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
