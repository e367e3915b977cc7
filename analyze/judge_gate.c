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
