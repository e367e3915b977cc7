/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/calibration.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "analyze/judge_gate.h"
#include "analyze/judge_trial.h"
#include "analyze/judge_units.h"
#include "analyze/metric.h"
#include "analyze/record_values.h"
#include "analyze/stats_null.h"
#include "analyze/stats_size.h"
#include "analyze/stats_spread.h"
#include "facts/document.h"

#define HALF log(1.5)
/* A rise by 1000 %: what shows only beyond that does not show. */
#define VISIBLE_MAX log(11.0)

/* One metric of all sessions, as logarithms. */
struct sample {
	const struct metric *metric;
	uint64_t offset;
	struct judge_logs medians; /* of the sessions that have a value */
	struct judge_logs values;  /* all repetitions; series: by session */
	uint64_t most;             /* that a value can be */
	const char *why;
};

static void sample_release(struct sample *s)
{
	judge_logs_release(&s->medians);
	judge_logs_release(&s->values);
}
#define auto_sample auto_cleanup(sample_release)

static const struct record_metric *find_metric(const struct record_facts *r, const char *id)
{
	const struct record_metric *m = r->metrics.v;

	for (size_t i = 0; i < r->metrics.n; i++) {
		if (fact_is(&m[i].id, id))
			return &m[i];
	}
	return NULL;
}

static double log_of(uint64_t value, uint64_t offset)
{
	return log(fmax((double)value + (double)offset, 1));
}

static size_t count_values(const struct record_facts *const *sessions, size_t n, struct sample *s)
{
	size_t n_values = 0;

	for (size_t i = 0; i < n; i++) {
		const struct record_metric *m = find_metric(sessions[i], s->metric->id);

		if (!m)
			continue;
		if (m->why.known)
			s->why = m->why.v;
		s->offset = u64_max(s->offset, m->offset.v);
		n_values += m->values.n;
	}
	return n_values;
}

/* All of the time; or a repetition, which no wait outlasts. */
static uint64_t most_of(const struct metric *metric, const struct record_facts *newest)
{
	const struct fingerprint_facts *f = newest->fingerprint.v;

	if (metric->unit == METRIC_PPM)
		return 1000000;
	return metric->unit == METRIC_NS && f && f->rep_duration_ns.known ? f->rep_duration_ns.v
									  : UINT64_MAX;
}

static int sample_init(struct sample *s, const struct metric *metric,
		       const struct record_facts *const *sessions, size_t n)
{
	struct judge_logs *values = &s->values, *medians = &s->medians;
	auto_free double *scratch = NULL;
	size_t n_values;

	*s = (struct sample){ .metric = metric, .most = most_of(metric, sessions[n - 1]) };
	n_values = count_values(sessions, n, s);
	values->v = calloc(n_values + 1, sizeof(*values->v));
	values->series = calloc(n + 1, sizeof(*values->series));
	medians->v = calloc(n + 1, sizeof(*medians->v));
	scratch = calloc(n_values + 1, sizeof(*scratch));
	if (!values->v || !values->series || !medians->v || !scratch)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		const struct record_metric *m = find_metric(sessions[i], metric->id);
		double *first = values->v + values->n;

		if (!m || !m->values.n)
			continue;
		for (size_t k = 0; k < m->values.n; k++)
			values->v[values->n++] = log_of(m->values.v[k].value, s->offset);
		/* A soak of more repetitions than a test takes: its first ones tell the spread. */
		values->series[values->n_series++] =
			(struct stats_arm){ first, u64_min(m->values.n, STATS_UNITS_MAX) };
		memcpy(scratch, first, m->values.n * sizeof(*scratch));
		medians->v[medians->n++] = stats_median(scratch, m->values.n);
	}
	return 0;
}

static uint64_t permille_of(double log_ratio)
{
	const int64_t permille = judge_permille(log_ratio);

	return permille > 0 ? (uint64_t)permille : 0;
}

static double sd_of(const double *v, size_t n)
{
	double mean = 0, square = 0;

	for (size_t i = 0; i < n; i++)
		mean += v[i] / (double)n;
	for (size_t i = 0; i < n; i++)
		square += (v[i] - mean) * (v[i] - mean);
	return sqrt(square / (double)(n - 1));
}

