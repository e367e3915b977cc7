/* SPDX-License-Identifier: GPL-2.0-or-later */
/* compare_verdict.c - the verdict of the whole, and what a second look leaves of it. */
#include <inttypes.h>
#include <string.h>

#include "analyze/compare_parts.h"
#include "analyze/judge_gate.h"

static bool is_verdict(const struct comparison_metric *m, enum judge_verdict verdict)
{
	return fact_is(&m->verdict, judge_verdict_name(verdict));
}

static bool is_gated(const struct comparison_metric *m)
{
	return m->is_gated.known && m->is_gated.v;
}

/* Of those that moved: a change from none is as large as one likes to count it. */
static bool is_larger_change(const struct comparison_metric *m,
			     const struct comparison_metric *than, enum judge_verdict verdict)
{
	const bool is_counted = !compare_is_from_zero(m);

	if (is_counted != !compare_is_from_zero(than))
		return is_counted;
	if (verdict == JUDGE_REGRESSED)
		return m->change_permille.v > than->change_permille.v;
	return verdict == JUDGE_IMPROVED && m->change_permille.v < than->change_permille.v;
}

/* Gated metrics of a verdict; *ret_first: the first, or of those that moved the one by most. */
static size_t count_gated(const struct comparison_facts *c, enum judge_verdict verdict,
			  const struct comparison_metric **ret_first)
{
	const struct comparison_metric *m = c->metrics.v;
	size_t n = 0;

	*ret_first = NULL;
	for (size_t i = 0; i < c->metrics.n; i++) {
		if (!is_gated(&m[i]) || !is_verdict(&m[i], verdict))
			continue;
		if (!n++ || is_larger_change(&m[i], *ret_first, verdict))
			*ret_first = &m[i];
	}
	return n;
}

/* "wake.p99.9 rose by 52 % (88 us to 134 us), 95 % interval +38 to +71 %, margin 25 %" */
static const char *moved_sentence(struct arena *a, const struct comparison_metric *m, size_t n)
{
	const char *moved = compare_moved(a, m), *interval = compare_interval(a, m);
	const char *margin = compare_percent(a, m->margin_permille.v);
	const char *more = n < 2    ? ""
			   : n == 2 ? "; and 1 more"
				    : arena_printf(a, "; and %zu more", n - 1);

	if (!moved || !interval || !margin || !more)
		return NULL;
	if (compare_is_from_zero(m))
		return arena_printf(a, "%s %s%s", m->id.v, moved, more);
	return arena_printf(a, "%s %s, 95 %% interval %s, margin %s%s", m->id.v, moved, interval,
			    margin, more);
}

static const char *same_sentence(struct arena *a, size_t n)
{
	return n == 1 ? "the one gated metric that was measured stays within its margin"
		      : arena_printf(a,
				     "all %zu gated metrics that were measured stay within their "
				     "margins",
				     n);
}

static const char *unclear_sentence(struct arena *a, const struct comparison_metric *m, size_t n,
				    size_t n_same)
{
	const char *others = n == 1 ? "" : arena_printf(a, " (and %zu more)", n - 1);
	const char *same = !n_same ? ""
				   : arena_printf(a, "; %zu other%s no change", n_same,
						  n_same == 1 ? " shows" : "s show");

	if (!others || !same)
		return NULL;
	return arena_printf(a, "%s%s: %s%s", m->id.v, others, m->reason.known ? m->reason.v : "?",
			    same);
}

static const char *nothing_sentence(struct arena *a, const struct comparison_facts *c)
{
	const struct comparison_metric *m;

	if (!count_gated(c, JUDGE_NOT_COMPARABLE, &m) || !m->reason.known)
		return "no gated metric was measured on both sides";
	return arena_printf(a, "no gated metric was measured on both sides: %s: %s", m->id.v,
			    m->reason.v);
}

static const char *blocking_sentence(struct arena *a, const struct comparison_facts *c)
{
	const size_t more = c->blocking.n - 1;

	return more ? arena_printf(a, "they differ in %s (and %zu more)", c->blocking.v[0], more)
		    : arena_printf(a, "they differ in %s", c->blocking.v[0]);
}

