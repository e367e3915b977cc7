/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * text_trace.h - in a terminal: who took the guest's time, gaps, round trips.
 *
 * All return 0 or -errno, and print nothing where nothing was measured and nobody tried.
 */
#ifndef REPORT_TEXT_TRACE_H
#define REPORT_TEXT_TRACE_H

#include "report/report.h"

/*
 * What was used and what cannot be told, each vCPU, the top culprits of all of them, sizes, the
 * worst. is_full: more of each, and the guest's other threads; else few lines.
 */
int report_trace_text(FILE *out, struct host *h, const struct text_style *style) MUST_CHECK;
/* Its first sentence: how much was lost of what, or why that is not known. */
int report_lost_text(FILE *out, struct host *h, const struct text_style *style) MUST_CHECK;
/* A sentence about the gap loop; is_full: and its culprits. */
int report_gap_text(FILE *out, struct host *h, const struct text_style *style) MUST_CHECK;
/* A table of what the built-in guest measured. */
int report_exits_text(FILE *out, struct host *h, const struct text_style *style) MUST_CHECK;

#endif
