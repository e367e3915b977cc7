/* SPDX-License-Identifier: GPL-2.0-or-later */
/* text_numbers.h - what was measured, and where, in single lines of a report in a terminal. */
#ifndef REPORT_TEXT_NUMBERS_H
#define REPORT_TEXT_NUMBERS_H

#include "report/text_table.h"

/* Which guest, on which CPUs, and how these were found; nothing where that is not known. */
void text_target(const struct printer *p, const struct host *h);
/* Wake-ups, or why there are none; nothing of a result where nothing was measured. */
void text_wake(const struct printer *p, struct host *h);
void text_clock(const struct printer *p, const struct host *h);

#endif
