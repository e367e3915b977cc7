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
void html_findings(const struct html *p);
void html_figures(const struct html *p);
void html_interrupts(const struct html *p);
void html_cpus(const struct html *p);
void html_guest(const struct html *p);
void html_machine(const struct html *p);
void html_method(const struct html *p);

/* A section with its heading, by html.c around each part. */
void html_section(const struct html *p, const char *id, const char *title);
void html_section_end(const struct html *p);

/* Values as people read them. */
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

/* Which CPUs are the guest's; the empty set when the result does not say. */
const struct cpus *html_guest_cpus(const struct html *p);
/* Symbol and name of a verdict for people ("problem", "does not apply"). */
const char *html_verdict_symbol(enum verdict v);
const char *html_verdict_word(enum verdict v);

#endif