static uint64_t value_of(double log_value, uint64_t offset)
{
	const double value = round(exp(log_value) - (double)offset);

	if (!(value > 0))
		return 0;
	return value < 0x1.0p64 ? (uint64_t)value : UINT64_MAX;
}

static int set_words(struct fact_str *f, const struct sample *s, double log_value, struct arena *a)
{
	const char *words = metric_words(s->metric, value_of(log_value, s->offset), a);

	if (!words)
		return -ENOMEM;
	*f = (struct fact_str){ true, words };
	return 0;
}

static int tell_margin(const struct sample *s, double noise, double margin, struct arena *a,
		       struct calibration_metric *out)
{
	const bool is_noise = noise > log1p(s->metric->margin_permille / 1000.0);
	const char *why = is_noise ? arena_printf(a, "noise floor of %zu sessions", s->medians.n)
				   : s->metric->margin_why;

	fact_set_u64(&out->margin_permille, permille_of(margin));
	if (!why)
		return -ENOMEM;
	out->margin_reason = (struct fact_str){ true, why };
	return 0;
}

/* What 10 repetitions can see beyond this margin. */
static int tell_visible(const struct sample *s, double sd, double margin, double typical,
			size_t n_family, struct arena *a, struct calibration_metric *out)
{
	const struct stats_plan plan = { sd, JUDGE_LEVEL / (double)n_family, JUDGE_POWER, false };
	const double floor = log1p((double)s->metric->floor / exp(typical));
	const struct judge_gate gate = { margin, sd, floor, n_family };
	const double visible = fmax(judge_gate_visible(&gate), floor);
	const size_t n = stats_units_needed(&plan, HALF - margin);

	if (n)
		fact_set_u64(&out->n_for_half, u64_max(n, JUDGE_UNITS_MIN));
	fact_set_bool(&out->is_gate, false);
	if (visible > fmax(VISIBLE_MAX, floor) || value_of(typical + visible, s->offset) > s->most)
		return 0;
	fact_set_bool(&out->is_gate, judge_is_fit(&gate));
	fact_set_u64(&out->visible_permille, permille_of(visible));
	return set_words(&out->visible_at, s, typical + visible, a);
}

static int tell_sample(const struct sample *s, size_t n_family, struct arena *a,
		       struct calibration_metric *out)
{
	const struct stats_arm sessions = { s->medians.v, s->medians.n };
	const double noise = stats_noise_floor(&sessions, JUDGE_LEVEL / (double)n_family, 1, 1);
	const double margin = fmax(noise, log1p(s->metric->margin_permille / 1000.0));
	auto_free double *sorted = calloc(sessions.n, sizeof(*sorted));
	double sd = 0, typical;
	int r;

	if (!sorted)
		return -ENOMEM;
	memcpy(sorted, sessions.v, sessions.n * sizeof(*sorted));
	typical = stats_median(sorted, sessions.n);
	fact_set_u64(&out->n_sessions, sessions.n);
	r = set_words(&out->typical, s, typical, a);
	if (r == 0)
		r = stats_spread(s->values.series, s->values.n_series, &sd);
	if (r == -ENODATA) {
		out->why = (struct fact_str){ true, "one repetition tells no spread" };
		return 0;
	}
	if (r < 0)
		return r;
	fact_set_u64(&out->repetitions_permille, permille_of(sd));
	if (sessions.n >= CALIBRATION_SESSIONS_MIN) {
		fact_set_u64(&out->sessions_permille, permille_of(sd_of(sessions.v, sessions.n)));
		fact_set_u64(&out->noise_permille, permille_of(noise));
	}
	r = tell_margin(s, noise, margin, a, out);
	return r < 0 ? r : tell_visible(s, sd, margin, typical, n_family, a, out);
}

static int make_metric(const struct metric *metric, const struct record_facts *const *sessions,
		       size_t n, size_t n_family, struct arena *a, struct calibration_facts *c)
{
	struct calibration_metric *out = fact_add_item(&c->metrics, a, sizeof(*out));
	auto_sample struct sample s = { 0 };
	int r;

	if (!out)
		return -ENOMEM;
	out->id = (struct fact_str){ true, metric->id };
	out->title = (struct fact_str){ true, metric->title };
	r = sample_init(&s, metric, sessions, n);
	if (r < 0)
		return r;
	if (s.medians.n)
		return tell_sample(&s, n_family, a, out);
	out->why = (struct fact_str){ true, s.why ? s.why : "not measured" };
	return 0;
}

