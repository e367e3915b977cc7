/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Is a trace.dat whole? Files of both versions, and every way of cutting them off. */
#include <string.h>
#include <sys/mman.h>

#include "core/cpus.h"
#include "probes/trace/dat_layout.h"
#include "tests/lib/check.h"

struct bytes { /* a file in the making */
	unsigned char at[4096];
	size_t n;
	bool is_big_endian;
};

static void put(struct bytes *b, const void *at, size_t n)
{
	assert_true(b->n + n <= sizeof(b->at));
	memcpy(b->at + b->n, at, n);
	b->n += n;
}

static void put_word(struct bytes *b, const char *word)
{
	put(b, word, strlen(word) + 1);
}

static void set_number(struct bytes *b, size_t at, uint64_t v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		b->at[at + i] = (unsigned char)(v >> 8 * (b->is_big_endian ? n - 1 - i : i));
}

static size_t put_number(struct bytes *b, uint64_t v, size_t n)
{
	const size_t at = b->n;

	assert_true(b->n + n <= sizeof(b->at));
	set_number(b, at, v, n);
	b->n += n;
	return at;
}

static void put_start(struct bytes *b, const char *version, uint32_t page_size)
{
	put(b, "\x17\x08\x44tracing", 10);
	put_word(b, version);
	put_number(b, b->is_big_endian, 1);
	put_number(b, 8, 1);
	put_number(b, page_size, 4);
}

static void put_headers(struct bytes *b)
{
	put_word(b, "header_page");
	put_number(b, 3, 8);
	put(b, "abc", 3);
	put_word(b, "header_event");
	put_number(b, 0, 8);
}

static void put_option(struct bytes *b, uint64_t id, const char *text)
{
	put_number(b, id, 2);
	put_number(b, strlen(text) + 1, 4);
	put_word(b, text);
}

static const char stats[] =
	"CPU: 0\nentries: 0\noverrun: 7\ncommit overrun: 1\ndropped events: 5\n";

static void put_v6_until_cpus(struct bytes *b)
{
	put_start(b, "6", 4096);
	put_headers(b);
	put_number(b, 1, 4);
	put_number(b, 5, 8);
	put(b, "ftrac", 5);
	put_number(b, 1, 4);
	put_word(b, "sched");
	put_number(b, 2, 4);
	put_number(b, 2, 8);
	put(b, "ab", 2);
	put_number(b, 0, 8);
	put_number(b, 4, 4);
	put(b, "syms", 4);
	put_number(b, 0, 4);
	put_number(b, 3, 8);
	put(b, "pid", 3);
	put_number(b, 2, 4);
}

/* Two CPUs and an instance; the data of the last CPU ends the file. */
static void make_v6(struct bytes *b)
{
	size_t buffer, table;

	put_v6_until_cpus(b);
	put(b, "options  ", 10);
	put_option(b, 2, stats);
	put_option(b, 4, "local global [mono] boot");
	put_option(b, 99, "of a later program");
	put_number(b, 3, 2);
	put_number(b, 8 + 4, 4);
	buffer = put_number(b, 0, 8);
	put_word(b, "foo");
	put_number(b, 0, 2);
	put(b, "flyrecord", 10);
	table = b->n;
	for (int i = 0; i < 4; i++)
		put_number(b, 0, 8);
	set_number(b, buffer, b->n, 8);
	put(b, "flyrecord", 10);
	for (int i = 0; i < 4; i++)
		put_number(b, 0, 8);
	set_number(b, table, b->n, 8);
	set_number(b, table + 16, b->n, 8);
	set_number(b, table + 24, 100, 8);
	for (int i = 0; i < 100; i++)
		put(b, "x", 1);
}

static size_t put_section(struct bytes *b, uint64_t id, bool is_compressed)
{
	put_number(b, id, 2);
	put_number(b, is_compressed, 2);
	put_number(b, 0, 4);
	return put_number(b, 0, 8);
}

static void end_section(struct bytes *b, size_t size_at)
{
	set_number(b, size_at, b->n - size_at - 8, 8);
}

