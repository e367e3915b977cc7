/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TEST_SOURCES: cli/measuring_lock.c */
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "cli/measuring_lock.h"
#include "tests/lib/check.h"

struct place {
	char folder[64], path[96];
};

static int setup(void **state)
{
	static struct place p;

	snprintf(p.folder, sizeof(p.folder), "/tmp/vfiobench-lock.XXXXXX");
	if (!mkdtemp(p.folder))
		return -1;
	snprintf(p.path, sizeof(p.path), "%s/vfiobench.lock", p.folder);
	*state = &p;
	return 0;
}

static int teardown(void **state)
{
	struct place *p = *state;

	unlink(p->path);
	return rmdir(p->folder);
}

static struct measuring_other take(const struct place *p, struct measuring_lock *lock)
{
	struct measuring_other other = { true, -1 };

	assert_int_equal(measuring_lock_take(lock, p->path, &other), 0);
	assert_true(lock->is_taken);
	return other;
}

static void test_alone(void **state)
{
	struct measuring_lock lock;
	struct stat st;

	for (int i = 0; i < 3; i++) {
		assert_false(take(*state, &lock).is_there);
		assert_false(measuring_lock_later(&lock).is_there);
		measuring_lock_release(&lock);
		assert_false(lock.is_taken);
	}
	/* Others cannot hold it, and it does not grow. */
	assert_int_equal(stat(((struct place *)*state)->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_true(st.st_size < 16);
	measuring_lock_release(&lock);
	assert_false(measuring_lock_later(&lock).is_there);
}

/* A process that measures until it is killed. */
static pid_t start(const struct place *p)
{
	struct measuring_lock lock;
	struct measuring_other other;
	int pipes[2];
	char byte;
	pid_t pid;

	assert_int_equal(pipe(pipes), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		/* What the test holds is not ours. */
		for (int fd = 3; fd < 64; fd++) {
			if (fd != pipes[1])
				close(fd);
		}
		byte = measuring_lock_take(&lock, p->path, &other) == 0 ? 'y' : 'n';
		(void)!write(pipes[1], &byte, 1);
		for (;;)
			pause();
	}
	assert_int_equal(read(pipes[0], &byte, 1), 1);
	assert_int_equal(byte, 'y');
	close(pipes[0]);
	close(pipes[1]);
	return pid;
}

static void end(pid_t pid)
{
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void test_before(void **state)
{
	const pid_t pid = start(*state);
	struct measuring_lock lock;
	struct measuring_other other = take(*state, &lock);

	end(pid);
	assert_true(other.is_there);
	assert_int_equal(other.pid, pid);
	assert_false(measuring_lock_later(&lock).is_there);
	measuring_lock_release(&lock);
	/* Whoever was killed is gone. */
	assert_false(take(*state, &lock).is_there);
	measuring_lock_release(&lock);
}

static void test_later(void **state)
{
	struct measuring_lock lock, third;
	struct measuring_other other;
	pid_t pid;

	assert_false(take(*state, &lock).is_there);
	pid = start(*state);
	other = measuring_lock_later(&lock);
	assert_true(other.is_there);
	assert_int_equal(other.pid, pid);
	/* The first ends; the second is still known. */
	measuring_lock_release(&lock);
	other = take(*state, &third);
	assert_true(other.is_there);
	assert_int_equal(other.pid, pid);
	end(pid);
	measuring_lock_release(&third);
}

/* Who measures for weeks sees many come and go: the last of them is told, not one of the first. */
static void test_many(void **state)
{
	const struct place *p = *state;
	struct measuring_lock lock, next;
	struct measuring_other other;
	pid_t pid;
	int fd;

	assert_false(take(p, &lock).is_there);
	fd = open(p->path, O_WRONLY | O_APPEND | O_CLOEXEC);
	assert_true(fd >= 0);
	for (int i = 0; i < 2000; i++)
		assert_true(dprintf(fd, "%d\n", 999999000 + i % 7) > 0);
	close(fd);
	pid = start(p);
	other = measuring_lock_later(&lock);
	assert_true(other.is_there);
	assert_int_equal(other.pid, pid);
	other = take(p, &next);
	assert_int_equal(other.pid, pid);
	end(pid);
	measuring_lock_release(&next);
	measuring_lock_release(&lock);
}

enum { AT_ONCE = 4, ROUNDS = 100 };

/* Takes it when the gate is closed, and says whether it knows that it was not alone. */
static _Noreturn void join(const struct place *p, const int *gate, const int *ready,
			   const int *told)
{
	struct measuring_other other;
	struct measuring_lock lock;
	char byte = 'y';

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	close(gate[1]);
	close(told[1]);
	if (read(gate[0], &byte, 1) != 0 || measuring_lock_take(&lock, p->path, &other) < 0)
		byte = 'n';
	if (write(ready[1], &byte, 1) != 1 || read(told[0], &byte, 1) != 0)
		_exit(2);
	_exit(byte == 'y' && (other.is_there || measuring_lock_later(&lock).is_there) ? 0 : 1);
}

/* All of them have a line of their own. */
static void check_lines(const struct place *p, const pid_t *pids)
{
	FILE *f = fopen(p->path, "r");
	char line[32];
	size_t n = 0;

	assert_non_null(f);
	while (fgets(line, sizeof(line), f)) {
		bool is_one = false;

		for (size_t i = 0; i < AT_ONCE; i++)
			is_one |= pids[i] == strtol(line, NULL, 10);
		if (!is_one)
			fail_msg("a line of nobody: %s", line);
		n++;
	}
	fclose(f);
	assert_int_equal(n, AT_ONCE);
}

static void check_at_once(const struct place *p)
{
	int gate[2], ready[2], told[2], status;
	pid_t pids[AT_ONCE];
	char byte;

	assert_int_equal(pipe(gate) | pipe(ready) | pipe(told), 0);
	for (size_t i = 0; i < AT_ONCE; i++) {
		pids[i] = fork();
		assert_true(pids[i] >= 0);
		if (pids[i] == 0)
			join(p, gate, ready, told);
	}
	close(gate[0]);
	close(gate[1]);
	for (size_t i = 0; i < AT_ONCE; i++) {
		assert_int_equal(read(ready[0], &byte, 1), 1);
		assert_int_equal(byte, 'y');
	}
	check_lines(p, pids);
	close(told[0]);
	close(told[1]);
	for (size_t i = 0; i < AT_ONCE; i++) {
		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		assert_int_equal(status, 0);
	}
	close(ready[0]);
	close(ready[1]);
}

/* Nobody writes over anybody's line, or throws it away. */
static void test_at_once(void **state)
{
	for (int i = 0; i < ROUNDS; i++)
		check_at_once(*state);
}

/* Also when the end moves after it was looked for. */
static void test_append(void **state)
{
	struct measuring_lock lock;

	assert_false(take(*state, &lock).is_there);
	assert_true(fcntl(lock.fd, F_GETFL) & O_APPEND);
	measuring_lock_release(&lock);
}

/* Whatever stands in it. */
static void test_strange_file(void **state)
{
	static const char *const texts[] = { "", "\n\n", "x\n-1\n0\n99999999999999999999\n",
					     "4194305000\n" };
	const struct place *p = *state;

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct measuring_lock lock;
		struct measuring_other other;
		int fd = open(p->path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

		assert_true(fd >= 0);
		assert_int_equal(write(fd, texts[i], strlen(texts[i])), strlen(texts[i]));
		assert_int_equal(flock(fd, LOCK_SH), 0);
		other = take(p, &lock);
		assert_true(other.is_there);
		assert_int_equal(other.pid, 0);
		measuring_lock_release(&lock);
		close(fd);
	}
}

static void test_no_file(void **state)
{
	const struct place *p = *state;
	struct measuring_lock lock;
	struct measuring_other other;

	assert_int_equal(measuring_lock_take(&lock, "/nowhere/vfiobench.lock", &other), -ENOENT);
	assert_false(lock.is_taken);
	assert_int_equal(measuring_lock_take(&lock, p->folder, &other), -EISDIR);
	assert_int_equal(symlink("/tmp/elsewhere", p->path), 0);
	assert_int_equal(measuring_lock_take(&lock, p->path, &other), -ELOOP);
	assert_int_equal(unlink(p->path), 0);
	assert_int_equal(mkfifo(p->path, 0600), 0);
	assert_int_equal(measuring_lock_take(&lock, p->path, &other), -EINVAL);
	assert_false(lock.is_taken);
	assert_false(measuring_lock_later(&lock).is_there);
	measuring_lock_release(&lock);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_alone, setup, teardown),
		cmocka_unit_test_setup_teardown(test_before, setup, teardown),
		cmocka_unit_test_setup_teardown(test_later, setup, teardown),
		cmocka_unit_test_setup_teardown(test_many, setup, teardown),
		cmocka_unit_test_setup_teardown(test_at_once, setup, teardown),
		cmocka_unit_test_setup_teardown(test_append, setup, teardown),
		cmocka_unit_test_setup_teardown(test_strange_file, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_file, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
