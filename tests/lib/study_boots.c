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

/* One alarm is no alarm: fresh sessions join the one that alarmed, and all are judged again. */
static int judge_twice(const struct study_boots *p, const struct judge_metric *m,
		       struct sessions *after, struct judgement *j)
{
	struct judge_metric more = *m;
	int ret = judge_changes(m, 1, j);

	if (ret < 0 || p->n_again == 0 || j->verdict != JUDGE_REGRESSED)
		return ret;
	more.after = (struct judge_side){ after->v, p->n_after + p->n_again };
	return judge_changes(&more, 1, j);
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
