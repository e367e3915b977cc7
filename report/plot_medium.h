/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plot_medium.h - what gnuplot is to draw on, and what is taken of its drawing; of plot.c alone. */
#ifndef REPORT_PLOT_MEDIUM_H
#define REPORT_PLOT_MEDIUM_H

#include "core/text.h"
#include "report/plot.h"

/* The terminal, and for PNG title and key above the figure. */
void plot_put_terminal(FILE *script, const struct plot *p, const struct picture *picture);
/* Into picture->bytes: 0; -EBADMSG (not what was asked for); -ENOMEM. */
int plot_take(const struct plot *p, struct text drawn, struct picture *picture) MUST_CHECK;

/*
 * Image chunks alone, no text, times or others. Source: "Portable Network Graphics (PNG)
 * Specification", 5.3 chunk layout, 5.6 order. Caller frees. 0; -EBADMSG; -ENOMEM.
 */
int png_clean(struct text png, char **ret_png, size_t *ret_size) MUST_CHECK;

#endif
