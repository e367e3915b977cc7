/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules of what disks hang on: one case per verdict each can give. */
#include "tests/lib/devices.h"

static const char *const ids[] = { "disk.emulated-bus", "disk.detach-media", "disk.virtio-scsi",
				   "disk.scsi-queues",  "disk.iothread",     "disk.queues-thrash" };

static void test_no_guest(void **state)
{
	struct host h;

	(void)state;
	host_blank(&h);
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++)
		check_row(&h, ids[i], VERDICT_NOT_APPLICABLE, "No guest is configured");
	set_str(&h.domain.source, "libvirt");
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++)
		check_row(&h, ids[i], VERDICT_UNKNOWN, "domain.disks is not known");
	arena_release(&h.arena);
	host_with_guest(&h, 4);
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++)
		check_row(&h, ids[i], VERDICT_NOT_APPLICABLE, NULL);
	arena_release(&h.arena);
}

static void test_bus(void **state)
{
	struct domain_disk *d;
	struct host h;
	struct finding f;

	(void)state;
	host_with_guest(&h, 4);
	d = add_disk(&h, "sata", "file", "/iso/win.iso");
	set_str(&d->device, "cdrom");
	check_row(&h, "disk.emulated-bus", VERDICT_NOT_APPLICABLE, "removable media");
	/* An installation image is none either, whatever it is called. */
	add_disk(&h, "sata", "file", "/iso/virtio-win.iso");
	check_row(&h, "disk.emulated-bus", VERDICT_NOT_APPLICABLE, NULL);
	add_disk(&h, "virtio", "block", "/dev/sda");
	check_row(&h, "disk.emulated-bus", VERDICT_PASS, "No disk is on an emulated");
	add_disk(&h, "sata", "block", "/dev/sdb");
	add_disk(&h, "ide", "file", "/a.img");
	assert_int_equal(fact_add_str(&h.domain.xml, &h.arena, "<target dev='vda' bus='virtio'/>"),
			 0);
	f = check_row(&h, "disk.emulated-bus", VERDICT_ADVICE, "2 of 3 disks are on an emulated");
	check_edits(&f, "devices/disk[4]/target@dev=vdb@bus=virtio\n"
			"devices/disk[4]/driver@iothread=1\n"
			"-devices/disk[4]/address\n"
			"devices/disk[5]/target@dev=vdc@bus=virtio\n"
			"devices/disk[5]/driver@iothread=1\n"
			"-devices/disk[5]/address\n"
			"iothreads:=1");
	assert_string_equal(f.items[0], "disk 4 (/dev/sdb): sata");
	check_has(f.fix.persist, "sudo virsh edit win10");
	check_has(f.fix.risk, "INACCESSIBLE_BOOT_DEVICE");
	set_str(&h.domain.source, "argv");
	f = judge_row(&h, "disk.emulated-bus");
	check_has(f.fix.persist, "-device virtio-blk-pci");
	arena_release(&h.arena);
}

static void test_bus_untold(void **state)
{
	struct host h;

	(void)state;
	host_with_guest(&h, 4);
	add_disk(&h, NULL, "file", "/a.img");
	check_row(&h, "disk.emulated-bus", VERDICT_UNKNOWN, "disk 1 (/a.img)");
	arena_release(&h.arena);
}

static void test_media(void **state)
{
	struct domain_disk *d;
	struct host h;
	struct finding f;

	(void)state;
	host_with_guest(&h, 4);
	check_row(&h, "disk.detach-media", VERDICT_NOT_APPLICABLE, "no disk");
	add_disk(&h, "virtio", "block", "/dev/sda");
	d = add_disk(&h, "sata", "file", NULL);
	set_str(&d->device, "cdrom");
	check_row(&h, "disk.detach-media", VERDICT_PASS, "No installation medium");
	set_str(&d->source, "/iso/win.iso");
	f = check_row(&h, "disk.detach-media", VERDICT_ADVICE, "1 removable disk has a medium");
	check_edits(&f, "-devices/disk[2]/source");
	arena_release(&h.arena);
}

static void test_virtio_scsi(void **state)
{
	struct domain_controller *c;
	struct domain_disk *d;
	struct host h;
	struct finding f;

	(void)state;
	host_with_guest(&h, 4);
	d = add_disk(&h, "sata", "block", "/dev/sda");
	check_row(&h, "disk.virtio-scsi", VERDICT_NOT_APPLICABLE, "No disk is on virtio or SCSI");
	set_str(&d->bus, "scsi");
	check_row(&h, "disk.virtio-scsi", VERDICT_PASS, NULL);
	add_controller(&h, "usb", "qemu-xhci");
	c = add_controller(&h, "scsi", "lsilogic");
	fact_set_u64(&c->index, 0);
	f = check_row(&h, "disk.virtio-scsi", VERDICT_ADVICE,
		      "1 of 1 disk is on an emulated SCSI controller (lsilogic)");
	check_edits(&f, "devices/controller[2]@model=virtio-scsi");
	set_str(&c->model, "virtio-scsi");
	check_row(&h, "disk.virtio-scsi", VERDICT_PASS, NULL);
	arena_release(&h.arena);
}

