/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * undo.h - what has to be put back, on every way out.
 *
 * A stack of actions. undo_run() runs them newest first, each once. Programs that change anything
 * call undo_run() before they leave, also after a signal (they watch a signalfd or a flag; handlers
 * themselves run nothing). A file is restored only if its content still is what we wrote.
 */
#ifndef CORE_UNDO_H
#define CORE_UNDO_H

#include "core/base.h"

struct undo_action;

struct undo {
	struct undo_action *top;
};

/* fn(arg) later; the stack does not own arg. */
int undo_push(struct undo *u, int (*fn)(void *arg), void *arg) MUST_CHECK;
/*
 * Remembers what a /proc or /sys file holds, writes the new value, and will write the old one back.
 * -errno when it could not be read or written: then nothing is remembered. A newline is added to
 * the value. Of a list of choices ("always [madvise] never") the word in brackets is put back.
 */
int undo_write(struct undo *u, const char *path, const char *value) MUST_CHECK;
/* Runs and forgets all. First error met, but every action is tried. */
int undo_run(struct undo *u);

#endif
