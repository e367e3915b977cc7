/* SPDX-License-Identifier: GPL-2.0-or-later */
/* print_comparison.h - what compare, check and ab say on stdout. */
#ifndef CLI_PRINT_COMPARISON_H
#define CLI_PRINT_COMPARISON_H

#include "cli/verb.h"
#include "facts/comparison.h"
#include "report/text_comparison.h"

struct print_style {
	int (*text)(FILE *out, const struct comparison_facts *c, const struct text_style *style);
	bool is_full;
	const char *folder; /* told as the place of the report; NULL: there is none */
	/* What stands in the page where others see it, too: stdout is no terminal but the log of a
	 * job, a file. NULL: the same. */
	const struct comparison_facts *shared;
};

/* The page, or with --json the document. EXIT_DONE, or EXIT_CANNOT after one line on stderr. */
int print_comparison(const struct common *common, const struct comparison_facts *c,
		     const struct print_style *style);

#endif
