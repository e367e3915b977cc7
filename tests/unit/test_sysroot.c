/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TEST_SOURCES: tests/lib/tree.c */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "core/sysroot.h"
#include "tests/lib/check.h"
#include "tests/lib/tree.h"

struct file {
	const char *path, *text;
	size_t len;
};

/* clang-format off */
#define FILE_OF(path, text) { path, text, sizeof(text) - 1 }

static const struct file files[] = {
	FILE_OF("etc/secret", "inside\n"),	FILE_OF("proc/max", "65536\n"),
	FILE_OF("proc/zero_byte", "0\n\0"),	FILE_OF("proc/negative", "-1\n"),
	FILE_OF("proc/two", "1 2\n"),		FILE_OF("proc/hex", "0x10\n"),
	FILE_OF("proc/huge", "18446744073709551616\n"), FILE_OF("proc/empty", ""),
	FILE_OF("proc/newline", "\n"),	FILE_OF("proc/null", "  (null)\n"),
	FILE_OF("proc/nul_newline", "\0\n"),	FILE_OF("proc/list", "0-3,8\n"),
	FILE_OF("proc/huge_list", "0-4294967295\n"), FILE_OF("proc/words", "Not tainted\n"),
	FILE_OF("proc/mask", "00000001,0000000f\n"), FILE_OF("proc/huge_mask", "1g\n"),
	FILE_OF("proc/lines", " first \t\r\nsecond\n"), FILE_OF("proc/unended", "only"),
	FILE_OF("proc/cmdline", "qemu\0-name\0"), FILE_OF("proc/binary", "a\0b"),
	FILE_OF("locked/file", "x"),
};

static const struct {
	const char *target, *path;
} links[] = {
	{ "/etc/secret", "absolute" },
	{ "../../../../../../../../etc/secret", "upward" },
	{ "/../../outside", "outside_absolute" },
	{ "../outside", "outside_upward" },
	{ "/", "top" },
	{ "..", "sys/up" },
	{ "nowhere", "dangling" },
	{ "loop_b", "loop_a" },
	{ "loop_a", "loop_b" },
	{ "/proc/self/root/etc/hostname", "magic" },
};
/* clang-format on */

static int setup(void **state)
{
	auto_free char *outside = NULL;
	struct tree *tree;
	int fd;

	assert_int_equal(tree_setup(state), 0);
	tree = *state;
	assert_true(asprintf(&outside, "%s/outside", tree->top) > 0);
	fd = open(outside, O_WRONLY | O_CREAT | O_CLOEXEC, 0644); /* what must not be reached */
	assert_true(fd >= 0);
	close(fd);
	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		tree_bytes(tree, files[i].path, files[i].text, files[i].len);
	for (size_t i = 0; i < ARRAY_SIZE(links); i++)
		tree_link(tree, links[i].target, links[i].path);
	assert_int_equal(mkfifoat(tree->fd, "fifo", 0644), 0);
	assert_false(tree->root.is_live);
	return 0;
}

/* sysroot_read() gives want (NULL: nothing) and r. */
static void check_read(const struct sysroot *root, const char *path, int want_r, const char *want)
{
	char untouched = 'x';
	char *text = &untouched;
	size_t len = 77;
	int r = sysroot_read(root, &text, &len, "%s", path);

	if (r != want_r)
		fail_msg("%s: %d, not %d", path, r, want_r);
	if (r < 0) {
		assert_ptr_equal(text, &untouched);
		assert_int_equal(len, 77);
		return;
	}
	assert_int_equal(len, strlen(want));
	assert_string_equal(text, want);
	free(text);
}

static void test_read(void **state)
{
	static const struct {
		const char *path;
		int r;
		const char *want;
	} cases[] = {
		{ "/proc/max", 0, "65536\n" },     { "//proc///max", 0, "65536\n" },
		{ "/proc/empty", 0, "" },          { "/proc/missing", -ENOENT, NULL },
		{ "/missing/max", -ENOENT, NULL }, { "/proc/max/x", -ENOTDIR, NULL },
		{ "/proc", -EISDIR, NULL },        { "/", -EISDIR, NULL },
		{ "proc/max", -EINVAL, NULL },     { "", -EINVAL, NULL },
		{ "/dangling", -ENOENT, NULL },    { "/loop_a", -ELOOP, NULL },
	};
	const struct tree *tree = *state;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		check_read(&tree->root, cases[i].path, cases[i].r, cases[i].want);
}

