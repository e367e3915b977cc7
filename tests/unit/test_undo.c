/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "core/undo.h"
#include "tests/lib/check.h"

/* A directory with one file, "setting". */
struct place {
	char dir[32];
	char path[64];
};

static void file_put(const char *path, const char *text)
{
	FILE *f = fopen(path, "we");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static void assert_file(const char *path, const char *expected)
{
	char text[256];
	FILE *f = fopen(path, "re");
	size_t n;

	assert_non_null(f);
	n = fread(text, 1, sizeof(text) - 1, f);
	fclose(f);
	text[n] = '\0';
	assert_string_equal(text, expected);
}

static int place_setup(void **state)
{
	struct place *p = calloc(1, sizeof(*p));

	if (!p)
		return -1;
	snprintf(p->dir, sizeof(p->dir), "/tmp/test_undo_XXXXXX");
	if (!mkdtemp(p->dir)) {
		free(p);
		return -1;
	}
	snprintf(p->path, sizeof(p->path), "%s/setting", p->dir);
	*state = p;
	return 0;
}

static int place_teardown(void **state)
{
	struct place *p = *state;
	int r;

	unlink(p->path);
	r = rmdir(p->dir);
	free(p);
	return r;
}

/* Actions write their digit here, so that the order can be seen. */
struct journal {
	unsigned order;
};

struct step {
	struct journal *journal;
	unsigned digit;
	int result;
};

static int step_run(void *arg)
{
	const struct step *s = arg;

	s->journal->order = s->journal->order * 10 + s->digit;
	return s->result;
}

static void test_newest_first_each_once(void **state)
{
	struct journal j = { 0 };
	struct step steps[] = { { &j, 1, 0 }, { &j, 2, 0 }, { &j, 3, 0 } };
	struct undo u = { 0 };

	(void)state;
	assert_int_equal(undo_run(&u), 0);
	for (size_t i = 0; i < ARRAY_SIZE(steps); i++)
		assert_int_equal(undo_push(&u, step_run, &steps[i]), 0);
	assert_int_equal(j.order, 0);
	assert_int_equal(undo_run(&u), 0);
	assert_int_equal(j.order, 321);
	assert_int_equal(undo_run(&u), 0);
	assert_int_equal(j.order, 321);
}

static void test_errors_stop_nothing_and_first_is_told(void **state)
{
	struct journal j = { 0 };
	struct step steps[] = { { &j, 1, -EIO }, { &j, 2, -EPERM }, { &j, 3, 0 } };
	struct undo u = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(steps); i++)
		assert_int_equal(undo_push(&u, step_run, &steps[i]), 0);
	assert_int_equal(undo_run(&u), -EPERM);
	assert_int_equal(j.order, 321);
	assert_null(u.top);
}

static int run_again(void *arg)
{
	return undo_run(arg);
}

static void test_an_action_may_run_the_rest(void **state)
{
	struct journal j = { 0 };
	struct step step = { &j, 7, 0 };
	struct undo u = { 0 };

	(void)state;
	assert_int_equal(undo_push(&u, step_run, &step), 0);
	assert_int_equal(undo_push(&u, run_again, &u), 0);
	assert_int_equal(undo_run(&u), 0);
	assert_int_equal(j.order, 7);
}

static void test_file_is_written_and_restored(void **state)
{
	static const struct {
		const char *old, *value, *during, *after;
	} rows[] = {
		{ "65536\n", "1024", "1024\n", "65536\n" },
		{ "65536\n", "1024\n", "1024\n", "65536\n" },
		{ "long old value\n", "1", "1\n", "long old value\n" },
		{ "1", "2", "2\n", "1\n" },
		{ "", "0-3", "0-3\n", "\n" },
		{ "0-3\n", "", "\n", "0-3\n" },
		{ "always [madvise] never\n", "never", "never\n", "madvise\n" },
		{ "[none] mq-deadline\n", "x", "x\n", "none\n" },
		{ "a b[0] c\n", "x", "x\n", "a b[0] c\n" },
		{ "[a] [b]\n", "x", "x\n", "[a] [b]\n" },
		{ "[]\n", "x", "x\n", "[]\n" },
		{ "[open\n", "x", "x\n", "[open\n" },
	};
	const struct place *p = *state;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct undo u = { 0 };

		file_put(p->path, rows[i].old);
		assert_int_equal(undo_write(&u, p->path, rows[i].value), 0);
		assert_file(p->path, rows[i].during);
		assert_int_equal(undo_run(&u), 0);
		assert_file(p->path, rows[i].after);
	}
}

