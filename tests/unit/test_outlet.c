/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>

#include "core/outlet.h"
#include "tests/lib/check.h"

#define SHORTLY (50 * NS_PER_MS)
#define LONG    (20 * NS_PER_S)

/* More than a pipe or a terminal holds. */
enum { SIZE = 300000 };

static int no_sigpipe(void **state)
{
	(void)state;
	signal(SIGPIPE, SIG_IGN);
	return 0;
}

static char *numbered_text(void)
{
	char *text = malloc(SIZE);

	assert_non_null(text);
	for (size_t i = 0; i < SIZE; i++)
		text[i] = (char)('!' + i % 89);
	return text;
}

/* Both ends of a terminal, or of a pipe: what is written to ends[1] is read from ends[0]. */
static void open_terminal(int ends[2])
{
	int unlock = 0;
	struct termios raw;

	ends[0] = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (ends[0] < 0 || ioctl(ends[0], TIOCSPTLCK, &unlock) < 0)
		skip();
	ends[1] = ioctl(ends[0], TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (ends[1] < 0)
		skip();
	assert_int_equal(tcgetattr(ends[1], &raw), 0);
	cfmakeraw(&raw);
	assert_int_equal(tcsetattr(ends[1], TCSANOW, &raw), 0);
}

static void open_pipe(int ends[2])
{
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
}

static void close_ends(const int ends[2])
{
	close(ends[0]);
	close(ends[1]);
}

static void check_all_arrives(int ends[2], int flags)
{
	struct outlet o = { .fd = ends[1] };
	auto_free char *text = numbered_text(), *got = malloc(SIZE);
	size_t n = 0;

	assert_non_null(got);
	assert_int_equal(fcntl(ends[1], F_SETFL, flags), 0);
	flags = fcntl(ends[1], F_GETFL);
	assert_int_equal(outlet_add(&o, text, SIZE / 2), 0);
	assert_int_equal(outlet_left(&o), SIZE / 2);
	assert_int_equal(outlet_drain(&o, SHORTLY, -1), -ETIMEDOUT);
	assert_in_range(outlet_left(&o), 1, SIZE / 2 - 1);
	assert_int_equal(outlet_add(&o, text + SIZE / 2, SIZE - SIZE / 2), 0);
	while (n < SIZE) {
		const ssize_t r = read(ends[0], got + n, SIZE - n);

		assert_true(r > 0);
		n += (size_t)r;
		outlet_push(&o);
	}
	assert_memory_equal(got, text, SIZE);
	assert_int_equal(outlet_left(&o), 0);
	assert_int_equal(outlet_drain(&o, LONG, -1), 0);
	assert_int_equal(fcntl(ends[1], F_GETFL), flags);
	outlet_release(&o);
	close_ends(ends);
}

static void what_is_not_taken_waits(void **state)
{
	static const int flags[] = { 0, O_NONBLOCK };
	int ends[2];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(flags); i++) {
		open_pipe(ends);
		check_all_arrives(ends, flags[i]);
		open_terminal(ends);
		check_all_arrives(ends, flags[i]);
	}
}

static void a_stopped_terminal_takes_nothing(void **state)
{
	int ends[2];
	struct outlet o = { 0 };

	(void)state;
	open_terminal(ends);
	o.fd = ends[1];
	assert_int_equal(tcflow(ends[1], TCOOFF), 0);
	assert_int_equal(outlet_add(&o, "text", 4), 0);
	assert_int_equal(outlet_drain(&o, SHORTLY, -1), -ETIMEDOUT);
	assert_int_equal(outlet_left(&o), 4);
	assert_int_equal(tcflow(ends[1], TCOON), 0);
	assert_int_equal(outlet_drain(&o, LONG, -1), 0);
	outlet_release(&o);
	close_ends(ends);
}

static void a_stop_ends_the_wait(void **state)
{
	struct outlet o = { 0 };
	auto_free char *text = numbered_text();
	int ends[2], stop[2];

	(void)state;
	open_pipe(ends);
	open_pipe(stop);
	o.fd = ends[1];
	assert_int_equal(write(stop[1], "", 1), 1);
	/* Not before what is taken at once. */
	assert_int_equal(outlet_add(&o, text, 100), 0);
	assert_int_equal(outlet_drain(&o, LONG, stop[0]), 0);
	assert_int_equal(outlet_add(&o, text, SIZE), 0);
	assert_int_equal(outlet_drain(&o, LONG, stop[0]), -EINTR);
	assert_in_range(outlet_left(&o), 1, SIZE - 1);
	outlet_release(&o);
	assert_int_equal(outlet_left(&o), 0);
	close_ends(ends);
	close_ends(stop);
}

static void an_error_stays(void **state)
{
	struct outlet o = { 0 };
	int ends[2];

	(void)state;
	open_pipe(ends);
	close(ends[0]);
	o.fd = ends[1];
	assert_int_equal(outlet_add(&o, "text", 4), 0);
	assert_int_equal(outlet_drain(&o, LONG, -1), -EPIPE);
	assert_int_equal(outlet_left(&o), 0);
	assert_int_equal(outlet_add(&o, "more", 4), 0);
	assert_int_equal(outlet_left(&o), 0);
	assert_int_equal(o.error, -EPIPE);
	outlet_release(&o);
	close(ends[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_taken_waits),
		cmocka_unit_test(a_stopped_terminal_takes_nothing),
		cmocka_unit_test(a_stop_ends_the_wait),
		cmocka_unit_test(an_error_stays),
	};

	return cmocka_run_group_tests(tests, no_sigpipe, NULL);
}
