/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * annotations.h - lines that GitHub's runner shows at the top of a job: workflow commands.
 *
 *	::error title=TITLE::MESSAGE
 *
 * Source: "Workflow commands for GitHub Actions"; escaped as its toolkit does: % CR LF everywhere,
 * : and , in the title too. GitHub shows ten of each type per step: nine are written at most, and
 * of more the ninth tells how many there are. Other CI systems print the lines as they are.
 */
#ifndef REPORT_ANNOTATIONS_H
#define REPORT_ANNOTATIONS_H

#include "core/base.h"

struct comparison_facts;

/*
 * Errors: regressions and broken budgets. Warnings: what is inconclusive or unknown, that all of it
 * is not comparable, and expired waivers. Nothing when all is well. 0 or -errno.
 */
int report_annotations(FILE *out, const struct comparison_facts *c) MUST_CHECK;

#endif
