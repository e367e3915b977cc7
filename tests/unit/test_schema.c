/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TEST_SOURCES: tests/lib/schemas.c */
/* Does everything the tables of facts name survive a document, and is anything else refused? */
#include <string.h>

#include "probes/probe.h"
#include "tests/lib/check.h"
#include "tests/lib/schemas.h"

static void *new_facts(const struct schema *s, struct arena *a)
{
	void *facts = arena_alloc(a, s->size);

	assert_non_null(facts);
	return facts;
}

static struct doc *encode(const struct schema *s, const void *facts)
{
	struct doc *d = NULL;

	assert_int_equal(schema_encode(s, facts, &d), 0);
	assert_non_null(d);
	return d;
}

static struct doc *full_document(const struct schema *s, struct arena *a)
{
	struct filler with = { .arena = a };
	void *facts = new_facts(s, a);

	schema_fill(s, facts, &with);
	return encode(s, facts);
}

static struct doc *parse(const char *text)
{
	struct doc_error error;
	struct doc *d = NULL;

	if (doc_parse(text, strlen(text), &d, &error) < 0)
		fail_msg("%s: %s", text, error.message);
	return d;
}

static void check_round_trip(const struct schema *s, void *arg)
{
	auto_arena struct arena a = { 0 };
	auto_doc struct doc *d = full_document(s, &a);
	auto_free char *text = doc_print(d, false);
	auto_doc struct doc *read = parse(text);
	auto_doc struct doc *again = NULL;
	auto_free char *text_again = NULL;
	void *facts = new_facts(s, &a);
	const char *why = NULL;

	(void)arg;
	for (size_t i = 0; i < s->n_fields; i++)
		assert_non_null(doc_get(d, s->fields[i].key));
	if (schema_decode(s, read, &a, facts, &why) < 0)
		fail_msg("%s: %s", s->name, why);
	again = encode(s, facts);
	assert_true(doc_equal(d, again));
	/* the order of the keys too */
	text_again = doc_print(again, false);
	assert_string_equal(text, text_again);
}

static void test_round_trip(void **state)
{
	(void)state;
	each_schema(check_round_trip, NULL);
}

/* What nobody knows is not in the document, and an empty document makes nothing known. */
static void check_unknown(const struct schema *s, void *arg)
{
	auto_arena struct arena a = { 0 };
	auto_doc struct doc *empty = doc_object_new();
	auto_doc struct doc *d = NULL;
	void *facts = new_facts(s, &a);

	(void)arg;
	assert_int_equal(schema_decode(s, empty, &a, facts, NULL), 0);
	d = encode(s, facts);
	assert_true(doc_equal(d, empty));
}

static void test_unknown(void **state)
{
	(void)state;
	each_schema(check_unknown, NULL);
}

/* Keys of a newer version are passed over. */
static void check_new_keys(const struct schema *s, void *arg)
{
	auto_arena struct arena a = { 0 };
	auto_doc struct doc *d = full_document(s, &a);
	auto_doc struct doc *again = NULL;
	auto_doc struct doc *more = full_document(s, &a);
	void *facts = new_facts(s, &a);

	(void)arg;
	assert_int_equal(doc_put(more, "zz_from_the_future", parse("[{\"a\":[1.5,null]}]")), 0);
	assert_int_equal(schema_decode(s, more, &a, facts, NULL), 0);
	again = encode(s, facts);
	assert_true(doc_equal(d, again));
}

static void test_new_keys(void **state)
{
	(void)state;
	each_schema(check_new_keys, NULL);
}

/* clang-format off */
static const char *const wrong[FACT_TYPES][8] = {
	[FACT_U64] = { "\"1\"", "-1", "1.0", "true", "null", "[]", "{}" },
	[FACT_I64] = { "\"1\"", "1.0", "true", "null", "[]", "{}" },
	[FACT_BOOL] = { "\"true\"", "0", "1", "null", "[]" },
	[FACT_STR] = { "1", "true", "null", "[]", "{}" },
	[FACT_CPUS] = { "\"a\"", "\"3-1\"", "\"0-8192\"", "7", "[0,1]", "null" },
	[FACT_STRS] = { "\"a\"", "[1]", "[\"a\",null]", "{}", "null" },
	[FACT_PAIRS] = { "[1,2]", "[[1]]", "[[1,2,3]]", "[[1,-2]]", "[[1,\"2\"]]", "{}", "null" },
	[FACT_HIST] = {
		"[]", "{}", "{\"n\":1,\"min_ns\":1,\"max_ns\":1,\"sum_ns\":1}",
		"{\"n\":2,\"min_ns\":1,\"max_ns\":1,\"sum_ns\":1,\"buckets\":[[1,1]]}",
		"{\"n\":1,\"min_ns\":2,\"max_ns\":1,\"sum_ns\":1,\"buckets\":[[1,1]]}",
		"{\"n\":1,\"min_ns\":1,\"max_ns\":1,\"sum_ns\":1,\"buckets\":[[4480,1]]}",
		"{\"n\":1,\"min_ns\":1,\"max_ns\":1,\"sum_ns\":1,\"buckets\":[[1]]}",
	},
	[FACT_LIST] = { "{}", "[1]", "[{},null]", "\"a\"", "null" },
	[FACT_OBJECT] = { "[]", "1", "[{}]", "\"a\"", "null" },
};
/* clang-format on */

