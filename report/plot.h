/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plot.h - figures drawn by gnuplot: SVG that is safe inside a page, PNG, characters.
 *
 * gnuplot is a child without privileges, environment or init files, which can start nothing and
 * write nothing (core/confine.h), in a private folder, with limits of time and memory.
 * Scripts are ours: text in single quotes only (gnuplot runs what back-quotes inside double quotes
 * say), numbers come from a data file. While it runs, signals that would end us end gnuplot, and
 * are delivered when the folder is gone.
 */
#ifndef REPORT_PLOT_H
#define REPORT_PLOT_H

#include "core/base.h"
#include "report/plot_svg.h"

enum plot_medium {
	PLOT_SVG,
	PLOT_TEXT, /* lines of characters; in UTF-8 if the labels are */
	PLOT_PNG   /* with its title and the key, on white, twice as large */
};

struct plot {
	struct svg_names names;
	unsigned width, height; /* of the view box, which the page scales; of text: characters */
	const char *script;     /* after the common settings; reads 'data' */
	const char *data;       /* numbers; tables apart by two empty lines are index 0, 1 … */
};

struct picture_key {
	const char *word, *colour; /* ours, both */
};

/* What is wanted, and what it became. */
struct picture {
	enum plot_medium medium;
	const char *title;              /* of PNG, ours; NULL: that of the figure */
	const struct picture_key *keys; /* of PNG: what the colours mean; pages have a legend */
	size_t n_keys;
	char *bytes; /* NUL-ended; NULL: there is none */
	size_t n_bytes;
	char *why; /* one line for people about an error; NULL: none, or no memory */
};

void picture_release(struct picture *picture);
#define auto_picture auto_cleanup(picture_release)

/*
 * 0; -ENOENT (no gnuplot in PATH); -ETIMEDOUT (over 10 s); -EINTR (a signal came); -EIO (gnuplot
 * failed, or drew something that is not let through); other -errno of the folder.
 */
int plot_draw(const struct plot *p, struct picture *picture) MUST_CHECK;

/* Colours of the drawing, which the style sheet maps to those of the page. */
#define PLOT_FOREGROUND "#24292f"
#define PLOT_MUTED      "#59636e"
#define PLOT_GRID       "#d0d7de"
#define PLOT_RAW        "#0550ae" /* blue and orange are told apart by colour-blind readers */
#define PLOT_CORRECTED  "#bc4c00"
/* States of lost time. */
#define PLOT_PREEMPTED "#bc4c00"
#define PLOT_WAITING   "#b58100"
#define PLOT_IRQ       "#0550ae"
#define PLOT_SOFTIRQ   "#4a9bd9"
#define PLOT_EXITS     "#6f42c1"
#define PLOT_QEMU      "#bf3989"
#define PLOT_BLOCKED   "#0f766e"
#define PLOT_STOPPED   "#82071e"
#define PLOT_RESIDUE   "#6e7781"
/* Heat, from few to many. */
#define PLOT_HEAT_1 "#a9cdf0"
#define PLOT_HEAT_2 "#6ea8dc"
#define PLOT_HEAT_3 "#3a7fc4"
#define PLOT_HEAT_4 "#1f5a9e"
#define PLOT_HEAT_5 "#0b3566"

#endif
