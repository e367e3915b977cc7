/* SPDX-License-Identifier: GPL-2.0-or-later */
/* text_columns.h - the columns before the name of an event; each writes what it found into *l. */
#ifndef PROBES_TRACE_TEXT_COLUMNS_H
#define PROBES_TRACE_TEXT_COLUMNS_H

#include "probes/trace/text_line.h"

enum { COLUMN_COMM_MAX = 256 }; /* some recorders put a whole package name there */

/* "d..1", ".N..", "dNh4." (trace_print_lat_fmt) */
bool column_is_flags(struct text word);
bool column_needs_resched(struct text flags);
/* "3410.005610", "87162647182125": seconds, or the raw time of the clock that "trace_clock" has */
bool column_time(struct text word, struct trace_line *l);
/* The name of a thread, with blanks around it and perhaps a date before it. */
bool column_comm(struct text comm, struct trace_line *l);
/* "comm-pid": split at the last dash */
bool column_dash_pid(struct text t, struct trace_line *l);
/* "comm pid", "comm pid/tid": perf */
bool column_blank_pid(struct text t, struct trace_line *l);
/* "comm-pid 1dNh4.": the CPU before its flags */
bool column_cpu_flags(struct text t, struct trace_line *l);
/* Without "( 36411)" or "(-------)" at its end: record-tgid */
struct text column_without_tgid(struct text t);

#endif
