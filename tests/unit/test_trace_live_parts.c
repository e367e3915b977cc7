/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a live source is made of, without a kernel that traces. */
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "probes/trace/kallsyms.h"
#include "probes/trace/live_instance.h"
#include "probes/trace/live_merge.h"
#include "probes/trace/live_owner.h"
#include "probes/trace/live_pages.h"
#include "probes/trace/live_tsc.h"
#include "tests/lib/check.h"

static void test_tsc(void **state)
{
	static const struct {
		uint64_t tsc, base, hz, ns;
	} cases[] = {
		{ 100, 100, 2600000000, 0 },
		{ 99, 100, 2600000000, 0 },
		{ 126, 100, 2600000000, 10 },
		{ 125, 100, 2600000000, 9 },
		{ 2600000100, 100, 2600000000, NS_PER_S },
		/* a century of uptime, the whole range, rates that divide nothing */
		{ UINT64_C(2600000000) * 3153600000, 0, 2600000000,
		  UINT64_C(3153600000) * NS_PER_S },
		{ UINT64_MAX, 0, UINT64_C(18000000000), UINT64_C(1024819115206086200) },
		{ UINT64_MAX, UINT64_MAX - 1, 1, NS_PER_S },
		{ 2599999999, 0, 2599999999, NS_PER_S },
		{ 2599999998, 0, 2599999999, 999999999 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_int_equal(live_tsc_to_ns(cases[i].tsc, cases[i].base, cases[i].hz),
				 cases[i].ns);
	assert_true(live_tsc_now() < live_tsc_now());
}

/* As a list of all that is in it would be sorted, whatever comes and goes. */
static void test_merge(void **state)
{
	enum { N = 37, STEPS = 20000 };
	uint64_t t[N], seed = 1;
	bool is_in[N] = { false };
	struct live_merge m;

	(void)state;
	assert_int_equal(live_merge_init(&m, N), 0);
	assert_null(live_merge_first(&m));
	live_merge_drop_first(&m);
	live_merge_renew_first(&m, 1);
	assert_null(live_merge_first(&m));
	for (unsigned step = 0; step < STEPS; step++) {
		const struct live_turn *first;
		size_t i, want = N;

		seed = seed * 6364136223846793005 + 1442695040888963407;
		i = (seed >> 33) % N;
		if (!is_in[i]) {
			t[i] = (seed >> 40) % 1000;
			is_in[i] = true;
			live_merge_add(&m, i, t[i]);
		}
		for (size_t k = 0; k < N; k++) {
			if (is_in[k] && (want == N || t[k] < t[want]))
				want = k;
		}
		first = live_merge_first(&m);
		assert_non_null(first);
		assert_int_equal(first->index, want);
		assert_int_equal(first->t_ns, t[want]);
		if (seed >> 63) {
			is_in[want] = false;
			live_merge_drop_first(&m);
		} else {
			/* also back: a clock that steps */
			t[want] = (seed >> 20) % 1000;
			live_merge_renew_first(&m, t[want]);
		}
	}
	live_merge_release(&m);
	assert_int_equal(live_merge_init(&m, 0), 0);
	live_merge_add(&m, 0, 1);
	assert_null(live_merge_first(&m));
	live_merge_release(&m);
}

static void test_buffer_size(void **state)
{
	static const struct {
		uint64_t wanted;
		size_t n_cpus;
		uint64_t available, kib;
	} cases[] = {
		{ 0, 1, UINT64_MAX, 8192 },
		{ 0, 64, UINT64_MAX, 8192 },
		{ 0, 128, UINT64_MAX, 4096 },
		{ 0, 8192, UINT64_MAX, 64 },
		{ 0, 8, 1 << 20, 8192 },
		{ 0, 16, 1 << 20, 4096 },
		{ 0, 1, 16384, 1024 },
		{ 0, 1, 0, 64 },
		{ 100, 2, UINT64_MAX, 100 },
		{ 1, 2, UINT64_MAX, 64 },
		{ 1 << 30, 2, UINT64_MAX, 262144 },
		{ 0, 0, UINT64_MAX, 8192 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_int_equal(
			live_buffer_kib(cases[i].wanted, cases[i].n_cpus, cases[i].available),
			cases[i].kib);
}

static void test_page_size(void **state)
{
	static const struct {
		const char *text;
		size_t size;
	} cases[] = {
		{ "\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n"
		  "\tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;\n"
		  "\tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;\n"
		  "\tfield: char data;\toffset:16;\tsize:4080;\tsigned:1;\n",
		  4096 },
		{ "\tfield: char data;\toffset:16;\tsize:65520;\tsigned:0;\n", 65536 },
		{ "\tfield: char data;\toffset:12;\tsize:4084;\tsigned:0;\n", 0 },
		{ "\tfield: char data;\toffset:16;\tsize:99999999999;\tsigned:0;\n", 0 },
		{ "\tfield: char data;\toffset:16;\tsize:0;\tsigned:0;\n", 0 },
		{ "", 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_int_equal(live_page_size(cases[i].text), cases[i].size);
}

/* include/linux/ring_buffer.h: type_len 1-28 are words of data, 29 padding, 30 and 31 times. */
enum { PAGE = 4096, HEAD = 16 };

#define MISSED (1u << 31)
#define STORED (1u << 30)

struct page {
	unsigned char at[PAGE];
	size_t n; /* of data */
};

static void add_word(struct page *p, uint32_t word)
{
	memcpy(p->at + HEAD + p->n, &word, 4);
	p->n += 4;
}

static void add_record(struct page *p, uint32_t delta, unsigned words, uint32_t fill)
{
	add_word(p, delta << 5 | words);
	for (unsigned i = 0; i < words; i++)
		add_word(p, fill);
}

static void close_page(struct page *p, uint64_t t, uint64_t flags, uint64_t missed)
{
	const uint64_t commit = p->n | flags;

	memcpy(p->at, &t, 8);
	memcpy(p->at + 8, &commit, 8);
	if (flags & STORED)
		memcpy(p->at + HEAD + p->n, &missed, 8);
}

static struct live_pages *pages_of(const struct page *v, size_t n, int spool_fd)
{
	struct live_pages *p;
	char path[] = "/tmp/vfiobench-pages-XXXXXX";
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(unlink(path), 0);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(write(fd, v[i].at, PAGE), PAGE);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	assert_int_equal(live_pages_new(fd, spool_fd, PAGE, &p), 0);
	return p;
}

static void expect(struct live_pages *p, uint64_t t, uint64_t lost, size_t size)
{
	struct live_record r;

	assert_int_equal(live_pages_next(p, &r), 1);
	assert_int_equal(r.t, t);
	assert_true(r.lost == lost);
	if (!size)
		assert_null(r.at);
	else
		assert_non_null(r.at);
	assert_int_equal(r.size, size);
}

static void test_pages(void **state)
{
	static struct page v[5];
	struct live_pages *p;
	struct live_record r;

	(void)state;
	memset(v, 0, sizeof(v));
	add_record(&v[0], 0, 3, 7);
	add_record(&v[0], 10, 28, 7);
	close_page(&v[0], 1000, 0, 0);
	/* so many events are missing before it; a long time passes in it */
	add_record(&v[1], 0, 1, 7);
	add_word(&v[1], 5u << 5 | 30);
	add_word(&v[1], 2);
	add_record(&v[1], 1, 1, 7);
	close_page(&v[1], 2000, MISSED | STORED, 345);
	/* events are missing, nobody knows how many */
	add_record(&v[2], 0, 1, 7);
	close_page(&v[2], 3000, MISSED, 0);
	/* empty, and empty after a loss */
	close_page(&v[3], 3500, 0, 0);
	close_page(&v[4], 4000, MISSED | STORED, 2);
	p = pages_of(v, ARRAY_SIZE(v), -1);
	expect(p, 1000, 0, 12);
	expect(p, 1010, 0, 112);
	expect(p, 2000, 345, 4);
	expect(p, 2000 + 5 + (2u << 27) + 1, 0, 4);
	expect(p, 3000, UINT64_MAX, 4);
	expect(p, 4000, 2, 0);
	assert_int_equal(live_pages_next(p, &r), 0);
	assert_int_equal(live_pages_stats(p)->n_records, 5);
	assert_int_equal(live_pages_stats(p)->n_lost, 345 + 1 + 2);
	assert_int_equal(live_pages_stats(p)->n_unknown, 1);
	assert_int_equal(live_pages_stats(p)->n_bytes, 5 * PAGE);
	live_pages_free(p);
}

static void test_damaged_pages(void **state)
{
	static struct page v[4];
	struct live_pages *p;
	struct live_record r;

	(void)state;
	memset(v, 0, sizeof(v));
	/* claims more data than a page has */
	v[0].n = PAGE;
	close_page(&v[0], 1, 0, 0);
	/* a record that leads out of the page */
	add_word(&v[1], 0);
	add_word(&v[1], 0x7ffffff0);
	v[1].n = 64;
	close_page(&v[1], 2, 0, 0);
	/* the last one at the very end */
	v[2].n = PAGE - HEAD - 8;
	memset(v[2].at + HEAD, 0, v[2].n);
	v[2].n = 0;
	add_record(&v[2], 0, 28, 9);
	add_word(&v[2], 28);
	v[2].n = PAGE - HEAD;
	close_page(&v[2], 3, 0, 0);
	add_record(&v[3], 0, 1, 9);
	close_page(&v[3], 4, 0, 0);
	p = pages_of(v, ARRAY_SIZE(v), -1);
	assert_int_equal(live_pages_next(p, &r), -EBADMSG);
	for (unsigned i = 0; i < PAGE; i++) {
		const int n = live_pages_next(p, &r);

		assert_true(n >= 0);
		if (!n)
			break;
		/* of the first two pages, and of the third one's end */
		assert_true(r.lost == (!i || r.t == 4 ? UINT64_MAX : 0));
		assert_true(r.size <= PAGE);
		for (size_t k = 0; k < r.size; k++)
			assert_true(((const unsigned char *)r.at)[k] <= 0xff);
	}
	assert_int_equal(r.t, 4);
	assert_int_equal(live_pages_stats(p)->n_broken, 3);
	assert_int_equal(live_pages_stats(p)->n_lost, 0);
	assert_false(live_pages_is_damaged(p));
	live_pages_free(p);
	/* nothing behind it that could tell */
	p = pages_of(v, 1, -1);
	assert_int_equal(live_pages_next(p, &r), -EBADMSG);
	assert_int_equal(live_pages_next(p, &r), 0);
	assert_true(live_pages_is_damaged(p));
	live_pages_free(p);
}

static void test_spool(void **state)
{
	static struct page v[2];
	unsigned char back[PAGE];
	char path[] = "/tmp/vfiobench-spool-XXXXXX";
	int fd = mkstemp(path), full = open("/dev/full", O_WRONLY | O_CLOEXEC);
	struct live_pages *p;
	struct live_record r;

	(void)state;
	memset(v, 0, sizeof(v));
	for (unsigned i = 0; i < ARRAY_SIZE(v); i++) {
		add_record(&v[i], 0, 2, i);
		close_page(&v[i], i, 0, 0);
	}
	assert_true(fd >= 0 && full >= 0);
	p = pages_of(v, ARRAY_SIZE(v), dup(fd));
	while (live_pages_next(p, &r) > 0)
		continue;
	assert_int_equal(live_pages_stats(p)->spool_error, 0);
	live_pages_free(p);
	for (unsigned i = 0; i < ARRAY_SIZE(v); i++) {
		assert_int_equal(pread(fd, back, PAGE, i * PAGE), PAGE);
		assert_memory_equal(back, v[i].at, PAGE);
	}
	close(fd);
	unlink(path);
	/* a full disk ends the spool, not the reading */
	p = pages_of(v, ARRAY_SIZE(v), full);
	expect(p, 0, 0, 8);
	expect(p, 1, 0, 8);
	assert_int_equal(live_pages_stats(p)->spool_error, -ENOSPC);
	live_pages_free(p);
	/* so does its limit, for all CPUs */
	for (unsigned i = 0; i < 2; i++) {
		uint64_t left = i ? PAGE : 2 * PAGE - 1;
		off_t size;

		fd = memfd_create("spool", MFD_CLOEXEC);
		assert_true(fd >= 0);
		p = pages_of(v, ARRAY_SIZE(v), dup(fd));
		live_pages_limit_spool(p, &left);
		expect(p, 0, 0, 8);
		expect(p, 1, 0, 8);
		assert_int_equal(live_pages_stats(p)->spool_error, -EFBIG);
		assert_int_equal(left, 0);
		size = lseek(fd, 0, SEEK_END);
		assert_int_equal(size, PAGE);
		live_pages_free(p);
		close(fd);
	}
	/* no such page */
	assert_int_equal(
		live_pages_new(open("/dev/null", O_RDONLY), open("/dev/null", O_WRONLY), 1, &p),
		-ENOMEM);
}

static void test_owner(void **state)
{
	char name[LIVE_NAME_SIZE], dir[] = "/tmp/vfiobench-owner-XXXXXX";
	struct timespec old[2] = { { .tv_sec = 1000 }, { .tv_sec = 1000 } };
	pid_t child;

	(void)state;
	assert_non_null(mkdtemp(dir));
	live_owner_name(getpid(), name);
	assert_true(strncmp(name, "vfiobench.", 10) == 0);
	assert_false(live_owner_is_gone(name, dir));
	/* older than this process: its maker had the same number */
	assert_int_equal(utimensat(AT_FDCWD, dir, old, 0), 0);
	assert_true(live_owner_is_gone(name, dir));
	assert_false(live_owner_is_gone("vfiobench.1", "/nonexistent"));
	child = fork();
	if (!child)
		_exit(0);
	assert_int_equal(waitpid(child, NULL, 0), child);
	live_owner_name(child, name);
	assert_true(live_owner_is_gone(name, dir));
	/* of a container: nobody here can see whether it lives */
	snprintf(name, sizeof(name), "vfiobench.%d-4026530000", child);
	assert_false(live_owner_is_gone(name, dir));
	assert_true(live_owner_may_be_gone(name, dir));
	assert_int_equal(utimensat(AT_FDCWD, dir, NULL, 0), 0);
	assert_false(live_owner_may_be_gone(name, dir));
	assert_int_equal(utimensat(AT_FDCWD, dir, old, 0), 0);
	live_owner_name(child, name);
	assert_false(live_owner_may_be_gone(name, dir));
	assert_false(live_owner_may_be_gone("vfiobench.7-", dir));
	assert_false(live_owner_may_be_gone("vfiobench.7-x", dir));
	assert_false(live_owner_may_be_gone("vfiobench.7+4026530000", dir));
	assert_false(live_owner_may_be_gone("other.7-4026530000", dir));
	assert_false(live_owner_is_gone("vfiobench.", dir));
	assert_false(live_owner_is_gone("vfiobench.x", dir));
	assert_false(live_owner_is_gone("vfiobench.0", dir));
	assert_false(live_owner_is_gone("vfiobench.99999999999", dir));
	assert_false(live_owner_is_gone("other.7", dir));
	assert_int_equal(rmdir(dir), 0);
}

static struct kallsyms *kallsyms_of(const char *text, struct sysroot *root)
{
	char dir[] = "/tmp/vfiobench-syms-XXXXXX", path[128];
	struct kallsyms *k;
	FILE *f;

	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/proc", dir);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(path, sizeof(path), "%s/proc/kallsyms", dir);
	if (text) {
		f = fopen(path, "w");
		assert_non_null(f);
		fputs(text, f);
		fclose(f);
	}
	assert_int_equal(sysroot_open(root, dir), 0);
	k = kallsyms_new(root);
	assert_non_null(k);
	/* read now, so that the tree can go */
	kallsyms_name(k, 1);
	if (text)
		assert_int_equal(unlink(path), 0);
	snprintf(path, sizeof(path), "%s/proc", dir);
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(rmdir(dir), 0);
	return k;
}

static void test_kallsyms(void **state)
{
	static const char text[] = "ffffffff81000100 T second\n"
				   "ffffffff81000000 T first\n"
				   "ffffffff81000000 t alias\n"
				   "ffffffff81000200 D data\n"
				   "ffffffff81000300 W weak\n"
				   "ffffffffc0000000 t module_function\t[module]\n"
				   "\n"
				   "zz T odd\n"
				   "ffffffff81000400 T\n"
				   "ffffffff81000500 TT odd\n";
	struct sysroot root;
	struct kallsyms *k = kallsyms_of(text, &root);

	(void)state;
	assert_int_equal(kallsyms_n(k), 5);
	assert_string_equal(kallsyms_name(k, 0xffffffff81000000), "first");
	assert_string_equal(kallsyms_name(k, 0xffffffff81000100), "second");
	assert_string_equal(kallsyms_name(k, 0xffffffff81000300), "weak");
	assert_string_equal(kallsyms_name(k, 0xffffffffc0000000), "module_function");
	assert_null(kallsyms_name(k, 0xffffffff81000200));
	assert_null(kallsyms_name(k, 0xffffffff81000101));
	assert_null(kallsyms_name(k, 0));
	assert_null(kallsyms_name(k, UINT64_MAX));
	kallsyms_free(k);
	sysroot_close(&root);
	/* hidden: all zero; and not there */
	k = kallsyms_of("0000000000000000 T first\n0000000000000000 T second\n", &root);
	assert_int_equal(kallsyms_n(k), 0);
	assert_null(kallsyms_name(k, 0));
	kallsyms_free(k);
	sysroot_close(&root);
	k = kallsyms_of(NULL, &root);
	assert_null(kallsyms_name(k, 0xffffffff81000000));
	kallsyms_free(k);
	sysroot_close(&root);
	kallsyms_free(NULL);
}

/* By a thread: all names are there for the first question, and an end in the middle is none. */
static void test_kallsyms_thread(void **state)
{
	struct sysroot root;
	struct kallsyms *k, *plain;

	(void)state;
	assert_int_equal(sysroot_open(&root, "/"), 0);
	plain = kallsyms_new(&root);
	kallsyms_name(plain, 1);
	k = kallsyms_new(&root);
	kallsyms_start(k);
	kallsyms_start(k);
	assert_null(kallsyms_name(k, 1));
	assert_int_equal(kallsyms_n(k), kallsyms_n(plain));
	kallsyms_start(k);
	kallsyms_free(k);
	kallsyms_free(plain);
	k = kallsyms_new(&root);
	kallsyms_start(k);
	kallsyms_free(k);
	sysroot_close(&root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tsc),         cmocka_unit_test(test_merge),
		cmocka_unit_test(test_buffer_size), cmocka_unit_test(test_page_size),
		cmocka_unit_test(test_pages),       cmocka_unit_test(test_damaged_pages),
		cmocka_unit_test(test_spool),       cmocka_unit_test(test_owner),
		cmocka_unit_test(test_kallsyms),    cmocka_unit_test(test_kallsyms_thread),
	};

	live_pages_free(NULL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
