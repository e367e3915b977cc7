/* SPDX-License-Identifier: GPL-2.0-or-later */
/* user.h - whom we act for under sudo, and rights that reading a stranger's file does not need. */
#ifndef CORE_USER_H
#define CORE_USER_H

#include <sys/types.h>

#include "core/base.h"

/* Who called sudo (SUDO_UID, SUDO_GID); false: nobody did, or we are not root. */
bool user_of_sudo(uid_t *ret_uid, gid_t *ret_gid);
/*
 * Whom to be for work that needs no right: the user behind sudo, else nobody; 0 (unchanged) when
 * we are not root.
 */
void user_harmless(uid_t *ret_uid, gid_t *ret_gid);
/*
 * This process becomes that one without any capability, for good, and no program it starts can be
 * more. In a user namespace without such a user it stays who it is, also without capabilities.
 * 0 or -errno. Before other threads are started.
 */
int user_become_harmless(void) MUST_CHECK;

#endif
