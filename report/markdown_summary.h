/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * markdown_summary.h - the summary of a CI job, as GitHub, GitLab, Gitea and Forgejo render it.
 *
 * GitHub drops a summary over 1 MiB whole: sections that would make it longer than
 * MARKDOWN_SUMMARY_MAX are left out, and a note says which. Text of strangers is cleaned and
 * escaped for Markdown and HTML: it can neither format, nor link, nor end a table's cell or line.
 */
#ifndef REPORT_MARKDOWN_SUMMARY_H
#define REPORT_MARKDOWN_SUMMARY_H

#include "report/report.h"

struct comparison_facts;

enum { MARKDOWN_SUMMARY_MAX = 900 * 1000 };

/* Both: 0 or -errno. */
int report_markdown_summary(FILE *out, const struct comparison_facts *c) MUST_CHECK;
/* Of one result: its verdict, what was found and how to fix it. */
int report_markdown_findings(FILE *out, struct host *h, const struct findings *f) MUST_CHECK;

#endif
