/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/store.h"

#include <fcntl.h>
#include <libgen.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

#include "cli/output.h"
#include "cli/verb.h"
#include "core/say.h"
#include "core/timebase.h"

int store_load(const char *path, struct arena *a, struct baseline_facts *ret_baseline)
{
	auto_doc struct doc *d = NULL;
	auto_free char *shown = NULL;
	const char *why = NULL;
	int r;

	if (access(path, F_OK) < 0 && errno == ENOENT)
		return -ENOENT;
	r = verb_read_baseline(path, &d, &shown);
	if (r == 0) {
		r = baseline_decode(d, a, ret_baseline, &why);
		if (r < 0)
			say_error("%s: %s", path, why ? why : strerror(-r));
	}
	/* Gone since: told as any other that cannot be read. */
	return r == -ENOENT ? -EIO : r;
}

/* Where the file system knows no locks, it is had at once. */
static int try_lock(int fd)
{
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return 0;
	return errno == EWOULDBLOCK || errno == EINTR ? -EAGAIN : 0;
}

/* The file as it is now has that lock: it may have been replaced, or made, before we got it. */
static bool is_current(const char *path, int fd, bool is_folder)
{
	struct stat mine, now;

	if (stat(path, &now) < 0)
		return is_folder && errno == ENOENT;
	return !is_folder && fstat(fd, &mine) == 0 && mine.st_dev == now.st_dev &&
	       mine.st_ino == now.st_ino;
}

/*
 * The file itself is locked, and replaced under the lock; before there is one, its folder. No file
 * is left that would stand in a repository. NFS locks only what is open for writing.
 */
static int open_to_lock(const char *path, bool *ret_is_folder)
{
	auto_free char *copy = strdup(path);
	int fd = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK);

	*ret_is_folder = false;
	if (fd < 0 && (errno == EACCES || errno == EROFS || errno == EPERM))
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0 && errno == ENOENT) {
		*ret_is_folder = true;
		fd = copy ? open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	}
	return fd < 0 ? (copy ? neg_errno() : -ENOMEM) : fd;
}

static int lock(const char *path, int *ret_fd)
{
	const struct timespec pause = { 0, 20 * (long)NS_PER_MS };
	const struct timebase *time = timebase_monotonic();
	const uint64_t until_ns = timebase_now(time) + STORE_WAIT_S * NS_PER_S;

	for (;;) {
		bool is_folder;
		const int fd = open_to_lock(path, &is_folder);
		int r;

		if (fd < 0)
			return fd;
		r = try_lock(fd);
		if (r == 0 && is_current(path, fd, is_folder)) {
			*ret_fd = fd;
			return 0;
		}
		close(fd);
		if (timebase_now(time) >= until_ns)
			return -EBUSY;
		nanosleep(&pause, NULL);
	}
}

/* A device or pipe is nothing to open, and nothing to be replaced. */
static bool is_special(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && !S_ISREG(st.st_mode);
}

static int lock_or_say(const char *path, int *ret_fd)
{
	int r;

	if (is_special(path)) {
		say_error("%s: not a file: expected a baseline", path);
		return -EINVAL;
	}
	r = lock(path, ret_fd);
	if (r == -EBUSY)
		say_error("%s: another program has held it for %d s; it is as it was", path,
			  STORE_WAIT_S);
	else if (r < 0)
		say_error("%s: %s", path, strerror(-r));
	return r;
}

/* A metric, a setting, a finding is a line: a repository shows what changed. */
static int write_lines(FILE *out, void *arg)
{
	enum { DOCUMENT, SESSIONS, SESSION, PARTS, DEPTH };
	auto_free char *text = doc_print_lines(arg, DEPTH);

	if (!text)
		return -ENOMEM;
	return fputs(text, out) == EOF ? neg_errno() : 0;
}

static int save(const char *path, const struct baseline_facts *b)
{
	const bool is_new = access(path, F_OK) < 0 && errno == ENOENT;
	auto_doc struct doc *d = NULL;
	int r = baseline_encode(b, &d);

	if (r == 0)
		r = output_file(path, write_lines, d);
	if (r < 0)
		say_error("%s: %s; %s", path, strerror(-r),
			  is_new ? "nothing was written" : "it is as it was");
	return r;
}

/* Through a link to the file itself: what is replaced, or goes, is not the link. Caller frees. */
static char *file_behind(const char *path)
{
	char *file = realpath(path, NULL);

	return file ? file : strdup(path);
}

int store_may_write(const char *path)
{
	auto_free char *file = file_behind(path);
	int r = file ? 0 : -ENOMEM;

	if (r == 0 && access(dirname(file), W_OK | X_OK) < 0)
		r = neg_errno();
	if (r < 0)
		say_error("%s: %s", path, strerror(-r));
	return r;
}

int store_update(const char *path, const struct store_update *update, struct arena *a)
{
	auto_free char *file = file_behind(path);
	struct baseline_facts b = { 0 };
	auto_fd int fd = -1;
	int r = file ? lock_or_say(file, &fd) : -ENOMEM;

	if (r < 0)
		return r;
	r = store_load(file, a, &b);
	if (r < 0 && r != -ENOENT)
		return r;
	r = update->change(update->arg, &b, a);
	return r < 0 ? r : save(file, &b);
}

int store_remove(const char *path, struct arena *a)
{
	auto_free char *file = file_behind(path);
	struct baseline_facts b = { 0 };
	auto_fd int fd = -1;
	int r;

	/* Its folder would be locked, for nothing. */
	if (!file || access(file, F_OK) < 0) {
		r = file ? neg_errno() : -ENOMEM;
		say_error("%s: %s", path, strerror(-r));
		return r;
	}
	r = lock_or_say(file, &fd);
	if (r == 0)
		r = store_load(file, a, &b);
	if (r < 0)
		return r;
	r = unlink(file) < 0 ? neg_errno() : 0;
	if (r < 0)
		say_error("%s: %s", file, strerror(-r));
	return r;
}
