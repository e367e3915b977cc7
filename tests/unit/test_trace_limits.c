/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TEST_SOURCES: probes/trace_limits.c */
/* What a stranger's file may cost: limits that are set, and what is said when one is hit. */
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "probes/trace_parts.h"
#include "tests/lib/check.h"

/* In children: a limit is for good. */
static void check_child(int (*run)(void))
{
	const pid_t pid = fork();
	int status;

	if (pid == 0)
		_exit(run());
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static bool is_at_most(__rlimit_resource_t resource, uint64_t max)
{
	struct rlimit l;

	return getrlimit(resource, &l) == 0 && l.rlim_cur <= max && l.rlim_max <= max + 10;
}

static int check_set(void)
{
	if (trace_limits_hit(-EBADMSG) || trace_limits_set() < 0)
		return 1;
	if (!is_at_most(RLIMIT_CORE, 0) || !is_at_most(RLIMIT_CPU, 1700) ||
	    !is_at_most(RLIMIT_FSIZE, 4 * GIB))
		return 2;
	return trace_limits_hit(-EBADMSG) ? 3 : 0;
}

static void test_set(void **state)
{
	(void)state;
	check_child(check_set);
}

/* What was less stays so. */
static int check_less(void)
{
	const struct rlimit less = { 5, 6 };
	struct rlimit l;

	if (setrlimit(RLIMIT_CPU, &less) < 0 || trace_limits_set() < 0 ||
	    getrlimit(RLIMIT_CPU, &l) < 0)
		return 1;
	return l.rlim_cur == 5 && l.rlim_max == 6 ? 0 : 2;
}

static void test_less(void **state)
{
	(void)state;
	check_child(check_less);
}

static int check_file(void)
{
	char path[] = "/tmp/vfiobench-limits-XXXXXX";
	const int fd = mkstemp(path);
	const char *words;

	if (fd < 0 || unlink(path) < 0 || trace_limits_set() < 0)
		return 1;
	/* The process goes on. */
	if (pwrite(fd, "x", 1, (off_t)(4 * GIB)) != -1 || errno != EFBIG)
		return 2;
	words = trace_limits_hit(-EBADMSG);
	return words && strstr(words, "unpacked it takes more than") ? 0 : 3;
}

static void test_file(void **state)
{
	(void)state;
	check_child(check_file);
}

static void test_memory(void **state)
{
	(void)state;
	assert_non_null(strstr(trace_limits_hit(-ENOMEM), "memory"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_set),
		cmocka_unit_test(test_less),
		cmocka_unit_test(test_file),
		cmocka_unit_test(test_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
