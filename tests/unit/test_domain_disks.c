/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TEST_SOURCES: probes/domain_disks.c tests/lib/tree.c */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "probes/domain_parts.h"
#include "tests/lib/check.h"
#include "tests/lib/tree.h"

/* A host: sda with two partitions, LVM on the second, RAID of sda and sdb, an NVMe disk. */
static void make_host(const struct tree *t)
{
	tree_file(t, "sys/devices/pci/block/sda/queue/scheduler", "none [mq-deadline] bfq\n");
	tree_file(t, "sys/devices/pci/block/sda/sda1/partition", "1\n");
	tree_file(t, "sys/devices/pci/block/sda/sda2/partition", "2\n");
	tree_file(t, "sys/devices/pci/block/nvme0n1/queue/scheduler", "[none] kyber\n");
	tree_file(t, "sys/devices/virtual/block/dm-0/queue/scheduler", "none\n");
	tree_dir(t, "sys/devices/virtual/block/dm-0/slaves/sda2");
	tree_file(t, "sys/devices/virtual/block/dm-1/queue/scheduler", "none\n");
	tree_dir(t, "sys/devices/virtual/block/dm-1/slaves/dm-1");
	tree_file(t, "sys/devices/virtual/block/md0/queue/scheduler", "none\n");
	tree_dir(t, "sys/devices/virtual/block/md0/slaves/sda");
	tree_dir(t, "sys/devices/virtual/block/md0/slaves/sdb");
	tree_link(t, "../../devices/pci/block/sda", "sys/class/block/sda");
	tree_link(t, "../../devices/pci/block/sda/sda1", "sys/class/block/sda1");
	tree_link(t, "../../devices/pci/block/sda/sda2", "sys/class/block/sda2");
	tree_link(t, "../../devices/pci/block/nvme0n1", "sys/class/block/nvme0n1");
	tree_link(t, "../../devices/virtual/block/dm-0", "sys/class/block/dm-0");
	tree_link(t, "../../devices/virtual/block/dm-1", "sys/class/block/dm-1");
	tree_link(t, "../../devices/virtual/block/md0", "sys/class/block/md0");
	tree_link(t, "../../sda", "dev/disk/by-id/ata-X");
	tree_link(t, "../dm-0", "dev/mapper/vg-images");
	tree_link(t, "loop", "dev/loop");
	tree_file(t, "proc/mounts",
		  "/dev/sda1 / ext4 rw 0 0\n/dev/mapper/vg-images /srv/a\\040b xfs rw 0 0\n"
		  "tmpfs /tmp tmpfs rw 0 0\n/dev/md0 /raid ext4 rw 0 0\n");
	tree_link(t, "/srv/a b", "images");
	tree_file(t, "srv/a b/disk.img", "0123456789");
	tree_file(t, "var/disk.img", "0");
	tree_file(t, "tmp/disk.img", "0");
	tree_file(t, "raid/disk.img", "0");
}

static void run(const struct tree *t, struct arena *a, struct domain_facts *f)
{
	struct probe_env env = { .root = &t->root, .arena = a, .gaps_end = &env.gaps };

	assert_int_equal(domain_add_host(&env, f), 0);
	assert_null(env.gaps);
}

static struct domain_disk add(const struct tree *t, const char *type, const char *source,
			      struct arena *a)
{
	struct domain_disk disk = { .source = { true, source }, .type = { true, type } };
	struct domain_facts f = { .disks = { true, 1, &disk } };

	run(t, a, &f);
	return disk;
}