/* {"KEY":TEXT}, or inside of a fact {"OUTER":[{},{"KEY":TEXT}]}, {"OUTER":{"KEY":TEXT}} */
static void check_refused(const struct schema *s, const struct fact_field *in,
			  const struct fact_field *f, const char *text)
{
	auto_arena struct arena a = { 0 };
	const bool is_list = in && in->type == FACT_LIST;
	const struct fact_field *outer = in ? in : f;
	const char *path =
		!in ? f->key : arena_printf(&a, "%s%s.%s", in->key, is_list ? "[1]" : "", f->key);
	const char *object = arena_printf(&a, "{\"%s\":%s}", f->key, text);
	auto_doc struct doc *d =
		parse(!in ? object
			  : arena_printf(&a, is_list ? "{\"%s\":[{},%s]}" : "{\"%s\":%s}", in->key,
					 object));
	void *facts = new_facts(s, &a);
	const char *why = NULL;
	int r = schema_decode(s, d, &a, facts, &why);

	if (r != -EBADMSG || !why || strncmp(why, path, strlen(path)) != 0 ||
	    !strstr(why, "expected"))
		fail_msg("%s.%s = %s: %d, '%s'", s->name, path, text, r, why ? why : "");
	/* and nothing half-read is left */
	for (size_t b = 0; b < outer->size; b++)
		assert_int_equal(((const char *)facts)[outer->at + b], 0);
	assert_int_equal(schema_decode(s, d, &a, facts, NULL), -EBADMSG);
}

static void check_wrong_types(const struct schema *s, void *arg)
{
	(void)arg;
	for (size_t i = 0; i < s->n_fields; i++) {
		const struct fact_field *f = &s->fields[i];

		assert_non_null(wrong[f->type][0]);
		for (size_t w = 0; w < 8 && wrong[f->type][w]; w++)
			check_refused(s, NULL, f, wrong[f->type][w]);
		for (size_t k = 0; f->item && k < f->item->n_fields; k++) {
			const struct fact_field *inner = &f->item->fields[k];

			check_refused(s, f, inner, wrong[inner->type][0]);
		}
	}
}

static void test_wrong_types(void **state)
{
	(void)state;
	each_schema(check_wrong_types, NULL);
}

static void test_no_object(void **state)
{
	static const char *const texts[] = { "[]", "1", "\"a\"", "null", "true" };
	const struct schema *s = probe_table[0].schema;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		auto_arena struct arena a = { 0 };
		auto_doc struct doc *list = parse(arena_printf(&a, "[%s]", texts[i]));
		const char *why = NULL;

		assert_int_equal(schema_decode(s, doc_at(list, 0), &a, new_facts(s, &a), &why),
				 -EBADMSG);
		assert_non_null(why);
	}
}

struct differences {
	size_t n;
	bool expects_one_side;
};

static int count_difference(void *arg, const struct fact_field *field, const char *before,
			    const char *after)
{
	struct differences *seen = arg;

	assert_int_equal(field->compare, FACT_SETTING);
	if (seen->expects_one_side)
		assert_true(!before && after && *after);
	else
		assert_true(before && after && strcmp(before, after) != 0);
	seen->n++;
	return 0;
}

/* Every setting that is known on one side only, or differs, is told; nothing else is. */
static void check_differences(const struct schema *s, void *arg)
{
	auto_arena struct arena a = { 0 };
	struct filler with = { .arena = &a }, other = { .arena = &a, .n = 1000 };
	void *none = new_facts(s, &a), *full = new_facts(s, &a), *next = new_facts(s, &a);
	struct differences seen = { 0 };
	size_t n_settings = 0, n_flags = 0;

	(void)arg;
	schema_fill(s, full, &with);
	schema_fill(s, next, &other);
	for (size_t i = 0; i < s->n_fields; i++) {
		n_settings += s->fields[i].compare == FACT_SETTING;
		/* they are all filled with "true" */
		n_flags += s->fields[i].compare == FACT_SETTING && s->fields[i].type == FACT_BOOL;
	}
	assert_int_equal(schema_differences(s, full, full, count_difference, &seen), 0);
	assert_int_equal(seen.n, 0);
	assert_int_equal(schema_differences(s, full, next, count_difference, &seen), 0);
	assert_int_equal(seen.n, n_settings - n_flags);
	seen = (struct differences){ .expects_one_side = true };
	assert_int_equal(schema_differences(s, none, full, count_difference, &seen), 0);
	assert_int_equal(seen.n, n_settings);
}

static void test_differences(void **state)
{
	(void)state;
	each_schema(check_differences, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {

		cmocka_unit_test(test_round_trip), cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_new_keys),   cmocka_unit_test(test_wrong_types),
		cmocka_unit_test(test_no_object),  cmocka_unit_test(test_differences),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
