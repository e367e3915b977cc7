/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fleet_files.h - which files of a folder are results, and of which host.
 *
 *	DIR/HOST.json                        a result of HOST
 *	DIR/HOST@ANYTHING.json               another one
 *	DIR/HOST-20260131T120000Z.json       and another: a time as in the folders of 'run'
 *	DIR/HOST/result.json                 the same in a folder of its own, or HOST@ANYTHING;
 *	DIR/HOST/ANYTHING.json               all in one folder are of one host
 *
 * A result does not say whose it is, so the names do. No other ending is taken off: node-1 and
 * node-2 are two hosts, and so are folders that 'run' named itself (vfiobench-20260131T120000Z).
 */
#ifndef CLI_FLEET_FILES_H
#define CLI_FLEET_FILES_H

#include "core/base.h"

enum { FLEET_FILES_MAX = 2000 };

struct fleet_file {
	char *path, *host;
	char *name; /* below the folder */
};

struct fleet_files {
	struct fleet_file *v; /* by host, then name */
	size_t n;
	char **empty; /* folders without a result, by name */
	size_t n_empty;
	size_t n_more; /* files beyond FLEET_FILES_MAX */
};

/* 0; -E2BIG (100000 entries and more); else as opendir(3). */
int fleet_files_list(const char *folder, struct fleet_files *ret_files) MUST_CHECK;
void fleet_files_release(struct fleet_files *files);
#define auto_fleet_files auto_cleanup(fleet_files_release)

/* The host of a file or folder of that name, ".json" already taken off. Caller frees; NULL: no
 * memory. */
char *fleet_host_of(const char *name);

#endif
