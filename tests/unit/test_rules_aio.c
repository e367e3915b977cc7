/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules of AIO slots: one case per verdict each can give. */
#include "tests/lib/host.h"

static void add_disk(struct host *h, const char *io, int iothread)
{
	struct domain_disk *d = fact_add_item(&h->domain.disks, &h->arena, sizeof(*d));

	assert_non_null(d);
	set_str(&d->io, io);
	if (iothread >= 0)
		fact_set_u64(&d->iothread, (uint64_t)iothread);
}

static void set_slots(struct host *h, uint64_t nr, uint64_t max)
{
	fact_set_u64(&h->aio.nr, nr);
	fact_set_u64(&h->aio.max_nr, max);
}

static void test_applies(void **state)
{
	struct domain_disk *disk;
	struct host h;

	(void)state;
	host_blank(&h);
	check_row(&h, "aio.headroom", VERDICT_NOT_APPLICABLE, "No guest's disks");
	h.domain.disks.known = true;
	check_row(&h, "aio.max-nr", VERDICT_NOT_APPLICABLE, "native AIO");
	add_disk(&h, "io_uring", -1);
	check_row(&h, "aio.headroom", VERDICT_NOT_APPLICABLE, NULL);
	add_disk(&h, "native", -1);
	disk = h.domain.disks.v;
	set_str(&disk[1].device, "cdrom"); /* an empty drive */
	check_row(&h, "aio.headroom", VERDICT_NOT_APPLICABLE, NULL);
	set_str(&disk[1].source, "/a.iso");
	check_row(&h, "aio.headroom", VERDICT_UNKNOWN, "aio.nr is not known");
	arena_release(&h.arena);
}

static void test_not_running(void **state)
{
	struct host h;
	struct finding f;

	(void)state;
	host_blank(&h);
	add_disk(&h, "native", 1);
	add_disk(&h, "native", 1); /* shares the context */
	add_disk(&h, "native", 2);
	add_disk(&h, "threads", 3);
	set_slots(&h, 0, 3072);
	check_row(&h, "aio.headroom", VERDICT_PASS,
		  "3072 of 3072 AIO slots are free, the guest needs 3072");
	check_row(&h, "aio.max-nr", VERDICT_PASS, NULL);
	set_slots(&h, 61000, 63000);
	f = check_row(&h, "aio.headroom", VERDICT_PROBLEM,
		      "needs 3072 AIO slots (3 contexts of 1024), 2000 of 63000 are free: its "
		      "iothreads fall back");
	assert_non_null(strstr(f.items[0], "falling back to thread pool"));
	assert_string_equal(f.fix.now, "sudo sysctl -w fs.aio-max-nr=131072");
	assert_string_equal(f.fix.undo, "sudo sysctl -w fs.aio-max-nr=63000");
	f = check_row(&h, "aio.max-nr", VERDICT_PROBLEM, "is 63000; with this guest 64072");
	set_slots(&h, 70, 60); /* lowered below what is in use */
	f = check_row(&h, "aio.headroom", VERDICT_PROBLEM, "0 of 60 are free: it cannot start");
	assert_non_null(strstr(f.items[0], "Unable to use native AIO: failed to create"));
	assert_string_equal(f.fix.now, "sudo sysctl -w fs.aio-max-nr=65536");
	arena_release(&h.arena);
}

static void test_running(void **state)
{
	struct guest_process guest = { 0 };
	struct aio_holder *holder;
	struct host h;
	struct finding f;

	(void)state;
	host_blank(&h);
	h.running = &guest;
	add_disk(&h, "native", -1);
	holder = fact_add_item(&h.aio.holders, &h.arena, sizeof(*holder));
	set_str(&holder->name, "win10");
	fact_set_u64(&holder->pid, 4711);
	fact_set_u64(&holder->n_contexts, 1);
	set_slots(&h, 1024, 1500);
	f = check_row(&h, "aio.headroom", VERDICT_PASS, "The guest runs; 476 of 1500");
	assert_string_equal(f.items[0], "win10 (pid 4711) holds 1 AIO context");
	check_row(&h, "aio.max-nr", VERDICT_ADVICE, "a second guest of this size would not start");
	set_slots(&h, 1024, 65536);
	check_row(&h, "aio.max-nr", VERDICT_PASS, NULL);
	/* The configuration is that of another guest. */
	set_str(&guest.name, "a");
	set_str(&h.domain.name, "b");
	set_slots(&h, 1024, 1500);
	check_row(&h, "aio.headroom", VERDICT_PROBLEM, "476 of 1500 are free: it cannot start");
	arena_release(&h.arena);
}

/* The largest numbers a document can hold: an answer, and at once. */
static void test_absurd(void **state)
{
	struct host h;

	(void)state;
	host_blank(&h);
	add_disk(&h, "native", -1);
	set_slots(&h, INT64_MAX / 2 + 1, INT64_MAX);
	check_row(&h, "aio.headroom", VERDICT_PASS, NULL);
	set_slots(&h, INT64_MAX, INT64_MAX);
	check_row(&h, "aio.headroom", VERDICT_PROBLEM, "cannot start");
	arena_release(&h.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_applies),
		cmocka_unit_test(test_absurd),
		cmocka_unit_test(test_not_running),
		cmocka_unit_test(test_running),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
