/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * say.h - messages for people, on stderr only, one line each: "vfiobench: text".
 *
 * Used by probes/probe.c and cli/ alone. Control bytes of strangers are replaced before printing.
 */
#ifndef CORE_SAY_H
#define CORE_SAY_H

#include "core/base.h"

enum say_level { SAY_ERROR, SAY_WARNING, SAY_NOTE };

/* Name in front of every line; notes are dropped when is_quiet. Call once, from main. */
void say_setup(const char *program, bool is_quiet);
/*
 * From now on a line that stderr does not take for that long is dropped: for a program that has to
 * end also where nobody reads. 0, as at first: waits for ever.
 */
void say_no_longer_than(uint64_t limit_ns);
void say_error(const char *fmt, ...) FORMAT_PRINTF(1, 2);
void say_warning(const char *fmt, ...) FORMAT_PRINTF(1, 2);
void say_note(const char *fmt, ...) FORMAT_PRINTF(1, 2);

#endif
