/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "core/confine.h"
#include "core/program.h"
#include "tests/lib/check.h"

#define LONG (30 * NS_PER_S)

static const struct confine small = { .memory_bytes = 256 * MIB, .cpu_s = 7 };

/* Runs in the shell itself, as it can start nothing. Writes to the folder in $AT. */
static struct program run(const char *script, const char *at)
{
	const char *const argv[] = { "/bin/sh", "-c", script, NULL };
	char place[64];
	const char *const env[] = { place, NULL };
	struct program p = { .argv = argv, .env = env, .confine = &small, .limit_ns = LONG };

	snprintf(place, sizeof(place), "AT=%s", at);
	assert_int_equal(program_start(&p, timebase_monotonic()), 0);
	assert_int_equal(programs_wait(&p, 1, timebase_monotonic(), -1), 0);
	return p;
}

#define STATUS(name) \
	"while read -r a b; do case $a in " name ") echo $b;; esac; done </proc/self/status"

/* Of a descriptor that we hold, as a shell does that was told 99<file. */
#define INHERITED "99"
enum { INHERITED_FD = 99 };

static const struct {
	const char *script, *out, *err; /* a piece of it; NULL: any */
} rows[] = {
	{ "ulimit -v; ulimit -t; ulimit -f; ulimit -c; ulimit -p", "262144\n7\n0\n0\n0\n", "" },
	{ "ulimit -H -v; ulimit -H -t; ulimit -H -f; ulimit -H -c; ulimit -H -p",
	  "262144\n7\n0\n0\n0\n", "" },
	{ "ulimit -p 10 && echo more", "", "ulimit" },
	{ STATUS("NoNewPrivs:"), "1\n", "" },
	{ STATUS("CapEff:|CapPrm:|CapInh:|CapAmb:"),
	  "0000000000000000\n0000000000000000\n0000000000000000\n0000000000000000\n", "" },
	{ "/bin/echo started; echo not reached", "", "fork" },
	{ "echo $(echo started)", "", "fork" },
	{ "echo word >$AT/file; echo wrote", NULL, NULL },
	{ "echo word >>$AT/known; echo wrote", NULL, NULL },
	{ "echo quiet >/dev/null; echo done", "done\n", "" },
	{ "exec 3<$AT/known; read -r a <&3; echo $a", "kept\n", "" },
	{ "[ -e /proc/self/fd/" INHERITED " ] || echo closed", "closed\n", "" },
	{ "read -r p comm state pp group session rest </proc/self/stat; "
	  "echo $((group == p)) $((session == p))",
	  "1 1\n", "" },
	{ "exec /bin/echo the program itself", "the program itself\n", "" },
};

static size_t size_of(const char *folder, const char *name)
{
	char path[96];
	struct stat st;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return stat(path, &st) < 0 ? 0 : (size_t)st.st_size;
}

static void check_rows(const char *folder)
{
	const int held = dup2(STDIN_FILENO, INHERITED_FD);

	assert_true(held >= 0);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct program p = run(rows[i].script, folder);

		if (rows[i].out && strcmp(p.out, rows[i].out) != 0)
			fail_msg("%s: '%s' (%s)", rows[i].script, p.out, p.err);
		if (rows[i].err && (*rows[i].err ? !strstr(p.err, rows[i].err) : p.n_err != 0))
			fail_msg("%s: stderr '%s'", rows[i].script, p.err);
		program_release(&p);
	}
	close(held);
	assert_int_equal(size_of(folder, "file"), 0);
	assert_int_equal(size_of(folder, "known"), strlen("kept\n"));
}

/* A folder where anybody may write. */
struct place {
	char folder[40], known[64], made[64];
};

static int setup(void **state)
{
	struct place *p = calloc(1, sizeof(*p));
	FILE *f;

	assert_non_null(p);
	snprintf(p->folder, sizeof(p->folder), "/tmp/test-confine.XXXXXX");
	assert_non_null(mkdtemp(p->folder));
	snprintf(p->known, sizeof(p->known), "%s/known", p->folder);
	snprintf(p->made, sizeof(p->made), "%s/file", p->folder);
	f = fopen(p->known, "w");
	assert_non_null(f);
	fputs("kept\n", f);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(p->folder, 0777), 0);
	assert_int_equal(chmod(p->known, 0666), 0);
	*state = p;
	return 0;
}

static int teardown(void **state)
{
	struct place *p = *state;

	unlink(p->made);
	unlink(p->known);
	assert_int_equal(rmdir(p->folder), 0);
	free(p);
	return 0;
}

static void test_limits(void **state)
{
	const struct place *p = *state;

	check_rows(p->folder);
}

static void *do_nothing(void *arg)
{
	return arg;
}

/* What a child says that may start threads. */
static int start_in_confinement(void)
{
	static const struct confine threads = { .memory_bytes = UINT64_MAX,
						.cpu_s = 7,
						.has_threads = true };
	pthread_t thread;
	pid_t pid;

	if (confine_self(&threads) < 0)
		return 2;
	if (pthread_create(&thread, NULL, do_nothing, NULL) != 0 || pthread_join(thread, NULL) != 0)
		return 3;
	pid = fork();
	if (pid == 0)
		_exit(0);
	if (pid > 0 || errno != EPERM)
		return 4;
	pid = vfork();
	if (pid == 0)
		_exit(0);
	if (pid > 0)
		return 5;
	return syscall(SYS_clone3, NULL, 0) < 0 && errno == ENOSYS ? 0 : 6;
}

