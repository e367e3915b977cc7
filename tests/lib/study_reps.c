/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "tests/lib/study.h"

size_t study_family(const struct study_plan *p)
{
	return p->n_family ? p->n_family : STUDY_FAMILY;
}

void study_fill(struct study_run *run, const struct study_plan *p, struct stats_random *r)
{
	const size_t n = p->n_reps;

	for (size_t m = 0; m < study_family(p); m++) {
		const double ratio = m == 0 ? p->ratio : p->ratio_rest;

		for (size_t side = 0; side < 2; side++) {
			const double session = exp(p->tau * noise_normal(r));
			const double sd = side && p->sd_after > 0 ? p->sd_after : p->sd;

			for (size_t i = 0; i < n; i++) {
				const size_t slot = !p->is_paired ? side * n + i
						    : i % 2       ? 2 * i + 1 - side
								  : 2 * i + side;
				const double at = (double)slot / (double)(2 * n - 1);

				run->values[side][m][i] = noise_latency_ns(
					r, sd, session * (side ? ratio : 1) * exp(p->rise * at));
			}
			run->sessions[side][m] = (struct judge_session){ run->values[side][m], n };
		}
		run->metrics[m] = (struct judge_metric){
			.before = { &run->sessions[0][m], 1 },
			.after = { &run->sessions[1][m], 1 },
			.margin_permille = p->margin_permille,
			.is_gated = true,
			.is_one_session = p->tau <= 0,
			.is_paired = p->is_paired,
		};
	}
}

static void count(const struct judgement *j, size_t n, struct study_outcome *o)
{
	bool is_false_alarm = false;

	o->n_regressed += j[0].verdict == JUDGE_REGRESSED;
	o->n_improved += j[0].verdict == JUDGE_IMPROVED;
	o->n_same += j[0].verdict == JUDGE_NO_CHANGE;
	o->n_drifted += j[0].has_drifted;
	o->n_alarms_undrifted += j[0].p_regressed_ppm <= 50000;
	o->n_boot_inside += j[0].is_boot_inside;
	for (size_t m = 1; m < n; m++)
		is_false_alarm |= j[m].verdict == JUDGE_REGRESSED;
	o->n_false_alarms += is_false_alarm;
}

int study_reps(const struct study_plan *plan, struct study_outcome *ret_outcome)
{
	struct study_outcome o = { 0 };
	struct stats_random r;
	struct study_run run;
	int ret = 0;

	stats_random_seed(&r, 20);
	for (size_t i = 0; i < plan->n_runs && ret == 0; i++) {
		struct judgement j[STUDY_FAMILY];

		study_fill(&run, plan, &r);
		ret = judge_changes(run.metrics, study_family(plan), j);
		if (ret == 0)
			count(j, study_family(plan), &o);
	}
	*ret_outcome = o;
	return ret;
}
