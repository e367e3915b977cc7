/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/user.h"

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

int user_become_harmless(void)
{
	uid_t uid;
	gid_t gid;

	user_harmless(&uid, &gid);
	if (uid && (setgroups(0, NULL) < 0 || setresgid(gid, gid, gid) < 0 ||
		    setresuid(uid, uid, uid) < 0))
		return neg_errno();
	return prctl(PR_SET_NO_NEW_PRIVS, 1ul, 0ul, 0ul, 0ul) < 0 ? neg_errno() : 0;
}
