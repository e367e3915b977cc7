/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/user.h"
#include "tests/lib/check.h"

enum { CANNOT = 77 }; /* status of a child that this machine does not let do its part */

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

static void check_child(int (*run)(void))
{
	int status;
	pid_t pid;

	unsetenv("SUDO_UID");
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(run());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == CANNOT)
		skip();
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void test_become(void **state)
{
	(void)state;
	check_child(become);
}

static bool put(const char *path, const char *text)
{
	auto_fd int fd = open(path, O_WRONLY | O_CLOEXEC);

	return fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
}

static bool has_capability(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct v[_LINUX_CAPABILITY_U32S_3] = { { 0 } };

	return syscall(SYS_capget, &header, v) < 0 || v[0].permitted || v[1].permitted ||
	       v[0].effective || v[1].effective || v[0].inheritable || v[1].inheritable;
}

/* As unshare -r does: root is all there is, and its groups cannot change. */
static int become_in_namespace(void)
{
	char uids[32], gids[32];

	snprintf(uids, sizeof(uids), "0 %u 1", geteuid());
	snprintf(gids, sizeof(gids), "0 %u 1", getegid());
	if (unshare(CLONE_NEWUSER) < 0 || !put("/proc/self/setgroups", "deny") ||
	    !put("/proc/self/uid_map", uids) || !put("/proc/self/gid_map", gids))
		return CANNOT;
	if (geteuid() != 0 || !has_capability())
		return 2;
	if (user_become_harmless() < 0)
		return 3;
	return has_capability() ? 4 : 0;
}

static void test_become_in_namespace(void **state)
{
	(void)state;
	check_child(become_in_namespace);
}

static bool put_of(pid_t pid, const char *name, const char *text)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	return put(path, text);
}

/* Users there are, and groups cannot change: they are left alone, the user changes all the same. */
static int become_of_many(int go_fd, int made_fd, gid_t want_gid)
{
	uid_t uid, euid, suid;
	gid_t gid, egid, sgid;
	char byte = 0;

	if (unshare(CLONE_NEWUSER) < 0 || write(made_fd, &byte, 1) != 1 ||
	    read(go_fd, &byte, 1) != 1 || byte != 'y')
		return CANNOT;
	if (geteuid() != 0 || !has_capability())
		return 2;
	if (user_become_harmless() < 0)
		return 3;
	if (getresuid(&uid, &euid, &suid) < 0 || uid != 65534 || euid != uid || suid != uid)
		return 4;
	if (getresgid(&gid, &egid, &sgid) < 0 || gid != want_gid || egid != gid || sgid != gid)
		return 5;
	return has_capability() ? 6 : 0;
}

static int become_where(const char *gids, gid_t want_gid)
{
	static const char users[] = "0 0 1\n65534 65534 1\n";
	int go[2], made[2], status;
	char byte = 'n';
	pid_t pid;

	if (pipe(go) < 0 || pipe(made) < 0)
		return 10;
	pid = fork();
	if (pid == 0) {
		close(go[1]);
		_exit(become_of_many(go[0], made[1], want_gid));
	}
	close(made[1]);
	if (pid < 0 || read(made[0], &byte, 1) < 0)
		return 11;
	byte = put_of(pid, "setgroups", "deny") && put_of(pid, "uid_map", users) &&
			       put_of(pid, "gid_map", gids)
		       ? 'y'
		       : 'n';
	if (write(go[1], &byte, 1) < 0 || waitpid(pid, &status, 0) != pid)
		return 12;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 13;
}

static int become_in_namespace_of_many(void)
{
	return become_where("0 0 1\n65534 65534 1\n", 65534);
}

/* That there is no such group keeps nobody from being another user. */
static int become_without_group(void)
{
	return become_where("0 0 1\n", 0);
}

static void test_become_in_namespace_of_many(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	signal(SIGPIPE, SIG_IGN);
	check_child(become_in_namespace_of_many);
	check_child(become_without_group);
	signal(SIGPIPE, SIG_DFL);
}

/* As a program with capabilities of its own, run by a user. */
static int become_with_capabilities(void)
{
	if (prctl(PR_SET_KEEPCAPS, 1ul, 0ul, 0ul, 0ul) < 0 || setresuid(65534, 65534, 65534) < 0)
		return CANNOT;
	if (!has_capability())
		return 2;
	if (user_become_harmless() < 0)
		return 3;
	return has_capability() ? 4 : 0;
}

static void test_become_with_capabilities(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	check_child(become_with_capabilities);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_choice),
		cmocka_unit_test(test_become),
		cmocka_unit_test(test_become_in_namespace),
		cmocka_unit_test(test_become_in_namespace_of_many),
		cmocka_unit_test(test_become_with_capabilities),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
