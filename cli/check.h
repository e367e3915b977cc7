/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check.h - what the files of the verb check share; for them alone. */
#ifndef CLI_CHECK_H
#define CLI_CHECK_H

#include "analyze/budget.h"
#include "analyze/compare.h"
#include "cli/load.h"
#include "cli/measured.h"
#include "cli/share.h"

struct check_options {
	struct session_wish wish;
	const char **baselines; /* as the user named them */
	size_t n_baselines;
	const char *budget, *result, *folder;
	const char *junit, *markdown, *openmetrics;
	uint32_t margin_permille; /* 0: of each metric its own */
	bool is_strict, is_update, is_full;
	struct share share;
};

struct check {
	struct check_options *options;
	const struct common *common;
	struct arena arena;           /* of all that is compared */
	struct records before, after; /* after: the session that is checked */
	struct budgets budgets;
	uint64_t now_unix_ns;

	struct measured measured; /* where no result was given */
	bool is_measured;
	struct doc *result; /* where one was */
	struct host *loaded;

	struct host *host; /* of either */
	const struct findings *findings;
	struct findings loaded_findings;
	const char *name;               /* what it is called */
	uint64_t confirm_ns;            /* how long fresh sessions took */
	struct comparison_facts out;    /* the comparison, with budgets */
	struct comparison_facts shared; /* the same as others may see it */
};

/* check_measure.c */
/* Measures the session to check, as the newest session before was unless the user says otherwise.
 */
int check_measure(struct check *c) MUST_CHECK;
/*
 * A regression that nothing lets off is measured again before it counts. 0, -EINTR (a signal ended
 * it), or another error after one line on stderr.
 */
int check_confirm(struct check *c) MUST_CHECK;
/* The comparison of the sessions before with those, as a gate may have it; what it says lives in
 * the arena. */
int check_compare(struct check *c, const struct records *after,
		  struct comparison_facts *ret_comparison) MUST_CHECK;

/* check_update.c */
/* Where the session will be added: the file that is read, or a new one. Caller frees. */
int check_path_to_update(const char *name, char **ret_path) MUST_CHECK;
/*
 * With --update adds the session to the first baseline: only one that passed, or is the first of
 * all, for a baseline must not follow what it is there to find. EXIT_DONE or EXIT_CANNOT.
 */
int check_update(struct check *c, enum gate gate);

/* check_output.c: the page on stdout, or the document. EXIT_DONE or EXIT_CANNOT. */
int check_print(struct check *c);
/*
 * check_files.c: what CI systems and monitoring read. A usage error where two are one file, or one
 * is a file that is read.
 */
void check_outputs(const struct check_options *o, struct argp_state *state);
/* Writes it. EXIT_DONE or EXIT_CANNOT. */
int check_write_files(struct check *c);

#endif
