/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/save.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "core/user.h"

int save_give_away(int fd)
{
	uid_t uid;
	gid_t gid;

	if (!user_of_sudo(&uid, &gid))
		return 0;
	return fchown(fd, uid, gid) < 0 ? neg_errno() : 0;
}

static int write_and_close(int fd, int (*write)(FILE *out, void *arg), void *arg)
{
	FILE *f = fdopen(fd, "w");
	int r;

	if (!f) {
		close(fd);
		return -ENOMEM;
	}
	r = write(f, arg);
	/* A full disk is told here at the latest. */
	if (r == 0 && (fflush(f) == EOF || fsync(fd) < 0) && errno != EINVAL)
		r = neg_errno();
	if (r == 0)
		r = save_give_away(fd);
	if (fclose(f) == EOF && r == 0)
		r = neg_errno();
	return r;
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

int save_file(const char *path, int (*write)(FILE *out, void *arg), void *arg)
{
	auto_free char *temporary = NULL;
	int fd, r;

	if (is_special(path))
		return write_special(path, write, arg);

	if (asprintf(&temporary, "%s.XXXXXX", path) < 0) {
		temporary = NULL;
		return -ENOMEM;
	}
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0)
		return neg_errno();
	if (fchmod(fd, usual_mode()) < 0) {
		r = neg_errno();
		close(fd);
	} else {
		r = write_and_close(fd, write, arg);
	}
	if (r == 0 && rename(temporary, path) < 0)
		r = neg_errno();
	if (r < 0)
		unlink(temporary);
	return r;
}