static int set_verdict(struct comparison_facts *c, struct arena *a, enum judge_verdict verdict,
		       const char *reason)
{
	int r = fact_set_str(&c->verdict, a, judge_verdict_name(verdict));

	if (r < 0 || !reason)
		return -ENOMEM;
	return fact_set_str(&c->reason, a, reason);
}

int compare_decide(struct comparer *w)
{
	struct comparison_facts *c = w->c;
	struct arena *a = w->arena;
	const struct comparison_metric *first, *same;
	size_t n, n_same;

	if (c->blocking.n)
		return set_verdict(c, a, JUDGE_NOT_COMPARABLE, blocking_sentence(a, c));
	n = count_gated(c, JUDGE_REGRESSED, &first);
	if (n)
		return set_verdict(c, a, JUDGE_REGRESSED, moved_sentence(a, first, n));
	n = count_gated(c, JUDGE_IMPROVED, &first);
	if (n)
		return set_verdict(c, a, JUDGE_IMPROVED, moved_sentence(a, first, n));
	n_same = count_gated(c, JUDGE_NO_CHANGE, &same);
	n = count_gated(c, JUDGE_INCONCLUSIVE, &first);
	if (n)
		return set_verdict(c, a, JUDGE_INCONCLUSIVE, unclear_sentence(a, first, n, n_same));
	if (n_same)
		return set_verdict(c, a, JUDGE_NO_CHANGE, same_sentence(a, n_same));
	return set_verdict(c, a, JUDGE_INCONCLUSIVE, nothing_sentence(a, c));
}

static int hold_metric(struct comparison_metric *m, struct arena *a, const char *reason)
{
	fact_set_bool(&m->is_held_back, true);
	if (!reason || fact_set_str(&m->verdict, a, judge_verdict_name(JUDGE_INCONCLUSIVE)) < 0)
		return -ENOMEM;
	return fact_set_str(&m->reason, a, reason);
}

/* What was found on other CPUs says nothing of these. */
static int hold_all(struct comparison_facts *c, struct arena *a, const char *reason)
{
	struct comparison_metric *m = c->metrics.v;
	int r = 0;

	for (size_t i = 0; i < c->metrics.n && r == 0; i++) {
		if (is_gated(&m[i]) && !is_verdict(&m[i], JUDGE_INCONCLUSIVE) &&
		    !is_verdict(&m[i], JUDGE_NOT_COMPARABLE))
			r = hold_metric(&m[i], a, reason);
	}
	return r < 0 ? r : set_verdict(c, a, JUDGE_INCONCLUSIVE, reason);
}

static bool is_alarm(const struct comparison_metric *m)
{
	return is_gated(m) && is_verdict(m, JUDGE_REGRESSED);
}

static bool is_sure(const struct comparison_metric *m)
{
	return !m->is_boot_inside.v || judge_is_sure(m->ci95_low_permille.known,
						     m->ci95_low_permille.v, m->margin_permille.v);
}

/* "it rose by 60 % (60 us to 96 us), but with fewer than 3 sessions before …" */
static const char *unsure_words(struct arena *a, const struct comparison_metric *m)
{
	const char *moved = compare_moved(a, m);
	const char *limit = compare_signed(a, judge_sure_permille(m->margin_permille.v), false);

	return moved && limit ? arena_printf(a,
					     "it %s, but with fewer than %d sessions before only "
					     "what surely is above %s counts",
					     moved, COMPARE_CALIBRATION_MIN, limit)
			      : NULL;
}

static int hold_unsure(struct comparison_facts *c, struct arena *a)
{
	struct comparison_metric *m = c->metrics.v;
	const struct comparison_metric *first = NULL, *left;
	size_t n = 0, n_left;

	for (size_t i = 0; i < c->metrics.n; i++) {
		if (!is_alarm(&m[i]) || is_sure(&m[i]))
			continue;
		if (hold_metric(&m[i], a, unsure_words(a, &m[i])) < 0)
			return -ENOMEM;
		first = n++ ? first : &m[i];
	}
	if (!n)
		return 0;
	n_left = count_gated(c, JUDGE_REGRESSED, &left);
	return n_left ? set_verdict(c, a, JUDGE_REGRESSED, moved_sentence(a, left, n_left))
		      : set_verdict(c, a, JUDGE_INCONCLUSIVE, unclear_sentence(a, first, n, 0));
}

