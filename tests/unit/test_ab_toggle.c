/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands that switch a setting on and off. TEST_SOURCES: cli/ab_toggle.c */
#include <fcntl.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>

#include "cli/ab_toggle.h"
#include "core/say.h"
#include "tests/lib/check.h"

struct place {
	char folder[64];
	char log[128]; /* what was run, a letter each */
	char on[256], off[256];
	struct toggle toggle;
};

static int setup(void **state)
{
	struct place *p = calloc(1, sizeof(*p));

	assert_non_null(p);
	snprintf(p->folder, sizeof(p->folder), "/tmp/vfiobench-toggle.XXXXXX");
	assert_non_null(mkdtemp(p->folder));
	snprintf(p->log, sizeof(p->log), "%s/log", p->folder);
	snprintf(p->on, sizeof(p->on), "printf 1 >>%s", p->log);
	snprintf(p->off, sizeof(p->off), "printf 0 >>%s", p->log);
	p->toggle = (struct toggle){
		.on = p->on, .off = p->off, .time = timebase_monotonic(), .limit_ns = 20 * NS_PER_S
	};
	say_setup("test", true);
	*state = p;
	return 0;
}

static int teardown(void **state)
{
	struct place *p = *state;

	unlink(p->log);
	assert_int_equal(rmdir(p->folder), 0);
	free(p);
	return 0;
}

static void check_log(const struct place *p, const char *expected)
{
	char text[64] = "";
	auto_fd int fd = open(p->log, O_RDONLY);

	if (fd >= 0)
		assert_true(read(fd, text, sizeof(text) - 1) >= 0);
	assert_string_equal(text, expected);
}

static void test_runs_only_on_a_change(void **state)
{
	static const bool turns[] = { false, true, true, false, true, false, false };
	struct place *p = *state;

	for (size_t i = 0; i < ARRAY_SIZE(turns); i++)
		assert_int_equal(toggle_put(&p->toggle, turns[i], -1), 0);
	check_log(p, "01010");
	assert_int_equal(toggle_end(&p->toggle, false), 0); /* it is there */
	check_log(p, "01010");
}

static void test_ends_as_asked(void **state)
{
	struct place *p = *state;

	assert_int_equal(toggle_end(&p->toggle, false), 0);
	check_log(p, ""); /* nothing was touched: nothing to put back */
	assert_int_equal(toggle_put(&p->toggle, true, -1), 0);
	assert_int_equal(toggle_end(&p->toggle, false), 0);
	check_log(p, "10");
	assert_int_equal(toggle_end(&p->toggle, true), 0);
	check_log(p, "101");
	assert_int_equal(p->toggle.state, TOGGLE_ON);
}

static void test_failure_is_put_back(void **state)
{
	struct place *p = *state;
	static const char *const bad[] = { "exit 3", "kill -SEGV $$", "/nowhere/at/all", "(" };

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		p->toggle.on = bad[i];
		p->toggle.state = TOGGLE_OFF;
		unlink(p->log);
		assert_int_equal(toggle_put(&p->toggle, true, -1), -ECANCELED);
		assert_int_equal(p->toggle.state, TOGGLE_UNKNOWN);
		/* Also where ON was to be the end: it does not work. */
		assert_int_equal(toggle_end(&p->toggle, i & 1), 0);
		check_log(p, "0");
	}
}

static void test_failing_off_is_told(void **state)
{
	struct place *p = *state;

	p->toggle.off = "exit 1";
	assert_int_equal(toggle_put(&p->toggle, true, -1), 0);
	assert_int_equal(toggle_end(&p->toggle, false), -ECANCELED);
	check_log(p, "1");
	assert_int_equal(p->toggle.state, TOGGLE_UNKNOWN);

	/* One that failed already is not run again. */
	p->toggle.off = "printf 0 >>$LOG; exit 1";
	assert_int_equal(setenv("LOG", p->log, 1), 0);
	p->toggle.state = TOGGLE_ON;
	assert_int_equal(toggle_put(&p->toggle, false, -1), -ECANCELED);
	check_log(p, "10");
	assert_int_equal(toggle_end(&p->toggle, false), -ECANCELED);
	assert_int_equal(toggle_end(&p->toggle, true), -ECANCELED);
	check_log(p, "10");
}

