/* SPDX-License-Identifier: GPL-2.0-or-later */
/* text_comparison_next.c - what to do next. */
#include <inttypes.h>
#include <string.h>

#include "analyze/pairs.h"
#include "report/comparison_parts.h"
#include "report/words.h"

struct need {                     /* of the inconclusive gated metrics */
	uint64_t n_least, n_most; /* units; 0: no number would do for any */
	const char *least;        /* the metric that needs fewest */
	bool has_sessions, has_pairs, has_drifted, is_hopeless, is_too_noisy, is_held_back;
};

static struct need find_need(const struct comparison_facts *c)
{
	const struct comparison_metric *m = c->metrics.v;
	struct need need = { 0 };

	for (size_t i = 0; i < c->metrics.n; i++) {
		if (!m[i].is_gated.v || !fact_is(&m[i].verdict, "inconclusive"))
			continue;
		need.has_sessions |= fact_is(&m[i].unit, "sessions");
		need.has_pairs |= fact_is(&m[i].unit, "pairs");
		need.has_drifted |= m[i].has_drifted.v;
		need.is_hopeless |= !m[i].n_needed.known;
		need.is_too_noisy |= m[i].is_too_noisy.v;
		need.is_held_back |= m[i].is_held_back.v;
		if (!m[i].n_needed.known)
			continue;
		need.n_most = u64_max(need.n_most, m[i].n_needed.v);
		if (!need.least || m[i].n_needed.v < need.n_least) {
			need.n_least = m[i].n_needed.v;
			need.least = m[i].id.v;
		}
	}
	return need;
}

/* "11 (for irq.g_rate; 273 for all)" */
static const char *count_words(struct arena *a, const struct need *need)
{
	if (need->n_least == need->n_most && !need->is_hopeless)
		return arena_printf(a, "%" PRIu64, need->n_most);
	if (need->is_hopeless)
		return arena_printf(a, "%" PRIu64 " (for %s, not for all)", need->n_least,
				    need->least);
	return arena_printf(a, "%" PRIu64 " (for %s; %" PRIu64 " for all)", need->n_least,
			    need->least, need->n_most);
}

/* Of 'vfiobench ab', which takes turns already. */
static const char *unclear_pairs(struct arena *a, const struct need *need)
{
	const char *count = need->least ? count_words(a, need) : NULL;

	if (need->has_drifted)
		return "let the machine settle, and measure again";
	if (need->least && need->n_least <= PAIRS_MAX)
		return count ? arena_printf(a, "measure more pairs: %s", count) : NULL;
	return "longer repetitions lie closer together (--rep-duration 20s); or find out what "
	       "disturbs this machine: 'vfiobench run'";
}

/* Of 'vfiobench check', which lets less count. */
static const char *held_back_words(const struct comparison_facts *c)
{
	return c->has_other_cpus.v
		       ? "measure on the CPUs of the baseline (--cpus), or begin a new baseline: "
			 "'vfiobench baseline save'"
		       : "tell the gate how far sessions lie apart: 'vfiobench calibrate' measures "
			 "five with nothing changed, 'vfiobench baseline save' adds those of other "
			 "days; three are enough";
}

static const char *unclear_words(struct arena *a, const struct comparison_facts *c)
{
	const struct need need = find_need(c);
	const char *count;

	if (need.is_held_back)
		return held_back_words(c);
	if (need.has_pairs)
		return unclear_pairs(a, &need);
	if (need.has_drifted)
		return "let the machine settle, or compare a setting that can be switched while it "
		       "runs with 'vfiobench ab', which takes turns and does not mind a drift";
	if (!need.least && need.is_too_noisy)
		return arena_printf(
			a,
			"find out what disturbs this host (the findings of 'vfiobench "
			"analyze'); more sessions with nothing changed in the baseline "
			"tell the noise better (it keeps %d); or compare a setting that "
			"can be switched while it runs with 'vfiobench ab'",
			BASELINE_SESSIONS_MAX);
	if (!need.least)
		return need.is_hopeless
			       ? "this machine is too noisy for a verdict: find out what disturbs it "
				 "(the findings of 'vfiobench analyze'), or make a change that can be "
				 "switched while it runs and compare it with 'vfiobench ab'"
			       : "measure both sides with 'vfiobench run', with the same options";
	count = count_words(a, &need);
	if (!count)
		return NULL;
	if (need.has_sessions)
		return arena_printf(a, "measure more sessions of each side: %s", count);
	return arena_printf(a,
			    "measure both sides again, with the same options but more "
			    "repetitions: --reps %s; or several sessions of each side: 'vfiobench "
			    "compare B1 B2 B3 B4 B5 -- A1 A2 A3 A4 A5'",
			    count);
}

static bool is_paired(const struct comparison_facts *c)
{
	const struct comparison_metric *m = c->metrics.v;

	for (size_t i = 0; i < c->metrics.n; i++) {
		if (fact_is(&m[i].unit, "pairs"))
			return true;
	}
	return false;
}

const char *comparison_next_words(struct arena *a, const struct comparison_facts *c)
{
	if (fact_is(&c->verdict, "inconclusive"))
		return unclear_words(a, c);
	if (fact_is(&c->verdict, "regressed") && is_paired(c))
		return "leave it off; a 'vfiobench run' with it on names who takes the guest's "
		       "time then";
	if (fact_is(&c->verdict, "regressed"))
		return "look at what differs and what appeared; 'vfiobench analyze' of the result "
		       "after names who takes the guest's time now";
	if (fact_is(&c->verdict, "not-comparable"))
		return "measure both sides on the same machine, with the same options of "
		       "'vfiobench run'";
	return NULL;
}

int comparison_print_next(const struct comparison_page *page)
{
	const char *words = comparison_next_words(page->arena, page->c);

	if (!words)
		return 0;
	fputc('\n', page->p->out);
	print_line(page->p->out, "Next: ", page->p->style->width, words);
	return 0;
}
