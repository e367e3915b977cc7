/* SPDX-License-Identifier: GPL-2.0-or-later */
/* text_culprits.h - lists of struct trace_culprit in a terminal. */
#ifndef REPORT_TEXT_CULPRITS_H
#define REPORT_TEXT_CULPRITS_H

#include "report/text_table.h"

/* A table of the first max, with shares of whole_ns; nothing for an empty list. 0 or -errno. */
int text_culprits(const struct printer *p, const struct fact_list *list, uint64_t whole_ns,
		  size_t max) MUST_CHECK;

#endif