static void make_v7(struct bytes *b)
{
	size_t first, second, section, headers, data, buffer;

	put_start(b, "7", 4096);
	put_word(b, "zstd");
	put_word(b, "1.5.4");
	first = put_number(b, 0, 8);
	headers = b->n;
	section = put_section(b, 16, true);
	put_headers(b);
	end_section(b, section);
	set_number(b, first, b->n, 8);
	section = put_section(b, 0, false);
	put_option(b, 2, stats);
	put_number(b, 16, 2);
	put_number(b, 8, 4);
	put_number(b, headers, 8);
	put_number(b, 0, 2);
	put_number(b, 8, 4);
	second = put_number(b, 0, 8);
	end_section(b, section);
	data = b->n;
	section = put_section(b, 3, false);
	put(b, "pages", 5);
	end_section(b, section);
	set_number(b, second, b->n, 8);
	section = put_section(b, 0, false);
	put_number(b, 3, 2);
	buffer = put_number(b, 0, 4);
	put_number(b, data, 8);
	put_word(b, "");
	put_word(b, "mono");
	put_number(b, 4096, 4);
	put_number(b, 1, 4);
	put_number(b, 3, 4);
	put_number(b, data + 16, 8);
	put_number(b, 5, 8);
	set_number(b, buffer, b->n - buffer - 4, 4);
	put_number(b, 0, 2);
	put_number(b, 8, 4);
	put_number(b, 0, 8);
	end_section(b, section);
}

static int read_layout(const struct bytes *b, size_t n, struct dat_layout *ret, char **ret_why)
{
	auto_fd int fd = memfd_create("dat", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, b->at, n, 0), n);
	return dat_layout_read(fd, ret, ret_why);
}

typedef void make_fn(struct bytes *b);

static const struct {
	make_fn *make;
	unsigned version;
	bool is_big_endian;
	size_t n_buffers, n_cpus;
} whole[] = {
	{ make_v6, 6, false, 2, 2 },
	{ make_v6, 6, true, 2, 2 },
	{ make_v7, 7, false, 1, 4 },
	{ make_v7, 7, true, 1, 4 },
};

static void whole_files(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(whole); i++) {
		struct bytes b = { .is_big_endian = whole[i].is_big_endian };
		struct dat_layout l;
		char *why = NULL;

		whole[i].make(&b);
		assert_int_equal(read_layout(&b, b.n, &l, &why), 0);
		assert_null(why);
		assert_int_equal(l.version, whole[i].version);
		assert_int_equal(l.is_big_endian, whole[i].is_big_endian);
		assert_int_equal(l.page_size, 4096);
		assert_int_equal(l.n_buffers, whole[i].n_buffers);
		assert_int_equal(l.n_cpus, whole[i].n_cpus);
		assert_string_equal(l.clock, "mono");
		assert_int_equal(l.n_overrun, 12);
		assert_false(l.has_rate);
	}
}

/* No piece of a file is a file. */
static void cut_off(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(whole); i++) {
		struct bytes b = { .is_big_endian = whole[i].is_big_endian };
		struct dat_layout l;

		whole[i].make(&b);
		for (size_t n = 0; n < b.n; n++) {
			auto_free char *why = NULL;

			assert_int_equal(read_layout(&b, n, &l, &why), -EBADMSG);
			assert_non_null(strstr(why, "damaged or cut off"));
		}
	}
}

/* Whatever a byte becomes, the walk ends; and no size that is told lies outside of the file. */
static void changed_bytes(void **state)
{
	static const unsigned char values[] = { 0, 1, 0x7f, 0x80, 0xff };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(whole); i++) {
		struct bytes b = { .is_big_endian = whole[i].is_big_endian };

		whole[i].make(&b);
		for (size_t at = 0; at < b.n; at++) {
			const unsigned char was = b.at[at];

			for (size_t v = 0; v < ARRAY_SIZE(values); v++) {
				auto_free char *why = NULL;
				struct dat_layout l;
				int r;

				b.at[at] = values[v];
				r = read_layout(&b, b.n, &l, &why);
				assert_true(r == 0 || r == -EBADMSG || r == -ENOTSUP);
				assert_int_equal(!r, !why);
			}
			b.at[at] = was;
		}
	}
}

