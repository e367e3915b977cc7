/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * measuring_lock.h - who else measures on this machine: two at once take each other's time.
 *
 * A file that all who measure hold a shared lock on (flock(2)), a line with the pid of each in it;
 * who finds it locked is not alone. The kernel lets go of the lock of a process that is killed.
 * Nobody waits for anybody.
 */
#ifndef CLI_MEASURING_LOCK_H
#define CLI_MEASURING_LOCK_H

#include <sys/types.h>

#include "core/base.h"

struct measuring_lock { /* zeroed: not taken */
	bool is_taken;
	int fd;
	off_t end; /* of our line; behind it stand those who came later */
};

struct measuring_other {
	bool is_there;
	pid_t pid; /* 0: not known */
};

/*
 * From now on others know that we measure. 0, *ret_other says who did so before; or -errno: the
 * file cannot be had, and nobody knows of anybody.
 */
int measuring_lock_take(struct measuring_lock *lock, const char *path,
			struct measuring_other *ret_other) MUST_CHECK;
/*
 * The same in /run or, for who may not write there, in $XDG_RUNTIME_DIR: users see their own. Where
 * neither can be had the lock is not taken, and there is no other.
 */
void measuring_lock_take_here(struct measuring_lock *lock, struct measuring_other *ret_other);
/* The last who came since; none where it is not taken. */
struct measuring_other measuring_lock_later(const struct measuring_lock *lock);
void measuring_lock_release(struct measuring_lock *lock);

#endif
