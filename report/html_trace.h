/* SPDX-License-Identifier: GPL-2.0-or-later */
/* html_trace.h - the figures of a trace, each with its table. */
#ifndef REPORT_HTML_TRACE_H
#define REPORT_HTML_TRACE_H

#include "report/html.h"
#include "report/lost.h"

void html_lost_bars(const struct html *p, const struct lost *l);
void html_lost_time(const struct html *p, const struct lost *l);
void html_lost_causes(const struct html *p, const struct lost *l);
void html_lost_heat(const struct html *p, const struct lost *l);

#endif
