/* SPDX-License-Identifier: GPL-2.0-or-later */
/* user_file.h - files that the user names on the command line: of this machine, never of a tree. */
#ifndef PROBES_USER_FILE_H
#define PROBES_USER_FILE_H

#include "core/base.h"

/*
 * Whole file, also a pipe such as /dev/fd/63: 0 or -errno; -EFBIG: more than max bytes. The text is
 * followed by a NUL that ret_len does not count; caller frees.
 */
int user_file_read(const char *path, size_t max, char **ret_text, size_t *ret_len) MUST_CHECK;
/* The same from a descriptor, to its end. */
int user_file_read_fd(int fd, size_t max, char **ret_text, size_t *ret_len) MUST_CHECK;

#endif
