/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shell_vars.h - variables that a configuration file sets in the language of a shell: NAME=value,
 * NAME+=value, arrays NAME=(a b), quotes, comments and $NAME of variables set before. Nothing is
 * run: other lines are passed over, $(…) and `…` stay as they are.
 *
 * For /etc/default/grub, mkinitcpio.conf(5), dracut.conf(5), /etc/default/limine. Source: the
 * quoting rules of POSIX.1-2017, "Shell Command Language", 2.2, and bash(1), "Arrays".
 */
#ifndef PROBES_PARSE_SHELL_VARS_H
#define PROBES_PARSE_SHELL_VARS_H

#include "core/arena.h"
#include "core/text.h"

#define SHELL_VARS_MAX  128u
#define SHELL_VALUE_MAX 4096u /* bytes; what is longer is cut */

struct shell_var {
	const char *name; /* "GRUB_CMDLINE_LINUX", "KERNEL_CMDLINE[default]" */
	char *value;      /* without the quotes; words of an array with a blank between them */
	size_t room;      /* of value */
};

struct shell_vars { /* begin with { 0 }; the texts live in the arena: at most 1 MiB of it */
	size_t n;
	struct shell_var v[SHELL_VARS_MAX];
};

/* Reads one file after those read before. 0 or -ENOMEM. */
int shell_vars_parse(struct shell_vars *vars, struct arena *a, struct text text) MUST_CHECK;
/* NULL: it is not set. Good until the next file is read. */
const char *shell_vars_get(const struct shell_vars *vars, const char *name);

#endif
