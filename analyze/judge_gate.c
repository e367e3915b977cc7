/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/judge_gate.h"

#include <math.h>

#include "analyze/judge_trial.h"
#include "analyze/stats_size.h"

#define TWICE log(2.0)

double judge_gate_visible(const struct judge_gate *gate)
{
	const struct stats_plan plan = { gate->sd, JUDGE_LEVEL / (double)gate->n_family,
					 JUDGE_POWER, false };

	return gate->margin +
	       stats_visible_distance(&plan, JUDGE_GATE_REPETITIONS, JUDGE_GATE_REPETITIONS);
}

bool judge_is_fit(const struct judge_gate *gate)
{
	return judge_gate_visible(gate) <= fmax(TWICE, gate->floor);
}

int64_t judge_sure_permille(uint64_t margin_permille)
{
	/* Of hostile numbers, too. */
	return (int64_t)u64_max(1000, 2 * u64_min(margin_permille, INT64_MAX / 2));
}

bool judge_is_sure(bool has_low, int64_t low_permille, uint64_t margin_permille)
{
	return has_low && low_permille >= judge_sure_permille(margin_permille);
}