static void make_old(struct bytes *b)
{
	put_start(b, "5", 4096);
}

static void make_new(struct bytes *b)
{
	put_start(b, "8", 4096);
}

static void make_latency(struct bytes *b)
{
	put_v6_until_cpus(b);
	put(b, "latency  ", 10);
	put_word(b, "text");
}

static void make_odd_page(struct bytes *b)
{
	put_start(b, "6", 5000);
}

static void make_loop(struct bytes *b)
{
	size_t first, section;

	put_start(b, "7", 4096);
	put_word(b, "none");
	put_word(b, "");
	first = put_number(b, 0, 8);
	set_number(b, first, b->n, 8);
	section = put_section(b, 0, false);
	put_number(b, 0, 2);
	put_number(b, 8, 4);
	put_number(b, first + 8, 8);
	end_section(b, section);
}

static void refused(void **state)
{
	static const struct {
		make_fn *make;
		int error;
		const char *why;
	} table[] = {
		{ make_old, -ENOTSUP, "version 5" },
		{ make_new, -ENOTSUP, "version 8" },
		{ make_latency, -ENOTSUP, "latency tracer" },
		{ make_odd_page, -EBADMSG, "its start" },
		{ make_loop, -EBADMSG, "the options" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct bytes b = { 0 };
		auto_free char *why = NULL;
		struct dat_layout l;

		table[i].make(&b);
		assert_int_equal(read_layout(&b, b.n, &l, &why), table[i].error);
		assert_non_null(strstr(why, table[i].why));
	}
}

/* Options that say where a section is cost as much as others. */
static void too_many(void **state)
{
	enum { N = 1 << 17, SIZE = 2 + 4 + 8 };
	auto_fd int fd = memfd_create("dat", MFD_CLOEXEC);
	auto_free unsigned char *options = calloc(N, SIZE);
	struct bytes b = { 0 }, option = { 0 };
	auto_free char *why = NULL;
	struct dat_layout l;
	size_t first;

	(void)state;
	assert_true(fd >= 0);
	assert_non_null(options);
	put_start(&b, "7", 4096);
	put_word(&b, "none");
	put_word(&b, "");
	first = put_number(&b, 0, 8);
	set_number(&b, first, b.n, 8);
	put_number(&option, 16, 2);
	put_number(&option, 8, 4);
	put_number(&option, b.n, 8);
	set_number(&b, put_section(&b, 0, false), (uint64_t)N * SIZE, 8);
	for (size_t i = 0; i < N; i++)
		memcpy(options + i * SIZE, option.at, SIZE);
	assert_int_equal(pwrite(fd, b.at, b.n, 0), b.n);
	assert_int_equal(pwrite(fd, options, (size_t)N * SIZE, (off_t)b.n), (size_t)N * SIZE);
	assert_int_equal(dat_layout_read(fd, &l, &why), -EBADMSG);
	assert_non_null(strstr(why, "the options"));
}

static void make_packed(struct bytes *b)
{
	size_t first, section;

	put_start(b, "7", 4096);
	put_word(b, "zstd");
	put_word(b, "1.5.4");
	first = put_number(b, 0, 8);
	set_number(b, first, b->n, 8);
	section = put_section(b, 0, true);
	put(b, "?", 1);
	end_section(b, section);
}

/* How many CPUs it has is not told by what nobody has unpacked. */
static void packed_options(void **state)
{
	struct bytes b = { 0 };
	struct dat_layout l;
	char *why = NULL;

	(void)state;
	make_packed(&b);
	assert_int_equal(read_layout(&b, b.n, &l, &why), 0);
	assert_int_equal(l.n_cpus, CPUS_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_files),   cmocka_unit_test(cut_off),
		cmocka_unit_test(changed_bytes), cmocka_unit_test(refused),
		cmocka_unit_test(too_many),      cmocka_unit_test(packed_options),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
