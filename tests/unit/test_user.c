/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/user.h"
#include "tests/lib/check.h"

static const struct {
	const char *uid, *gid;
	bool has_user;
	uid_t want_uid, harmless_uid;
	gid_t want_gid, harmless_gid;
} rows[] = {
	{ "1000", "1001", true, 1000, 1000, 1001, 1001 },
	{ NULL, NULL, false, 0, 65534, 0, 65534 },
	{ "1000", NULL, false, 0, 65534, 0, 65534 },
	{ "x", "1001", false, 0, 65534, 0, 65534 },
	{ "4294967295", "1001", false, 0, 65534, 0, 65534 },
	/* sudo of root: it has rights */
	{ "0", "0", true, 0, 65534, 0, 65534 },
	{ "1000", "0", true, 1000, 65534, 0, 65534 },
};

static void set_env(const char *name, const char *value)
{
	if (value)
		setenv(name, value, 1);
	else
		unsetenv(name);
}

static void test_choice(void **state)
{
	const bool is_root = geteuid() == 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		uid_t uid = 7;
		gid_t gid = 7;

		set_env("SUDO_UID", rows[i].uid);
		set_env("SUDO_GID", rows[i].gid);
		assert_true(user_of_sudo(&uid, &gid) == (is_root && rows[i].has_user));
		if (is_root && rows[i].has_user) {
			assert_int_equal(uid, rows[i].want_uid);
			assert_int_equal(gid, rows[i].want_gid);
		} else {
			assert_int_equal(uid, 7);
		}
		user_harmless(&uid, &gid);
		assert_int_equal(uid, is_root ? rows[i].harmless_uid : 0);
		assert_int_equal(gid, is_root ? rows[i].harmless_gid : 0);
	}
}

/* In a child, as there is no way back. */
static int become(void)
{
	uid_t uid, euid, suid;
	gid_t group;

	if (user_become_harmless() < 0)
		return 2;
	if (getresuid(&uid, &euid, &suid) < 0 || uid == 0 || uid != euid || uid != suid)
		return 3;
	if (getgroups(1, &group) > 1 || setuid(0) == 0)
		return 4;
	return 0;
}

static void test_become(void **state)
{
	int status;
	pid_t pid;

	(void)state;
	unsetenv("SUDO_UID");
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(become());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_choice),
		cmocka_unit_test(test_become),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
