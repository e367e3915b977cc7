/* SPDX-License-Identifier: GPL-2.0-or-later */
/* redact_runs.h - does a run of letters and digits, the smallest part of a text, name nobody? */
#ifndef REPORT_REDACT_RUNS_H
#define REPORT_REDACT_RUNS_H

#include "core/text.h"

enum run_class {
	RUN_KNOWN,  /* a word of the vocabulary, a number, a device or an interface by its kind */
	RUN_SHORT,  /* too short to tell much: three characters at most */
	RUN_UNKNOWN /* must not be shared */
};

/*
 * before and after are the characters beside it, or '\0': in "10de:1b80" and "ff,ffff0000" the
 * parts are numbers in base 16.
 */
enum run_class run_classify(struct text run, char before, char after);

#endif
