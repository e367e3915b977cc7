/* SPDX-License-Identifier: GPL-2.0-or-later */
/* compare_doc.c - comparisons as documents. */
#include "analyze/compare.h"

int comparison_encode(const struct comparison_facts *c, struct doc **ret_doc)
{
	return document_encode(&comparison_kind, c, ret_doc);
}

/* What everybody who prints one relies on. */
static const char *missing_in(const struct comparison_facts *c)
{
	const struct comparison_metric *m = c->metrics.v;

	/* A check of budgets alone compared nothing. */
	if ((!c->verdict.known || !c->reason.known) && !c->budgets.n)
		return c->verdict.known ? "reason" : "verdict";
	for (size_t i = 0; i < c->metrics.n; i++) {
		if (!m[i].id.known || !m[i].verdict.known)
			return m[i].id.known ? "a metric's verdict" : "a metric's id";
	}
	return NULL;
}

int comparison_decode(const struct doc *d, struct arena *a, struct comparison_facts *ret_comparison,
		      const char **ret_why)
{
	struct comparison_facts c = { 0 };
	int r = document_decode(&comparison_kind, d, a, &c, ret_why);
	const char *missing;

	if (r < 0)
		return r;
	missing = missing_in(&c);
	if (missing) {
		*ret_why = arena_printf(a, "%s is missing", missing);
		return *ret_why ? -EBADMSG : -ENOMEM;
	}
	*ret_comparison = c;
	return 0;
}
