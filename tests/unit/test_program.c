/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/wait.h>

#include "core/program.h"
#include "tests/lib/check.h"

/* Far beyond what any of these needs on a busy machine; a hang ends the test, nothing else does. */
#define LONG (30 * NS_PER_S)

#define SHELL(script)                         \
	(const char *const[])                 \
	{                                     \
		"/bin/sh", "-c", script, NULL \
	}

static struct program run(const char *const *argv)
{
	struct program p = { .argv = argv, .limit_ns = LONG };

	assert_int_equal(program_start(&p, timebase_monotonic()), 0);
	assert_int_equal(programs_wait(&p, 1, timebase_monotonic(), -1), 0);
	assert_false(program_is_running(&p));
	return p;
}

static void assert_described(const struct program *p, const char *expected)
{
	char text[128];

	program_describe_end(p, text, sizeof(text));
	assert_string_equal(text, expected);
}

static void test_ends(void **state)
{
	static const struct {
		const char *script;
		enum program_end end;
		int code;
		const char *out, *err, *text;
	} rows[] = {
		{ "exit 0", PROGRAM_EXITED, 0, "", "", "exit status 0" },
		{ "exit 2", PROGRAM_EXITED, 2, "", "", "exit status 2" },
		{ "echo a; echo b >&2; echo c; exit 3", PROGRAM_EXITED, 3, "a\nc\n", "b\n",
		  "exit status 3" },
		{ "printf x; kill -SEGV $$", PROGRAM_SIGNALLED, SIGSEGV, "x", "",
		  "killed by signal 11 (Segmentation fault)" },
		{ "kill -KILL $$", PROGRAM_SIGNALLED, SIGKILL, "", "",
		  "killed by signal 9 (Killed)" },
		{ "exec >&- 2>&-; exit 4", PROGRAM_EXITED, 4, "", "", "exit status 4" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct program p = run(SHELL(rows[i].script));

		assert_int_equal(p.end, rows[i].end);
		assert_int_equal(p.code, rows[i].code);
		assert_string_equal(p.out, rows[i].out);
		assert_string_equal(p.err, rows[i].err);
		assert_int_equal(p.n_out, strlen(rows[i].out));
		assert_int_equal(p.n_err, strlen(rows[i].err));
		assert_true(p.is_eof_out && p.is_eof_err && p.is_reaped);
		assert_described(&p, rows[i].text);
		program_release(&p);
	}
}

static void test_not_started(void **state)
{
	static const struct {
		const char *path, *working_dir;
		int code;
		const char *text;
	} rows[] = {
		{ "/nonexistent/program", NULL, ENOENT,
		  "could not be started: No such file or directory" },
		{ "/etc", NULL, EACCES, "could not be started: Permission denied" },
		{ "/bin/sh", "/nonexistent", ENOENT,
		  "could not be started: No such file or directory" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *argv[] = { rows[i].path, "-c", "echo started", NULL };
		struct program p = { .argv = argv, .working_dir = rows[i].working_dir };

		assert_int_equal(program_start(&p, timebase_monotonic()), -rows[i].code);
		assert_int_equal(programs_wait(&p, 1, timebase_monotonic(), -1), 0);
		assert_int_equal(p.end, PROGRAM_NOT_STARTED);
		assert_int_equal(p.code, rows[i].code);
		assert_string_equal(p.out, "");
		assert_described(&p, rows[i].text);
		assert_int_equal(program_wait_line(&p, timebase_monotonic(), LONG), -EPIPE);
		program_release(&p);
	}
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

static void test_release_of_never_started(void **state)
{
	struct program p = { 0 };

	(void)state;
	program_stop(&p);
	assert_int_equal(programs_wait(&p, 1, timebase_monotonic(), -1), 0);
	program_release(&p);
	/* Descriptor 0 of the zeroed struct is not its own. */
	assert_true(fcntl(STDIN_FILENO, F_GETFD) >= 0);
}

static void test_environment_and_directory(void **state)
{
	const char *const env[] = { "ONLY=this", NULL };
	struct program p = {
		.argv = SHELL("echo $ONLY$HOME; pwd"),
		.env = env,
		.working_dir = "/usr",
		.limit_ns = LONG,
	};

	(void)state;
	assert_int_equal(program_start(&p, timebase_monotonic()), 0);
	assert_int_equal(programs_wait(&p, 1, timebase_monotonic(), -1), 0);
	assert_string_equal(p.out, "this\n/usr\n");
	program_release(&p);
}

static void test_input(void **state)
{
	static const char *const inputs[] = { NULL, "", "two\nlines" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(inputs); i++) {
		struct program p = {
			.argv = SHELL("cat"),
			.input = inputs[i],
			.limit_ns = LONG,
		};

		assert_int_equal(program_start(&p, timebase_monotonic()), 0);
		assert_int_equal(programs_wait(&p, 1, timebase_monotonic(), -1), 0);
		assert_string_equal(p.out, inputs[i] ? inputs[i] : "");
		program_release(&p);
	}
}

static void test_input_that_does_not_fit(void **state)
{
	auto_free char *input = malloc((1 << 20) + 1);
	struct program p = { .argv = SHELL("cat"), .input = input };

	(void)state;
	assert_non_null(input);
	memset(input, 'x', 1 << 20);
	input[1 << 20] = '\0';
	assert_int_equal(program_start(&p, timebase_monotonic()), -E2BIG);
	assert_int_equal(p.end, PROGRAM_NOT_STARTED);
	program_release(&p);
}

static void test_hang_is_timed_out(void **state)
{
	struct program p = {
		.argv = SHELL("echo before; sleep 1000; echo after"),
		.limit_ns = 100 * NS_PER_MS,
	};

	(void)state;
	assert_int_equal(program_start(&p, timebase_monotonic()), 0);
	assert_int_equal(program_wait_line(&p, timebase_monotonic(), LONG), 0);
	assert_described(&p, "still running");
	assert_int_equal(programs_wait(&p, 1, timebase_monotonic(), -1), 0);
	assert_int_equal(p.end, PROGRAM_TIMED_OUT);
	assert_int_equal(p.code, SIGTERM);
	assert_string_equal(p.out, "before\n");
	assert_described(&p, "still running after 100 ms");
	program_release(&p);
}

static void test_deaf_to_term_is_killed(void **state)
{
	struct program p = {
		.argv = SHELL("trap '' TERM; echo deaf; while :; do sleep 1; done"),
		.limit_ns = 100 * NS_PER_MS,
	};

	(void)state;
	assert_int_equal(program_start(&p, timebase_monotonic()), 0);
	assert_int_equal(program_wait_line(&p, timebase_monotonic(), LONG), 0);
	assert_int_equal(programs_wait(&p, 1, timebase_monotonic(), -1), 0);
	assert_int_equal(p.end, PROGRAM_TIMED_OUT);
	assert_int_equal(p.code, SIGKILL);
	assert_string_equal(p.out, "deaf\n");
	program_release(&p);
}

/* The document of a probe that ends by itself after SIGTERM is not lost. */
static void test_last_words_after_term(void **state)
{
	struct program p = {
		.argv = SHELL("trap 'echo partial; exit 0' TERM; echo ready; "
			      "while :; do sleep 0.01; done"),
		.limit_ns = LONG,
	};

	(void)state;
	assert_int_equal(program_start(&p, timebase_monotonic()), 0);
	assert_int_equal(program_wait_line(&p, timebase_monotonic(), LONG), 0);
	program_stop(&p);
	assert_int_equal(programs_wait(&p, 1, timebase_monotonic(), -1), 0);
	assert_int_equal(p.end, PROGRAM_EXITED);
	assert_int_equal(p.code, 0);
	assert_string_equal(p.out, "ready\npartial\n");
	program_release(&p);
}

static void test_stop_of_a_deaf_one(void **state)
{
	struct program p = { .argv = SHELL("trap '' TERM; echo; while :; do sleep 1; done") };

	(void)state;
	assert_int_equal(program_start(&p, timebase_monotonic()), 0);
	assert_int_equal(program_wait_line(&p, timebase_monotonic(), LONG), 0);
	program_stop(&p);
	program_stop(&p);
	assert_int_equal(programs_wait(&p, 1, timebase_monotonic(), -1), 0);
	assert_int_equal(p.end, PROGRAM_SIGNALLED);
	assert_int_equal(p.code, SIGKILL);
	program_release(&p);
}

static void test_large_output_is_whole(void **state)
{
	struct program p = run(SHELL("head -c 3000000 /dev/zero | tr '\\0' x"));

	(void)state;
	assert_int_equal(p.end, PROGRAM_EXITED);
	assert_int_equal(p.n_out, 3000000);
	assert_int_equal(strlen(p.out), 3000000);
	program_release(&p);
}

static void test_too_loud(void **state)
{
	struct program p = run((const char *const[]){ "/bin/cat", "/dev/zero", NULL });

	(void)state;
	assert_int_equal(p.end, PROGRAM_TOO_LOUD);
	assert_int_equal(p.n_out, PROGRAM_OUTPUT_MAX);
	assert_int_equal(p.out[PROGRAM_OUTPUT_MAX], '\0');
	assert_described(&p, "more than 64 MiB of output");
	program_release(&p);
}

static void test_stderr_is_cut_not_punished(void **state)
{
	struct program p = run(SHELL("head -c 1000000 /dev/zero | tr '\\0' e >&2; exit 5"));

	(void)state;
	assert_int_equal(p.end, PROGRAM_EXITED);
	assert_int_equal(p.code, 5);
	assert_int_equal(p.n_err, PROGRAM_STDERR_MAX);
	assert_int_equal(strlen(p.err), PROGRAM_STDERR_MAX);
	program_release(&p);
}

/* It holds our pipe longer than the test may last, and tells its pid to be ended by us. */
static void test_grandchild_with_the_pipe(void **state)
{
	struct program p = run(SHELL("sleep 1000 & echo $!"));
	pid_t grandchild = (pid_t)strtol(p.out, NULL, 10);

	(void)state;
	assert_true(grandchild > 1);
	/* A program that ended by itself may leave others behind. */
	assert_int_equal(kill(grandchild, SIGKILL), 0);
	assert_int_equal(p.end, PROGRAM_EXITED);
	assert_int_equal(p.code, 0);
	assert_true(p.is_eof_out);
	program_release(&p);
}

static void test_loud_grandchild(void **state)
{
	struct program p = run(SHELL("cat /dev/zero & echo $! >&2"));
	pid_t grandchild = (pid_t)strtol(p.err, NULL, 10);

	(void)state;
	assert_true(grandchild > 1);
	/* The closed pipe may have ended it already. */
	kill(grandchild, SIGKILL);
	assert_int_equal(p.end, PROGRAM_EXITED);
	assert_true(p.n_out < PROGRAM_OUTPUT_MAX);
	program_release(&p);
}

/* End of file only comes when the grandchild has gone too. */
static void test_time_limit_ends_the_whole_group(void **state)
{
	int pipe_fds[2];
	char byte;
	struct program p = {
		.argv = SHELL("(trap '' TERM; sleep 1000) & wait"),
		.limit_ns = 100 * NS_PER_MS,
	};

	(void)state;
	assert_int_equal(pipe(pipe_fds), 0);
	assert_int_equal(fcntl(pipe_fds[0], F_SETFD, FD_CLOEXEC), 0);
	assert_int_equal(program_start(&p, timebase_monotonic()), 0);
	close(pipe_fds[1]);
	assert_int_equal(programs_wait(&p, 1, timebase_monotonic(), -1), 0);
	assert_int_equal(p.end, PROGRAM_TIMED_OUT);
	assert_int_equal(read(pipe_fds[0], &byte, 1), 0);
	close(pipe_fds[0]);
	program_release(&p);
}

static void test_several_at_once(void **state)
{
	struct program p[] = {
		{ .argv = SHELL("sleep 0.2; echo slow"), .limit_ns = LONG },
		{ .argv = SHELL("echo fast"), .limit_ns = LONG },
		{ .argv = SHELL("sleep 1000"), .limit_ns = 50 * NS_PER_MS },
		{ .argv = (const char *const[]){ "/nonexistent", NULL } },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(p); i++) {
		int r = program_start(&p[i], timebase_monotonic());

		assert_int_equal(r, i == 3 ? -ENOENT : 0);
	}
	assert_int_equal(programs_wait(p, ARRAY_SIZE(p), timebase_monotonic(), -1), 0);
	assert_string_equal(p[0].out, "slow\n");
	assert_string_equal(p[1].out, "fast\n");
	assert_int_equal(p[2].end, PROGRAM_TIMED_OUT);
	assert_int_equal(p[3].end, PROGRAM_NOT_STARTED);
	for (size_t i = 0; i < ARRAY_SIZE(p); i++)
		program_release(&p[i]);
}

static void test_stop_fd(void **state)
{
	struct program p[] = {
		{ .argv = SHELL("echo one; sleep 1000") },
		{ .argv = SHELL("trap 'echo saved; exit 0' TERM; echo two; "
				"while :; do sleep 0.01; done") },
	};
	auto_fd int stop_fd = eventfd(1, EFD_CLOEXEC);

	(void)state;
	assert_true(stop_fd >= 0);
	for (size_t i = 0; i < ARRAY_SIZE(p); i++) {
		assert_int_equal(program_start(&p[i], timebase_monotonic()), 0);
		assert_int_equal(program_wait_line(&p[i], timebase_monotonic(), LONG), 0);
	}
	assert_int_equal(programs_wait(p, ARRAY_SIZE(p), timebase_monotonic(), stop_fd), -EINTR);
	assert_int_equal(p[0].end, PROGRAM_SIGNALLED);
	assert_int_equal(p[0].code, SIGTERM);
	assert_string_equal(p[0].out, "one\n");
	assert_int_equal(p[1].end, PROGRAM_EXITED);
	assert_string_equal(p[1].out, "two\nsaved\n");
	for (size_t i = 0; i < ARRAY_SIZE(p); i++)
		program_release(&p[i]);
}

static void test_quiet_stop_fd_changes_nothing(void **state)
{
	struct program p = { .argv = SHELL("echo done"), .limit_ns = LONG };
	auto_fd int stop_fd = eventfd(0, EFD_CLOEXEC);

	(void)state;
	assert_int_equal(program_start(&p, timebase_monotonic()), 0);
	assert_int_equal(programs_wait(&p, 1, timebase_monotonic(), stop_fd), 0);
	assert_int_equal(p.end, PROGRAM_EXITED);
	program_release(&p);
}

static void test_wait_line(void **state)
{
	static const struct {
		const char *script;
		uint64_t timeout_ns;
		int r;
	} rows[] = {
		{ "echo ready; sleep 1000", LONG, 0 },
		{ "printf rea; sleep 0.1; printf 'dy\\nmore'; sleep 1000", LONG, 0 },
		{ "printf half; sleep 1000", 100 * NS_PER_MS, -ETIMEDOUT },
		{ "printf half", LONG, -EPIPE },
		{ "head -c 300000 /dev/zero >&2; echo ready; sleep 1000", LONG, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct program p = { .argv = SHELL(rows[i].script) };

		assert_int_equal(program_start(&p, timebase_monotonic()), 0);
		assert_int_equal(program_wait_line(&p, timebase_monotonic(), rows[i].timeout_ns),
				 rows[i].r);
		if (rows[i].r == 0)
			assert_memory_equal(p.out, "ready\n", 6);
		/* Still running: release ends it, and nothing is left to wait for. */
		program_release(&p);
		assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	}
}

/* Line, then the rest: what wait_line took is not lost to programs_wait. */
static void test_wait_line_then_wait(void **state)
{
	struct program p = { .argv = SHELL("echo ready; echo rest"), .limit_ns = LONG };

	(void)state;
	assert_int_equal(program_start(&p, timebase_monotonic()), 0);
	assert_int_equal(program_wait_line(&p, timebase_monotonic(), LONG), 0);
	assert_int_equal(programs_wait(&p, 1, timebase_monotonic(), -1), 0);
	assert_string_equal(p.out, "ready\nrest\n");
	program_release(&p);
}

static void test_signals_are_reset(void **state)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN }, old_action;
	sigset_t term, old_mask;
	struct program p = { .argv = SHELL("grep -E '^Sig(Blk|Ign)' /proc/self/status"),
			     .limit_ns = LONG };

	(void)state;
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, &old_mask);
	sigaction(SIGPIPE, &ignore, &old_action);
	assert_int_equal(program_start(&p, timebase_monotonic()), 0);
	sigaction(SIGPIPE, &old_action, NULL);
	sigprocmask(SIG_SETMASK, &old_mask, NULL);
	assert_int_equal(programs_wait(&p, 1, timebase_monotonic(), -1), 0);
	assert_string_equal(p.out, "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
	program_release(&p);
}

static void test_our_descriptors_are_not_inherited(void **state)
{
	struct program p = { .argv = SHELL("ls /proc/self/fd"), .limit_ns = LONG };
	struct program q = p;

	(void)state;
	/* The second is started while the pipes of the first are open. */
	assert_int_equal(program_start(&p, timebase_monotonic()), 0);
	assert_int_equal(program_start(&q, timebase_monotonic()), 0);
	assert_int_equal(programs_wait(&p, 1, timebase_monotonic(), -1), 0);
	assert_int_equal(programs_wait(&q, 1, timebase_monotonic(), -1), 0);
	assert_true(p.n_out > 0);
	assert_string_equal(p.out, q.out);
	program_release(&p);
	program_release(&q);
}

static void test_no_descriptor_is_lost(void **state)
{
	int before = dup(STDIN_FILENO), after;

	(void)state;
	close(before);
	for (unsigned i = 0; i < 3; i++) {
		struct program p = run(SHELL("echo x"));
		struct program missing = { .argv = (const char *const[]){ "/nonexistent", NULL } };

		program_release(&p);
		program_start(&missing, timebase_monotonic());
		program_release(&missing);
	}
	after = dup(STDIN_FILENO);
	close(after);
	assert_int_equal(before, after);
}

/* A parent that is killed takes its child with it: the pipe of the child ends. */
static void test_child_dies_with_us(void **state)
{
	int pipe_fds[2], status;
	char byte;
	pid_t parent;

	(void)state;
	assert_int_equal(pipe(pipe_fds), 0);
	parent = fork();
	assert_true(parent >= 0);
	if (parent == 0) {
		struct program p = { .argv = SHELL("echo; exec sleep 1000") };

		if (program_start(&p, timebase_monotonic()) < 0 ||
		    program_wait_line(&p, timebase_monotonic(), LONG) < 0)
			_exit(1);
		kill(getpid(), SIGKILL);
	}
	close(pipe_fds[1]);
	assert_int_equal(waitpid(parent, &status, 0), parent);
	assert_true(WIFSIGNALED(status));
	/* The sleep holds the other end: this returns when it has ended. */
	assert_int_equal(read(pipe_fds[0], &byte, 1), 0);
	close(pipe_fds[0]);
}

static void test_describe_limits(void **state)
{
	static const struct {
		struct program p;
		const char *text;
	} rows[] = {
		{ { .end = PROGRAM_TIMED_OUT, .limit_ns = 3 * NS_PER_S },
		  "still running after 3 s" },
		{ { .end = PROGRAM_TIMED_OUT, .limit_ns = 1500 * NS_PER_MS },
		  "still running after 1500 ms" },
		{ { .end = PROGRAM_TIMED_OUT, .limit_ns = 1 }, "still running after 1 ns" },
		{ { .end = PROGRAM_SIGNALLED, .code = 9999 }, "killed by signal 9999 (unknown)" },
		{ { .end = PROGRAM_NOT_STARTED, .code = 9999 },
		  "could not be started: unknown error" },
	};
	char cut[8];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_described(&rows[i].p, rows[i].text);
	program_describe_end(&rows[0].p, cut, sizeof(cut));
	assert_string_equal(cut, "still r");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_not_started),
		cmocka_unit_test(test_release_of_never_started),
		cmocka_unit_test(test_environment_and_directory),
		cmocka_unit_test(test_input),
		cmocka_unit_test(test_input_that_does_not_fit),
		cmocka_unit_test(test_hang_is_timed_out),
		cmocka_unit_test(test_deaf_to_term_is_killed),
		cmocka_unit_test(test_last_words_after_term),
		cmocka_unit_test(test_stop_of_a_deaf_one),
		cmocka_unit_test(test_large_output_is_whole),
		cmocka_unit_test(test_too_loud),
		cmocka_unit_test(test_stderr_is_cut_not_punished),
		cmocka_unit_test(test_grandchild_with_the_pipe),
		cmocka_unit_test(test_loud_grandchild),
		cmocka_unit_test(test_time_limit_ends_the_whole_group),
		cmocka_unit_test(test_several_at_once),
		cmocka_unit_test(test_stop_fd),
		cmocka_unit_test(test_quiet_stop_fd_changes_nothing),
		cmocka_unit_test(test_wait_line),
		cmocka_unit_test(test_wait_line_then_wait),
		cmocka_unit_test(test_signals_are_reset),
		cmocka_unit_test(test_our_descriptors_are_not_inherited),
		cmocka_unit_test(test_no_descriptor_is_lost),
		cmocka_unit_test(test_child_dies_with_us),
		cmocka_unit_test(test_describe_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