static void test_threads(void **state)
{
	int status;
	const pid_t pid = fork();

	(void)state;
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(start_in_confinement());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

/* In a child, as there is no way back: what a user without rights gets. */
static void test_limits_of_a_user(void **state)
{
	const struct place *p = *state;
	int status;
	pid_t pid;

	if (geteuid() != 0)
		skip();
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		if (setresgid(65533, 65533, 65533) < 0 || setresuid(65534, 65534, 65534) < 0)
			_exit(2);
		check_rows(p->folder);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

/* As kernels before 5.9 and some containers are. */
static bool lose_close_range(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_close_range, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = { ARRAY_SIZE(filter), filter };

	return prctl(PR_SET_NO_NEW_PRIVS, 1ul, 0ul, 0ul, 0ul) == 0 &&
	       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

static void test_no_close_range(void **state)
{
	const struct place *p = *state;
	int status;
	pid_t pid;

	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		if (!lose_close_range())
			_exit(77);
		if (close_range(1000, 1000, 0) == 0 || errno != ENOSYS)
			_exit(2);
		check_rows(p->folder);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 77)
		skip();
	assert_int_equal(WEXITSTATUS(status), 0);
}

/* The whole of it ends, also as it has a session of its own. */
static void test_end(void **state)
{
	const char *const argv[] = { "/bin/sh", "-c",
				     "trap '' TERM; echo here; while :; do :; done", NULL };
	struct program p = { .argv = argv, .confine = &small, .limit_ns = 100 * NS_PER_MS };

	(void)state;
	assert_int_equal(program_start(&p, timebase_monotonic()), 0);
	assert_int_equal(programs_wait(&p, 1, timebase_monotonic(), -1), 0);
	assert_int_equal(p.end, PROGRAM_TIMED_OUT);
	program_release(&p);
}

static void test_whom(void **state)
{
	const struct place *place = *state;
	struct program p;

	if (geteuid() != 0)
		skip();
	unsetenv("SUDO_UID");
	p = run(STATUS("Uid:|Gid:|Groups:"), place->folder);
	assert_string_equal(p.out, "65534 65534 65534 65534\n65534 65534 65534 65534\n\n");
	program_release(&p);
	setenv("SUDO_UID", "4321", 1);
	setenv("SUDO_GID", "4322", 1);
	p = run(STATUS("Uid:|Gid:|Groups:"), place->folder);
	assert_string_equal(p.out, "4321 4321 4321 4321\n4322 4322 4322 4322\n\n");
	program_release(&p);
	unsetenv("SUDO_UID");
	unsetenv("SUDO_GID");
}

static bool can_be_offline(void)
{
	int status = 1;
	const pid_t pid = fork();

	if (pid == 0)
		_exit(unshare(CLONE_NEWNET) < 0);
	return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

static void test_offline(void **state)
{
	const struct place *place = *state;
	struct program p;

	if (!can_be_offline()) {
		print_message("skipped: no network namespace for us\n");
		skip();
	}
	p = run("while read -r a b; do case $a in *:) echo $a;; esac; done </proc/self/net/dev",
		place->folder);
	assert_string_equal(p.out, "lo:\n");
	program_release(&p);
}

static void test_no_file_is_made(void **state)
{
	const struct place *place = *state;
	struct program p;

	if (syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) <= 0) {
		print_message("skipped: no landlock here\n");
		skip();
	}
	p = run(": >$AT/file", place->folder);
	assert_non_null(strstr(p.err, "ermission denied"));
	program_release(&p);
	assert_int_equal(access(place->made, F_OK), -1);
	p = run(": >$AT/known", place->folder);
	assert_int_equal(size_of(place->folder, "known"), strlen("kept\n"));
	program_release(&p);
}

/* A limit that was lower before stays. */
static void test_lower_limits_stay(void **state)
{
	const struct place *place = *state;
	struct rlimit was;
	struct program p;
	int status;
	pid_t pid;

	assert_int_equal(getrlimit(RLIMIT_CPU, &was), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		if (setrlimit(RLIMIT_CPU, &(struct rlimit){ 5, 5 }) < 0)
			_exit(2);
		p = run("ulimit -t", place->folder);
		_exit(strcmp(p.out, "5\n") == 0 ? 0 : 3);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_limits, setup, teardown),
		cmocka_unit_test(test_threads),
		cmocka_unit_test_setup_teardown(test_limits_of_a_user, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_close_range, setup, teardown),
		cmocka_unit_test(test_end),
		cmocka_unit_test_setup_teardown(test_whom, setup, teardown),
		cmocka_unit_test_setup_teardown(test_offline, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_file_is_made, setup, teardown),
		cmocka_unit_test_setup_teardown(test_lower_limits_stay, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
