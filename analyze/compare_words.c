/* SPDX-License-Identifier: GPL-2.0-or-later */
/* compare_words.c - changes and doubts in words. */
#include "analyze/compare_words.h"

#include <string.h>

#include "analyze/compare_parts.h"
#include "analyze/pairs.h"

typedef unsigned long long ull;

/* Of a change no integer holds, say so and no more. */
#define PERMILLE_MAX 1000000
/* Of noise: beyond this it is too much, and how much no matter. */
#define NOISE_PERMILLE_MAX 10000

static uint64_t magnitude(int64_t permille)
{
	return permille < 0 ? -(uint64_t)permille : (uint64_t)permille;
}

/* Below 10 % a tenth tells something. */
static const char *number(struct arena *a, uint64_t permille)
{
	if (permille < 100 && permille % 10)
		return arena_printf(a, "%llu.%llu", (ull)(permille / 10), (ull)(permille % 10));
	return arena_printf(a, "%llu", (ull)((permille + 5) / 10));
}

const char *compare_percent(struct arena *a, uint64_t permille)
{
	const char *n = number(a, u64_min(permille, PERMILLE_MAX));

	if (!n)
		return NULL;
	return arena_printf(a, "%s%s %%", permille > PERMILLE_MAX ? "more than " : "", n);
}

const char *compare_noise(struct arena *a, uint64_t permille)
{
	return permille > NOISE_PERMILLE_MAX ? ">1000 %" : compare_percent(a, permille);
}

const char *compare_signed(struct arena *a, int64_t permille, bool is_bare)
{
	const uint64_t m = magnitude(permille);
	const char *n = number(a, u64_min(m, PERMILLE_MAX));

	if (!n)
		return NULL;
	return arena_printf(a, "%s%s%s%s", m > PERMILLE_MAX ? ">" : "",
			    permille < 0   ? "-"
			    : permille > 0 ? "+"
					   : "",
			    n, is_bare ? "" : " %");
}

const char *compare_change(struct arena *a, int64_t permille)
{
	const char *percent = compare_percent(a, magnitude(permille));

	if (!percent)
		return NULL;
	if (!permille)
		return "stayed as it was";
	return arena_printf(a, "%s by %s", permille > 0 ? "rose" : "fell", percent);
}

const char *compare_interval(struct arena *a, const struct comparison_metric *c)
{
	const struct fact_i64 *low = &c->ci95_low_permille, *high = &c->ci95_high_permille;
	const char *from = compare_signed(a, low->v, true), *to = compare_signed(a, high->v, true);

	if (!from || !to)
		return NULL;
	if (low->known && high->known)
		return arena_printf(a, "%s to %s %%", from, to);
	if (low->known)
		return arena_printf(a, "above %s %%", from);
	return high->known ? arena_printf(a, "below %s %%", to) : "";
}

const char *compare_values(struct arena *a, const struct comparison_metric *c)
{
	const struct metric *m = metric_find(c->id.v);
	const char *old, *new;
	uint64_t before, after;

	if (!m || !metric_get_values(c, &before, &after))
		return "";
	old = metric_words(m, before, a);
	new = metric_words(m, after, a);
	return old && new ? arena_printf(a, "%s to %s", old, new) : NULL;
}

bool compare_is_from_zero(const struct comparison_metric *c)
{
	uint64_t before, after;

	return metric_get_values(c, &before, &after) && !before && after;
}

const char *compare_moved(struct arena *a, const struct comparison_metric *c)
{
	const char *change = compare_change(a, c->change_permille.v);
	const char *values = compare_values(a, c);

	if (!change || !values)
		return NULL;
	if (compare_is_from_zero(c))
		return arena_printf(a, "rose from %s", values);
	return *values ? arena_printf(a, "%s (%s)", change, values) : change;
}

static const char *units_text(const struct judgement *j)
{
	static const char *const names[] = { [JUDGE_REPETITIONS] = "repetitions",
					     [JUDGE_SESSIONS] = "sessions",
					     [JUDGE_PAIRS] = "pairs" };

	return names[j->unit];
}

/* "; 34 of each would do", "; no number of them would" */
static const char *needed_text(struct arena *a, const struct judgement *j)
{
	if (!j->n_units_needed && j->unit == JUDGE_PAIRS)
		return arena_printf(a,
				    "; no number of them that 'vfiobench ab' measures (up to %d) "
				    "would do",
				    PAIRS_MAX);
	if (!j->n_units_needed)
		return "; no number of them that can be measured would do";
	return j->unit == JUDGE_PAIRS
		       ? arena_printf(a, "; %zu would do", j->n_units_needed)
		       : arena_printf(a, "; %zu of each would do", j->n_units_needed);
}

static const char *visible_text(struct arena *a, const struct judgement *j)
{
	const char *percent = compare_percent(a, j->visible_permille);

	if (!percent)
		return NULL;
	if (!j->visible_permille)
		return "; these find no rise, however large";
	if (j->unit == JUDGE_PAIRS || j->n_before == j->n_after)
		return arena_printf(a, "; these %zu find a rise of %s four times of five",
				    j->n_before, percent);
	return arena_printf(a, "; these %zu and %zu find a rise of %s four times of five",
			    j->n_before, j->n_after, percent);
}

static const char *count_text(struct arena *a, const struct judgement *j)
{
	if (j->unit == JUDGE_PAIRS || j->n_before == j->n_after)
		return arena_printf(a, "%zu", j->n_before);
	return arena_printf(a, "%zu before and %zu after", j->n_before, j->n_after);
}

/* "this host is too noisy to gate on it: sessions with nothing changed differ by up to 558 %" */
static const char *noisy_text(struct arena *a, const struct judgement *j)
{
	const bool is_beyond = j->margin_permille > NOISE_PERMILLE_MAX;
	const char *noise = compare_percent(a, u64_min(j->margin_permille, NOISE_PERMILLE_MAX));

	return noise ? arena_printf(a,
				    "this host is too noisy to gate on it: as far as %zu tell, "
				    "sessions with nothing changed differ by %s %s",
				    j->n_noise_sessions, is_beyond ? "more than" : "up to", noise)
		     : NULL;
}

const char *compare_why_unclear(struct arena *a, const struct metric *m, const struct judgement *j)
{
	const char *needed = needed_text(a, j), *visible = visible_text(a, j);
	const char *count = count_text(a, j), *least = metric_words(m, m->floor, a);

	if (!needed || !visible || !count || !least)
		return NULL;
	switch (j->reason) {
	case JUDGE_TOO_FEW:
		return arena_printf(a, "too few %s: %s, at least %d are needed%s", units_text(j),
				    count, JUDGE_UNITS_MIN, j->n_units_needed ? needed : "");
	case JUDGE_SPREAD:
		return arena_printf(a, "the %s lie too far apart%s%s", units_text(j), needed,
				    visible);
	case JUDGE_SMALL:
		return arena_printf(a, "there is a change, but not by %s, the least that matters",
				    least);
	case JUDGE_DRIFT:
		return arena_printf(a,
				    "the machine drifted while it was measured: more %s would not "
				    "help",
				    units_text(j));
	case JUDGE_NOISY:
		return noisy_text(a, j);
	case JUDGE_CLEAR:
		break;
	}
	return "it cannot be told";
}
