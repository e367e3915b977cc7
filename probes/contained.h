/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * contained.h - may a captured tree be handed to a library that follows its links?
 *
 * Our own reads stay inside a tree whatever its links say (core/sysroot.h). A library that is told
 * "look below DIR" joins paths and opens them: a link to /sys in a stranger's tree would make it
 * report this machine.
 */
#ifndef PROBES_CONTAINED_H
#define PROBES_CONTAINED_H

#include "core/sysroot.h"

/*
 * 0: below the n dirs ("sys/devices/system/cpu", no '/' in front) every link leads to a place
 * below one of them, by a path free of links. Names that lead elsewhere in sysfs by design and tell
 * nothing of the object itself (subsystem, driver, memoryN …) are let through, and what stands for
 * a file that could not be read (BUNDLE_ERRORS). A dir that does not exist is fine. -EXDEV: a link
 * leads, or could lead, out; *ret_path (caller frees) names it. -E2BIG: too deep or too many
 * entries to look at. Else another errno, -ENOMEM among them; *ret_path is then NULL.
 */
int dirs_are_contained(const struct sysroot *root, const char *const *dirs, size_t n,
		       char **ret_path) MUST_CHECK;

/* Opening path never leaves the tree: 0 (also when it does not exist), -EXDEV, another errno. */
int path_is_contained(const struct sysroot *root, const char *path) MUST_CHECK;

#endif
