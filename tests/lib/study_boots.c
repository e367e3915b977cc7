/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/study.h"

enum { N_SESSIONS_MAX = 12, N_REPS = 10 };

struct sessions {
	uint64_t values[N_SESSIONS_MAX][N_REPS];
	struct judge_session v[N_SESSIONS_MAX];
};

static void boot(struct sessions *s, size_t n, double tau, double ratio, struct stats_random *r)
{
	for (size_t k = 0; k < n; k++) {
		const double session = exp(tau * noise_normal(r));

		for (size_t i = 0; i < N_REPS; i++)
			s->values[k][i] = noise_latency_ns(r, 0.2, session * ratio);
		s->v[k] = (struct judge_session){ s->values[k], N_REPS };
	}
}

/* Metrics that hold still: all they do is make the family larger. */
static int judge_among(const struct judge_metric *m, size_t n_family, struct judgement *ret_j)
{
	static const uint64_t still[] = { 101, 99, 102, 98, 100 };
	static const struct judge_session session = { still, ARRAY_SIZE(still) };
	struct judge_metric metrics[STUDY_FAMILY] = { *m };
	struct judgement j[STUDY_FAMILY];
	int ret;

	for (size_t i = 1; i < n_family; i++)
		metrics[i] = (struct judge_metric){ .before = { &session, 1 },
						    .after = { &session, 1 },
						    .is_gated = true };
	ret = judge_changes(metrics, n_family, j);
	*ret_j = j[0];
	return ret;
}

/* An alarm is one when fresh sessions alone alarm again. */
static int judge_twice(const struct study_boots *p, const struct judge_metric *m,
		       const struct sessions *after, struct judgement *j)
{
	struct judge_metric fresh = *m;
	struct judgement again;
	int ret = judge_among(m, p->n_family, j);

	if (ret < 0 || p->n_again == 0 || j->verdict != JUDGE_REGRESSED)
		return ret;
	fresh.after = (struct judge_side){ after->v + p->n_after, p->n_again };
	ret = judge_among(&fresh, 1, &again);
	if (ret == 0 && !judge_is_confirmed(j, &again, 1))
		j->verdict = JUDGE_INCONCLUSIVE;
	return ret;
}

int study_boots(const struct study_boots *p, struct study_boots_outcome *ret_outcome)
{
	struct sessions before, after, calibration;
	struct study_boots_outcome o = { 0 };
	struct stats_random r;
	int ret = 0;

	stats_random_seed(&r, 1);
	for (size_t i = 0; i < p->n_runs && ret == 0; i++) {
		const struct judge_metric m = {
			.before = { before.v, p->n_before },
			.after = { after.v, p->n_after },
			.calibration = { calibration.v, p->n_calibration },
			.margin_permille = p->margin_permille,
			.is_gated = true,
		};
		struct judgement j;

		boot(&before, p->n_before, p->tau, 1, &r);
		boot(&after, p->n_after + p->n_again, p->tau, p->ratio, &r);
		boot(&calibration, p->n_calibration, p->tau, 1, &r);
		ret = judge_twice(p, &m, &after, &j);
		if (ret < 0)
			break;
		o.n_regressed += j.verdict == JUDGE_REGRESSED;
		o.n_boot_inside += j.is_boot_inside;
		o.n_by_sessions += j.unit == JUDGE_SESSIONS;
	}
	*ret_outcome = o;
	return ret;
}
