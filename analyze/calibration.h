/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * calibration.h - from sessions with nothing changed: how noisy this host is, and what that hides.
 *
 * Per gated metric, on logarithms as in judge_units.h:
 *
 *	repetitions  spread within the sessions, stats_spread()
 *	sessions     standard deviation of the medians of sessions, tau
 *	noise        of one session against one, at 5 % over all gated metrics: stats_noise_floor();
 *	             three sessions at least
 *	margin       the larger of noise and the metric's own
 *	visible      margin + the distance that 10 repetitions against 10 find four times of five at
 *	             the level of Holm's first step, stats_visible_distance(); at least the metric's
 *	             floor
 *
 * is_gate: as judge_is_fit() says, which is of a doubling. What would be more than eleven times the
 * usual, than all of the time or than a repetition is no value: no rise is visible then, and no
 * gate can be had.
 */
#ifndef ANALYZE_CALIBRATION_H
#define ANALYZE_CALIBRATION_H

#include "core/doc.h"
#include "facts/calibration.h"
#include "facts/record.h"

enum { CALIBRATION_SESSIONS_MIN = 3 };

/*
 * Sessions of one machine, oldest first; everything in a. 0; -EINVAL (no session); -ENOMEM.
 */
int calibration_make(const struct record_facts *const *sessions, size_t n, struct arena *a,
		     struct calibration_facts *ret_calibration) MUST_CHECK;
int calibration_encode(const struct calibration_facts *c, struct doc **ret_doc) MUST_CHECK;

#endif
