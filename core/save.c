/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/save.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "core/user.h"

/* exFAT, vfat, CIFS, NFS that squashes root, a user namespace: owners cannot be told there. */
static bool is_beyond(int error)
{
	return error == -EPERM || error == -EINVAL || error == -ENOTSUP || error == -ENOSYS;
}

int save_give_away(int fd)
{
	uid_t uid;
	gid_t gid;
	int r;

	if (!user_of_sudo(&uid, &gid))
		return 0;
	r = fchown(fd, uid, gid) < 0 ? neg_errno() : 0;
	return is_beyond(r) ? 0 : r;
}

int save_error(FILE *out)
{
	const int last = neg_errno();

	if (!ferror(out))
		return 0;
	/* What is still held fails for the same reason; else nothing was called since. */
	return fflush(out) == EOF ? neg_errno() : last;
}

/* A terminal, a pipe or /dev/null has no content to keep whole, and must not be replaced. */
static bool is_special(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
}

static int write_special(const char *path, int (*write)(FILE *out, void *arg), void *arg)
{
	FILE *f = fopen(path, "we");
	int r = f ? write(f, arg) : neg_errno();

	if (f && fclose(f) == EOF && r == 0)
		r = neg_errno();
	return r;
}

/* What open(2) would have given a new file; mkostemp(3) makes it private. */
static mode_t usual_mode(void)
{
	const mode_t mask = umask(0);

	umask(mask);
	return 0666 & ~mask;
}

struct unfinished {
	const char *path;
	char *temporary; /* beside it; NULL: the file has no name yet */
	int fd;
};

/* Gone with us, if we are killed. False: the file system cannot, or it could not be named later. */
static bool open_nameless(struct unfinished *u)
{
	const char *slash = strrchr(u->path, '/');
	auto_free char *folder = NULL, *link = NULL;

	/* With its slash: that of "/file" is "/". */
	folder = slash ? strndup(u->path, (size_t)(slash - u->path) + 1) : strdup(".");
	if (!folder)
		return false;
	u->fd = open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
	if (u->fd >= 0 && asprintf(&link, "/proc/self/fd/%d", u->fd) < 0)
		link = NULL;
	if (link && access(link, F_OK) == 0)
		return true;
	if (u->fd >= 0)
		close(u->fd);
	return false;
}

static int open_named(struct unfinished *u)
{
	int r;

	if (asprintf(&u->temporary, "%s.XXXXXX", u->path) < 0) {
		u->temporary = NULL;
		return -ENOMEM;
	}
	u->fd = mkostemp(u->temporary, O_CLOEXEC);
	if (u->fd < 0) {
		r = neg_errno();
		free(u->temporary);
		u->temporary = NULL;
		return r;
	}
	r = fchmod(u->fd, usual_mode()) < 0 ? neg_errno() : 0;
	if (r == 0 || is_beyond(r))
		return 0;
	close(u->fd);
	return r;
}

/* linkat(2) replaces nothing: a name of its own first, for rename(2). */
static int give_name(struct unfinished *u)
{
	enum { TRIES = 100 };
	char link[64];

	snprintf(link, sizeof(link), "/proc/self/fd/%d", u->fd);
	for (unsigned i = 0; i < TRIES; i++) {
		auto_free char *name = NULL;

		if (asprintf(&name, "%s.%d-%u", u->path, getpid(), i) < 0) {
			name = NULL;
			return -ENOMEM;
		}
		if (linkat(AT_FDCWD, link, AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0) {
			u->temporary = strdup(name);
			if (u->temporary)
				return 0;
			unlink(name);
			return -ENOMEM;
		}
		if (errno != EEXIST)
			return neg_errno();
	}
	return -EEXIST;
}

static int write_and_close(struct unfinished *u, int (*write)(FILE *out, void *arg), void *arg)
{
	FILE *f = fdopen(u->fd, "w");
	int r;

	if (!f) {
		close(u->fd);
		return -ENOMEM;
	}
	r = write(f, arg);
	/* A full disk is told here at the latest. */
	if (r == 0 && (fflush(f) == EOF || fsync(u->fd) < 0) && errno != EINVAL)
		r = neg_errno();
	/* A name for what is still ours: nobody may link to the files of others. */
	if (r == 0 && !u->temporary)
		r = give_name(u);
	if (r == 0)
		r = save_give_away(u->fd);
	if (fclose(f) == EOF && r == 0)
		r = neg_errno();
	return r;
}

int save_file(const char *path, int (*write)(FILE *out, void *arg), void *arg)
{
	struct unfinished u = { .path = path };
	int r;

	if (is_special(path))
		return write_special(path, write, arg);
	r = open_nameless(&u) ? 0 : open_named(&u);
	if (r == 0)
		r = write_and_close(&u, write, arg);
	if (r == 0 && rename(u.temporary, path) < 0)
		r = neg_errno();
	if (r < 0 && u.temporary)
		unlink(u.temporary);
	free(u.temporary);
	return r;
}
