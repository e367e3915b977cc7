/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mounts.h - /proc/mounts: device, mount point, type, options, two numbers; blanks and backslashes
 * in a field are octal, "\040". Sources: proc(5), fstab(5); hugetlbfs options:
 * Documentation/admin-guide/mm/hugetlbpage.rst, hugetlbfs_show_options() in fs/hugetlbfs/inode.c.
 */
#ifndef PROBES_PARSE_MOUNTS_H
#define PROBES_PARSE_MOUNTS_H

#include "core/text.h"

struct mount_line { /* views into the text, escapes as written */
	struct text source, target, type, options;
};

/* Cuts lines off the front of *rest up to one that is a mount; false: there is none left. */
bool mounts_next(struct text *rest, struct mount_line *ret_mount);
/* A field with its escapes resolved; NULL: no memory. Caller frees. */
char *mounts_unescape(struct text field);
/* Is it one of the options, "cpuset" of "rw,cpuset,noprefix"? */
bool mounts_has_option(struct text options, const char *name);
/* "pagesize=2M", "=1024M", "=1G" among the options: 0, -ENOENT (not named), -EINVAL, -ERANGE. */
int mounts_page_size(struct text options, uint64_t *ret_bytes) MUST_CHECK;

#endif
