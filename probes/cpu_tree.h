/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cpu_tree.h - part of the cpu probe: is this tree fit for a library that trusts what it reads? */
#ifndef PROBES_CPU_TREE_H
#define PROBES_CPU_TREE_H

#include "probes/probe.h"

/*
 * Looks at a captured tree before hwloc does: links stay inside, no CPU or node has a number that
 * would make the library reserve memory without bounds. *ret_why: NULL, or why the tree must not be
 * handed over (lives in the arena). This machine itself is not looked at. 0 or -ENOMEM.
 */
int cpu_tree_check(struct probe_env *env, const char **ret_why) MUST_CHECK;

/* Some CPU of the set has a folder that describes its caches. */
bool cpu_tree_has_caches(const struct sysroot *root, const struct cpus *cpus);

#endif
