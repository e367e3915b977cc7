/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * text_line.h - one line of a trace that somebody pasted, taken apart: who, where, when, which
 * event. Text to struct, no I/O; the pieces are views into the line.
 *
 * What people paste: tracefs "trace" and "trace_pipe" (kernel/trace/trace_output.c, with or without
 * the columns irq-info and record-tgid), what the kernel dumps of it into its log, `trace-cmd
 * report`, `perf script` (tools/perf/builtin-script.c), and all of these with columns cut out.
 */
#ifndef PROBES_TRACE_TEXT_LINE_H
#define PROBES_TRACE_TEXT_LINE_H

#include "core/base.h"
#include "core/text.h"

enum trace_line_class {
	TRACE_LINE_EVENT,
	TRACE_LINE_COMMENT, /* "# tracer: nop" */
	TRACE_LINE_HEADER,  /* "cpus=4", "CPU 3 is empty" */
	TRACE_LINE_LOST,    /* "CPU:2 [LOST 123 EVENTS]", "##### CPU 1 buffer started ####" */
	TRACE_LINE_STACK,   /* "=> schedule" */
	TRACE_LINE_BLANK,
	TRACE_LINE_OTHER, /* prose, or the rest of an event with a line break in it */
	N_TRACE_LINE_CLASSES
};

enum trace_line_format {
	TRACE_FORMAT_FTRACE,       /* comm-pid [cpu] flags? time: event; trace-cmd report too */
	TRACE_FORMAT_DUMP,         /* comm-pid cpu-and-flags time in us: event */
	TRACE_FORMAT_PERF,         /* comm pid [cpu] time: event */
	TRACE_FORMAT_PERF_NO_CPU,  /* comm pid? time: event */
	TRACE_FORMAT_PERF_NO_TASK, /* [cpu] time: event */
	TRACE_FORMAT_TIME_ONLY,    /* time: event */
	TRACE_FORMAT_ELIDED,       /* comm-pid [cpu] ... event: flags and time are cut out */
	TRACE_FORMAT_EVENT_ONLY,   /* event, of those that text_event.h knows */
	N_TRACE_LINE_FORMATS
};

struct trace_line {
	enum trace_line_class kind;
	enum trace_line_format format;
	struct text comm;   /* empty: not told, "<...>" too */
	int pid, cpu;       /* or TRACE_PID_UNKNOWN, TRACE_CPU_UNKNOWN */
	uint64_t t_ns;      /* UINT64_MAX: not told */
	uint64_t res_ns;    /* resolution of the time: 1000 for six digits; 0: no time */
	bool needs_resched; /* of the flags */
	struct text system; /* "kvm" of "kvm:kvm_exit:", or empty */
	struct text name;   /* "kvm_exit"; "<function>", "<syscall>" or "<other>" for those */
	struct text args;   /* behind the name */
	uint64_t n_lost;    /* of TRACE_LINE_LOST: UINT64_MAX: some */
};

/* Never fails: a line that is nothing else is TRACE_LINE_OTHER. */
void trace_line_parse(struct text line, struct trace_line *ret_line);

#endif
