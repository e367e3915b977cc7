/* SPDX-License-Identifier: GPL-2.0-or-later */
/* html_culprits.h - lists of struct trace_culprit in the page. */
#ifndef REPORT_HTML_CULPRITS_H
#define REPORT_HTML_CULPRITS_H

#include "report/html.h"

/* A table of the first max; shares are of whole_ns. */
void html_culprits(const struct html *p, const struct fact_list *list, uint64_t whole_ns,
		   size_t max);
/* A cell that names the first few. */
void html_culprits_brief(const struct html *p, const struct fact_list *list);

#endif
