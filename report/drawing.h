/* SPDX-License-Identifier: GPL-2.0-or-later */
/* drawing.h - what figures share: a script and its data while they are written, axes, labels. */
#ifndef REPORT_DRAWING_H
#define REPORT_DRAWING_H

#include "report/plot.h"

struct drawing {
	FILE *script, *data;
	char *script_text, *data_text;
	size_t n_script, n_data;
};

int drawing_init(struct drawing *d) MUST_CHECK; /* -ENOMEM; release also then */
void drawing_release(struct drawing *d);
/* Closes both streams and draws: p has all but script and data. Errors of plot_draw(). */
int drawing_draw(struct drawing *d, struct plot *p, struct picture *picture) MUST_CHECK;

/* Latencies on a logarithmic axis. */
struct range {
	uint64_t low_ns, high_ns; /* of what is drawn; low 0: nothing yet */
};

void range_add(struct range *r, uint64_t ns); /* 0 counts as 1: there is no zero */
void range_put_axis(const struct range *r, char axis, FILE *out); /* axis: 'x' or 'y' */

/* What 'ns' may be at most to keep a label clear of one at limit_ns: about a twelfth of the axis.
 */
uint64_t range_below(const struct range *r, uint64_t limit_ns, uint64_t ns);

/* Percentiles: x is 1 / (1 - q), logarithmic; 999000 ppm is p99.9. */
void drawing_put_quantile(FILE *out, uint32_t ppm);
void drawing_quantile_axis(FILE *out, uint32_t last_ppm);
/* Latency ns on the right of the end of a line there, written at the height of at_ns. */
void drawing_end_label(FILE *out, unsigned n, uint32_t ppm, uint64_t ns, uint64_t at_ns,
		       const char *colour);

/* Prints the label of a value; labels pass a format of gnuplot's, which wants "%" doubled. */
typedef void drawing_label_fn(FILE *out, uint64_t value);

/* From 0 to max, with at most seven labels. */
void drawing_linear_axis(FILE *out, char axis, uint64_t max, drawing_label_fn *put_label);
void drawing_put_ns(FILE *out, uint64_t ns);   /* "0", "250 ms", "1.5 s" */
void drawing_put_ppm(FILE *out, uint64_t ppm); /* "0.25 %%" */
/*
 * Text of a stranger inside single quotes: letters, digits and a few signs that mean nothing to
 * gnuplot, '?' for the others; at most max characters, cut with '~'. Returns how many.
 */
size_t drawing_put_name(FILE *out, const char *name, size_t max);

#endif