static void test_read_keeps_nul_bytes(void **state)
{
	const struct tree *tree = *state;
	auto_free char *text = NULL;
	size_t len;

	assert_int_equal(sysroot_read(&tree->root, &text, &len, "/proc/%s", "cmdline"), 0);
	assert_int_equal(len, 11);
	assert_memory_equal(text, "qemu\0-name\0", 12); /* and the NUL that is not counted */
}

static void test_links_stay_inside(void **state)
{
	static const struct {
		const char *path;
		int r;
		const char *want;
	} cases[] = {
		{ "/absolute", 0, "inside\n" },
		{ "/upward", 0, "inside\n" },
		{ "/../../../../etc/secret", 0, "inside\n" },
		{ "/sys/up/etc/secret", 0, "inside\n" },
		{ "/sys/up/../../../../etc/secret", 0, "inside\n" },
		{ "/top/top/absolute", 0, "inside\n" },
		{ "/outside_absolute", -ENOENT, NULL },
		{ "/outside_upward", -ENOENT, NULL },
		{ "/../outside", -ENOENT, NULL },
		{ "/top/../outside", -ENOENT, NULL },
		{ "/magic", -ENOENT, NULL },
	};
	const struct tree *tree = *state;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		check_read(&tree->root, cases[i].path, cases[i].r, cases[i].want);
}

/* A tree with the real /proc in it (a container's root): its magic links lead nowhere. */
static void test_magic_links_are_closed(void **state)
{
	struct sysroot root;

	(void)state;
	assert_int_equal(sysroot_open(&root, "/proc"), 0);
	assert_false(root.is_live);
	check_read(&root, "/self/root/proc/version", -EXDEV, NULL);
	check_read(&root, "/self/exe", -EXDEV, NULL);
	sysroot_close(&root);
}

static void test_fifo_does_not_hang(void **state)
{
	const struct tree *tree = *state;

	alarm(20); /* ends the program instead of waiting for a writer for ever */
	check_read(&tree->root, "/fifo", -EINVAL, NULL);
	assert_int_equal(sysroot_open_file(&tree->root, O_RDONLY, "/fifo"), -EINVAL);
	assert_int_equal(sysroot_exists(&tree->root, "/fifo"), 0);
	alarm(0);
}

/* On the live system a FIFO may be read, but not waited for. */
static void test_live_fifo_does_not_hang(void **state)
{
	const struct tree *tree = *state;
	auto_free char *path = NULL;
	struct sysroot root;

	assert_true(asprintf(&path, "%s/tree/fifo", tree->top) > 0);
	assert_int_equal(sysroot_open(&root, "/"), 0);
	alarm(20);
	check_read(&root, path, 0, "");
	alarm(0);
	sysroot_close(&root);
}

static void test_device_is_not_opened(void **state)
{
	const struct tree *tree = *state;

	if (mknodat(tree->fd, "null", S_IFCHR | 0666, (1 << 8) | 3) < 0)
		skip(); /* only root can make one */
	check_read(&tree->root, "/null", -EINVAL, NULL);
	assert_int_equal(sysroot_open_file(&tree->root, O_RDONLY, "/null"), -EINVAL);
}

static void test_file_size_bound(void **state)
{
	static const struct {
		size_t size;
		int r;
	} cases[] = {
		{ 4095, 0 },
		{ 4096, 0 },
		{ 4097, 0 },
		{ SYSROOT_FILE_MAX - 1, 0 },
		{ SYSROOT_FILE_MAX, 0 },
		{ SYSROOT_FILE_MAX + 1, -EFBIG },
		{ 17u << 20, -EFBIG },
		{ 1ull << 40, -EFBIG }, /* sparse */
	};
	const struct tree *tree = *state;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		auto_free char *text = NULL;
		size_t len = 0;

		tree_file(tree, "big", "");
		{
			auto_fd int fd = openat(tree->fd, "big", O_WRONLY | O_CLOEXEC);

			assert_int_equal(ftruncate(fd, (off_t)cases[i].size), 0);
			assert_int_equal(pwrite(fd, "z", 1, (off_t)cases[i].size - 1), 1);
		}
		assert_int_equal(sysroot_read(&tree->root, &text, &len, "/big"), cases[i].r);
		if (cases[i].r < 0)
			continue;
		assert_int_equal(len, cases[i].size);
		assert_int_equal(text[len - 1], 'z');
		assert_int_equal(text[len], '\0');
	}
}

