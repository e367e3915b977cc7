/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/measuring_lock.h"

#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

#include "core/text.h"

#define SYSTEM_LOCK "/run/vfiobench.lock"

enum { TAIL_SIZE = 4096, SHARE_TRIES = 100 };

static pid_t pid_of(struct text line)
{
	uint64_t pid;

	return text_u64(line, &pid) == 0 && pid <= INT32_MAX ? (pid_t)pid : 0;
}

static bool is_running(pid_t pid)
{
	return kill(pid, 0) == 0 || errno == EPERM;
}

/* The last of those who wrote between there, and still run or no matter. */
static pid_t last_pid(int fd, off_t from, off_t to, bool is_any)
{
	char tail[TAIL_SIZE];
	const bool is_cut = to - from > TAIL_SIZE;
	const off_t start = is_cut ? to - TAIL_SIZE : from;
	const ssize_t n = pread(fd, tail, (size_t)(to - start), start);
	struct text rest = text_make(tail, n > 0 ? (size_t)n : 0), line;
	pid_t last = 0;

	/* Half a number is another's. */
	if (is_cut)
		text_next_line(&rest, &line);
	while (text_next_line(&rest, &line)) {
		const pid_t pid = pid_of(line);

		last = pid && (is_any || is_running(pid)) ? pid : last;
	}
	return last;
}

/* Behind all that is there, wherever the end has moved to: *ret_start. */
static int write_line(struct measuring_lock *lock, off_t *ret_start)
{
	const int n = dprintf(lock->fd, "%" PRIdMAX "\n", (intmax_t)getpid());

	if (n < 0)
		return neg_errno();
	lock->end = lseek(lock->fd, 0, SEEK_CUR);
	if (lock->end < 0)
		return neg_errno();
	*ret_start = lock->end - n;
	return 0;
}

/* Whoever holds it alone does so for a moment only, to see whether it is alone. */
static int share(int fd)
{
	const struct timespec moment = { .tv_nsec = NS_PER_MS };

	for (int i = 0; i < SHARE_TRIES; i++) {
		if (flock(fd, LOCK_SH | LOCK_NB) == 0)
			return 0;
		if (errno != EWOULDBLOCK)
			return neg_errno();
		nanosleep(&moment, NULL);
	}
	return -EBUSY;
}

static int join(struct measuring_lock *lock, struct measuring_other *ret_other)
{
	const bool is_alone = flock(lock->fd, LOCK_EX | LOCK_NB) == 0;
	off_t start = 0;
	int r;

	if (!is_alone && errno != EWOULDBLOCK)
		return neg_errno();
	if (is_alone && ftruncate(lock->fd, 0) < 0)
		return neg_errno();
	/* First: nobody empties a file that is shared, so the line stays. */
	r = share(lock->fd);
	if (r == 0 || !is_alone)
		r = write_line(lock, &start);
	/* That somebody is there is known all the same. */
	if (r < 0 && is_alone)
		return r;
	/* In between one lock and the other somebody may have come. */
	ret_other->is_there = !is_alone || start > 0;
	ret_other->pid = last_pid(lock->fd, 0, start, false);
	return 0;
}

int measuring_lock_take(struct measuring_lock *lock, const char *path,
			struct measuring_other *ret_other)
{
	struct stat st;
	int r;

	*lock = (struct measuring_lock){ 0 };
	lock->fd =
		open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
	if (lock->fd < 0)
		return neg_errno();
	if (fstat(lock->fd, &st) < 0)
		r = neg_errno();
	else
		r = S_ISREG(st.st_mode) ? join(lock, ret_other) : -EINVAL;
	if (r < 0)
		close(lock->fd);
	lock->is_taken = r == 0;
	return r;
}

void measuring_lock_take_here(struct measuring_lock *lock, struct measuring_other *ret_other)
{
	const char *own = getenv("XDG_RUNTIME_DIR");
	auto_free char *path = NULL;

	*ret_other = (struct measuring_other){ 0 };
	if (measuring_lock_take(lock, SYSTEM_LOCK, ret_other) == 0 || !own || *own != '/')
		return;
	if (asprintf(&path, "%s/vfiobench.lock", own) < 0) {
		path = NULL;
		return;
	}
	if (measuring_lock_take(lock, path, ret_other) < 0)
		*ret_other = (struct measuring_other){ 0 };
}

struct measuring_other measuring_lock_later(const struct measuring_lock *lock)
{
	struct measuring_other other = { 0 };
	struct stat st;

	if (!lock->is_taken || fstat(lock->fd, &st) < 0 || st.st_size <= lock->end)
		return other;
	return (struct measuring_other){ true, last_pid(lock->fd, lock->end, st.st_size, true) };
}

void measuring_lock_release(struct measuring_lock *lock)
{
	if (lock->is_taken)
		close(lock->fd);
	*lock = (struct measuring_lock){ 0 };
}
