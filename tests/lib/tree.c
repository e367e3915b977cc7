/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/tree.h"

#include <fcntl.h>
#include <ftw.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/lib/check.h"

#define N_FTW_FDS 16

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *where)
{
	(void)st;
	(void)type;
	(void)where;
	return remove(path);
}

int tree_setup(void **state)
{
	struct tree *tree = calloc(1, sizeof(*tree));
	auto_free char *path = NULL;

	assert_non_null(tree);
	/* In memory where there is such a place: a test may make tens of thousands of files. */
	assert_true(asprintf(&tree->top, "%s/vfiobench-test.XXXXXX",
			     access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp") > 0);
	assert_non_null(mkdtemp(tree->top));
	assert_int_equal(chmod(tree->top, 0755), 0);
	assert_true(asprintf(&path, "%s/tree", tree->top) > 0);
	assert_int_equal(mkdir(path, 0755), 0);
	tree->fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	assert_true(tree->fd >= 0);
	assert_int_equal(sysroot_open(&tree->root, path), 0);
	*state = tree;
	return 0;
}

int tree_teardown(void **state)
{
	struct tree *tree = *state;
	int r;

	sysroot_close(&tree->root);
	close(tree->fd);
	r = nftw(tree->top, remove_one, N_FTW_FDS, FTW_DEPTH | FTW_PHYS);
	free(tree->top);
	free(tree);
	return r;
}

void tree_dir(const struct tree *tree, const char *path)
{
	auto_free char *part = strdup(path);

	assert_non_null(part);
	for (char *end = part; end; *end++ = '/') {
		end = strchr(end, '/');
		if (end)
			*end = '\0';
		if (mkdirat(tree->fd, part, 0755) < 0)
			assert_int_equal(errno, EEXIST);
		if (!end)
			break;
	}
}

static void tree_dir_of(const struct tree *tree, const char *path)
{
	const char *slash = strrchr(path, '/');
	auto_free char *dir = slash ? strndup(path, (size_t)(slash - path)) : NULL;

	if (dir)
		tree_dir(tree, dir);
}

void tree_bytes(const struct tree *tree, const char *path, const void *bytes, size_t len)
{
	auto_fd int fd = -1;

	tree_dir_of(tree, path);
	fd = openat(tree->fd, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), len);
}

void tree_file(const struct tree *tree, const char *path, const char *text)
{
	tree_bytes(tree, path, text, strlen(text));
}

void tree_link(const struct tree *tree, const char *target, const char *path)
{
	tree_dir_of(tree, path);
	assert_int_equal(symlinkat(target, tree->fd, path), 0);
}
