/* SPDX-License-Identifier: GPL-2.0-or-later */
/* openmetrics_comparison.c - what a check said, as families. */
#include "facts/comparison.h"
#include "report/openmetrics_parts.h"

static void put_metrics(struct exposition *to, const struct comparison_facts *c)
{
	auto_family struct family verdicts = { to, "verdict",
					       "1 for the verdict on each metric that decides." };
	const struct comparison_metric *m = c->metrics.v;

	for (size_t i = 0; i < c->metrics.n; i++) {
		const struct label labels[] = { { "metric", text_or(&m[i].id, "") },
						{ "verdict", text_or(&m[i].verdict, "") },
						{ 0 } };

		if (m[i].is_gated.v)
			family_add(&verdicts, labels, 1, 1);
	}
}

static void put_changes(struct exposition *to, const struct comparison_facts *c)
{
	auto_family struct family changes = { to, "change_ratio",
					      "Change of each metric that decides against its "
					      "baseline: 0.5 is half as much again." };
	const struct comparison_metric *m = c->metrics.v;

	for (size_t i = 0; i < c->metrics.n; i++) {
		const struct label labels[] = { { "metric", text_or(&m[i].id, "") }, { 0 } };

		if (m[i].is_gated.v && m[i].change_permille.known)
			family_add_signed(&changes, labels, m[i].change_permille.v, 1000);
	}
}

static void put_budgets(struct exposition *to, const struct comparison_facts *c)
{
	auto_family struct family f = { to, "budget", "1 for the verdict on each budget." };
	const struct comparison_budget *b = c->budgets.v;

	for (size_t i = 0; i < c->budgets.n; i++) {
		const struct label labels[] = { { "rule", text_or(&b[i].rule, "") },
						{ "verdict", text_or(&b[i].verdict, "") },
						{ 0 } };

		family_add(&f, labels, 1, 1);
	}
}

void openmetrics_comparison(struct exposition *to, const struct comparison_facts *c)
{
	auto_family struct family f = { to, "check_verdict",
					"1 for the verdict of the last check as a whole." };
	const struct label labels[] = { { "verdict", text_or(&c->verdict, "") }, { 0 } };

	if (c->verdict.known)
		family_add(&f, labels, 1, 1);
	put_metrics(to, c);
	put_changes(to, c);
	put_budgets(to, c);
}
