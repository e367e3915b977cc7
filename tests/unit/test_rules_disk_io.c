/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules of media, caches and kinds of AIO: one case per verdict each can give. */
#include "tests/lib/devices.h"

static void test_applies(void **state)
{
	static const char *const ids[] = { "disk.raw-block", "disk.by-id", "disk.cache-none",
					   "disk.io-native", "disk.preallocated" };
	struct host h;

	(void)state;
	host_blank(&h);
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++)
		check_row(&h, ids[i], VERDICT_NOT_APPLICABLE, "No guest is configured");
	check_row(&h, "storage.sched", VERDICT_NOT_APPLICABLE, "No guest is configured");
	check_row(&h, "storage.nvme-pt", VERDICT_NOT_APPLICABLE, "No guest is configured");
	set_str(&h.domain.source, "libvirt");
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++)
		check_row(&h, ids[i], VERDICT_UNKNOWN, "domain.disks is not known");
	arena_release(&h.arena);
	host_with_guest(&h, 4);
	add_disk(&h, "virtio", "network", "pool/image");
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++)
		check_row(&h, ids[i], VERDICT_NOT_APPLICABLE, NULL);
	arena_release(&h.arena);
}

static void test_raw(void **state)
{
	struct domain_disk *d;
	struct host h;
	struct finding f;

	(void)state;
	host_with_guest(&h, 4);
	d = add_disk(&h, "virtio", "file", "/vm/win 10.qcow2");
	check_row(&h, "disk.raw-block", VERDICT_PASS, "are raw");
	set_str(&d->format, "qcow2");
	f = check_row(&h, "disk.raw-block", VERDICT_ADVICE, "1 of 1 disk is in an image format");
	check_has(f.fix.persist, "qemu-img convert -p -O raw '/vm/win 10.qcow2' "
				 "'/vm/win 10.qcow2'.raw");
	arena_release(&h.arena);
}

static void test_by_id(void **state)
{
	static const struct {
		const char *source;
		enum verdict verdict;
	} cases[] = {
		{ "/vm/a.img", VERDICT_NOT_APPLICABLE },
		{ "/dev/disk/by-id/ata-X", VERDICT_PASS },
		{ "/dev/pve/vm-101-disk-1", VERDICT_PASS },
		{ "/dev/mapper/vg-win", VERDICT_PASS },
		{ "/dev/sdb", VERDICT_ADVICE },
		{ "/dev/nvme0n1p4", VERDICT_ADVICE },
	};
	struct host h;
	struct finding f;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		host_with_guest(&h, 4);
		add_disk(&h, "virtio", NULL, cases[i].source);
		f = check_row(&h, "disk.by-id", cases[i].verdict, NULL);
		if (i == 4)
			check_has(f.fix.persist, "ls -l /dev/disk/by-id | grep -w sdb");
		arena_release(&h.arena);
	}
}

static void test_cache(void **state)
{
	struct domain_disk *d;
	struct host h;
	struct finding f;

	(void)state;
	host_with_guest(&h, 4);
	d = add_disk(&h, "virtio", "block", "/dev/sda");
	f = check_row(&h, "disk.cache-none", VERDICT_ADVICE, "1 of 1 disk is cached by the host");
	assert_string_equal(f.items[0], "disk 1 (/dev/sda): cache not told, that is writeback");
	check_edits(&f, "devices/disk[1]/driver@cache=none@io=native");
	/* One finding is enough for one disk. */
	check_row(&h, "disk.io-native", VERDICT_NOT_APPLICABLE, "disk.cache-none");
	set_str(&d->cache, "none");
	check_row(&h, "disk.cache-none", VERDICT_PASS, "past the page cache");
	set_str(&d->cache, "directsync");
	check_row(&h, "disk.cache-none", VERDICT_PASS, NULL);
	set_str(&d->cache, "writethrough");
	set_str(&d->io, "native");
	f = check_row(&h, "disk.cache-none", VERDICT_PROBLEM,
		      "set to io=native without cache none or directsync: the guest is refused");
	check_edits(&f, "devices/disk[1]/driver@cache=none@io=native");
	arena_release(&h.arena);
}