static void test_scsi_queues(void **state)
{
	struct domain_controller *c;
	struct host h;
	struct finding f;

	(void)state;
	host_with_guest(&h, 4);
	c = add_controller(&h, "scsi", "virtio-scsi");
	check_row(&h, "disk.scsi-queues", VERDICT_NOT_APPLICABLE, "one for each vCPU");
	fact_set_u64(&c->n_queues, 4);
	check_row(&h, "disk.scsi-queues", VERDICT_PASS, "4 queues for the virtio-scsi");
	fact_set_u64(&c->n_queues, 3); /* "one less" is no fault */
	check_row(&h, "disk.scsi-queues", VERDICT_PASS, NULL);
	fact_set_u64(&c->n_queues, 8);
	f = check_row(&h, "disk.scsi-queues", VERDICT_ADVICE,
		      "8 queues for the virtio-scsi "
		      "controller, and 4 vCPUs");
	check_edits(&f, "devices/controller[1]/driver@queues=4");
	/* Not a second finding of the other row. */
	check_row(&h, "disk.queues-thrash", VERDICT_NOT_APPLICABLE, NULL);
	h.domain.n_vcpus.known = false;
	check_row(&h, "disk.scsi-queues", VERDICT_UNKNOWN, "domain.n_vcpus");
	arena_release(&h.arena);
}

static void test_disk_queues(void **state)
{
	struct domain_disk *d;
	struct host h;
	struct finding f;

	(void)state;
	host_with_guest(&h, 12);
	d = add_disk(&h, "virtio", "block", "/dev/sda");
	check_row(&h, "disk.queues-thrash", VERDICT_NOT_APPLICABLE, NULL);
	fact_set_u64(&d->n_queues, 12);
	check_row(&h, "disk.queues-thrash", VERDICT_PASS, "12 queues");
	fact_set_u64(&d->n_queues, 16);
	f = check_row(&h, "disk.queues-thrash", VERDICT_ADVICE,
		      "16 queues for a virtio-blk disk, and 12 vCPUs");
	check_edits(&f, "devices/disk[1]/driver@queues=12");
	check_row(&h, "disk.scsi-queues", VERDICT_NOT_APPLICABLE, NULL);
	arena_release(&h.arena);
}

static void test_iothread(void **state)
{
	struct domain_disk *d;
	struct host h;
	struct finding f;

	(void)state;
	host_with_guest(&h, 4);
	add_disk(&h, "sata", "block", "/dev/sda");
	check_row(&h, "disk.iothread", VERDICT_NOT_APPLICABLE, "which alone can have one");
	add_disk(&h, "virtio", "block", "/dev/sdb");
	f = check_row(&h, "disk.iothread", VERDICT_ADVICE, "No disk has an iothread");
	check_edits(&f, "iothreads:=1\ndevices/disk[2]/driver@iothread=1");
	/* One disk with an iothread will do. */
	d = add_disk(&h, "virtio", "block", "/dev/sdc");
	fact_set_u64(&d->iothread, 2);
	f = check_row(&h, "disk.iothread", VERDICT_PROBLEM,
		      "names iothread 2, but none is configured");
	check_edits(&f, "iothreads:=2");
	fact_set_u64(&h.domain.n_iothreads, 2);
	check_row(&h, "disk.iothread", VERDICT_PASS, "Iothreads serve");
	arena_release(&h.arena);
}

static void test_iothread_of_controller(void **state)
{
	struct domain_controller *c;
	struct host h;
	struct finding f;

	(void)state;
	host_with_guest(&h, 4);
	add_disk(&h, "scsi", "block", "/dev/sda");
	c = add_controller(&h, "scsi", "virtio-scsi");
	f = check_row(&h, "disk.iothread", VERDICT_ADVICE, NULL);
	check_edits(&f, "iothreads:=1\ndevices/controller[1]/driver@iothread=1");
	fact_set_u64(&c->iothread, 1); /* as the guide prints it */
	check_row(&h, "disk.iothread", VERDICT_PROBLEM, "the guest is refused");
	fact_set_u64(&h.domain.n_iothreads, 1);
	check_row(&h, "disk.iothread", VERDICT_PASS, NULL);
	arena_release(&h.arena);
}

static void test_iothread_unused(void **state)
{
	struct host h;
	struct finding f;

	(void)state;
	host_with_guest(&h, 4);
	fact_set_u64(&h.domain.n_iothreads, 1);
	f = check_row(&h, "disk.iothread", VERDICT_ADVICE,
		      "1 iothread is configured, and no disk uses it");
	check_has(f.fix.change[CHANGE_XML], "-iothreads\n");
	add_disk(&h, "sata", "block", "/dev/sda");
	f = check_row(&h, "disk.iothread", VERDICT_ADVICE, NULL);
	assert_null(f.fix.change[CHANGE_XML]);
	fact_set_u64(&h.domain.n_iothreads, 2);
	add_disk(&h, "virtio", "block", "/dev/sdb");
	add_disk(&h, "virtio", "block", "/dev/sdc");
	f = check_row(&h, "disk.iothread", VERDICT_ADVICE,
		      "2 iothreads are configured, and no disk uses them");
	check_edits(&f, "devices/disk[2]/driver@iothread=1\ndevices/disk[3]/driver@iothread=2");
	arena_release(&h.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_guest),
		cmocka_unit_test(test_bus),
		cmocka_unit_test(test_bus_untold),
		cmocka_unit_test(test_media),
		cmocka_unit_test(test_virtio_scsi),
		cmocka_unit_test(test_scsi_queues),
		cmocka_unit_test(test_disk_queues),
		cmocka_unit_test(test_iothread),
		cmocka_unit_test(test_iothread_of_controller),
		cmocka_unit_test(test_iothread_unused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
