/* SPDX-License-Identifier: GPL-2.0-or-later */
/* text_comparison_next.c - what to do next. */
#include <inttypes.h>
#include <string.h>

#include "report/comparison_parts.h"
#include "report/words.h"

struct need { /* of the inconclusive gated metrics */
	uint64_t n_units;
	bool has_sessions, has_pairs, has_drifted, is_hopeless;
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
		if (m[i].n_needed.known)
			need.n_units = u64_max(need.n_units, m[i].n_needed.v);
	}
	return need;
}

static const char *unclear_words(struct arena *a, const struct comparison_facts *c)
{
	const struct need need = find_need(c);

	if (need.has_drifted)
		return "let the machine settle, or compare a setting that can be switched while it "
		       "runs with 'vfiobench ab', which takes turns and does not mind a drift";
	if (!need.n_units)
		return need.is_hopeless
			       ? "this machine is too noisy for a verdict: find out what disturbs it "
				 "(the findings of 'vfiobench analyze'), or make a change that can be "
				 "switched while it runs and compare it with 'vfiobench ab'"
			       : "measure both sides with 'vfiobench run', with the same options";
	if (need.has_pairs)
		return arena_printf(a, "measure %" PRIu64 " pairs", need.n_units);
	if (need.has_sessions)
		return arena_printf(a, "measure %" PRIu64 " sessions of each side", need.n_units);
	return arena_printf(a,
			    "measure both sides again with 'vfiobench run --reps %" PRIu64
			    "', or with several sessions of each: 'vfiobench compare A1 A2 A3 -- "
			    "B1 B2 B3'",
			    need.n_units);
}

static const char *next_words(const struct comparison_page *page)
{
	const struct comparison_facts *c = page->c;

	if (fact_is(&c->verdict, "inconclusive"))
		return unclear_words(page->arena, c);
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
	const char *words = next_words(page);

	if (!words)
		return 0;
	fputc('\n', page->p->out);
	print_line(page->p->out, "Next: ", page->p->style->width, words);
	return 0;
}