/* Run in a child without the rights of root; its exit status tells. */
static int read_locked_unprivileged(const struct sysroot *root)
{
	char *text = NULL;
	size_t len;

	if (geteuid() == 0 && (setgid(65534) || setuid(65534)))
		return 2;
	if (sysroot_read(root, &text, &len, "/proc/max") != -EACCES)
		return 3;
	if (sysroot_read(root, &text, &len, "/locked/file") != -EACCES)
		return 4;
	if (sysroot_exists(root, "/locked/file") != -EACCES)
		return 5;
	if (sysroot_exists(root, "/proc/max") != 0)
		return 6;
	return 0;
}

static void test_unreadable(void **state)
{
	const struct tree *tree = *state;
	int status;
	pid_t pid;

	assert_int_equal(fchmodat(tree->fd, "locked", 0, 0), 0);
	assert_int_equal(fchmodat(tree->fd, "proc/max", 0, 0), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid)
		_exit(read_locked_unprivileged(&tree->root));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(fchmodat(tree->fd, "locked", 0755, 0), 0);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void test_read_u64(void **state)
{
	static const struct {
		const char *name;
		int r;
		uint64_t want;
	} cases[] = {
		{ "max", 0, 65536 },        { "zero_byte", 0, 0 },      { "negative", -EBADMSG, 0 },
		{ "two", -EBADMSG, 0 },     { "hex", -EBADMSG, 0 },     { "huge", -EBADMSG, 0 },
		{ "empty", -EBADMSG, 0 },   { "newline", -EBADMSG, 0 }, { "list", -EBADMSG, 0 },
		{ "cmdline", -EBADMSG, 0 }, { "missing", -ENOENT, 0 },
	};
	const struct tree *tree = *state;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		uint64_t v = 77;

		assert_int_equal(sysroot_read_u64(&tree->root, &v, "/proc/%s", cases[i].name),
				 cases[i].r);
		assert_int_equal(v, cases[i].r < 0 ? 77 : cases[i].want);
	}
}

static void test_read_sets(void **state)
{
	static const struct {
		const char *name;
		int list_r;
		const char *list;
		int mask_r;
		const char *mask; /* as a list too */
	} cases[] = {
		{ "list", 0, "0-3,8", -EBADMSG, NULL },
		{ "mask", -EBADMSG, NULL, 0, "0-3,32" },
		{ "zero_byte", 0, "0", 0, "" },
		{ "empty", 0, "", 0, "" },
		{ "newline", 0, "", 0, "" },
		{ "null", 0, "", 0, "" },
		{ "nul_newline", 0, "", 0, "" },
		{ "huge_list", -EBADMSG, NULL, -EBADMSG, NULL },
		{ "huge_mask", -EBADMSG, NULL, -EBADMSG, NULL },
		{ "words", -EBADMSG, NULL, -EBADMSG, NULL },
		{ "missing", -ENOENT, NULL, -ENOENT, NULL },
	};
	const struct tree *tree = *state;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct cpus list = { .word = { 0x20 } }, mask = list; /* 5: untouched */
		auto_free char *got_list = NULL;
		auto_free char *got_mask = NULL;

		if (sysroot_read_list(&tree->root, &list, "/proc/%s", cases[i].name) !=
		    cases[i].list_r)
			fail_msg("%s as a list", cases[i].name);
		if (sysroot_read_mask(&tree->root, &mask, "/proc/%s", cases[i].name) !=
		    cases[i].mask_r)
			fail_msg("%s as a mask", cases[i].name);
		got_list = cpus_list_new(&list);
		got_mask = cpus_list_new(&mask);
		assert_string_equal(got_list, cases[i].list ? cases[i].list : "5");
		assert_string_equal(got_mask, cases[i].mask ? cases[i].mask : "5");
	}
}

