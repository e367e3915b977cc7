/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * output.h - files of ours on the user's disk: whole or not there, and theirs even under sudo.
 */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include <stdio.h>

#include "core/base.h"

/* save_file() of core/save.h. */
int output_file(const char *path, int (*write)(FILE *out, void *arg), void *arg) MUST_CHECK;
/* For output_file(): arg is a struct doc. */
int output_write_document(FILE *out, void *arg) MUST_CHECK;
/*
 * Makes a folder: path, or when NULL PREFIX-<UTC> in the current one. An existing
 * folder is used. Checks that files can be made there. Caller frees *ret_path.
 */
int output_folder(const char *path, const char *prefix, uint64_t unix_ns,
		  char **ret_path) MUST_CHECK;

/*
 * The folder for this process alone, until *ret_fd is closed: -EBUSY when another one has it. Where
 * the file system has no locks it is had at once.
 */
int output_lock(const char *folder, int *ret_fd) MUST_CHECK;

/*
 * A new folder in $TMPDIR, else /var/tmp, under a name nobody could have made before: for a result
 * that found no room where it was wanted. Caller frees *ret_path.
 */
int output_spare_folder(char **ret_path) MUST_CHECK;

#endif
