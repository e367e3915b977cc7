/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TEST_SOURCES: probes/capture/capture.c probes/capture/entries.c probes/capture/guest.c */
/* TEST_SOURCES: probes/capture/paths.c probes/capture/processes.c probes/capture/settings.c */
/* TEST_SOURCES: probes/capture/texts.c probes/capture/walk.c probes/guest_find.c */
/* TEST_SOURCES: probes/kernel_names.c probes/processes.c probes/smaps_read.c probes/user_file.c */
/* TEST_SOURCES: tests/lib/tree.c */
/* What a capture does at its bounds. */
#include <string.h>

#include "probes/capture/parts.h"
#include "tests/lib/check.h"
#include "tests/lib/tree.h"

/* The entry at a path; NULL: there is none. */
static const struct bundle_entry *find(const struct bundle *b, const char *path)
{
	for (size_t i = 0; i < b->n; i++) {
		if (!strcmp(b->v[i].path, path))
			return &b->v[i];
	}
	return NULL;
}

static void check_entry(const struct bundle *b, const char *path, enum bundle_kind kind,
			const char *bytes)
{
	const struct bundle_entry *e = find(b, path);

	if (!e)
		fail_msg("no %s", path);
	assert_int_equal(e->kind, kind);
	assert_string_equal(e->bytes, bytes);
}

static void test_total(void **state)
{
	auto_bundle struct bundle b = { .n = 0 };
	struct capture c = { .b = &b, .total = CAPTURE_TOTAL_MAX - 3 };

	(void)state;
	assert_int_equal(capture_put(&c, BUNDLE_FILE, "/long", "123456", 6), 0);
	assert_int_equal(capture_put(&c, BUNDLE_LINK, "/link", "target", 6), 0);
	assert_int_equal(capture_put_error(&c, "/secret", -EACCES), 0);
	assert_int_equal(capture_put(&c, BUNDLE_FILE, "/short", "123", 3), 0);
	assert_int_equal(capture_put(&c, BUNDLE_FILE, "/one", "1", 1), 0);
	assert_int_equal(capture_put(&c, BUNDLE_FILE, "/empty", "", 0), 0);
	check_entry(&b, "/long", BUNDLE_ERROR, "EFBIG");
	check_entry(&b, "/link", BUNDLE_ERROR, "EFBIG");
	check_entry(&b, "/secret", BUNDLE_ERROR, "EACCES");
	check_entry(&b, "/short", BUNDLE_FILE, "123");
	check_entry(&b, "/one", BUNDLE_ERROR, "EFBIG");
	check_entry(&b, "/empty", BUNDLE_FILE, "");
	assert_int_equal(c.count.n_too_big, 3);
	assert_int_equal(c.count.n_errors, 4);
	assert_int_equal(c.count.n_files, 2);
	assert_int_equal(c.total, CAPTURE_TOTAL_MAX);
	capture_forget(&c);
}

static void test_file_too_big(void **state)
{
	auto_bundle struct bundle b = { .n = 0 };
	auto_free char *bytes = calloc(1, CAPTURE_FILE_MAX + 1);
	struct capture c = { .b = &b };

	(void)state;
	assert_non_null(bytes);
	assert_int_equal(capture_put(&c, BUNDLE_FILE, "/most", bytes, CAPTURE_FILE_MAX), 0);
	assert_int_equal(capture_put(&c, BUNDLE_FILE, "/more", bytes, CAPTURE_FILE_MAX + 1), 0);
	assert_int_equal(find(&b, "/most")->len, CAPTURE_FILE_MAX);
	check_entry(&b, "/more", BUNDLE_ERROR, "EFBIG");
	assert_int_equal(c.count.n_too_big, 1);
	capture_forget(&c);
}

/* Each of these links stands for two of the next: followed one by one they never end. */
static void test_links(void **state)
{
	static const struct capture_row row = { 0 };
	const struct tree *tree = *state;
	auto_bundle struct bundle b = { .n = 0 };
	struct capture c = { .root = &tree->root, .b = &b };
	char name[16], target[32];

	for (unsigned i = 0; i < 39; i++) {
		snprintf(name, sizeof(name), "l%u", i);
		snprintf(target, sizeof(target), "l%u/l%u", i + 1, i + 1);
		tree_link(tree, target, name);
	}
	tree_link(tree, ".", "l39");
	tree_file(tree, "file", "found");
	assert_int_equal(capture_walk(&c, &row, "/l0/file"), 0);
	check_entry(&b, "/l0", BUNDLE_LINK, "l1/l1");
	assert_null(find(&b, "/file"));
	/* Three links are few. */
	assert_int_equal(capture_walk(&c, &row, "/l38/file"), 0);
	check_entry(&b, "/file", BUNDLE_FILE, "found");
	capture_forget(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_total),
		cmocka_unit_test(test_file_too_big),
		cmocka_unit_test_setup_teardown(test_links, tree_setup, tree_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