int compare_hold_back(const struct compare_wish *wish, struct arena *a, struct comparison_facts *c)
{
	const char *elsewhere;
	int r;

	if (c->blocking.n)
		return 0;
	r = compare_other_cpus(&wish->before, &wish->after, a, &elsewhere);
	if (r < 0)
		return r;
	return elsewhere ? hold_all(c, a, elsewhere) : hold_unsure(c, a);
}

static const struct comparison_metric *find_metric(const struct comparison_facts *c, const char *id)
{
	const struct comparison_metric *m = c->metrics.v;

	for (size_t i = 0; i < c->metrics.n; i++) {
		if (fact_is(&m[i].id, id))
			return &m[i];
	}
	return NULL;
}

/* What is told of an alarm that the other comparison does not share; it is given its verdict. */
typedef const char *unconfirmed_fn(struct arena *a, const char *verdict);

static const char *not_again(struct arena *a, const char *verdict)
{
	return arena_printf(a, "it rose at first, and fresh sessions did not show it again (%s)",
			    verdict);
}

static const char *not_at_first(struct arena *a, const char *verdict)
{
	return arena_printf(a, "it rose with the fresh sessions only, not at first (%s)", verdict);
}

static int confirm_metric(struct comparison_metric *m, const struct comparison_metric *again,
			  unconfirmed_fn *words, struct arena *a)
{
	const bool is_confirmed = again && is_verdict(again, JUDGE_REGRESSED);
	const char *verdict = judge_verdict_name(JUDGE_INCONCLUSIVE);
	const char *reason;

	fact_set_bool(&m->is_confirmed, is_confirmed);
	if (is_confirmed)
		return 0;
	reason = words(a, again && again->verdict.known ? again->verdict.v : "not measured");
	if (!reason || fact_set_str(&m->verdict, a, verdict) < 0)
		return -ENOMEM;
	return fact_set_str(&m->reason, a, reason);
}

static int confirm(struct comparison_facts *c, const struct comparison_facts *again,
		   unconfirmed_fn *words, struct arena *a)
{
	struct comparison_metric *m = c->metrics.v;
	const struct comparison_metric *left, *first = NULL;
	size_t n;

	for (size_t i = 0; i < c->metrics.n; i++) {
		int r;

		if (!is_gated(&m[i]) || !is_verdict(&m[i], JUDGE_REGRESSED))
			continue;
		r = confirm_metric(&m[i], find_metric(again, m[i].id.v), words, a);
		if (r < 0)
			return r;
		first = first ? first : &m[i];
	}
	if (!first)
		return 0;
	n = count_gated(c, JUDGE_REGRESSED, &left);
	if (n)
		return set_verdict(c, a, JUDGE_REGRESSED, moved_sentence(a, left, n));
	return set_verdict(c, a, JUDGE_INCONCLUSIVE, unclear_sentence(a, first, 1, 0));
}

int compare_confirm(struct comparison_facts *c, const struct comparison_facts *again,
		    struct arena *a)
{
	return confirm(c, again, not_again, a);
}

static int note_gone(struct comparison_facts *all, const struct comparison_metric *first,
		     struct arena *a)
{
	const struct comparison_metric *m = find_metric(all, first->id.v);
	const char *note;

	if (m && is_verdict(m, JUDGE_REGRESSED))
		return 0;
	note = arena_printf(a, "%s rose in the first session; with the fresh ones it is %s",
			    first->id.v, m && m->verdict.known ? m->verdict.v : "not measured");
	return note ? fact_add_str(&all->notes, a, note) : -ENOMEM;
}

int compare_confirm_all(struct comparison_facts *all, const struct comparison_facts *first,
			struct arena *a)
{
	const struct comparison_metric *m = first->metrics.v;
	int r = confirm(all, first, not_at_first, a);

	for (size_t i = 0; r == 0 && i < first->metrics.n; i++) {
		if (is_gated(&m[i]) && is_verdict(&m[i], JUDGE_REGRESSED))
			r = note_gone(all, &m[i], a);
	}
	return r;
}