static void test_twice_written_ends_where_it_began(void **state)
{
	const struct place *p = *state;
	struct undo u = { 0 };

	file_put(p->path, "1\n");
	assert_int_equal(undo_write(&u, p->path, "2"), 0);
	assert_int_equal(undo_write(&u, p->path, "3"), 0);
	assert_file(p->path, "3\n");
	assert_int_equal(undo_run(&u), 0);
	assert_file(p->path, "1\n");
}

static void test_setting_of_others_is_left_alone(void **state)
{
	const struct place *p = *state;
	struct undo u = { 0 };

	file_put(p->path, "1\n");
	assert_int_equal(undo_write(&u, p->path, "2"), 0);
	file_put(p->path, "22\n");
	assert_int_equal(undo_run(&u), 0);
	assert_file(p->path, "22\n");
}

/* The same value written by somebody without a newline is still ours. */
static void test_newline_makes_no_difference(void **state)
{
	const struct place *p = *state;
	struct undo u = { 0 };

	file_put(p->path, "1\n");
	assert_int_equal(undo_write(&u, p->path, "2"), 0);
	file_put(p->path, "2");
	assert_int_equal(undo_run(&u), 0);
	assert_file(p->path, "1\n");
}

static void test_unreadable_and_unwritable_are_not_remembered(void **state)
{
	const struct place *p = *state;
	struct undo u = { 0 };

	assert_int_equal(undo_write(&u, p->path, "1"), -ENOENT);
	assert_null(u.top);
	assert_int_equal(access(p->path, F_OK), -1);
	assert_int_equal(undo_write(&u, p->dir, "1"), -EISDIR);
	assert_null(u.top);
	/* Readable, and closed to writers, root too: a file of procfs without a store. */
	assert_true(undo_write(&u, "/proc/self/cmdline", "1") < 0);
	assert_null(u.top);
}

static void test_too_large_is_no_setting(void **state)
{
	const struct place *p = *state;
	struct undo u = { 0 };

	file_put(p->path, "x\n");
	assert_int_equal(truncate(p->path, 1 << 20), 0);
	assert_int_equal(undo_write(&u, p->path, "1"), -EFBIG);
	assert_null(u.top);
}

static void test_vanished_file_is_an_error(void **state)
{
	const struct place *p = *state;
	struct journal j = { 0 };
	struct step step = { &j, 5, 0 };
	struct undo u = { 0 };

	file_put(p->path, "1\n");
	assert_int_equal(undo_push(&u, step_run, &step), 0);
	assert_int_equal(undo_write(&u, p->path, "2"), 0);
	assert_int_equal(unlink(p->path), 0);
	assert_int_equal(undo_run(&u), -ENOENT);
	/* Not made anew, and the rest was done. */
	assert_int_equal(access(p->path, F_OK), -1);
	assert_int_equal(j.order, 5);
}

/* A file of procfs that is ours alone, may always be raised, and shows values in its own form. */
static void test_kernel_shows_values_its_own_way(void **state)
{
	static const char path[] = "/proc/self/oom_score_adj";
	auto_free char *before = NULL;
	struct undo u = { 0 };
	size_t size = 0;
	FILE *f = fopen(path, "re");

	(void)state;
	assert_non_null(f);
	assert_true(getline(&before, &size, f) > 0);
	fclose(f);
	assert_int_equal(undo_write(&u, path, "0x3e8"), 0);
	assert_file(path, "1000\n");
	assert_int_equal(undo_run(&u), 0);
	assert_file(path, before);
	/* Refused by the kernel: as it was, and nothing to put back. */
	assert_int_equal(undo_write(&u, path, "2000"), -EINVAL);
	assert_null(u.top);
	assert_file(path, before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_newest_first_each_once),
		cmocka_unit_test(test_errors_stop_nothing_and_first_is_told),
		cmocka_unit_test(test_an_action_may_run_the_rest),
		cmocka_unit_test_setup_teardown(test_file_is_written_and_restored, place_setup,
						place_teardown),
		cmocka_unit_test_setup_teardown(test_twice_written_ends_where_it_began, place_setup,
						place_teardown),
		cmocka_unit_test_setup_teardown(test_setting_of_others_is_left_alone, place_setup,
						place_teardown),
		cmocka_unit_test_setup_teardown(test_newline_makes_no_difference, place_setup,
						place_teardown),
		cmocka_unit_test_setup_teardown(test_unreadable_and_unwritable_are_not_remembered,
						place_setup, place_teardown),
		cmocka_unit_test_setup_teardown(test_too_large_is_no_setting, place_setup,
						place_teardown),
		cmocka_unit_test_setup_teardown(test_vanished_file_is_an_error, place_setup,
						place_teardown),
		cmocka_unit_test(test_kernel_shows_values_its_own_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
