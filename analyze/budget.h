/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * budget.h - what a host must keep, whatever it was before, and what is let off for a while.
 *
 * A text file, one rule per line, "#" begins a comment:
 *
 *	wake.p99.9 < 100us            a metric: the median of its repetitions
 *	wake.max < 2ms                the largest of all of them
 *	wake.stalls < 1/min
 *	irq.g_rate < 5/s
 *	guest.lost < 0.5%
 *	aio.headroom > 25%            of fs.aio-max-nr, at the worst moment of the run
 *	finding:clocksource.tsc       the rule of this catalogue row finds no problem and no advice
 *	finding:* < problem           no rule finds a problem
 *	waive irq.managed until 2026-12-31: the disk has one queue only
 *	waive wake.p99.9 until 2026-12-31: new board is on its way
 *
 * "<" and ">" and their forms with "=" are known. A limit is a time (ns us ms s), a rate (/s /min)
 * or a share (%), whichever the metric is, whole or with decimals, or a bare 0. A finding is
 * followed by nothing, "< advice" (the same) or "< problem"; a row that does not apply is held, but
 * where it was not looked at (no guest runs, nothing was measured) it is unknown. A
 * waiver holds until the end of its last day in UTC; one without a reason or a date is an error.
 * In a reason "#" is a letter as any other.
 */
#ifndef ANALYZE_BUDGET_H
#define ANALYZE_BUDGET_H

#include "analyze/engine.h"
#include "analyze/metric.h"
#include "facts/comparison.h"

struct budget_rule {
	const char *text; /* the line as it stands */
	const char *id;   /* metric, "aio.headroom", or of finding: the row, "*" for all */
	bool is_finding;
	bool is_below, is_equal_enough; /* < or >; with = */
	uint64_t limit;                 /* in the unit of the metric; aio.headroom: ppm */
	enum verdict worst;             /* of a finding: this one and worse ones break it */
	unsigned line;
};

struct budget_waiver {
	const char *id, *reason, *until; /* until: YYYY-MM-DD */
	uint64_t until_unix_ns;          /* end of that day */
	unsigned line;
};

struct budgets {
	struct budget_rule *rules;
	size_t n_rules;
	struct budget_waiver *waivers;
	size_t n_waivers;
};

/*
 * Parses a file of at most 64 KiB. Everything lives in a. 0; -EINVAL: *ret_why (in a) is one line
 * that names NAME:LINE, what was expected and what stands there (a file without a rule too: a gate
 * that checks nothing would always pass); -ENOMEM.
 */
int budgets_parse(struct text file, const char *name, struct arena *a, struct budgets *ret_budgets,
		  const char **ret_why) MUST_CHECK;

/*
 * Judges a result: fills budgets and waivers of the comparison. A metric that was not measured, or
 * too short, or in fewer than three repetitions, is unknown: never held, never broken. now_unix_ns:
 * to tell which waivers hold. record is the result's (analyze/record.h). After the metrics of the
 * comparison were judged: a waiver also lets off a regression of its metric, whose reason then says
 * so. Waivers that are over or were not needed are told among the notes. 0 or -ENOMEM.
 */
int budgets_judge(const struct budgets *b, struct host *h, const struct findings *f,
		  const struct record_facts *record, uint64_t now_unix_ns, struct arena *a,
		  struct comparison_facts *c) MUST_CHECK;

/* Whether a waiver that holds now is for this metric or row. */
bool budgets_waive(const struct budgets *b, const char *id, uint64_t now_unix_ns);

/*
 * What check ends with: DESIGN's exit status, and the sentence for it (in a; NULL: no memory).
 * Failed: a gated metric regressed, or a budget is broken, and no waiver lets it off; also when
 * the machines are not comparable, for a broken budget stays broken. Inconclusive: the comparison
 * is, or a gated metric was measured before and is not now, or a budget could not be judged, or
 * there was nothing to judge.
 */
enum gate { GATE_PASSED, GATE_FAILED, GATE_INCONCLUSIVE, GATE_NOT_COMPARABLE };
enum gate gate_of(const struct comparison_facts *c);
const char *gate_sentence(const struct comparison_facts *c, struct arena *a);

#endif
