/* SPDX-License-Identifier: GPL-2.0-or-later */
/* judge.h - --fail-on, and printing findings: shared by run, audit and analyze. */
#ifndef CLI_JUDGE_H
#define CLI_JUDGE_H

#include "analyze/engine.h"
#include "cli/verb.h"

enum { OPT_FAIL_ON = 0x2000 };

#define FAIL_ON_OPTION                                                                               \
	{                                                                                            \
		"fail-on", OPT_FAIL_ON, "LEVEL", 0,                                                  \
			"Exit 1 when a finding is at least that: problem, advice or none (default)", \
			0                                                                            \
	}

enum fail_on { FAIL_ON_NONE, FAIL_ON_PROBLEM, FAIL_ON_ADVICE };

/* Reads LEVEL: problem, advice or none; a usage error otherwise. */
enum fail_on fail_on_parse(struct argp_state *state, const char *level);
/* EXIT_FINDINGS or EXIT_DONE. */
int fail_on_status(enum fail_on level, const struct findings *f);

/* engine_run() with one line on stderr when it fails. */
int judge_host(struct host *h, struct findings *ret_findings) MUST_CHECK;
/* Text, or with --json the findings document, on stdout. EXIT_DONE or EXIT_CANNOT. */
int print_findings(const struct common *common, struct host *h, const struct findings *f,
		   bool is_full);
/* Columns of the terminal, 80 where there is none. */
unsigned terminal_width(void);

#endif
