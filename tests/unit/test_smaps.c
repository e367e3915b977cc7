/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "probes/parse/smaps.h"
#include "tests/lib/check.h"

static void add_text(struct smaps *s, const char *text)
{
	struct text rest = text_of(text), line;

	while (text_next_line(&rest, &line))
		smaps_add_line(s, line);
}

/* A mapping of 32 MiB in pages of 4 KiB, 20 MiB of it in memory. */
#define BODY "Size: 32768 kB\nKernelPageSize: 4 kB\nMMUPageSize: 4 kB\nRss: 20480 kB\n"

static void test_what_counts(void **state)
{
	static const struct {
		const char *text;
		bool is_counted;
	} cases[] = {
		{ "7f00-7f01 rw-p 00000000 00:00 0\n" BODY, true },
		{ "7f00-7f01 rw-s 00000000 00:01 1024    /memfd:pc.ram (deleted)\n" BODY, true },
		{ "7f00-7f01 rw-s 00000000 00:01 1024    /dev/shm/ram\n" BODY, true },
		{ "7f00-7f01 rw-p 0 0:0 0\n" BODY "VmFlags: rd wr mr mw me ac sd \n", true },
		{ "7f00-7f01 r--p 0 0:0 0 /usr/lib/libLLVM.so\n" BODY, false },
		{ "7f00-7f01 ---p 0 0:0 0\n" BODY, false },
		{ "7f00-7f01 rwxp 0 0:0 0\n" BODY, false },
		{ "7f00-7f01 rw-p 0 0:0 0 [heap]\n" BODY, false },
		{ "7f00-7f01 rw-p 0 0:0 0 [stack]\n" BODY, false },
		{ "7f00-7f01 rw-s 0 0:0 0 anon_inode:[vfio-device]\n" BODY, false },
		{ "7f00-7f01 rw-s 0 0:0 0 /dev/x\n" BODY "VmFlags: rd wr sh io de\n", false },
		{ "7f00-7f01 rw-s 0 0:0 0 /dev/x\n" BODY "VmFlags: rd wr sh pf\n", false },
		{ "7f00-7f01 rw-p 0 0:0 0\nSize: 16384 kB\nKernelPageSize: 4 kB\n", false },
		{ "7f00-7f01 rw-p 0 0:0 0\nSize: 16388 kB\nKernelPageSize: 4 kB\n", true },
		{ "7f00-7f01 rw-p 0 0:0 0\nSize: 32768 kB\n", false },
		{ "7f00-7f01 rw-p 0 0:0 0\nSize: 32768\nKernelPageSize: 4 kB\n", false },
		{ "7f00-7f01 rw-p 0 0:0 0\nSize: 1099511627777 kB\nKernelPageSize: 4 kB\n", false },
		{ "7f00 rw-p 0 0:0 0\n" BODY, false },
		{ "7f00-7f01 rw 0 0:0 0\n" BODY, false },
		{ "7f00-7f01 rw-p\n" BODY, false },
		{ BODY, false },
		{ "", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct smaps s = { 0 };

		add_text(&s, cases[i].text);
		smaps_end(&s);
		if (s.n != cases[i].is_counted)
			fail_msg("%zu: %s", s.n, cases[i].text);
	}
}

static void assert_backing(const struct smaps_backing *b, struct smaps_backing want)
{
	assert_int_equal(b->page_kib, want.page_kib);
	assert_int_equal(b->is_hugetlb, want.is_hugetlb);
	assert_int_equal(b->size_kib, want.size_kib);
	assert_int_equal(b->resident_kib, want.resident_kib);
	assert_int_equal(b->anon_huge_kib, want.anon_huge_kib);
}

static void test_sums(void **state)
{
	static const char text[] =
		"7f00-7f01 rw-s 0 0:0 0 /dev/hugepages1G/ram\n"
		"Size: 2097152 kB\nKernelPageSize: 1048576 kB\nRss: 0 kB\n"
		"Shared_Hugetlb: 1048576 kB\nPrivate_Hugetlb: 1048576 kB\nVmFlags: rd wr ht\n"
		"7f02-7f03 rw-p 0 0:0 0\n" BODY "AnonHugePages: 10240 kB\n"
		"7f04-7f05 rw-s 0 0:0 0 /memfd:ram\n" BODY "ShmemPmdMapped: 2048 kB\n"
		/* small, but reserved: counts */
		"7f06-7f07 rw-p 0 0:0 0 /anon_hugepage (deleted)\n"
		"Size: 2048 kB\nKernelPageSize: 2048 kB\nRss: 0 kB\nPrivate_Hugetlb: 2048 kB\n"
		/* arm64: 64 KiB pages of both kinds */
		"7f08-7f09 rw-p 0 0:0 0\nSize: 32768 kB\nKernelPageSize: 64 kB\nRss: 64 kB\n"
		"7f0a-7f0b rw-p 0 0:0 0\nSize: 640 kB\nKernelPageSize: 64 kB\nRss: 0 kB\n"
		"VmFlags: rd wr ht\n";
	struct smaps s = { 0 };

	(void)state;
	add_text(&s, text);
	smaps_end(&s);
	smaps_end(&s); /* once more changes nothing */
	assert_int_equal(s.n, 5);
	assert_backing(&s.backings[0], (struct smaps_backing){ 4, false, 65536, 40960, 12288 });
	assert_backing(&s.backings[1], (struct smaps_backing){ 64, false, 32768, 64, 0 });
	assert_backing(&s.backings[2], (struct smaps_backing){ 64, true, 640, 0, 0 });
	assert_backing(&s.backings[3], (struct smaps_backing){ 2048, true, 2048, 2048, 0 });
	assert_backing(&s.backings[4],
		       (struct smaps_backing){ 1048576, true, 2097152, 2097152, 0 });
	assert_false(s.is_cut);
	assert_int_equal(s.n_mergeable, 0);
}

/* Mappings of any size that the kernel may merge pages of; the flags come last. */
static void test_mergeable(void **state)
{
	struct smaps s = { 0 };

	(void)state;
	add_text(&s, "7f00-7f01 rw-p 0 0:0 0\n" BODY "VmFlags: rd wr mr mw me ac sd mg \n"
		     "7f02-7f03 rw-p 0 0:0 0\nSize: 8 kB\nKernelPageSize: 4 kB\nVmFlags: rd mg\n"
		     "7f04-7f05 rw-p 0 0:0 0\n" BODY "VmFlags: rd wr mr\n");
	smaps_end(&s);
	assert_int_equal(s.n_mergeable, 2);
}

static void test_too_many_sizes(void **state)
{
	struct smaps s = { 0 };

	(void)state;
	for (unsigned i = 1; i <= SMAPS_N_BACKINGS + 1; i++) {
		auto_free char *text = NULL;

		assert_true(asprintf(&text, "1-2 rw-p 0 0:0 0\nSize: 4 kB\nKernelPageSize: %u kB\n",
				     1000 * i) > 0);
		assert_false(s.is_cut);
		add_text(&s, text);
	}
	smaps_end(&s);
	assert_int_equal(s.n, SMAPS_N_BACKINGS);
	assert_true(s.is_cut);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_counts),
		cmocka_unit_test(test_sums),
		cmocka_unit_test(test_mergeable),
		cmocka_unit_test(test_too_many_sizes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
