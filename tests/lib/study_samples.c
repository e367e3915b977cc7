/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/naive.h"
#include "tests/lib/study.h"

enum { N_REPS = 10, N_SAMPLES = 2500, BUDGET_NS = 20000 };

/*
 * Three wake-ups in a hundred lie in bursts of ten; repetitions differ by 15 %, and once in four of
 * them the firmware takes 60 us.
 */
static const struct noise_model bursty = { .base_ns = 3000,
					   .sd = 0.3,
					   .sd_rep = 0.15,
					   .p_tick = 0.01,
					   .tick_ns = 8000,
					   .p_burst = 0.003,
					   .n_burst = 10,
					   .burst_ns = 20000,
					   .p_smi = 1e-4,
					   .smi_ns = 60000 };

static const uint32_t margins_permille[STUDY_METRICS] = {
	[STUDY_P50] = 100, [STUDY_P90] = 100,    [STUDY_P99] = 100,
	[STUDY_MAX] = 250, [STUDY_STALLS] = 250,
};

struct side {
	struct hist merged, rep;
	uint64_t values[STUDY_METRICS][N_REPS];
	struct judge_session sessions[STUDY_METRICS];
};

struct bench {
	struct noise noise;
	struct side before, after;
};

static void measure(struct side *side, const struct noise *noise, double ratio,
		    struct stats_random *r)
{
	struct hist *h = &side->rep;

	hist_init(&side->merged);
	for (size_t i = 0; i < N_REPS; i++) {
		hist_init(h);
		noise_record(r, noise, 1, ratio, N_SAMPLES, h);
		hist_merge(&side->merged, h);
		side->values[STUDY_P50][i] = hist_quantile_ns(h, 500000);
		side->values[STUDY_P90][i] = hist_quantile_ns(h, 900000);
		side->values[STUDY_P99][i] = hist_quantile_ns(h, 990000);
		side->values[STUDY_MAX][i] = h->max_ns;
		side->values[STUDY_STALLS][i] = 2 * hist_n_above(h, BUDGET_NS);
	}
}

static int judge(struct bench *b, size_t n_reps, bool has_margin, struct study_verdicts *v)
{
	struct judge_metric metrics[STUDY_METRICS];
	struct judgement j[STUDY_METRICS];
	bool is_worse = false, is_better = false;
	int ret;

	for (size_t m = 0; m < STUDY_METRICS; m++) {
		b->before.sessions[m] = (struct judge_session){ b->before.values[m], n_reps };
		b->after.sessions[m] = (struct judge_session){ b->after.values[m], n_reps };
		metrics[m] = (struct judge_metric){
			.before = { &b->before.sessions[m], 1 },
			.after = { &b->after.sessions[m], 1 },
			.offset = m == STUDY_STALLS, /* two are one event */
			.margin_permille = has_margin ? margins_permille[m] : 0,
			.is_gated = true,
			.is_one_session = true,
		};
	}
	ret = judge_changes(metrics, STUDY_METRICS, j);
	for (size_t m = 0; m < STUDY_METRICS && ret == 0; m++) {
		v->n_regressed[m] += j[m].verdict == JUDGE_REGRESSED;
		is_worse |= j[m].verdict == JUDGE_REGRESSED;
		is_better |= j[m].verdict == JUDGE_IMPROVED;
	}
	v->n_any_regressed += is_worse;
	v->n_any_improved += is_better;
	return ret;
}

int study_samples(const struct study_samples_plan *plan, struct study_samples_outcome *ret_outcome)
{
	static bool (*const rules[STUDY_RULES])(const struct hist *, const struct hist *) = {
		[STUDY_RANK_SUM] = naive_rank_sum,
		[STUDY_DISTANCE] = naive_distance,
		[STUDY_INTERVAL] = naive_interval,
		[STUDY_RATIO] = naive_ratio,
	};
	auto_free struct bench *b = malloc(sizeof(*b));
	struct study_samples_outcome o = { 0 };
	struct stats_random r;
	int ret = b ? 0 : -ENOMEM;

	if (b)
		noise_init(&b->noise, &bursty);
	stats_random_seed(&r, plan->seed);
	for (size_t i = 0; i < plan->n_runs && ret == 0; i++) {
		measure(&b->before, &b->noise, 1, &r);
		measure(&b->after, &b->noise, plan->ratio, &r);
		for (size_t k = 0; k < STUDY_RULES; k++)
			o.n_naive[k] += rules[k](&b->before.merged, &b->after.merged);
		ret = judge(b, N_REPS, true, &o.ten);
		if (ret == 0)
			ret = judge(b, N_REPS, false, &o.ten_bare);
		if (ret == 0)
			ret = judge(b, N_REPS / 2, true, &o.five);
		if (ret == 0)
			ret = judge(b, N_REPS / 2, false, &o.five_bare);
	}
	*ret_outcome = o;
	return ret;
}
