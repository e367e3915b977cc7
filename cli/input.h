/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * input.h - files that a user or a stranger named: a FIFO or device under such a name must not make
 * us wait, so regular files only.
 */
#ifndef CLI_INPUT_H
#define CLI_INPUT_H

#include <stdio.h>
#include <sys/stat.h>

#include "core/base.h"

/* A descriptor to read from and what it is of; -EINVAL: no regular file (of *ret_stat); -errno. */
int input_open(const char *path, struct stat *ret_stat) MUST_CHECK;
/* The same as a stream. 0; -EINVAL, -ENOMEM, -errno. */
int input_file(const char *path, FILE **ret_file) MUST_CHECK;

#endif