static void test_io(void **state)
{
	struct domain_disk *d;
	struct host h;
	struct finding f;

	(void)state;
	host_with_guest(&h, 4);
	d = add_disk(&h, "virtio", "block", "/dev/sda");
	set_str(&d->cache, "none");
	f = check_row(&h, "disk.io-native", VERDICT_ADVICE, "1 of 1 disk is served by a pool");
	assert_string_equal(f.items[0], "disk 1 (/dev/sda): not told, that is threads");
	check_edits(&f, "devices/disk[1]/driver@io=native");
	set_str(&d->io, "io_uring");
	check_row(&h, "disk.io-native", VERDICT_PASS, "1 disk is served by the kernel's");
	set_str(&d->io, "native");
	check_row(&h, "disk.io-native", VERDICT_PASS, NULL);
	d = add_disk(&h, "virtio", "file", "/a.img");
	set_str(&d->cache, "none");
	set_str(&d->io, "threads");
	f = check_row(&h, "disk.io-native", VERDICT_ADVICE, "1 of 2 disks is served");
	check_edits(&f, "devices/disk[2]/driver@io=io_uring");
	set_str(&h.setup.libvirt_version, "6.0.0"); /* knows no io_uring */
	f = judge_row(&h, "disk.io-native");
	check_edits(&f, "devices/disk[2]/driver@io=native");
	arena_release(&h.arena);
}

static void test_preallocated(void **state)
{
	struct domain_disk *d;
	struct host h;
	struct finding f;

	(void)state;
	host_with_guest(&h, 4);
	d = add_disk(&h, "virtio", "file", "/a.img");
	check_row(&h, "disk.preallocated", VERDICT_NOT_APPLICABLE, "No image file");
	set_str(&d->io, "native");
	check_row(&h, "disk.preallocated", VERDICT_UNKNOWN, "not known");
	fact_set_u64(&d->size_kib, 1024 * 1024);
	fact_set_u64(&d->allocated_kib, 512 * 1024);
	f = check_row(&h, "disk.preallocated", VERDICT_ADVICE, "1 of 1 disk is sparse");
	assert_string_equal(f.items[0], "disk 1 (/a.img): 512 of 1024 MiB have their place");
	assert_string_equal(f.fix.now, "sudo fallocate -l 1048576KiB /a.img");
	fact_set_u64(&d->allocated_kib, 1024 * 1024);
	check_row(&h, "disk.preallocated", VERDICT_PASS, "in full");
	arena_release(&h.arena);
}

static struct setup_block *add_block(struct host *h, const char *name, const char *scheduler)
{
	struct setup_block *b = fact_add_item(&h->setup.disks, &h->arena, sizeof(*b));

	assert_non_null(b);
	set_str(&b->name, name);
	set_told(&b->scheduler, scheduler);
	return b;
}

static void test_scheduler(void **state)
{
	struct setup_block *b;
	struct host h;
	struct finding f;

	(void)state;
	host_with_guest(&h, 4);
	check_row(&h, "storage.sched", VERDICT_UNKNOWN, "setup.disks is not known");
	h.setup.disks.known = true;
	check_row(&h, "storage.sched", VERDICT_NOT_APPLICABLE, "no disk");
	add_block(&h, "sda", NULL);
	check_row(&h, "storage.sched", VERDICT_UNKNOWN, "schedulers");
	b = add_block(&h, "sdb", "bfq");
	fact_set_bool(&b->is_rotational, true); /* what bfq is good for */
	check_row(&h, "storage.sched", VERDICT_PASS, "No solid-state disk");
	add_block(&h, "nvme0n1", "bfq");
	f = check_row(&h, "storage.sched", VERDICT_ADVICE, "1 solid-state disk has");
	assert_string_equal(f.fix.now, "echo none | sudo tee /sys/block/nvme0n1/queue/scheduler");
	check_has(f.fix.persist, "KERNEL==\"nvme0n1\", ATTR{queue/scheduler}=\"none\"");
	check_has(f.fix.undo, "echo bfq | sudo tee /sys/block/nvme0n1/queue/scheduler");
	arena_release(&h.arena);
}

static void test_controllers(void **state)
{
	struct pci_function *p;
	struct host h;

	(void)state;
	host_with_guest(&h, 4);
	check_row(&h, "storage.nvme-pt", VERDICT_NOT_APPLICABLE, "No PCI device");
	pass_through(&h, "0000:01:00.0");
	check_row(&h, "storage.nvme-pt", VERDICT_UNKNOWN, "pci.functions");
	p = fact_add_item(&h.pci.functions, &h.arena, sizeof(*p));
	assert_non_null(p);
	set_str(&p->address, "0000:01:00.0");
	fact_set_u64(&p->class_code, 0x030000);
	check_row(&h, "storage.nvme-pt", VERDICT_NOT_APPLICABLE, "No NVMe or USB controller");
	fact_set_u64(&p->class_code, 0x010802);
	check_row(&h, "storage.nvme-pt", VERDICT_PASS, "1 NVMe or USB controller is passed");
	arena_release(&h.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_applies),   cmocka_unit_test(test_raw),
		cmocka_unit_test(test_by_id),     cmocka_unit_test(test_cache),
		cmocka_unit_test(test_io),        cmocka_unit_test(test_preallocated),
		cmocka_unit_test(test_scheduler), cmocka_unit_test(test_controllers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
