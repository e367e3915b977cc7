/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files for the user: whole or not there. TEST_SOURCES: cli/output.c */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/output.h"
#include "tests/lib/check.h"

struct scratch {
	char path[64];
	mode_t mask;
};

static int setup(void **state)
{
	struct scratch *s = calloc(1, sizeof(*s));

	assert_non_null(s);
	snprintf(s->path, sizeof(s->path), "/tmp/vfiobench-output.XXXXXX");
	assert_non_null(mkdtemp(s->path));
	assert_int_equal(chdir(s->path), 0);
	s->mask = umask(022);
	unsetenv("SUDO_UID");
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	static const char *const names[] = { "file", "fifo", "link" };
	struct scratch *s = *state;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		unlink(names[i]);
	umask(s->mask);
	assert_int_equal(chdir("/"), 0);
	assert_int_equal(rmdir(s->path), 0); /* nothing else was left */
	free(s);
	return 0;
}

struct words {
	const char *text;
	int error; /* after the text was written */
};

static int write_words(FILE *out, void *arg)
{
	const struct words *w = arg;

	return fputs(w->text, out) == EOF ? neg_errno() : w->error;
}

static int write_to(const char *path, const char *text)
{
	struct words w = { text, 0 };

	return output_file(path, write_words, &w);
}

static int fail_to(const char *path, const char *text)
{
	struct words w = { text, -ENOMEM };

	return output_file(path, write_words, &w);
}

static void check_content(const char *name, const char *words)
{
	char text[64] = "";
	auto_fd int fd = open(name, O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_true(read(fd, text, sizeof(text) - 1) >= 0);
	assert_string_equal(text, words);
}

static mode_t mode_of(const char *name)
{
	struct stat st;

	assert_int_equal(lstat(name, &st), 0);
	return st.st_mode;
}

static void test_file(void **state)
{
	(void)state;
	assert_int_equal(write_to("file", "one"), 0);
	check_content("file", "one");
	assert_int_equal(mode_of("file"), S_IFREG | 0644);
	assert_int_equal(fail_to("file", "two"), -ENOMEM);
	check_content("file", "one");
	umask(077);
	assert_int_equal(write_to("file", "three"), 0);
	check_content("file", "three");
	assert_int_equal(mode_of("file"), S_IFREG | 0600);
	assert_int_equal(write_to("none/file", "x"), -ENOENT);
}

/* A link is replaced; what it leads to stays as it is. */
static void test_link(void **state)
{
	(void)state;
	assert_int_equal(write_to("file", "theirs"), 0);
	assert_int_equal(symlink("file", "link"), 0);
	assert_int_equal(write_to("link", "ours"), 0);
	check_content("file", "theirs");
	check_content("link", "ours");
	assert_true(S_ISREG(mode_of("link")));
}

/* Renamed over /dev/null, a report would take it from the whole machine. */
static void test_special(void **state)
{
	char text[8] = "";
	auto_fd int fd = -1;

	(void)state;
	assert_int_equal(mkfifo("fifo", 0600), 0);
	fd = open("fifo", O_RDWR | O_CLOEXEC | O_NONBLOCK);
	assert_true(fd >= 0);
	assert_int_equal(write_to("fifo", "words"), 0);
	assert_int_equal(read(fd, text, sizeof(text) - 1), 5);
	assert_string_equal(text, "words");
	assert_true(S_ISFIFO(mode_of("fifo")));
	assert_int_equal(fail_to("fifo", ""), -ENOMEM);
}

static void test_folder(void **state)
{
	auto_free char *path = NULL;
	auto_free char *again = NULL;
	auto_free char *named = NULL;
	auto_free char *none = NULL;

	(void)state;
	assert_int_equal(output_folder("folder/", "vfiobench", 0, &path), 0);
	assert_int_equal(mode_of("folder"), S_IFDIR | 0755);
	assert_int_equal(output_folder("folder", "vfiobench", 0, &again), 0);
	assert_int_equal(output_folder(NULL, "vfiobench", 1700000000 * NS_PER_S, &named), 0);
	assert_string_equal(named, "vfiobench-20231114T221320Z");
	assert_int_equal(rmdir(named), 0);
	assert_int_equal(rmdir("folder"), 0);
	assert_int_equal(output_folder("none/below", "vfiobench", 0, &none), -ENOENT);
	assert_int_equal(write_to("file", ""), 0);
	assert_true(output_folder("file", "vfiobench", 0, &none) < 0);
	assert_null(none);
}

static void test_spare_folder(void **state)
{
	const struct scratch *s = *state;
	auto_free char *path = NULL;
	auto_free char *other = NULL;

	setenv("TMPDIR", s->path, 1);
	assert_int_equal(output_spare_folder(&path), 0);
	assert_int_equal(output_spare_folder(&other), 0);
	unsetenv("TMPDIR");
	assert_string_not_equal(path, other);
	assert_int_equal(strncmp(path, s->path, strlen(s->path)), 0);
	assert_int_equal(mode_of(path), S_IFDIR | 0700);
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(rmdir(other), 0);
}

static void a_folder_for_one(void **state)
{
	int first = -1, second = -1;

	(void)state;
	assert_int_equal(output_lock("nowhere", &first), -ENOENT);
	assert_int_equal(output_lock(".", &first), 0);
	assert_int_equal(output_lock(".", &second), -EBUSY);
	assert_int_equal(second, -1);
	close(first);
	assert_int_equal(output_lock(".", &second), 0);
	close(second);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_file, setup, teardown),
		cmocka_unit_test_setup_teardown(test_link, setup, teardown),
		cmocka_unit_test_setup_teardown(test_special, setup, teardown),
		cmocka_unit_test_setup_teardown(test_folder, setup, teardown),
		cmocka_unit_test_setup_teardown(a_folder_for_one, setup, teardown),
		cmocka_unit_test_setup_teardown(test_spare_folder, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
