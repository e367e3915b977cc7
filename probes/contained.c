/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/contained.h"

#include <dirent.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "core/bundle.h"

#define DEPTH_MAX   12
#define ENTRIES_MAX 1000000u

struct walk {
	const struct sysroot *root;
	const char *const *dirs;
	size_t n_dirs;
	size_t n_entries;
	char *guilty; /* path of the link that leads out */
};

/* glibc has no wrapper for openat2(2). A descriptor, or a negative errno. */
static int open_beneath(int dirfd, const char *path, uint64_t flags, uint64_t resolve)
{
	struct open_how how = { .flags = flags | O_CLOEXEC, .resolve = RESOLVE_BENEATH | resolve };
	long fd = syscall(SYS_openat2, dirfd, path, &how, sizeof(how));

	return fd < 0 ? neg_errno() : (int)fd;
}

/*
 * What stands for a file that could not be read leads nowhere, wherever it is followed: nothing is
 * called like that.
 */
static bool is_error_target(const struct sysroot *root, const char *target)
{
	static const char prefix[] = BUNDLE_ERRORS;
	const size_t n = strlen(prefix);
	struct stat st;

	return !strncmp(target, prefix, n) && target[n] &&
	       !target[n + strspn(target + n, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")] &&
	       fstatat(root->fd, prefix + 1, &st, AT_SYMLINK_NOFOLLOW) < 0 && errno == ENOENT;
}

static bool is_error(const struct sysroot *root, const char *path)
{
	char target[PATH_MAX];
	auto_fd int fd = open_beneath(root->fd, path, O_PATH | O_NOFOLLOW, RESOLVE_NO_SYMLINKS);
	const ssize_t len = fd < 0 ? -1 : readlinkat(fd, "", target, sizeof(target) - 1);

	if (len < 0)
		return false;
	target[len] = '\0';
	return is_error_target(root, target);
}

int path_is_contained(const struct sysroot *root, const char *path)
{
	auto_fd int fd = open_beneath(root->fd, path, O_PATH, 0);

	/* ELOOP: the library gives up there as well. */
	if (fd == -ENOENT || fd == -ENOTDIR || fd == -ELOOP || is_error(root, path))
		return 0;
	return fd < 0 ? fd : 0;
}

/* Links of sysfs that lead to other parts of it by design. */
static bool is_side_link(const char *name)
{
	static const char *const patterns[] = {
		"subsystem", "driver", "firmware_node", "physical_node", "of_node", "memory[0-9]*",
	};

	for (size_t i = 0; i < ARRAY_SIZE(patterns); i++) {
		if (fnmatch(patterns[i], name, 0) == 0)
			return true;
	}
	return false;
}

/* Without its last component; an empty path has none to take away. */
static int drop_last(char *path, size_t *len)
{
	if (*len == 0)
		return -EXDEV;
	while (*len > 0 && path[--*len] != '/')
		;
	return 0;
}

/* dir/target without "." and "..", or -EXDEV when it climbs out of the tree. */
static int normalize(const char *dir, const char *target, char **ret_path)
{
	auto_free char *joined = NULL;
	auto_free char *path = NULL;
	struct text rest, part;
	size_t len = 0;

	if (target[0] == '/')
		return -EXDEV;
	if (asprintf(&joined, "%s/%s", dir, target) < 0)
		return -ENOMEM;
	path = malloc(strlen(joined) + 2);
	if (!path)
		return -ENOMEM;
	rest = text_of(joined);
	while (text_next_piece(&rest, '/', &part)) {
		if (!part.len || text_equal(part, "."))
			continue;
		if (text_equal(part, "..")) {
			if (drop_last(path, &len) < 0)
				return -EXDEV;
			continue;
		}
		if (len > 0)
			path[len++] = '/';
		memcpy(path + len, part.at, part.len);
		len += part.len;
	}
	path[len] = '\0';
	*ret_path = path;
	path = NULL;
	return 0;
}

static bool is_below(const char *path, const char *dir)
{
	size_t n = strlen(dir);

	return !strncmp(path, dir, n) && (path[n] == '\0' || path[n] == '/');
}

/* The directories on the way to a link are real ones, so that ".." can be taken literally. */
static int check_link(const struct walk *w, int dirfd, const char *dir, const char *name)
{
	char target[PATH_MAX];
	auto_free char *path = NULL;
	ssize_t len = readlinkat(dirfd, name, target, sizeof(target) - 1);
	bool is_inside = false;
	int fd, r;

	if (len < 0)
		return neg_errno();
	target[len] = '\0';
	if (is_error_target(w->root, target))
		return 0;
	r = normalize(dir, target, &path);
	if (r < 0)
		return r;
	if (is_side_link(name))
		return 0;
	for (size_t i = 0; i < w->n_dirs; i++)
		is_inside = is_inside || is_below(path, w->dirs[i]);
	if (!is_inside)
		return -EXDEV;
	fd = open_beneath(w->root->fd, path, O_PATH, RESOLVE_NO_SYMLINKS);
	if (fd >= 0)
		close(fd);
	return fd == -ELOOP || fd == -EXDEV ? -EXDEV : 0;
}

/* Notes which link it was; -EXDEV, or -ENOMEM. */
static int accuse(struct walk *w, const char *dir, const char *name)
{
	if (asprintf(&w->guilty, "%s%s/%s", *dir ? "/" : "", dir, name) < 0) {
		w->guilty = NULL;
		return -ENOMEM;
	}
	return -EXDEV;
}

static int walk_dir(struct walk *w, int fd, const char *dir, unsigned depth);

static bool is_type(int dirfd, const struct dirent *e, unsigned char type, mode_t mode)
{
	struct stat st;

	if (e->d_type != DT_UNKNOWN)
		return e->d_type == type;
	return fstatat(dirfd, e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       (st.st_mode & S_IFMT) == mode;
}

static int walk_entry(struct walk *w, int dirfd, const char *dir, const struct dirent *e,
		      unsigned depth)
{
	auto_free char *path = NULL;
	int fd, r;

	if (is_type(dirfd, e, DT_LNK, S_IFLNK)) {
		r = check_link(w, dirfd, dir, e->d_name);
		return r == -EXDEV ? accuse(w, dir, e->d_name) : r;
	}
	if (!is_type(dirfd, e, DT_DIR, S_IFDIR))
		return 0;
	if (asprintf(&path, "%s/%s", dir, e->d_name) < 0)
		return -ENOMEM;
	fd = openat(dirfd, e->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	/* A folder that we must not read cannot be read by the library either. */
	return fd < 0 ? 0 : walk_dir(w, fd, path, depth + 1);
}

/* Takes fd. */
static int walk_dir(struct walk *w, int fd, const char *dir, unsigned depth)
{
	DIR *d = fdopendir(fd);
	const struct dirent *e;
	int r = 0;

	if (!d) {
		r = neg_errno();
		close(fd);
		return r;
	}
	if (depth > DEPTH_MAX)
		r = -E2BIG;
	while (r == 0 && (e = readdir(d))) {
		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
			continue;
		r = ++w->n_entries > ENTRIES_MAX ? -E2BIG : walk_entry(w, dirfd(d), dir, e, depth);
	}
	closedir(d);
	return r;
}

int dirs_are_contained(const struct sysroot *root, const char *const *dirs, size_t n,
		       char **ret_path)
{
	struct walk w = { .root = root, .dirs = dirs, .n_dirs = n };
	int r = 0;

	*ret_path = NULL;
	for (size_t i = 0; i < n && r == 0; i++) {
		int fd = open_beneath(root->fd, dirs[i], O_RDONLY | O_DIRECTORY,
				      RESOLVE_NO_SYMLINKS);

		if (fd == -ENOENT || (fd < 0 && is_error(root, dirs[i])))
			continue;
		if (fd == -ELOOP)
			r = accuse(&w, "", dirs[i]);
		else
			r = fd < 0 ? fd : walk_dir(&w, fd, dirs[i], 0);
	}
	*ret_path = w.guilty;
	return r;
}
