/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pictures.h - the figures of a result or a comparison as PNG, for places that show no page.
 *
 * Each has its title and what its colours mean inside. Names of files are ours.
 */
#ifndef REPORT_PICTURES_H
#define REPORT_PICTURES_H

#include "facts/comparison.h"
#include "report/plot.h"
#include "report/report.h"

/* Gets one figure: 0 or a negative errno, which ends it. name: "percentiles.png" */
typedef int picture_fn(const char *name, const struct picture *picture, void *arg);

/*
 * Hands each figure that there is to put(). 0 and how many; put()'s error; -ENOMEM; errors of
 * plot_draw(), for which *ret_why is one line (caller frees; NULL: no memory).
 */
int report_pictures(struct host *h, picture_fn *put, void *arg, size_t *ret_n,
		    char **ret_why) MUST_CHECK;
int report_comparison_pictures(const struct comparison_facts *c, picture_fn *put, void *arg,
			       size_t *ret_n, char **ret_why) MUST_CHECK;

#endif
