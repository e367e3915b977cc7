/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files of ours: whole or not there, also when somebody may not give them away. */
#include <dirent.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "core/save.h"
#include "tests/lib/check.h"

struct folder {
	char path[64], file[96];
};

static unsigned count(const char *path)
{
	DIR *d = opendir(path);
	unsigned n = 0;

	assert_non_null(d);
	while (readdir(d))
		n++;
	closedir(d);
	/* Without "." and "..". */
	return n - 2;
}

static int set_up(void **state)
{
	struct folder *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	snprintf(f->path, sizeof(f->path), "/tmp/vfiobench-save-XXXXXX");
	assert_non_null(mkdtemp(f->path));
	snprintf(f->file, sizeof(f->file), "%s/result.json", f->path);
	unsetenv("SUDO_UID");
	unsetenv("SUDO_GID");
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct folder *f = *state;

	unlink(f->file);
	assert_int_equal(rmdir(f->path), 0);
	free(f);
	return 0;
}

static void check_content(const char *path, const char *want)
{
	char got[64] = "";
	auto_fd int fd = open(path, O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(read(fd, got, sizeof(got) - 1), strlen(want));
	assert_string_equal(got, want);
}

static int put(FILE *out, void *arg)
{
	return fputs(arg, out) == EOF ? neg_errno() : 0;
}

static int save(const char *path, int (*write)(FILE *out, void *arg), const char *words)
{
	char text[64];

	snprintf(text, sizeof(text), "%s", words);
	return save_file(path, write, text);
}

static int put_and_fail(FILE *out, void *arg)
{
	const int r = put(out, arg);

	return r < 0 ? r : -EILSEQ;
}

static void test_whole(void **state)
{
	const struct folder *f = *state;
	const mode_t mask = umask(027);
	struct stat st;

	assert_int_equal(save(f->file, put, "one"), 0);
	check_content(f->file, "one");
	assert_int_equal(stat(f->file, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	umask(mask);
	assert_int_equal(save(f->file, put, "two"), 0);
	check_content(f->file, "two");
	assert_int_equal(save(f->file, put_and_fail, "three"), -EILSEQ);
	check_content(f->file, "two");
	assert_int_equal(count(f->path), 1);
}

static void test_no_folder(void **state)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/missing/file", ((struct folder *)*state)->path);
	assert_int_equal(save(path, put, "one"), -ENOENT);
}

static void test_relative(void **state)
{
	const struct folder *f = *state;
	auto_fd int back = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	assert_true(back >= 0);
	assert_int_equal(chdir(f->path), 0);
	assert_int_equal(save("result.json", put, "one"), 0);
	assert_int_equal(fchdir(back), 0);
	check_content(f->file, "one");
}

static int die(FILE *out, void *arg)
{
	if (put(out, arg) == 0 && fflush(out) == 0)
		raise(SIGKILL);
	return -EIO;
}

static int status_of(pid_t pid)
{
	int status = 0;

	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static int write_many(FILE *out, void *arg)
{
	const size_t *n = arg;

	for (size_t i = 0; i < *n; i++)
		fputs("0123456789abcde\n", out);
	return save_error(out);
}

/* Whether the stream found out meanwhile or when it was closed. */
static void test_full(void **state)
{
	static const size_t lines[] = { 1, 255, 256, 257, 300, 100000 };
	auto_free char *text = NULL;
	size_t size, n = 1;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		n = lines[i];
		assert_int_equal(save_file("/dev/full", write_many, &n), -ENOSPC);
		assert_int_equal(save_file("/dev/null", write_many, &n), 0);
	}
	assert_non_null(out);
	assert_int_equal(write_many(out, &n), 0);
	assert_int_equal(fclose(out), 0);
}

static void test_killed(void **state)
{
	const struct folder *f = *state;
	const int fd = open(f->path, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
	pid_t pid;

	if (fd < 0)
		skip();
	close(fd);
	pid = fork();
	if (pid == 0)
		_exit(save(f->file, die, "half"));
	assert_true(WIFSIGNALED(status_of(pid)));
	assert_int_equal(count(f->path), 0);
}

/* As root without the right to give files away: what NFS that squashes root is like. */
static int save_without_rights(const char *path)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = { { 0 } };

	if (syscall(SYS_capset, &header, none) < 0)
		return 3;
	setenv("SUDO_UID", "1000", 1);
	setenv("SUDO_GID", "1000", 1);
	return save(path, put, "kept") == 0 ? 0 : 1;
}

static void test_not_given_away(void **state)
{
	const struct folder *f = *state;
	int status;
	pid_t pid;

	if (geteuid() != 0)
		skip();
	pid = fork();
	if (pid == 0)
		_exit(save_without_rights(f->file));
	status = status_of(pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	check_content(f->file, "kept");
	assert_int_equal(count(f->path), 1);
}

static void test_given_away(void **state)
{
	const struct folder *f = *state;
	struct stat st;

	if (geteuid() != 0)
		skip();
	setenv("SUDO_UID", "1000", 1);
	setenv("SUDO_GID", "1001", 1);
	assert_int_equal(save(f->file, put, "theirs"), 0);
	assert_int_equal(stat(f->file, &st), 0);
	assert_int_equal(st.st_uid, 1000);
	assert_int_equal(st.st_gid, 1001);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_whole, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_no_folder, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_relative, set_up, tear_down),
		cmocka_unit_test(test_full),
		cmocka_unit_test_setup_teardown(test_killed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_not_given_away, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_given_away, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
