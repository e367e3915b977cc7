/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules of what may happen to the guest's memory: one case per verdict each can give. */
#include "tests/lib/devices.h"

static void guest_of(struct host *h, uint64_t mib)
{
	host_with_guest(h, 4);
	fact_set_u64(&h->domain.memory_kib, mib * 1024);
	fact_set_bool(&h->domain.has_hugepages, false);
}

static void test_applies(void **state)
{
	static const char *const ids[] = { "mem.balloon",  "mem.current-below-max",
					   "mem.locked",   "mem.nosharepages",
					   "mem.prealloc", "mem.memlock" };
	struct host h;

	(void)state;
	host_blank(&h);
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++)
		check_row(&h, ids[i], VERDICT_NOT_APPLICABLE, "No guest is configured");
	arena_release(&h.arena);
}

static void test_balloon(void **state)
{
	struct host h;
	struct finding f;

	(void)state;
	guest_of(&h, 8192);
	set_str(&h.domain.xml_error, "no end of it");
	check_row(&h, "mem.balloon", VERDICT_UNKNOWN, "cannot be read: no end of it");
	check_row(&h, "mem.prealloc", VERDICT_UNKNOWN, "cannot be read");
	h.domain.xml_error.known = false;
	f = check_row(&h, "mem.balloon", VERDICT_ADVICE, "libvirt adds one: memory that it takes");
	check_edits(&f, "devices/memballoon@model=none\n-devices/memballoon/stats");
	set_str(&h.domain.balloon, "virtio");
	pass_through(&h, "0000:01:00.0");
	check_row(&h, "mem.balloon", VERDICT_ADVICE,
		  "The guest has a memory balloon (virtio), which is of no use");
	set_str(&h.domain.balloon, "none");
	check_row(&h, "mem.balloon", VERDICT_PASS, "no memory balloon");
	h.domain.balloon.known = false;
	set_str(&h.domain.source, "argv");
	check_row(&h, "mem.balloon", VERDICT_PASS, "QEMU adds none");
	set_str(&h.domain.balloon, "virtio");
	set_str(&h.domain.manager, "proxmox");
	fact_set_u64(&h.domain.vmid, 101);
	f = check_row(&h, "mem.balloon", VERDICT_ADVICE, NULL);
	check_has(f.fix.persist, "qm set 101 --balloon 0");
	arena_release(&h.arena);
}

static void test_current(void **state)
{
	struct host h;
	struct finding f;

	(void)state;
	guest_of(&h, 8192);
	check_row(&h, "mem.current-below-max", VERDICT_PASS, "all of its 8192 MiB");
	fact_set_u64(&h.domain.current_memory_kib, 8192 * 1024);
	check_row(&h, "mem.current-below-max", VERDICT_PASS, NULL);
	fact_set_u64(&h.domain.current_memory_kib, 4096 * 1024);
	f = check_row(&h, "mem.current-below-max", VERDICT_ADVICE,
		      "currentMemory is 4096 MiB of 8192 MiB");
	check_edits(&f, "-currentMemory");
	h.domain.memory_kib.known = false;
	check_row(&h, "mem.current-below-max", VERDICT_UNKNOWN, "domain.memory_kib");
	arena_release(&h.arena);
}

static void test_locked(void **state)
{
	struct host h;
	struct finding f;

	(void)state;
	guest_of(&h, 8192);
	check_row(&h, "mem.locked", VERDICT_NOT_APPLICABLE, "not asked to be locked");
	fact_set_bool(&h.domain.is_locked, true);
	f = check_row(&h, "mem.locked", VERDICT_ADVICE, "without a limit (hard_limit)");
	check_edits(&f, "memtune/hard_limit:=12582912");
	pass_through(&h, "0000:01:00.0");
	f = check_row(&h, "mem.locked", VERDICT_ADVICE, "VFIO keeps it in place");
	check_edits(&f, "-memoryBacking/locked");
	fact_set_u64(&h.domain.hard_limit_kib, 12582912);
	check_row(&h, "mem.locked", VERDICT_PASS, "up to 12288 MiB");
	set_str(&h.domain.source, "argv");
	check_row(&h, "mem.locked", VERDICT_NOT_APPLICABLE, "not among its arguments");
	arena_release(&h.arena);
}

static void test_merging(void **state)
{
	struct host h;
	struct finding f;

	(void)state;
	guest_of(&h, 8192);
	check_row(&h, "mem.nosharepages", VERDICT_UNKNOWN, "not known");
	fact_set_u64(&h.mm.ksm_run, 0);
	check_row(&h, "mem.nosharepages", VERDICT_PASS, "ksm/run is 0");
	fact_set_u64(&h.mm.ksm_run, 1);
	f = check_row(&h, "mem.nosharepages", VERDICT_ADVICE, "ksm/run is 1");
	check_edits(&f, "memoryBacking/nosharepages");
	fact_set_bool(&h.domain.is_unmergeable, true);
	check_row(&h, "mem.nosharepages", VERDICT_PASS, "not to be merged");
	fact_set_bool(&h.domain.has_hugepages, true);
	check_row(&h, "mem.nosharepages", VERDICT_NOT_APPLICABLE, "never merged");
	arena_release(&h.arena);
}

