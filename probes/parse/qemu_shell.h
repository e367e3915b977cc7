/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * qemu_shell.h - the command that starts QEMU in a text for a shell: a script, a unit of systemd,
 * or what was copied from a terminal.
 *
 * Words are taken apart as POSIX sh does (chapter 2 of "Shell Command Language"), with arrays of
 * bash. Variables and arrays have the values that the text gives them further above, whatever ifs
 * and loops are around; what has no value there stays as it is written, "$(a command)" without its
 * blanks. Nothing is run.
 */
#ifndef PROBES_PARSE_QEMU_SHELL_H
#define PROBES_PARSE_QEMU_SHELL_H

#include "core/arena.h"
#include "core/text.h"
#include "facts/schema.h"

/*
 * From the emulator on to the end of its command; of several commands with one, the longest; all
 * words of the text where there is none. The end of a line ends it only if no option follows:
 * pasting loses backslashes. Values that double again and again are cut. 0 or -ENOMEM.
 */
int qemu_shell_split(struct text t, struct arena *a, struct fact_strs *ret_args) MUST_CHECK;

#endif
