/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * judge_gate.h - is a metric fit to decide here, or does the noise of the host hide too much?
 *
 * The one place that says so: 'calibrate' tells it before, a comparison holds to it. Fit: 10
 * repetitions against 10 find a doubling four times of five at the level of Holm's first step. A
 * margin beyond that is never broken, so that to stay within it means nothing.
 */
#ifndef ANALYZE_JUDGE_GATE_H
#define ANALYZE_JUDGE_GATE_H

#include "core/base.h"

enum { JUDGE_GATE_REPETITIONS = 10 };

struct judge_gate {      /* in logarithms */
	double margin;   /* that holds */
	double sd;       /* of repetitions */
	double floor;    /* how far above the usual value the smallest difference that matters is */
	size_t n_family; /* gated metrics judged together, at least 1 */
};

/* The smallest rise that 10 repetitions find, the floor aside. INFINITY: none. */
double judge_gate_visible(const struct judge_gate *gate);
/* A rate near zero may well multiply before anybody minds: up to the floor is fit, too. */
bool judge_is_fit(const struct judge_gate *gate);

#endif