/* A running guest of that name, with memory on small pages. */
static struct guest_backing *run(struct host *h, struct guest_process *guest)
{
	struct guest_backing *b;

	*guest = (struct guest_process){ 0 };
	set_str(&guest->kind, "qemu");
	set_str(&guest->name, "win10");
	fact_set_u64(&guest->pid, 4242);
	b = fact_add_item(&guest->backing, &h->arena, sizeof(*b));
	assert_non_null(b);
	fact_set_u64(&b->page_kib, 4);
	fact_set_u64(&b->size_kib, 8192 * 1024);
	fact_set_u64(&b->resident_kib, 1024 * 1024);
	h->running = guest;
	return b;
}

static struct mm_guest *add_mm(struct host *h)
{
	struct mm_guest *g = fact_add_item(&h->mm.guests, &h->arena, sizeof(*g));

	assert_non_null(g);
	fact_set_u64(&g->pid, 4242);
	return g;
}

static void test_merging_now(void **state)
{
	struct guest_process guest;
	struct host h;

	(void)state;
	guest_of(&h, 8192);
	run(&h, &guest);
	fact_set_u64(&h.mm.ksm_run, 1);
	fact_set_u64(&add_mm(&h)->n_mergeable, 0);
	check_row(&h, "mem.nosharepages", VERDICT_PASS, "No memory of the running guest");
	arena_release(&h.arena);
}

static void test_prealloc(void **state)
{
	struct guest_process guest;
	struct guest_backing *b;
	struct host h;
	struct finding f;

	(void)state;
	guest_of(&h, 8192);
	f = check_row(&h, "mem.prealloc", VERDICT_ADVICE, "when the guest first touches it");
	check_edits(&f, "memoryBacking/allocation@mode=immediate");
	b = run(&h, &guest);
	check_row(&h, "mem.prealloc", VERDICT_ADVICE, NULL);
	fact_set_u64(&b->resident_kib, 8192 * 1024);
	f = check_row(&h, "mem.prealloc", VERDICT_PASS, "The running guest has all");
	assert_int_equal(f.confidence, CONFIDENCE_MEASURED);
	h.running = NULL;
	fact_set_bool(&h.domain.is_locked, true);
	check_row(&h, "mem.prealloc", VERDICT_PASS, "it is locked");
	fact_set_bool(&h.domain.has_hugepages, true);
	check_row(&h, "mem.prealloc", VERDICT_PASS, "touch huge pages");
	set_str(&h.domain.memory_allocation, "immediate");
	check_row(&h, "mem.prealloc", VERDICT_PASS, "allocated at once");
	pass_through(&h, "0000:01:00.0");
	check_row(&h, "mem.prealloc", VERDICT_PASS, "VFIO pins");
	arena_release(&h.arena);
}

static void test_memlock(void **state)
{
	struct guest_process guest;
	struct mm_guest *g;
	struct host h;
	struct finding f;

	(void)state;
	guest_of(&h, 8192);
	check_row(&h, "mem.memlock", VERDICT_NOT_APPLICABLE, "No PCI device");
	pass_through(&h, "0000:01:00.0");
	check_row(&h, "mem.memlock", VERDICT_NOT_APPLICABLE, "libvirt sets the limit");
	set_str(&h.domain.source, "argv");
	set_str(&h.domain.manager, "proxmox");
	check_row(&h, "mem.memlock", VERDICT_NOT_APPLICABLE, "Proxmox runs QEMU as root");
	set_str(&h.domain.manager, "plain");
	check_row(&h, "mem.memlock", VERDICT_UNKNOWN, "will lock 8704 MiB");
	run(&h, &guest);
	g = add_mm(&h);
	check_row(&h, "mem.memlock", VERDICT_UNKNOWN, "limit of locked memory of QEMU");
	fact_set_u64(&g->memlock_kib, 8192);
	f = check_row(&h, "mem.memlock", VERDICT_ADVICE, "QEMU may lock 8 MiB");
	check_has(f.fix.persist, "@kvm hard memlock 8912896");
	fact_set_u64(&g->memlock_kib, 8912896);
	check_row(&h, "mem.memlock", VERDICT_PASS, "VFIO needs 8704 MiB");
	fact_set_bool(&g->is_memlock_unlimited, true);
	check_row(&h, "mem.memlock", VERDICT_PASS, "no limit");
	fact_set_bool(&g->is_privileged, true);
	check_row(&h, "mem.memlock", VERDICT_PASS, "as root");
	h.domain.memory_kib.known = false;
	check_row(&h, "mem.memlock", VERDICT_UNKNOWN, "domain.memory_kib");
	arena_release(&h.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_applies),  cmocka_unit_test(test_balloon),
		cmocka_unit_test(test_current),  cmocka_unit_test(test_locked),
		cmocka_unit_test(test_merging),  cmocka_unit_test(test_merging_now),
		cmocka_unit_test(test_prealloc), cmocka_unit_test(test_memlock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
