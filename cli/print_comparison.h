/* SPDX-License-Identifier: GPL-2.0-or-later */
/* print_comparison.h - what compare, check and ab say on stdout. */
#ifndef CLI_PRINT_COMPARISON_H
#define CLI_PRINT_COMPARISON_H

#include "cli/share.h"
#include "cli/verb.h"
#include "report/text_comparison.h"

struct print_style {
	int (*text)(FILE *out, const struct comparison_facts *c, const struct text_style *style);
	bool is_full;
	const char *folder; /* told as the place of the report; NULL: there is none */
	/* How others may see the page: where stdout is no terminal but the log of a job, a file.
	 * NULL: as it is. */
	struct share *share;
};

/* The page, or with --json the document. EXIT_DONE, or EXIT_CANNOT after one line on stderr. */
int print_comparison(const struct common *common, const struct comparison_facts *c,
		     const struct print_style *style);

#endif
