/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plot_svg.h - a drawing of gnuplot made fit for a page.
 *
 * Lets through a fixed set of elements and attributes of SVG and refuses everything else, so that a
 * drawing can hold no script, no style and no address but a '#' of its own.
 */
#ifndef REPORT_PLOT_SVG_H
#define REPORT_PLOT_SVG_H

#include "core/base.h"
#include "core/text.h"

struct svg_names {
	const char *prefix; /* letters and digits; put before each id, unique in the page */
	const char *title;  /* what the drawing is, for those who cannot see it */
	const char *about;  /* what it shows */
};

/*
 * Drops what comes before <svg>, comments, titles, descriptions, filters and empty groups; prefixes
 * ids and the references to them; adds title and description of ours. 0; -EBADMSG (not SVG as
 * gnuplot writes it); -ENOMEM. Caller frees *ret_svg.
 */
int svg_clean(struct text svg, const struct svg_names *names, char **ret_svg) MUST_CHECK;

#endif
