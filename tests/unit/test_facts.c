/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TEST_SOURCES: tests/lib/schemas.c */
/* Are the tables of facts sound? */
#include <string.h>

#include "probes/probe.h"
#include "tests/lib/check.h"
#include "tests/lib/schemas.h"

static bool ends_with(const char *key, const char *suffix)
{
	size_t n = strlen(key), n_suffix = strlen(suffix);

	return n > n_suffix && !strcmp(key + n - n_suffix, suffix);
}

static void check_unit(const struct schema *s, const struct fact_field *f)
{
	static const struct {
		const char *unit, *suffix;
	} rows[] = {
		{ "ns", "_ns" },   { "us", "_us" },       { "ms", "_ms" },
		{ "KiB", "_kib" }, { "kHz", "_khz" },     { "Hz", "_hz" },
		{ "ppm", "_ppm" }, { "ppb", "_ppb" },     { "permille", "_permille" },
		{ "s", "_s" },     { "bytes", "_bytes" }, { "MiB", "_mib" },
		{ "ps", "_ps" },
	};

	/* The members of a histogram name the unit themselves. */
	if (f->type == FACT_HIST) {
		assert_string_equal(f->unit, "ns");
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (!strcmp(f->unit, rows[i].unit) != ends_with(f->key, rows[i].suffix))
			fail_msg("%s.%s: unit '%s', and the key should say so too", s->name, f->key,
				 f->unit);
	}
	if (*f->unit && (f->type == FACT_BOOL || f->type == FACT_STR || f->type == FACT_CPUS))
		fail_msg("%s.%s: a %s has no unit", s->name, f->key, fact_type_name(f->type));
}

static void check_name(const struct schema *s, const struct fact_field *f)
{
	const size_t n = strlen(f->key);

	if (!n || strspn(f->key, "abcdefghijklmnopqrstuvwxyz0123456789_") != n)
		fail_msg("%s.%s: lower case, digits and _ only", s->name, f->key);
	if (f->type == FACT_BOOL && strncmp(f->key, "is_", 3) != 0 &&
	    strncmp(f->key, "has_", 4) != 0 && strncmp(f->key, "needs_", 6) != 0)
		fail_msg("%s.%s: flags begin with is_, has_ or needs_", s->name, f->key);
	if (!f->about || !*f->about || strpbrk(f->about, "|\n"))
		fail_msg("%s.%s: says not what it is, or not in one cell", s->name, f->key);
}

static void check_place(const struct schema *s, const struct fact_field *f, unsigned char *used)
{
	if (f->type >= FACT_TYPES || f->size != fact_type_size(f->type))
		fail_msg("%s.%s: the member is not of the type in the table", s->name, f->key);
	if (f->at + f->size > s->size)
		fail_msg("%s.%s: beyond the struct", s->name, f->key);
	for (size_t b = f->at; b < f->at + f->size; b++) {
		if (used[b]++)
			fail_msg("%s.%s: a member that has a row already", s->name, f->key);
	}
}

static void check_table(const struct schema *s, void *arg)
{
	auto_free unsigned char *used = calloc(1, s->size);
	size_t n_unused = 0;

	(void)arg;
	assert_non_null(used);
	assert_true(s->n_fields > 0 && s->name && *s->name && s->about && *s->about);
	for (size_t i = 0; i < s->n_fields; i++) {
		const struct fact_field *f = &s->fields[i];

		check_name(s, f);
		check_unit(s, f);
		check_place(s, f, used);
		if ((f->type == FACT_LIST || f->type == FACT_OBJECT) != (f->item != NULL))
			fail_msg("%s.%s: lists and objects have an item schema, others none",
				 s->name, f->key);
		for (size_t j = 0; j < i; j++) {
			if (!strcmp(f->key, s->fields[j].key))
				fail_msg("%s.%s: twice", s->name, f->key);
		}
	}
	/* Padding is shorter than a word: a longer hole is a member without a row. */
	for (size_t b = 0; b < s->size; b++) {
		n_unused = used[b] ? 0 : n_unused + 1;
		if (n_unused >= sizeof(uint64_t))
			fail_msg("%s: a member at byte %zu has no row", s->name, b);
	}
}

static void test_tables(void **state)
{
	(void)state;
	each_schema(check_table, NULL);
}

static void test_probes(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_probes; i++) {
		const struct probe *p = &probe_table[i];

		assert_string_equal(p->name, p->schema->name);
		assert_ptr_equal(probe_find(p->name), p);
		assert_true(p->title && *p->title);
	}
	assert_null(probe_find("nonesuch"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tables),
		cmocka_unit_test(test_probes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
