/* SPDX-License-Identifier: GPL-2.0-or-later */
/* smaps_read.h - a file smaps of a process, piece by piece: it may have tens of megabytes. */
#ifndef PROBES_SMAPS_READ_H
#define PROBES_SMAPS_READ_H

#include "core/sysroot.h"
#include "probes/parse/smaps.h"

/*
 * Gives each line of the file to *smaps, which the caller has zeroed, and ends it. 0, or why it
 * could not be read: -EFBIG when it is longer than any kernel writes, -EBADMSG when it is of none.
 */
int smaps_read(const struct sysroot *root, const char *path, struct smaps *smaps) MUST_CHECK;

#endif
