/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * text.h - events of a trace as text, in any form that people paste (see text_line.h): read as a
 * stream, in bounded memory, from a stranger.
 *
 * Two things can be known only from the whole text: whether its kernel printed shifted state
 * letters, and which CPUs were traced. trace_text_scan() reads it once and tells them.
 */
#ifndef PROBES_TRACE_TEXT_H
#define PROBES_TRACE_TEXT_H

#include "core/cpus.h"
#include "probes/trace/event.h"
#include "probes/trace/text_line.h"

enum { TRACE_TEXT_LINE_MAX = 64 * 1024 }; /* longer lines are counted and left out */

struct trace_text;

struct trace_text_options {
	bool is_shifted; /* of a scan: state letters are one too far */
	bool wants_all;  /* events of other kinds, of unreadable payload (TRACE_OTHER), without time
			  */
};

struct trace_text_stats {
	uint64_t n_lines, n_too_long;
	uint64_t n_of_class[N_TRACE_LINE_CLASSES], n_of_format[N_TRACE_LINE_FORMATS];
	uint64_t n_of_kind[N_TRACE_KINDS], n_unread[N_TRACE_KINDS]; /* payload cut off or odd */
	uint64_t n_other;                                           /* events of no kind of ours */
	uint64_t n_unnamed;         /* events whose names were too many to count apart */
	uint64_t n_lost;            /* events that the text says were lost; UINT64_MAX: some */
	uint64_t res_ns;            /* finest resolution of times; 0: no times */
	uint64_t first_ns, last_ns; /* of the first and last line with a time; UINT64_MAX: none */
	uint64_t n_backwards, n_backwards_cpu; /* times below the one before: of all, of the CPU */
	uint64_t n_idle_switches, n_idle_shifted; /* switches away from idle; those that print S */
	uint64_t n_vmx, n_svm, n_lower; /* exits by instruction set; lower: names that both have */
	struct cpus cpus, switch_cpus;  /* with events; with sched_switch */
};

/* in stays the caller's. 0 or -ENOMEM; free with trace_text_free() (NULL is fine). */
int trace_text_new(FILE *in, struct trace_text_options options,
		   struct trace_text **ret_text) MUST_CHECK;
void trace_text_free(struct trace_text *t);
static inline void cleanup_trace_text(struct trace_text **t)
{
	trace_text_free(*t);
}
#define auto_trace_text auto_cleanup(cleanup_trace_text)

struct trace_source *trace_text_source(struct trace_text *t);
/* So far. */
const struct trace_text_stats *trace_text_stats(const struct trace_text *t);
/* Events by name, in the order of their first appearance; NULL behind the last. */
const char *trace_text_name(const struct trace_text *t, size_t i, uint64_t *ret_n);

/*
 * Reads all of a seekable file and goes back to where it stood. 0, -ESPIPE (a pipe: copy it first),
 * -EIO or -ENOMEM.
 */
int trace_text_scan(FILE *in, struct trace_text_stats *ret_stats) MUST_CHECK;
/* Every switch away from idle prints S: its kernel shifts the letters (about 4.14 to 4.19). */
bool trace_text_is_shifted(const struct trace_text_stats *stats);

#endif
