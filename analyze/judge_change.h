/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * judge_change.h - did a metric get worse, better, stay the same, or can nobody tell?
 *
 * Exact rank test on the logarithm of one value per unit, against a margin; Hodges-Lehmann change
 * with interval; Holm over the gated metrics; two one-sided tests for "no change"; a guard against
 * drift. What each formula is and where it comes from stands in the stats_*.h and judge_units.h.
 *
 *   delta       = max(ln(1 + margin), noise floor)
		 the floor, stats_noise_floor(), at 5 % over all gated metrics
 *   regressed     Holm-adjusted p that the change is above +delta <= 0.05, and at least floor
 *   improved      the same below -delta
 *   no change     both one-sided tests of |change| < delta have p <= 0.05; delta here also covers a
 *                 change by floor; never where delta is a noise floor that judge_is_fit() calls too
 *                 wide: the host is too noisy then, and that is inconclusive
 *   inconclusive  all else: too few units, too much spread, a host too noisy, or one that drifted
 *
 * Larger values are worse. False alarms: at most 5 % over all gated metrics where the true change
 * is just the margin, well below 1 % where there is none; where repetitions agree, boots do not and
 * the noise floor has to tell, at most 5 %. docs/statistics.md has what simulation says.
 */
#ifndef ANALYZE_JUDGE_CHANGE_H
#define ANALYZE_JUDGE_CHANGE_H

#include "analyze/judge_units.h"

enum judge_verdict {
	JUDGE_INCONCLUSIVE,
	JUDGE_NO_CHANGE,
	JUDGE_IMPROVED,
	JUDGE_REGRESSED,
	JUDGE_NOT_COMPARABLE /* for callers: the machines differ in a blocking key; never from here
			      */
};

enum judge_reason { /* of an inconclusive one; JUDGE_CLEAR else */
		    JUDGE_CLEAR,
		    JUDGE_TOO_FEW, /* fewer than JUDGE_UNITS_MIN repetitions or pairs on a side */
		    JUDGE_SPREAD,  /* the units lie too far apart */
		    JUDGE_SMALL,   /* there is a change beyond the margin, but not by floor */
		    JUDGE_DRIFT,   /* the machine drifted: more units would not do */
		    JUDGE_NOISY    /* the noise floor hides a doubling: more units would not do */
};

enum { JUDGE_UNITS_MIN = 5 };

struct judge_metric {
	struct judge_side before, after;
	/*
	 * At least three sessions of the same machine with nothing changed: the noise floor where
	 * repetitions of different sessions are compared. n 0: not calibrated.
	 */
	struct judge_side calibration;
	/*
	 * 0 for latencies. For counts and rates, which may be 0: what half an event is in this
	 * unit, so that 0 has a logarithm.
	 */
	uint64_t offset;
	uint64_t floor; /* smallest difference that matters, in the metric's unit; 0: any */
	uint32_t margin_permille;
	bool is_gated;       /* one of the few declared before; else exploratory */
	bool is_paired;      /* one session, value k of both sides is pair k, in turns (ABBA) */
	bool is_one_session; /* not paired, yet both sides lie in one session: no boot between */
};

struct judgement {
	enum judge_verdict verdict;
	enum judge_reason reason;
	enum judge_unit unit;
	size_t n_before, n_after; /* units compared */
	/*
	 * A caveat to print: repetitions of different sessions, and no calibration. Differences
	 * between boots are inside this number.
	 */
	bool is_boot_inside;
	bool is_exploratory; /* not gated: Benjamini-Hochberg at 10 %, never an exit status */

	bool has_change;         /* both sides have a unit */
	uint64_t before, after;  /* median of the units, in the metric's unit */
	int64_t change_permille; /* +500: half as much again; -1000 is the least */
	bool has_low, has_high;  /* false: so few units do not bound the change on that side */
	int64_t low_permille, high_permille; /* 95 % interval of the change */

	uint64_t margin_permille; /* the one that held: as asked, or the noise floor if larger */
	bool is_noise_margin;
	size_t n_noise_sessions; /* that tell the noise floor */

	/* Adjusted as the metric is gated or not; parts per million, rounded up, at least 1. */
	uint32_t p_regressed_ppm, p_improved_ppm, p_same_ppm;
	bool has_drifted;
	/*
	 * Inconclusive by spread, too few or small: units per side that would do, for this spread,
	 * in four of five cases: they show "no change" if there is none and a change of twice the
	 * margin (or the one seen, if larger) if there is. 0: more than STATS_SIZE_MAX, of pairs
	 * more than PAIRS_MAX.
	 */
	size_t n_units_needed;
	/* Smallest rise these units find in four of five cases; 0: none, however large. */
	uint64_t visible_permille;
};

/*
 * Judges n metrics together: the gated ones that have units enough are one family.
 * 0; -EINVAL (is_paired, but not one session per side with equally many values; nothing is
 * written); -ENOMEM. Any number of values, sessions and metrics, any values: time grows with n log
 * n of the values (a million: half a second) plus 0.1 ms for a metric of ten repetitions a side, 50
 * ms for one of STATS_UNITS_MAX; memory with the values of one metric.
 */
int judge_changes(const struct judge_metric *metrics, size_t n,
		  struct judgement *ret_judgements) MUST_CHECK;

/* "regressed", "improved", "no-change", "inconclusive", "not-comparable". */
const char *judge_verdict_name(enum judge_verdict verdict);

#endif