static size_t count_family(const struct record_facts *const *sessions, size_t n)
{
	size_t n_family = 0;

	for (const struct metric *m = metrics; m->id; m++) {
		struct sample s = { .metric = m };

		n_family += m->is_gated && count_values(sessions, n, &s) > 0;
	}
	return n_family ? n_family : 1;
}

static const char *add_visible(struct arena *a, struct arena_text *text,
			       const struct calibration_metric *m)
{
	if (m->is_gate.v)
		return arena_text_add(a, text, " (seen from %s)", m->visible_at.v);
	if (!m->visible_permille.known)
		return arena_text_add(a, text, " (no rise can be seen)");
	return arena_text_add(a, text, " (a rise below %llu %% would not be seen)",
			      (unsigned long long)(m->visible_permille.v + 5) / 10);
}

/* "wake.p99 (seen from 155 us), irq.g_rate (…)"; "" where there is none. NULL: no memory. */
static const char *names_of(const struct calibration_facts *c, bool is_gate, struct arena *a)
{
	const struct calibration_metric *m = c->metrics.v;
	struct arena_text text = { 0 };

	if (!arena_text_add(a, &text, "%s", ""))
		return NULL;
	for (size_t i = 0; i < c->metrics.n; i++) {
		if (!m[i].is_gate.known || m[i].is_gate.v != is_gate)
			continue;
		if (!arena_text_add(a, &text, "%s%s", text.len ? ", " : "", m[i].id.v))
			return NULL;
		if (!add_visible(a, &text, &m[i]))
			return NULL;
	}
	return text.v;
}

static int tell_gate(struct calibration_facts *c, struct arena *a)
{
	const char *good = names_of(c, true, a), *bad = names_of(c, false, a), *sentence;

	if (!good || !bad)
		return -ENOMEM;
	if (!*good && !*bad)
		sentence = "Nothing that decides could be measured here.";
	else if (!*good)
		sentence = arena_printf(a,
					"This host is too noisy to gate on anything: %s. A check "
					"ends inconclusive here.",
					bad);
	else if (*bad)
		sentence =
			arena_printf(a, "Too noisy to gate on %s; fit to gate on %s.", bad, good);
	else
		sentence = arena_printf(a, "This host can gate on %s.", good);
	return fact_set_str(&c->sentence, a, sentence);
}

static void count_repetitions(const struct record_facts *const *sessions, size_t n,
			      struct calibration_facts *c)
{
	for (size_t i = 0; i < n; i++) {
		const uint64_t n_most = record_n_repetitions(sessions[i]);

		fact_set_u64(&c->n_repetitions,
			     c->n_repetitions.known ? u64_min(c->n_repetitions.v, n_most) : n_most);
	}
}

int calibration_make(const struct record_facts *const *sessions, size_t n, struct arena *a,
		     struct calibration_facts *ret_calibration)
{
	struct calibration_facts c = { .metrics.known = true };
	size_t n_family;
	int r = 0;

	if (n == 0)
		return -EINVAL;
	n_family = count_family(sessions, n);
	fact_set_u64(&c.n_sessions, n);
	count_repetitions(sessions, n, &c);
	for (const struct metric *m = metrics; r == 0 && m->id; m++) {
		if (m->is_gated)
			r = make_metric(m, sessions, n, n_family, a, &c);
	}
	if (r == 0)
		r = tell_gate(&c, a);
	if (r == 0 && n < CALIBRATION_SESSIONS_MIN)
		r = fact_add_str(&c.notes, a,
				 "fewer than three sessions: how far sessions lie apart is not "
				 "known, margins are the metrics' own");
	if (r == 0 && c.n_repetitions.v < JUDGE_UNITS_MIN)
		r = fact_add_str(&c.notes, a,
				 arena_printf(a,
					      "%" PRIu64 " repetitions a session: a check needs %d "
					      "at least, fewer decide nothing",
					      c.n_repetitions.v, JUDGE_UNITS_MIN));
	if (r == 0)
		*ret_calibration = c;
	return r;
}

int calibration_encode(const struct calibration_facts *c, struct doc **ret_doc)
{
	return document_encode(&calibration_kind, c, ret_doc);
}
