/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>

#include "core/say.h"
#include "tests/lib/check.h"

/* What happened on stderr since stderr_catch; the real stderr is back afterwards. */
struct caught {
	int real, file;
	char text[4096];
};

static void stderr_catch(struct caught *c)
{
	c->real = dup(STDERR_FILENO);
	c->file = memfd_create("stderr", MFD_CLOEXEC);
	assert_true(c->real >= 0 && c->file >= 0);
	fflush(stderr);
	assert_int_equal(dup2(c->file, STDERR_FILENO), STDERR_FILENO);
}

static void stderr_release(struct caught *c)
{
	ssize_t n;

	fflush(stderr);
	dup2(c->real, STDERR_FILENO);
	n = pread(c->file, c->text, sizeof(c->text) - 1, 0);
	close(c->real);
	close(c->file);
	assert_true(n >= 0);
	c->text[n] = '\0';
}

static void test_one_line_with_the_program_in_front(void **state)
{
	struct caught c;

	(void)state;
	stderr_catch(&c);
	say_setup("vfiobench", false);
	say_error("cannot read %s: %d", "/proc/x", 7);
	say_warning("second");
	say_note("third");
	stderr_release(&c);
	assert_string_equal(c.text, "vfiobench: cannot read /proc/x: 7\n"
				    "vfiobench: second\n"
				    "vfiobench: third\n");
}

static void test_quiet_drops_notes_only(void **state)
{
	struct caught c;

	(void)state;
	stderr_catch(&c);
	say_setup("probe-aio", true);
	say_note("dropped");
	say_warning("kept");
	say_error("kept too");
	say_setup("vfiobench", false);
	stderr_release(&c);
	assert_string_equal(c.text, "probe-aio: kept\nprobe-aio: kept too\n");
}

static void test_control_bytes_are_replaced(void **state)
{
	static const struct {
		const char *message, *line;
	} rows[] = {
		{ "a\033[31mred\033[0m", "vfiobench: a?[31mred?[0m\n" },
		{ "two\nlines\r\tand a tab", "vfiobench: two?lines??and a tab\n" },
		{ "bell\a delete\177", "vfiobench: bell? delete?\n" },
		{ "newline at the end\n\n", "vfiobench: newline at the end\n" },
		{ "gr\303\274n", "vfiobench: gr\303\274n\n" },
		{ "broken \303(", "vfiobench: broken ?(\n" },
		{ "100% of %s", "vfiobench: 100% of %s\n" },
		{ "", "vfiobench: \n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct caught c;

		stderr_catch(&c);
		say_error("%s", rows[i].message);
		stderr_release(&c);
		assert_string_equal(c.text, rows[i].line);
	}
}

static void test_long_messages_are_whole(void **state)
{
	char message[3001];
	struct caught c;

	(void)state;
	memset(message, 'x', sizeof(message) - 1);
	message[sizeof(message) - 1] = '\0';
	stderr_catch(&c);
	say_error("%s", message);
	stderr_release(&c);
	assert_int_equal(strlen(c.text), strlen("vfiobench: ") + 3000 + 1);
}

static void test_errno_survives(void **state)
{
	struct caught c;
	int after;

	(void)state;
	stderr_catch(&c);
	errno = EPERM;
	say_error("text");
	after = errno;
	stderr_release(&c);
	assert_int_equal(after, EPERM);
}

static void test_nobody_reads(void **state)
{
	struct caught c;
	char full[4096] = { 0 };
	int ends[2];

	(void)state;
	assert_int_equal(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
	while (write(ends[1], full, sizeof(full)) > 0)
		;
	assert_int_equal(fcntl(ends[1], F_SETFL, 0), 0);
	say_setup("vfiobench", false);
	say_no_longer_than(20 * NS_PER_MS);
	stderr_catch(&c);
	say_error("taken %d", 1);
	assert_int_equal(dup2(ends[1], STDERR_FILENO), STDERR_FILENO);
	say_error("dropped");
	assert_int_equal(dup2(c.file, STDERR_FILENO), STDERR_FILENO);
	say_error("taken %d", 2);
	stderr_release(&c);
	say_no_longer_than(0);
	close(ends[0]);
	close(ends[1]);
	assert_string_equal(c.text, "vfiobench: taken 1\nvfiobench: taken 2\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_line_with_the_program_in_front),
		cmocka_unit_test(test_quiet_drops_notes_only),
		cmocka_unit_test(test_control_bytes_are_replaced),
		cmocka_unit_test(test_long_messages_are_whole),
		cmocka_unit_test(test_errno_survives),
		cmocka_unit_test(test_nobody_reads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
