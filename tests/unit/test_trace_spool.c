/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TEST_SOURCES: probes/trace_spool.c probes/stop.c tests/lib/tree.c */
/* Pages on disk: what is in use stays, what a killed run left goes. */
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "probes/trace_parts.h"
#include "tests/lib/check.h"
#include "tests/lib/probe_env.h"

#define LEFT "/var/tmp/vfiobench-spool.left-over"

static bool is_there(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

static void put_file(int folder, const char *name, size_t size)
{
	auto_fd int fd = openat(folder, name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, (off_t)size), 0);
}

static void open_spool(struct probe_fixture *x, struct trace_spool *ret_spool)
{
	assert_int_equal(trace_spool_open(&x->env, ret_spool), 0);
	assert_true(ret_spool->fd >= 0);
	assert_true(ret_spool->max_bytes > 0 && ret_spool->max_bytes <= 4 * GIB);
}

static void test_sweep(void **state)
{
	struct trace_spool spool;
	struct probe_fixture x;
	auto_free char *path = NULL;

	probe_fixture_init(&x, *state, "trace");
	open_spool(&x, &spool);
	put_file(spool.fd, "cpu0", 10);
	path = strdup(spool.path);
	assert_non_null(path);
	assert_true(mkdir(LEFT, 0700) == 0 || errno == EEXIST);
	{
		auto_fd int fd = open(LEFT, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

		assert_true(fd >= 0);
		put_file(fd, "cpu0", 10);
	}
	trace_spool_sweep();
	assert_false(is_there(LEFT));
	assert_true(is_there(path));
	assert_int_equal(faccessat(spool.fd, "cpu0", F_OK, 0), 0);
	trace_spool_close(&spool);
	assert_false(is_there(path));
	probe_fixture_release(&x);
}

/* Its number may be another one's by then: that says nothing. */
static void test_killed(void **state)
{
	struct trace_spool spool;
	struct probe_fixture x;
	char path[64] = "";
	int pipe_fds[2];
	pid_t pid;

	probe_fixture_init(&x, *state, "trace");
	assert_int_equal(pipe2(pipe_fds, O_CLOEXEC), 0);
	pid = fork();
	if (pid == 0) {
		if (trace_spool_open(&x.env, &spool) < 0 || spool.fd < 0 ||
		    write(pipe_fds[1], spool.path, strlen(spool.path)) < 0)
			_exit(1);
		raise(SIGKILL);
	}
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_true(read(pipe_fds[0], path, sizeof(path) - 1) > 0);
	close(pipe_fds[0]);
	close(pipe_fds[1]);
	trace_spool_sweep();
	assert_false(is_there(path));
	probe_fixture_release(&x);
}

static void test_interrupted(void **state)
{
	const struct trace_kept kept = { .has_events = true, .is_interrupted = true };
	struct trace_spool spool;
	struct probe_fixture x;

	probe_fixture_init(&x, *state, "trace");
	x.env.time = timebase_monotonic();
	x.env.keep_trace = "/nowhere/kept.dat";
	open_spool(&x, &spool);
	put_file(spool.fd, "cpu0", 64 * MIB);
	assert_int_equal(trace_spool_keep(&x.env, &spool, &kept), 0);
	assert_non_null(x.env.gaps);
	assert_non_null(strstr(x.env.gaps->error, "interrupted, and 64 MiB"));
	trace_spool_close(&spool);
	probe_fixture_release(&x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_sweep, tree_setup, tree_teardown),
		cmocka_unit_test_setup_teardown(test_killed, tree_setup, tree_teardown),
		cmocka_unit_test_setup_teardown(test_interrupted, tree_setup, tree_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
