/* SPDX-License-Identifier: GPL-2.0-or-later */
/* engine.h - runs every rule on a host and orders what they found. */
#ifndef ANALYZE_ENGINE_H
#define ANALYZE_ENGINE_H

#include "analyze/catalogue.h"
#include "analyze/rule.h"

struct finding_fill_in {
	const char *name, *value;
	struct finding_fill_in *next;
};

struct finding {
	const struct tweak *tweak;
	enum verdict verdict;
	enum confidence confidence;
	const char *summary; /* one sentence; never NULL after engine_run() */
	const char **items;
	size_t n_items;
	uint64_t share_permille;
	bool is_open; /* of not-applicable: nothing was looked at, see finding_say_open() */
	struct fix_template fix; /* filled in; NULL: none */
	/* while being made */
	struct arena *arena;
	struct finding_fill_in *fills;
	struct arena_text changes[N_CHANGES]; /* behind those of fix that the judge made */
	bool is_out_of_memory;
	/* A culprit of the trace made it, so that not all that its fix names may be known. */
	bool is_charged;
};

struct findings {
	struct finding *v; /* by verdict, share (largest first), confidence, id */
	size_t n;
	size_t n_by_verdict[N_VERDICTS];
};

/* One finding per rule; everything lives in the host's arena. 0 or -ENOMEM. */
int engine_run(struct host *h, struct findings *ret_findings) MUST_CHECK;
/* One rule by itself, for tests. */
int engine_judge(struct host *h, const struct rule *rule, struct finding *ret_finding) MUST_CHECK;
/* NULL: no finding of that id. */
const struct finding *findings_get(const struct findings *f, const char *id);

/*
 * The sentence a report begins with: what was looked at, how bad it is and how far the numbers can
 * be trusted. In the host's arena; NULL: no memory.
 */
const char *verdict_sentence(struct host *h, const struct findings *f);

#endif
