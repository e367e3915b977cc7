/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * report.h - what a host and its findings look like for people and programs.
 *
 * Nothing here touches the machine but the figures of the HTML report, which gnuplot draws.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "analyze/engine.h"
#include "core/doc.h"

/* The findings document of format vfiobench-findings; NULL: no memory. */
struct doc *findings_json(const struct findings *f);

struct text_style {
	bool has_colour;
	unsigned width; /* columns */
	bool is_full;   /* also rows that passed or do not apply */
	size_t n_worst; /* how many of the longest stretches of a trace; 0: as fits */
};
/* Verdict, measurements, findings table and the top findings with evidence and fix. 0 or -errno. */
int report_text(FILE *out, struct host *h, const struct findings *f,
		const struct text_style *style) MUST_CHECK;

/* One self-contained page; figures are left out, with a note, where gnuplot is missing. */
int report_html(FILE *out, struct host *h, const struct findings *f) MUST_CHECK;

#endif
