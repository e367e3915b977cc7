/* SPDX-License-Identifier: GPL-2.0-or-later */
/* save.h - files of ours on the user's disk: whole or not there, and theirs even under sudo. */
#ifndef CORE_SAVE_H
#define CORE_SAVE_H

#include <stdio.h>

#include "core/base.h"

/*
 * Writes path through a temporary file beside it, then renames; a reader never sees half a file.
 * What is no regular file (/dev/null, a pipe) is written to and stays what it is.
 * Where the file system has files without a name (O_TMPFILE), nothing is left either when we are
 * killed meanwhile; elsewhere a PATH.XXXXXX stays.
 * Under sudo the file belongs to the user who called it (SUDO_UID, SUDO_GID), where the file system
 * knows owners. 0 or -errno: nothing is left behind then.
 */
int save_file(const char *path, int (*write)(FILE *out, void *arg), void *arg) MUST_CHECK;
/* To the user who called sudo, if one did and the file system knows owners. 0 or -errno. */
int save_give_away(int fd) MUST_CHECK;
/*
 * Right after the last word was written to out: 0, or the -errno it was not taken for (a full disk,
 * say), where ferror() alone knows only that there was one.
 */
int save_error(FILE *out) MUST_CHECK;

#endif
