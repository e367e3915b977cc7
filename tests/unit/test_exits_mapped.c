/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TEST_SOURCES: probes/exits_mapped.c */
#include <linux/kvm.h>
#include <string.h>

#include "probes/exits_mapped.h"
#include "tests/lib/check.h"

#define NAME_SIZE 16u
#define N_DESCS   3u

/* As KVM lays it out: header, id, descriptors with names, values. */
struct stats {
	struct kvm_stats_header header;
	char id[NAME_SIZE];
	struct {
		struct kvm_stats_desc desc;
		char name[NAME_SIZE];
	} descs[N_DESCS];
	uint64_t values[N_DESCS];
};

static struct stats stats_of(uint64_t n_4k, uint64_t n_2m, uint64_t n_1g)
{
	static const char *const names[] = { "pages_4k", "pages_2m", "pages_1g" };
	struct stats s = {
		.header = { .name_size = NAME_SIZE,
			    .num_desc = N_DESCS,
			    .id_offset = offsetof(struct stats, id),
			    .desc_offset = offsetof(struct stats, descs),
			    .data_offset = offsetof(struct stats, values) },
		.values = { n_4k, n_2m, n_1g },
	};

	for (size_t i = 0; i < N_DESCS; i++) {
		s.descs[i].desc.size = 1;
		s.descs[i].desc.offset = (uint32_t)(i * sizeof(uint64_t));
		memcpy(s.descs[i].name, names[i], strlen(names[i]));
	}
	return s;
}

static const uint8_t *bytes_of(const struct stats *s)
{
	return (const uint8_t *)s;
}

static void test_value(void **state)
{
	const struct stats s = stats_of(4, 2, 1);
	uint64_t v = 77;

	(void)state;
	assert_int_equal(exits_stats_value(bytes_of(&s), sizeof(s), "pages_2m", &v), 0);
	assert_int_equal(v, 2);
	assert_int_equal(exits_stats_value(bytes_of(&s), sizeof(s), "pages_1g", &v), 0);
	assert_int_equal(v, 1);
	v = 77;
	assert_int_equal(exits_stats_value(bytes_of(&s), sizeof(s), "pages", &v), -ENOENT);
	assert_int_equal(v, 77);
}

static void test_cut_off(void **state)
{
	const struct stats s = stats_of(4, 2, 1);
	uint64_t v;

	(void)state;
	/* The last value is the last thing there is: without any byte of it, it is not there. */
	for (size_t n = 0; n < sizeof(s); n++) {
		auto_free uint8_t *cut = malloc(n ? n : 1);

		assert_non_null(cut);
		memcpy(cut, bytes_of(&s), n);
		assert_int_equal(exits_stats_value(cut, n, "pages_1g", &v), -EBADMSG);
	}
}

static void test_hostile(void **state)
{
	struct stats s = stats_of(4, 2, 1);
	uint64_t v;

	(void)state;
	s.header.num_desc = UINT32_MAX;
	assert_int_equal(exits_stats_value(bytes_of(&s), sizeof(s), "nothing", &v), -EBADMSG);
	s = stats_of(4, 2, 1);
	s.header.desc_offset = UINT32_MAX;
	assert_int_equal(exits_stats_value(bytes_of(&s), sizeof(s), "pages_4k", &v), -EBADMSG);
	s = stats_of(4, 2, 1);
	s.header.data_offset = UINT32_MAX;
	assert_int_equal(exits_stats_value(bytes_of(&s), sizeof(s), "pages_4k", &v), -EBADMSG);
	s = stats_of(4, 2, 1);
	s.header.name_size = UINT32_MAX;
	assert_int_equal(exits_stats_value(bytes_of(&s), sizeof(s), "pages_4k", &v), -EBADMSG);
	s = stats_of(4, 2, 1);
	s.descs[0].desc.offset = UINT32_MAX;
	assert_int_equal(exits_stats_value(bytes_of(&s), sizeof(s), "pages_4k", &v), -EBADMSG);
	s = stats_of(4, 2, 1);
	s.descs[0].desc.size = 0;
	assert_int_equal(exits_stats_value(bytes_of(&s), sizeof(s), "pages_4k", &v), -EBADMSG);
	/* Names that have no end are no names. */
	s = stats_of(4, 2, 1);
	for (size_t i = 0; i < N_DESCS; i++)
		memset(s.descs[i].name, 'p', NAME_SIZE);
	assert_int_equal(exits_stats_value(bytes_of(&s), sizeof(s), "pages_4k", &v), -ENOENT);
}

static void test_mapped(void **state)
{
	static const struct {
		uint64_t n_4k, n_2m, n_1g, kib;
		int expected;
	} rows[] = {
		/* of 64 MiB */
		{ 16384, 0, 0, 4, 0 },     { 8192, 0, 0, 4, 0 },     { 8191, 0, 0, 0, -ENODATA },
		{ 600, 32, 0, 2048, 0 },   { 16384, 2, 0, 4, 0 },    { 16384, 16, 0, 2048, 0 },
		{ 600, 0, 1, 1048576, 0 }, { 0, 0, 0, 0, -ENODATA },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct stats s = stats_of(rows[i].n_4k, rows[i].n_2m, rows[i].n_1g);
		uint64_t kib = 0;

		assert_int_equal(exits_mapped_kib(bytes_of(&s), sizeof(s), 65536, &kib),
				 rows[i].expected);
		assert_int_equal(kib, rows[i].kib);
	}
}

static void test_mapped_without_counters(void **state)
{
	struct stats s = stats_of(1, 2, 3);
	uint64_t kib = 0;

	(void)state;
	s.header.num_desc = 2;
	assert_int_equal(exits_mapped_kib(bytes_of(&s), sizeof(s), 65536, &kib), -ENOENT);
	assert_int_equal(exits_mapped_kib(NULL, 0, 65536, &kib), -EBADMSG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_value),
		cmocka_unit_test(test_cut_off),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_mapped),
		cmocka_unit_test(test_mapped_without_counters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
