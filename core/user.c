/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/user.h"

#include <cap-ng.h>
#include <fcntl.h>
#include <grp.h>
#include <sys/prctl.h>

#include "core/text.h"

enum { NOBODY = 65534 };

bool user_of_sudo(uid_t *ret_uid, gid_t *ret_gid)
{
	const char *u = getenv("SUDO_UID"), *g = getenv("SUDO_GID");
	uint64_t uid, gid;

	if (geteuid() != 0 || !u || !g || text_u64(text_of(u), &uid) < 0 ||
	    text_u64(text_of(g), &gid) < 0 || uid > UINT32_MAX - 1 || gid > UINT32_MAX - 1)
		return false;
	*ret_uid = (uid_t)uid;
	*ret_gid = (gid_t)gid;
	return true;
}

void user_harmless(uid_t *ret_uid, gid_t *ret_gid)
{
	uid_t uid;
	gid_t gid;

	*ret_uid = *ret_gid = 0;
	if (geteuid() != 0)
		return;
	*ret_uid = *ret_gid = NOBODY;
	if (user_of_sudo(&uid, &gid) && uid && gid) {
		*ret_uid = uid;
		*ret_gid = gid;
	}
}

/*
 * user_namespaces(7): whoever made one is root in it with no right outside, and may have no other
 * user in it to become.
 */
static bool is_all_of_users(void)
{
	auto_fd int fd = open("/proc/self/uid_map", O_RDONLY | O_CLOEXEC);
	char buf[128];
	const ssize_t n = fd < 0 ? -1 : read(fd, buf, sizeof(buf));
	struct text rest, word;
	uint64_t v[3] = { 0 };

	if (n <= 0)
		return true;
	rest = text_make(buf, (size_t)n);
	for (size_t i = 0; i < ARRAY_SIZE(v); i++) {
		if (!text_next_word(&rest, &word) || text_u64(word, &v[i]) < 0)
			return true;
	}
	return v[0] == 0 && v[1] == 0 && v[2] == UINT32_MAX;
}

static int unless(int error, int result)
{
	const int r = result < 0 ? neg_errno() : 0;

	return r == error ? 0 : r;
}

static int change_user(uid_t uid, gid_t gid)
{
	const bool is_all = is_all_of_users();
	/* Groups may be for nobody to change (/proc/self/setgroups), users not be there. */
	int r = unless(is_all ? 0 : -EPERM, setgroups(0, NULL));

	if (r == 0)
		r = unless(is_all ? 0 : -EINVAL, setresgid(gid, gid, gid));
	if (r == 0)
		r = unless(is_all ? 0 : -EINVAL, setresuid(uid, uid, uid));
	return r;
}

int user_become_harmless(void)
{
	uid_t uid;
	gid_t gid;
	int r;

	user_harmless(&uid, &gid);
	r = uid ? change_user(uid, gid) : 0;
	if (r < 0)
		return r;
	/* What setuid(2) leaves, or the file of the program gave. */
	capng_clear(CAPNG_SELECT_CAPS);
	if (capng_apply(CAPNG_SELECT_CAPS) < 0)
		return -EPERM;
	return prctl(PR_SET_NO_NEW_PRIVS, 1ul, 0ul, 0ul, 0ul) < 0 ? neg_errno() : 0;
}
