/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * charge.h - what a culprit of the trace means for the row that explains it.
 *
 * The engine calls blame_speak() behind each rule. What the rule found wrong becomes measured when
 * the trace saw such a culprit. What it did not find wrong becomes advice only where the culprit
 * itself proves the row: the charges say where.
 */
#ifndef ANALYZE_CHARGE_H
#define ANALYZE_CHARGE_H

#include "analyze/blame.h"

struct charge {
	const char *id;
	/* A culprit that names this row proves nothing about it, for this reason; NULL: it does. */
	const char *why_not;
	blame_fn *is_meant; /* of the culprits that name the row; NULL: all */
	/* Of these, those that alone make advice; NULL: all. */
	blame_fn *is_proof;
	unsigned turns; /* bits of verdicts that a culprit turns to advice; 0: evidence only */
	/* Whether that may be, on this host, beside all else; NULL: yes. */
	bool (*may_turn)(const struct host *h);
	const char *words; /* the fix, where the setting is not what is wrong; NULL: the row's */
	/* Or computed; false: the row's after all. */
	bool (*fix)(const struct host *h, struct finding *out);
};

/* NULL: no culprit names such a row. */
const struct charge *charge_find(const char *id);
/* The verdict of the rule, or advice in its place. */
enum verdict blame_speak(const struct host *h, enum verdict verdict, struct finding *out);

/* A vCPU, and none of the guest that was measured. */
bool charge_is_anothers_vcpu(const struct host *h, const struct trace_culprit *c);

/* Fixes of charges, in charge_fix.c; culprits are those that name the row of the finding. */
bool charge_move_tasks(const struct host *h, struct finding *out);
bool charge_part_vcpus(const struct host *h, struct finding *out);
bool charge_move_irqs(const struct host *h, struct finding *out);
bool charge_switch_on(const struct host *h, struct finding *out);
bool charge_lift_quota(const struct host *h, struct finding *out);
bool charge_offload(const struct host *h, struct finding *out);
bool charge_pause_loop(const struct host *h, struct finding *out);

#endif
