/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "core/bundle.h"
#include "core/say.h"
#include "probes/user_file.h"

#define PREFIX      "vfiobench-tree-"
#define N_OPEN_DIRS 16
#define N_TRIES     8

static const struct tree no_tree = { .stop_fd = -1, .lock_fd = -1, .calm = { .fd = -1 } };

static const char *temporary_folder(void)
{
	const char *dir = getenv("TMPDIR");

	return dir && *dir == '/' ? dir : "/tmp";
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	(void)!remove(path);
	return 0;
}

/* Folders in it are ours alone, so that no name can be made another's meanwhile. */
static void remove_folder(const char *path)
{
	nftw(path, remove_one, N_OPEN_DIRS, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

/* Ours, and of nobody who still runs. */
static void remove_stale(const char *dir, const char *name)
{
	auto_free char *path = NULL;
	auto_fd int fd = -1;
	struct stat st;

	if (asprintf(&path, "%s/%s", dir, name) < 0) {
		path = NULL;
		return;
	}
	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd >= 0 && fstat(fd, &st) == 0 && st.st_uid == geteuid() &&
	    flock(fd, LOCK_EX | LOCK_NB) == 0)
		remove_folder(path);
}

static void remove_all_stale(const char *dir)
{
	DIR *d = opendir(dir);
	const struct dirent *e;

	while (d && (e = readdir(d))) {
		if (!strncmp(e->d_name, PREFIX, strlen(PREFIX)))
			remove_stale(dir, e->d_name);
	}
	if (d)
		closedir(d);
}

/* Still there: nobody took it for stale before it was locked. */
static bool is_there(const char *path, int fd)
{
	struct stat there, ours;

	return lstat(path, &there) == 0 && fstat(fd, &ours) == 0 && there.st_dev == ours.st_dev &&
	       there.st_ino == ours.st_ino;
}

static int make_folder(struct tree *t)
{
	const char *dir = temporary_folder();

	remove_all_stale(dir);
	for (int i = 0; i < N_TRIES; i++) {
		auto_fd int fd = -1;
		auto_free char *path = NULL;

		if (asprintf(&path, "%s/" PREFIX "XXXXXX", dir) < 0) {
			path = NULL;
			return -ENOMEM;
		}
		if (!mkdtemp(path))
			return neg_errno();
		fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) < 0 || !is_there(path, fd))
			continue;
		t->lock_fd = fd;
		t->folder = path;
		fd = -1;
		path = NULL;
		return 0;
	}
	return -EBUSY;
}

static int read_bundle(const char *name, char **ret_text, size_t *ret_len)
{
	return !strcmp(name, "-")
		       ? user_file_read_fd(STDIN_FILENO, BUNDLE_TEXT_MAX, ret_text, ret_len)
		       : user_file_read(name, BUNDLE_TEXT_MAX, ret_text, ret_len);
}

static int parse(const char *name, struct bundle *b)
{
	auto_free char *text = NULL;
	struct bundle_error error;
	size_t len;
	int r = read_bundle(name, &text, &len);

	if (r < 0) {
		say_error("%s: %s", name, strerror(-r));
		return r;
	}
	if (!bundle_is_text(text_make(text, len))) {
		say_error("%s: neither a directory nor a bundle of vfiobench capture", name);
		return -EBADMSG;
	}
	r = bundle_parse(b, text_make(text, len), &error);
	if (r < 0 && error.line)
		say_error("%s:%lu: %s", name, error.line, error.message);
	else if (r < 0)
		say_error("%s: %s", name, error.message);
	return r;
}

static int unpack(const struct bundle *b, const char *dir, int stop_fd)
{
	auto_fd int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	const int r = fd < 0 ? neg_errno() : bundle_unpack(b, fd, stop_fd);

	if (r < 0 && r != -EINTR)
		say_error("%s: %s", dir, strerror(-r));
	return r;
}

static int make_tree(struct tree *t, const struct bundle *b)
{
	int r = calm_begin(&t->calm);

	t->stop_fd = t->calm.fd;
	if (r == 0)
		r = make_folder(t);
	if (r == 0 && asprintf(&t->unpacked, "%s/tree", t->folder) < 0) {
		t->unpacked = NULL;
		r = -ENOMEM;
	}
	if (r == 0 && mkdir(t->unpacked, 0700) < 0)
		r = neg_errno();
	if (r < 0) {
		say_error("a folder to unpack a bundle in: %s", strerror(-r));
		return r;
	}
	t->path = t->unpacked;
	return unpack(b, t->path, t->stop_fd);
}

int tree_open_bundle(struct tree *t, const struct bundle *b)
{
	int r;

	*t = no_tree;
	r = make_tree(t, b);
	if (r < 0)
		tree_close(t);
	return r;
}

static int open_file(struct tree *t, const char *name)
{
	auto_bundle struct bundle b = { 0 };
	const int r = parse(name, &b);

	return r < 0 ? r : make_tree(t, &b);
}

int tree_open(struct tree *t, const char *name)
{
	struct stat st;
	int r;

	*t = no_tree;
	t->path = name;
	if (!name)
		return 0;
	if (strcmp(name, "-") != 0) {
		if (stat(name, &st) < 0 || access(name, R_OK) < 0) {
			r = neg_errno();
			say_error("--sysroot %s: %s", name, strerror(-r));
			return r;
		}
		if (S_ISDIR(st.st_mode))
			return 0;
	}
	r = open_file(t, name);
	if (r < 0)
		tree_close(t);
	return r;
}

void tree_close(struct tree *t)
{
	struct calm calm = t->calm;

	if (t->folder)
		remove_folder(t->folder);
	if (t->lock_fd >= 0)
		close(t->lock_fd);
	free(t->folder);
	free(t->unpacked);
	*t = no_tree;
	calm_end(&calm);
}

/* Whatever is in it already could be mistaken for the host's. */
static int check_empty(const char *dir)
{
	DIR *d;
	const struct dirent *e;
	int r = 0;

	if (mkdir(dir, 0700) == 0)
		return 0;
	if (errno != EEXIST)
		return neg_errno();
	d = opendir(dir);
	if (!d)
		return neg_errno();
	while (r == 0 && (e = readdir(d)))
		r = strcmp(e->d_name, ".") && strcmp(e->d_name, "..") ? -ENOTEMPTY : 0;
	closedir(d);
	return r;
}

int tree_unpack(const char *bundle, const char *dir)
{
	auto_bundle struct bundle b = { 0 };
	int r = parse(bundle, &b);

	if (r < 0)
		return r;
	r = check_empty(dir);
	if (r < 0) {
		say_error("%s: %s", dir, strerror(-r));
		return r;
	}
	return unpack(&b, dir, -1);
}
