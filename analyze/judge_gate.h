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

/*
 * A rise that is no matter of the session, also where nobody knows how far sessions lie apart: its
 * 95 % interval begins at +100 % or beyond, and at twice the margin. A boot that doubles a latency
 * with nothing changed is rare, one that moves it by half is not.
 */
int64_t judge_sure_permille(uint64_t margin_permille);
bool judge_is_sure(bool has_low, int64_t low_permille, uint64_t margin_permille);

#endif