static void test_read_line(void **state)
{
	static const struct {
		const char *name;
		int r;
		const char *want;
	} cases[] = {
		{ "lines", 0, "first" },
		{ "unended", 0, "only" },
		{ "empty", 0, "" },
		{ "newline", 0, "" },
		{ "nul_newline", 0, "" },
		{ "zero_byte", 0, "0" },
		{ "cmdline", 0, "qemu" },
		{ "binary", 0, "a" },
		{ "words", 0, "Not tainted" },
		{ "missing", -ENOENT, NULL },
	};
	const struct tree *tree = *state;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		auto_free char *line = NULL;

		assert_int_equal(sysroot_read_line(&tree->root, &line, "/proc/%s", cases[i].name),
				 cases[i].r);
		if (cases[i].r < 0)
			assert_null(line);
		else
			assert_string_equal(line, cases[i].want);
	}
}

static void test_readlink(void **state)
{
	static const struct {
		const char *path;
		int r;
		const char *want;
	} cases[] = {
		{ "/absolute", 0, "/etc/secret" },
		{ "/upward", 0, "../../../../../../../../etc/secret" },
		{ "/dangling", 0, "nowhere" },
		{ "/loop_a", 0, "loop_b" },
		{ "/top/sys/up", 0, ".." },
		{ "/proc/max", -EINVAL, NULL },
		{ "/proc", -EINVAL, NULL },
		{ "/fifo", -EINVAL, NULL },
		{ "/missing", -ENOENT, NULL },
		{ "absolute", -EINVAL, NULL },
	};
	const struct tree *tree = *state;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		auto_free char *target = NULL;

		assert_int_equal(sysroot_readlink(&tree->root, &target, "%s", cases[i].path),
				 cases[i].r);
		if (cases[i].r < 0)
			assert_null(target);
		else
			assert_string_equal(target, cases[i].want);
	}
}

static void test_readlink_long_target(void **state)
{
	static const size_t sizes[] = { 254, 255, 256, 257, 511, 512, 4095 };
	const struct tree *tree = *state;

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		auto_free char *want = calloc(1, sizes[i] + 1);
		auto_free char *target = NULL;

		assert_non_null(want);
		memset(want, 'a', sizes[i]);
		assert_int_equal(symlinkat(want, tree->fd, "long"), 0);
		assert_int_equal(sysroot_readlink(&tree->root, &target, "/long"), 0);
		assert_string_equal(target, want);
		assert_int_equal(unlinkat(tree->fd, "long", 0), 0);
	}
}

static void test_exists(void **state)
{
	static const struct {
		const char *path;
		int r;
	} cases[] = {
		{ "/", 0 },
		{ "/proc", 0 },
		{ "/proc/max", 0 },
		{ "/dangling", 0 },
		{ "/loop_a", 0 },
		{ "/fifo", 0 },
		{ "/missing", -ENOENT },
		{ "/outside", -ENOENT },
		{ "/../outside", -ENOENT },
		{ "/proc/max/x", -ENOTDIR },
		{ "/loop_a/x", -ELOOP },
		{ "proc", -EINVAL },
	};
	const struct tree *tree = *state;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		if (sysroot_exists(&tree->root, "%s", cases[i].path) != cases[i].r)
			fail_msg("%s", cases[i].path);
}

static void test_path_too_long(void **state)
{
	const struct tree *tree = *state;

	assert_int_equal(sysroot_exists(&tree->root, "/%05000d", 1), -ENAMETOOLONG);
	assert_int_equal(sysroot_exists(&tree->root, "/%0300d", 1), -ENAMETOOLONG);
}

