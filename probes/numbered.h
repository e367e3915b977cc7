/* SPDX-License-Identifier: GPL-2.0-or-later */
/* numbered.h - directories that hold one entry per number: cpu0 cpu1 …, node0, policy4, state2. */
#ifndef PROBES_NUMBERED_H
#define PROBES_NUMBERED_H

#include "core/cpus.h"
#include "core/sysroot.h"

/*
 * The numbers N of the entries called PREFIX and N, as a set: 0, a negative errno of reading the
 * directory, or -ERANGE when a number is at or above CPUS_MAX (no kernel has so many).
 */
int numbered_entries(const struct sysroot *root, const char *dir, const char *prefix,
		     struct cpus *ret_numbers) MUST_CHECK;

#endif
