/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ab_turns.h - all turns of ab in their order, and what they say together. */
#ifndef CLI_AB_TURNS_H
#define CLI_AB_TURNS_H

#include "analyze/pairs.h"
#include "cli/ab_toggle.h"
#include "cli/session.h"
#include "facts/comparison.h"

enum { AB_METRICS_MAX = 16 };

struct ab_wish {
	struct session_wish session; /* is_quiet: progress is told here */
	const char *on, *off;        /* NULL: nothing is switched */
	bool is_null, is_end_on, is_quiet;
	uint64_t n_pairs, settle_ns;
	const char *metrics[AB_METRICS_MAX]; /* that decide; n 0: all that do by themselves */
	size_t n_metrics;
};

struct ab {
	const struct ab_wish *wish;
	struct session *session;
	struct toggle toggle;
	struct arena arena; /* records */
	const struct record_facts *off[PAIRS_MAX], *on[PAIRS_MAX];
	size_t n_pairs;    /* complete ones */
	size_t n_left_out; /* of which a half could not be compared */
};

/* How long all turns take. */
uint64_t ab_duration_ns(const struct ab_wish *wish);
/*
 * Prepares the session, measures all turns and puts the setting where it is to end, on every way
 * out. 0, also when a signal came (session->signal); < 0 after one line on stderr. ab->n_pairs says
 * what can be compared, whatever is returned.
 */
int ab_run(struct ab *ab) MUST_CHECK;
/* Everything lives in ab->arena. 0 or -errno; at least one pair is complete. */
int ab_compare(struct ab *ab, struct comparison_facts *ret_comparison) MUST_CHECK;

#endif
