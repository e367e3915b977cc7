/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * junit.h - a comparison, or the findings of a result, as the XML that CI systems read as tests.
 *
 * There is no standard, but two schemas that circulate: the one of Jenkins' xUnit plugin
 * (junit-10.xsd) and the one of Apache Ant's reports (JUnit.xsd of Windy Road). What is written
 * here is valid against both; tests/lib/junit.xsd is what they have in common, as far as it is
 * used. GitLab shows the text of a failure, Jenkins its message: both hold the same sentence.
 *
 * All text of strangers is cleaned and escaped. Both return 0 or -errno.
 */
#ifndef REPORT_JUNIT_H
#define REPORT_JUNIT_H

#include "report/report.h"

struct comparison_facts;

/*
 * One suite per group (wake, guest, irq, budgets, findings), one case per gated metric and budget,
 * and per finding that changed. A regression and a broken budget are failures; what is
 * inconclusive, not comparable, unknown or waived is skipped, with the reason; so is a finding that
 * appeared, for it fails nothing unless a budget says so. The numbers are properties of the suite.
 * The time is that of the side after.
 */
int report_junit(FILE *out, const struct comparison_facts *c) MUST_CHECK;
/*
 * One suite per domain of the catalogue, one case per row that applies: a problem is a failure,
 * advice and what is unknown are skipped.
 */
int report_junit_findings(FILE *out, const struct host *h, const struct findings *f) MUST_CHECK;

#endif
