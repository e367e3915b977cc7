/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * html.h - the parts of the page, in its order, and what they share.
 *
 * Parts print mark-up of ours through html_put() and values through it or the other functions here;
 * errors of the stream are found at the end (ferror).
 */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include "report/escape.h"
#include "report/report.h"

struct html {
	FILE *out;
	struct host *h;
	const struct findings *f;
};

void html_summary(const struct html *p);
void html_key_numbers(const struct html *p); /* part of the summary */
void html_first(const struct html *p);       /* part of the summary */
void html_findings(const struct html *p);
void html_trace(const struct html *p);
void html_figures(const struct html *p);
void html_gap(const struct html *p);
void html_exits(const struct html *p);
void html_interrupts(const struct html *p);
void html_cpus(const struct html *p);
void html_guest(const struct html *p);
void html_machine(const struct html *p);
void html_method(const struct html *p);
void html_tracing(const struct html *p); /* part of the method */

/* The page around it all: policy, title, style. The title is text. */
void html_head(FILE *out, const char *title);
void html_contents_begin(FILE *out);
void html_contents_item(FILE *out, const char *id, const char *title); /* ours, both */
void html_contents_end(FILE *out);

/* A section with its heading, by html.c around each part. */
void html_section(const struct html *p, const char *id, const char *title);
void html_section_end(const struct html *p);

/* Values as people read them. */
/* Words of ours such as "12.3 us", on one line and with the letter that terminals may lack. */
void html_amount(FILE *out, const char *words);
void html_ns(FILE *out, uint64_t ns);                  /* 12.3 µs */
void html_kib(FILE *out, uint64_t kib);                /* 4.00 GiB */
void html_rate(FILE *out, uint64_t permille);          /* a rate_permille(): "0.2", "412", "1.9k" */
void html_cpu_list(FILE *out, const struct cpus *set); /* "2-5,8", or "none" */
/* "unknown" with the reason; field as in the documents. */
void html_unknown(const struct html *p, const char *field);
/* Rows of a table of two columns: the value, or why it is unknown. */
void html_row_str(const struct html *p, const char *label, const char *field,
		  const struct fact_str *v);
void html_row_cpus(const struct html *p, const char *label, const char *field,
		   const struct fact_cpus *v);
void html_row_u64(const struct html *p, const char *label, const char *field,
		  const struct fact_u64 *v);

/* Names in tables of many rows. */
#define HTML_NAME_MAX 64u

/*
 * The drawing, or why there is none: r, svg and why as of plot_draw(). False: none, and the table
 * behind it should be open.
 */
bool html_drawing(const struct html *p, int r, const char *svg, const char *why);
struct html_columns {
	const char *const *names;
	size_t n;
	unsigned n_text; /* the last ones hold text: 0 to 2 */
};

/* A table of numbers that is folded. */
void html_table_begin(const struct html *p, bool is_open, const char *title,
		      const struct html_columns *columns);
void html_table_end(const struct html *p);
/* The same, when not all of n rows were shown. */
void html_table_end_of(const struct html *p, size_t n, size_t n_shown);
void html_cell_ns(const struct html *p, bool is_there, uint64_t ns);
/* In percent; empty when it is not known. */
void html_cell_share(const struct html *p, const struct fact_u64 *part, uint64_t whole);
void html_cell_text(const struct html *p, const struct fact_str *text); /* cut; empty if unknown */
/* A cell with class and name of a culprit. */
void html_cell_culprit(const struct html *p, const struct fact_str *class,
		       const struct fact_str *name);
/* "and 12 more.", when not all of n were shown. */
void html_and_more(const struct html *p, size_t n, size_t n_shown);

/*
 * The passed-through devices beside these CPUs, by NUMA node; cpus NULL: those of which the
 * firmware does not tell.
 */
void html_devices(const struct html *p, const struct cpus *cpus);
/* What to type now, else what to keep; NULL: the finding has no fix. */
const char *html_fix_of(const struct finding *f);
const char *html_needs_word(enum fix_needs needs); /* "a reboot" */

/* Which CPUs are the guest's; the empty set when the result does not say. */
const struct cpus *html_guest_cpus(const struct html *p);
/* A verdict as word and symbol, never by its colour alone; class: "problem", "pass" … */
void html_badge(FILE *out, const char *class, const char *symbol, const char *word);
/* Class, symbol and name of a verdict: "problem", "✗", "Problem". */
const char *html_verdict_class(enum verdict v);
const char *html_verdict_symbol(enum verdict v);
const char *html_verdict_word(enum verdict v);

#endif
