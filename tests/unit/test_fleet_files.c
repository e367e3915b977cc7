/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TEST_SOURCES: cli/fleet_files.c */
#include <fcntl.h>
#include <ftw.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/fleet_files.h"
#include "tests/lib/check.h"

static void test_host_of(void **state)
{
	static const struct {
		const char *name, *host;
	} rows[] = {
		{ "node-1", "node-1" },
		{ "node-20260131", "node-20260131" },
		{ "node-1@2", "node-1" },
		{ "a@b@c", "a@b" },
		{ "@2", "@2" },
		{ "node-1-20260131T120000Z", "node-1" },
		{ "-20260131T120000Z", "-20260131T120000Z" },
		{ "node-1-20260131T120000", "node-1-20260131T120000" },
		{ "node-1-2026013xT120000Z", "node-1-2026013xT120000Z" },
		/* Named by 'run': nothing says of which host. */
		{ "vfiobench-20260131T120000Z", "vfiobench-20260131T120000Z" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_free char *host = fleet_host_of(rows[i].name);

		assert_string_equal(host, rows[i].host);
	}
}

static int delete_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

static void put(const char *folder, const char *name)
{
	auto_free char *path = NULL;
	int fd;

	assert_true(asprintf(&path, "%s/%s", folder, name) > 0);
	if (name[strlen(name) - 1] == '/') {
		assert_int_equal(mkdir(path, 0700), 0);
		return;
	}
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	close(fd);
}

static void test_list(void **state)
{
	static const char *const made[] = {
		"b.json",
		"a@2.json",
		"c/",
		"c/result.json",
		"c/2.json",
		"c/report.html",
		"d/",
		"d/deeper/",
		"d/deeper/x.json",
		".hidden.json",
		"notes.txt",
		"e/",
		"a-20260131T120000Z.json",
		".git/",
		".git/x.json",
		"f@1/",
		"f@1/result.json",
		"folder.json/",
		"folder.json/result.json",
	};
	static const struct {
		const char *host, *name;
	} expected[] = {
		{ "a", "a-20260131T120000Z.json" },
		{ "a", "a@2.json" },
		{ "b", "b.json" },
		{ "c", "c/2.json" },
		{ "c", "c/result.json" },
		{ "f", "f@1/result.json" },
		{ "folder.json", "folder.json/result.json" },
	};
	char folder[] = "/tmp/fleet-XXXXXX";
	auto_fleet_files struct fleet_files files = { 0 };

	(void)state;
	assert_non_null(mkdtemp(folder));
	for (size_t i = 0; i < ARRAY_SIZE(made); i++)
		put(folder, made[i]);
	assert_int_equal(fleet_files_list(folder, &files), 0);
	assert_int_equal(nftw(folder, delete_one, 8, FTW_DEPTH | FTW_PHYS), 0);
	assert_int_equal(files.n, ARRAY_SIZE(expected));
	for (size_t i = 0; i < files.n; i++) {
		assert_string_equal(files.v[i].host, expected[i].host);
		assert_string_equal(files.v[i].name, expected[i].name);
		assert_int_equal(strncmp(files.v[i].path, folder, strlen(folder)), 0);
	}
	assert_int_equal(files.n_empty, 2);
	assert_string_equal(files.empty[0], "d");
	assert_string_equal(files.empty[1], "e");
	assert_int_equal(files.n_more, 0);
}

static void test_no_folder(void **state)
{
	struct fleet_files files = { 0 };

	(void)state;
	assert_int_equal(fleet_files_list("/nonexistent", &files), -ENOENT);
	assert_int_equal(fleet_files_list("/dev/null", &files), -ENOTDIR);
}

/* The first by name are taken, the rest is counted. */
static void test_too_many(void **state)
{
	char folder[] = "/tmp/fleet-XXXXXX", name[32];
	auto_fleet_files struct fleet_files files = { 0 };

	(void)state;
	assert_non_null(mkdtemp(folder));
	for (unsigned i = 0; i < FLEET_FILES_MAX + 3; i++) {
		snprintf(name, sizeof(name), "%06u.json", i);
		put(folder, name);
	}
	assert_int_equal(fleet_files_list(folder, &files), 0);
	assert_int_equal(nftw(folder, delete_one, 8, FTW_DEPTH | FTW_PHYS), 0);
	assert_int_equal(files.n, FLEET_FILES_MAX);
	assert_int_equal(files.n_more, 3);
	assert_string_equal(files.v[FLEET_FILES_MAX - 1].name, "001999.json");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_host_of),
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_no_folder),
		cmocka_unit_test(test_too_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
