/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TEST_SOURCES: tests/lib/schemas.c */
/* No text of a stranger's machine is shared as it is unless somebody wrote down that it may be. */
#include <string.h>

#include "tests/lib/check.h"
#include "tests/lib/schemas.h"

struct listing {
	FILE *out;
};

static bool is_text(const struct fact_field *f)
{
	return f->type == FACT_STR || f->type == FACT_STRS;
}

static void list_fields(const struct schema *s, void *arg)
{
	const struct listing *l = arg;

	for (size_t i = 0; i < s->n_fields; i++) {
		const struct fact_field *f = &s->fields[i];

		if (is_text(f) && f->privacy != FACT_WORDS)
			fprintf(l->out, "%s\t%s\t%s\n", fact_shared_as(f), s->about, f->key);
	}
}

static int compare_lines(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Sorted, each line once. */
static void print_sorted(FILE *out, char *text)
{
	size_t n = 0, n_max = 1;
	const char **lines;

	for (const char *c = text; *c; c++)
		n_max += *c == '\n';
	lines = calloc(n_max, sizeof(*lines));
	assert_non_null(lines);
	for (char *at = text, *end; (end = strchr(at, '\n')); at = end + 1) {
		*end = '\0';
		lines[n++] = at;
	}
	qsort(lines, n, sizeof(*lines), compare_lines);
	for (size_t i = 0; i < n; i++) {
		if (i == 0 || strcmp(lines[i], lines[i - 1]))
			fprintf(out, "%s\n", lines[i]);
	}
	free(lines);
}

static char *read_golden(void)
{
	auto_free char *path = NULL;
	char *text = calloc(1, 256 * KIB);
	FILE *f;

	assert_true(asprintf(&path, "%s/tests/golden/privacy.expected",
			     getenv("VFIOBENCH_SOURCE")) > 0);
	f = fopen(path, "re");
	if (!f || !text)
		fail_msg("%s cannot be read", path);
	assert_true(fread(text, 1, 256 * KIB - 1, f) > 0);
	fclose(f);
	return text;
}

/*
 * Fields that are not treated word by word are listed in tests/golden/privacy.expected, by hand:
 * there is no switch that writes it anew.
 */
static void test_listed(void **state)
{
	auto_free char *unsorted = NULL, *sorted = NULL, *golden = read_golden();
	size_t size;
	struct listing l = { open_memstream(&unsorted, &size) };
	FILE *out = open_memstream(&sorted, &size);

	(void)state;
	assert_non_null(l.out);
	assert_non_null(out);
	each_schema(list_fields, &l);
	fclose(l.out);
	print_sorted(out, unsorted);
	fclose(out);
	if (strcmp(sorted, golden)) {
		puts(sorted);
		fail_msg("the tables say the above, tests/golden/privacy.expected something else");
	}
}

static void check_field(const struct schema *s, void *arg)
{
	(void)arg;
	for (size_t i = 0; i < s->n_fields; i++) {
		const struct fact_field *f = &s->fields[i];

		if (!is_text(f) && (f->privacy != FACT_WORDS || f->pseudonym))
			fail_msg("%s.%s is no text", s->name, f->key);
		if (f->privacy == FACT_PSEUDONYM && !f->pseudonym)
			fail_msg("%s.%s has no kind of pseudonym", s->name, f->key);
		if (f->privacy == FACT_OPEN && f->pseudonym)
			fail_msg("%s.%s is open, it has no pseudonym", s->name, f->key);
		if (f->pseudonym &&
		    strspn(f->pseudonym, "abcdefghijklmnopqrstuvwxyz") != strlen(f->pseudonym))
			fail_msg("%s.%s: %s", s->name, f->key, f->pseudonym);
	}
}

static void test_consistent(void **state)
{
	(void)state;
	each_schema(check_field, NULL);
}

/* Keys under which people's words stand wherever they appear. */
static void check_default(const struct schema *s, void *arg)
{
	static const char *const keys[] = { "argv",  "cmdline", "comm",     "text",
					    "xml",   "path",    "warnings", "sentence",
					    "notes", "summary", "qemu_env", "qemu_args" };

	(void)arg;
	for (size_t i = 0; i < s->n_fields; i++) {
		for (size_t k = 0; k < ARRAY_SIZE(keys); k++) {
			if (!strcmp(s->fields[i].key, keys[k]) && s->fields[i].privacy == FACT_OPEN)
				fail_msg("%s.%s may not be open", s->name, keys[k]);
		}
	}
}

static void test_never_open(void **state)
{
	(void)state;
	each_schema(check_default, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_listed),
		cmocka_unit_test(test_consistent),
		cmocka_unit_test(test_never_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
