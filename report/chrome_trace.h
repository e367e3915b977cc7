/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * chrome_trace.h - the worst moments of a trace, for ui.perfetto.dev and chrome://tracing.
 *
 * Source: "Trace Event Format" of the Catapult project: an object with "traceEvents"; "M" names
 * processes and threads, "X" is a slice, "C" a counter. Times are microseconds, since the start of
 * the window, with three decimals: nanoseconds, exactly. Slices carry the same times as whole
 * nanoseconds in their arguments.
 */
#ifndef REPORT_CHROME_TRACE_H
#define REPORT_CHROME_TRACE_H

#include "analyze/host.h"

/*
 * A thread for each vCPU with a slice for each of its worst stretches: what ran, where, and ids of
 * catalogue rows; and a counter for each of its states, step by step. 0; -ENODATA (nothing was
 * traced: host_why_unknown() of "trace.vcpus" says why); -ENOMEM; -EIO.
 */
int report_chrome_trace(FILE *out, struct host *h) MUST_CHECK;

#endif
