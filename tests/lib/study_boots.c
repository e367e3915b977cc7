/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/judge_gate.h"
#include "tests/lib/study.h"

enum { N_SESSIONS_MAX = 12, N_REPS = 10, N_CALIBRATION_MIN = 3 };

struct sessions {
	uint64_t values[N_SESSIONS_MAX][N_REPS];
	struct judge_session v[N_SESSIONS_MAX];
};

struct moving { /* a metric that boots move */
	struct sessions before, after, calibration;
};

static size_t n_moving_of(const struct study_boots *p)
{
	return p->n_moving ? p->n_moving : 1;
}

static void boot(struct sessions *s, size_t n, const struct study_boots *p, double ratio,
		 struct stats_random *r)
{
	for (size_t k = 0; k < n; k++) {
		const double session = exp(p->tau * noise_normal(r));

		for (size_t i = 0; i < N_REPS; i++)
			s->values[k][i] =
				noise_latency_ns(r, p->sd > 0 ? p->sd : 0.2, session * ratio);
		s->v[k] = (struct judge_session){ s->values[k], N_REPS };
	}
}

static struct judge_metric metric_of(const struct study_boots *p, struct moving *m,
				     struct stats_random *r)
{
	const bool is_own = p->n_calibration == 0 && p->n_before >= N_CALIBRATION_MIN;

	boot(&m->before, p->n_before, p, 1, r);
	boot(&m->after, p->n_after + p->n_again, p, p->ratio, r);
	boot(&m->calibration, p->n_calibration, p, 1, r);
	return (struct judge_metric){
		.before = { m->before.v, p->n_before },
		.after = { m->after.v, p->n_after },
		.calibration = { is_own ? m->before.v : m->calibration.v,
				 is_own ? p->n_before : p->n_calibration },
		.margin_permille = p->margin_permille,
		.is_gated = true,
	};
}

/* Metrics that hold still: all they do is make the family larger. */
static struct judge_metric still_metric(void)
{
	static const uint64_t still[] = { 101, 99, 102, 98, 100 };
	static const struct judge_session session = { still, ARRAY_SIZE(still) };

	return (struct judge_metric){ .before = { &session, 1 },
				      .after = { &session, 1 },
				      .is_gated = true };
}

static bool any_regressed(const struct judgement *j, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (j[i].verdict == JUDGE_REGRESSED)
			return true;
	}
	return false;
}

/* As compare_hold_back() does of a comparison. */
static int judge(const struct study_boots *p, const struct judge_metric *metrics,
		 struct judgement *j)
{
	int ret = judge_changes(metrics, p->n_family, j);

	for (size_t i = 0; ret == 0 && p->is_gate && i < p->n_family; i++) {
		if (j[i].verdict == JUDGE_REGRESSED && j[i].is_boot_inside &&
		    !judge_is_sure(j[i].has_low, j[i].low_permille, j[i].margin_permille))
			j[i].verdict = JUDGE_INCONCLUSIVE;
	}
	return ret;
}

static int judge_again(const struct study_boots *p, const struct judge_metric *metrics,
		       size_t n_skipped, struct judgement *ret_again)
{
	struct judge_metric again[STUDY_FAMILY];

	for (size_t i = 0; i < p->n_family; i++) {
		again[i] = metrics[i];
		if (i < n_moving_of(p))
			again[i].after = (struct judge_side){ metrics[i].after.sessions + n_skipped,
							      p->n_after + p->n_again - n_skipped };
	}
	return judge(p, again, ret_again);
}

/*
 * An alarm stands when it shows again: with enough sessions in all of them, the first included, as
 * units; else in the fresh ones alone.
 */
static int try_again(const struct study_boots *p, const struct judge_metric *metrics,
		     struct judgement *j)
{
	struct judgement again[STUDY_FAMILY];
	int ret = judge_again(p, metrics, 0, again);

	if (ret == 0 && again[0].unit != JUDGE_SESSIONS)
		ret = judge_again(p, metrics, p->n_after, again);
	for (size_t i = 0; i < p->n_family && ret == 0; i++) {
		if (again[i].verdict != JUDGE_REGRESSED)
			j[i].verdict = JUDGE_INCONCLUSIVE;
	}
	return ret;
}

int study_boots(const struct study_boots *p, struct study_boots_outcome *ret_outcome)
{
	const size_t n_moving = n_moving_of(p);
	struct study_boots_outcome o = { 0 };
	struct moving moving[STUDY_FAMILY];
	struct stats_random r;
	int ret = 0;

	stats_random_seed(&r, 1);
	for (size_t i = 0; i < p->n_runs && ret == 0; i++) {
		struct judge_metric metrics[STUDY_FAMILY];
		struct judgement j[STUDY_FAMILY];

		for (size_t m = 0; m < p->n_family; m++)
			metrics[m] = m < n_moving ? metric_of(p, &moving[m], &r) : still_metric();
		ret = judge(p, metrics, j);
		if (ret == 0 && p->n_again > 0 && any_regressed(j, n_moving))
			ret = try_again(p, metrics, j);
		if (ret < 0)
			break;
		o.n_regressed += any_regressed(j, n_moving);
		o.n_boot_inside += j[0].is_boot_inside;
		o.n_by_sessions += j[0].unit == JUDGE_SESSIONS;
		o.n_same += j[0].verdict == JUDGE_NO_CHANGE;
		o.n_too_noisy += j[0].reason == JUDGE_NOISY;
	}
	*ret_outcome = o;
	return ret;
}