/* How it was left stands on stderr, once; where nothing was run, nothing. */
static void test_says_how_it_is_left(void **state)
{
	static const struct {
		const char *on, *off;
		bool is_end_on;
		const char *expected;
		bool is_first; /* nothing was run before */
	} rows[] = {
		{ "true", "true", false, "test: the setting was left OFF\n" },
		{ "true", "true", true, "test: the setting was left ON\n" },
		{ "true", "exit 1", false,
		  "test: --off 'exit 1': exit status 1\n"
		  "test: the setting may still be ON: run it yourself: exit 1\n" },
		/* It cannot be ON, for that was never run. */
		{ "true", "exit 1", false,
		  "test: --off 'exit 1': exit status 1\n"
		  "test: --on was never run: the setting is as --off left it when it failed\n",
		  true },
		{ NULL, NULL, false, "" },
	};
	struct place *p = *state;
	const int kept = dup(STDERR_FILENO);

	assert_true(kept >= 0);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_fd int fd = memfd_create("said", MFD_CLOEXEC);
		char text[256] = "";
		int r = -ECANCELED;

		p->toggle.on = rows[i].on;
		p->toggle.off = rows[i].off;
		p->toggle.state = rows[i].is_first ? TOGGLE_FOUND : TOGGLE_ON;
		p->toggle.has_off_failed = false;
		p->toggle.has_run_on = !rows[i].is_first;
		assert_true(fd >= 0 && dup2(fd, STDERR_FILENO) >= 0);
		say_setup("test", false);
		if (rows[i].is_first)
			assert_int_equal(toggle_put(&p->toggle, false, -1), r);
		r = toggle_end(&p->toggle, rows[i].is_end_on);
		say_setup("test", true);
		assert_true(dup2(kept, STDERR_FILENO) >= 0);
		assert_int_equal(r, strstr(rows[i].expected, "exit status") ? -ECANCELED : 0);
		assert_true(pread(fd, text, sizeof(text) - 1, 0) >= 0);
		assert_string_equal(text, rows[i].expected);
	}
	close(kept);
}

static void test_failing_on_at_the_end(void **state)
{
	struct place *p = *state;

	p->toggle.on = "exit 1";
	assert_int_equal(toggle_put(&p->toggle, false, -1), 0);
	assert_int_equal(toggle_end(&p->toggle, true), -ECANCELED);
	check_log(p, "00");
	assert_int_equal(p->toggle.state, TOGGLE_OFF);
}

static void test_signal_ends_a_command(void **state)
{
	struct place *p = *state;
	auto_fd int stop = eventfd(1, EFD_CLOEXEC);

	assert_true(stop >= 0);
	p->toggle.on = "exec sleep 600";
	assert_int_equal(toggle_put(&p->toggle, true, stop), -EINTR);
	assert_int_equal(p->toggle.state, TOGGLE_UNKNOWN);
	assert_int_equal(toggle_end(&p->toggle, false), 0);
	check_log(p, "0");
}

static void test_time_limit(void **state)
{
	struct place *p = *state;

	p->toggle.limit_ns = 50 * NS_PER_MS;
	p->toggle.on = "sleep 600";
	assert_int_equal(toggle_put(&p->toggle, true, -1), -ECANCELED);
	p->toggle.limit_ns = 20 * NS_PER_S;
	assert_int_equal(toggle_end(&p->toggle, false), 0);
	check_log(p, "0");
}

static void test_nothing_to_run(void **state)
{
	struct place *p = *state;

	p->toggle.on = p->toggle.off = NULL;
	assert_int_equal(toggle_put(&p->toggle, true, -1), 0);
	assert_int_equal(p->toggle.state, TOGGLE_ON);
	assert_int_equal(toggle_end(&p->toggle, false), 0);
	check_log(p, "");
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_runs_only_on_a_change), T(test_ends_as_asked),
		T(test_failure_is_put_back),   T(test_failing_off_is_told),
		T(test_says_how_it_is_left),   T(test_failing_on_at_the_end),
		T(test_signal_ends_a_command), T(test_time_limit),
		T(test_nothing_to_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