static void test_scheduler(void **state)
{
	const struct tree *t = *state;
	static const struct {
		const char *type, *source, *scheduler; /* NULL: unknown */
		bool has_size;
	} cases[] = {
		{ "block", "/dev/sda", "mq-deadline", false },
		{ "block", "/dev/sda2", "mq-deadline", false },
		{ "block", "/dev/nvme0n1", "none", false },
		{ "block", "/dev/disk/by-id/ata-X", "mq-deadline", false },
		{ "block", "/dev/disk/../disk/./by-id//ata-X", "mq-deadline", false },
		{ "block", "/dev/mapper/vg-images", "mq-deadline", false },
		{ "block", "/dev/md0", NULL, false },
		{ "block", "/dev/dm-1", NULL, false },
		{ "block", "/dev/sdz", NULL, false },
		{ "block", "/dev/loop", NULL, false },
		{ "block", "/dev", NULL, false },
		{ "block", "sda", NULL, false },
		{ "block", "/var/disk.img", NULL, false },
		{ "network", "/dev/sda", NULL, false },
		{ "file", "/srv/a b/disk.img", "mq-deadline", true },
		{ "file", "/images/disk.img", "mq-deadline", true },
		{ "file", "/var/disk.img", "mq-deadline", true },
		{ "file", "/tmp/disk.img", NULL, true },
		{ "file", "/raid/disk.img", NULL, true },
		{ "file", "/srv/none.img", NULL, false },
		{ "file", "/srv", "mq-deadline", false },
	};

	make_host(t);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		auto_arena struct arena a = { 0 };
		const struct domain_disk d = add(t, cases[i].type, cases[i].source, &a);

		if (d.scheduler.known != (cases[i].scheduler != NULL) ||
		    (cases[i].scheduler && !fact_is(&d.scheduler, cases[i].scheduler)))
			fail_msg("%s: %s", cases[i].source,
				 d.scheduler.known ? d.scheduler.v : "unknown");
		if (d.size_kib.known != cases[i].has_size ||
		    d.allocated_kib.known != cases[i].has_size)
			fail_msg("%s: size", cases[i].source);
	}
}

/* 8 MiB, of which only a piece was written. */
static void test_sparse(void **state)
{
	const struct tree *t = *state;
	auto_arena struct arena a = { 0 };
	struct domain_disk d;
	auto_fd int fd = -1;

	tree_file(t, "disk.img", "0");
	fd = openat(t->fd, "disk.img", O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, 8 << 20), 0);
	d = add(t, "file", "/disk.img", &a);
	assert_true(d.size_kib.known && d.size_kib.v == 8192);
	assert_true(d.allocated_kib.known && d.allocated_kib.v < 8192);
	assert_false(d.scheduler.known);
}

/* Paths of strangers: as long as can be, and links that lead nowhere. */
static void test_hostile(void **state)
{
	const struct tree *t = *state;
	auto_free char *path = malloc(100001);

	assert_non_null(path);
	memset(path, '/', 100000);
	for (size_t i = 1; i < 100000; i += 2)
		path[i] = 'a';
	path[100000] = '\0';
	make_host(t);
	for (unsigned i = 0; i < 2; i++) {
		auto_arena struct arena a = { 0 };
		const struct domain_disk d = add(t, i ? "block" : "file", path, &a);

		assert_false(d.size_kib.known || d.scheduler.known);
	}
}

static void test_inputs(void **state)
{
	const struct tree *t = *state;
	static const struct {
		const char *source;
		int present; /* -1: unknown */
	} cases[] = {
		{ "/dev/input/by-id/kbd", 1 },
		{ "/dev/input/event3", 0 },
		{ "$KBD", -1 },
		{ "/home/x", -1 },
	};

	for (unsigned has_dev = 0; has_dev < 2; has_dev++) {
		if (has_dev)
			tree_link(t, "../event9", "dev/input/by-id/kbd");
		for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
			auto_arena struct arena a = { 0 };
			struct domain_input input = { .source = { true, cases[i].source } };
			struct domain_facts f = { .inputs = { true, 1, &input } };

			run(t, &a, &f);
			assert_int_equal(input.is_present.known, has_dev && cases[i].present >= 0);
			if (input.is_present.known)
				assert_int_equal(input.is_present.v, cases[i].present);
		}
	}
}

#define WITH_TREE(test) cmocka_unit_test_setup_teardown(test, tree_setup, tree_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_TREE(test_scheduler),
		WITH_TREE(test_sparse),
		WITH_TREE(test_hostile),
		WITH_TREE(test_inputs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