static void test_open_file(void **state)
{
	static const struct {
		const char *path;
		int flags, r; /* r: 0 means a descriptor */
	} cases[] = {
		{ "/proc/max", O_RDONLY, 0 },
		{ "/proc", O_RDONLY | O_DIRECTORY, 0 },
		{ "/proc", O_PATH | O_DIRECTORY, 0 },
		{ "/absolute", O_RDONLY, 0 },
		{ "/absolute", O_RDONLY | O_NOFOLLOW, -ELOOP },
		{ "/missing", O_RDONLY, -ENOENT },
		{ "proc", O_RDONLY, -EINVAL },
		{ "/proc/max", O_WRONLY, -EROFS },
		{ "/proc/max", O_RDWR, -EROFS },
		{ "/proc/max", O_RDONLY | O_TRUNC, -EROFS },
		{ "/proc/new", O_RDWR | O_CREAT, -EINVAL },
		{ "/proc", O_RDWR | O_TMPFILE, -EINVAL },
	};
	const struct tree *tree = *state;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		auto_fd int fd =
			sysroot_open_file(&tree->root, cases[i].flags, "%s", cases[i].path);

		if (cases[i].r ? fd != cases[i].r : fd < 0)
			fail_msg("%s with %#x: %d", cases[i].path, cases[i].flags, fd);
		if (fd >= 0)
			assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	}
	check_read(&tree->root, "/proc/max", 0, "65536\n");
}

static void test_open_root(void **state)
{
	struct sysroot root = { .fd = -7, .is_live = true };

	(void)state;
	assert_int_equal(sysroot_open(&root, "/nonexistent-directory"), -ENOENT);
	assert_int_equal(sysroot_open(&root, "/proc/version"), -ENOTDIR);
	assert_int_equal(root.fd, -7);
	assert_int_equal(sysroot_open(&root, "/tmp/.."), 0);
	assert_true(root.is_live);
	sysroot_close(&root);
	assert_int_equal(root.fd, -1);
	sysroot_close(&root);
}

static void test_live(void **state)
{
	const struct tree *tree = *state;
	struct sysroot root;
	auto_free char *text = NULL;
	auto_free char *target = NULL;
	auto_free char *self = NULL;
	auto_free char *pid = NULL;
	char **names = NULL;
	size_t len, n;
	int fd;

	assert_int_equal(sysroot_open(&root, "/"), 0);
	assert_true(root.is_live);
	assert_int_equal(sysroot_read(&root, &text, &len, "/proc/self/status"), 0);
	assert_int_equal(strlen(text), len);
	assert_true(len > 100);
	assert_int_equal(sysroot_read_line(&root, &target, "%s/tree/absolute", tree->top),
			 access("/etc/secret", F_OK) ? -ENOENT : 0);
	assert_int_equal(sysroot_readlink(&root, &self, "/proc/self"), 0);
	assert_true(asprintf(&pid, "%d", (int)getpid()) > 0);
	assert_string_equal(self, pid);
	assert_int_equal(sysroot_exists(&root, "/"), 0);
	assert_int_equal(sysroot_exists(&root, "/proc/self/nothing"), -ENOENT);
	assert_int_equal(sysroot_list(&root, &names, &n, "/proc/%d/task", (int)getpid()), 0);
	assert_int_equal(n, 1);
	names_free(names, n);
	fd = sysroot_open_file(&root, O_WRONLY, "/dev/null");
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "x", 1), 1);
	close(fd);
	check_read(&root, "proc/self/status", -EINVAL, NULL);
	sysroot_close(&root);
}

#define WITH_TREE(test) cmocka_unit_test_setup_teardown(test, setup, tree_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_TREE(test_read),
		WITH_TREE(test_read_keeps_nul_bytes),
		WITH_TREE(test_links_stay_inside),
		cmocka_unit_test(test_magic_links_are_closed),
		WITH_TREE(test_fifo_does_not_hang),
		WITH_TREE(test_live_fifo_does_not_hang),
		WITH_TREE(test_device_is_not_opened),
		WITH_TREE(test_file_size_bound),
		WITH_TREE(test_unreadable),
		WITH_TREE(test_read_u64),
		WITH_TREE(test_read_sets),
		WITH_TREE(test_read_line),
		WITH_TREE(test_readlink),
		WITH_TREE(test_readlink_long_target),
		WITH_TREE(test_exists),
		WITH_TREE(test_path_too_long),
		WITH_TREE(test_open_file),
		cmocka_unit_test(test_open_root),
		WITH_TREE(test_live),
	};

	return cmocka_run_group_tests_name("sysroot", tests, NULL, NULL);
}
