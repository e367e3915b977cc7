/* SPDX-License-Identifier: GPL-2.0-or-later */
/* compare_findings.c - findings that appeared, went away or changed. */
#include <string.h>

#include "analyze/compare_parts.h"
#include "analyze/rule.h"

static bool is_bad(const struct record_finding *f)
{
	return f && (fact_is(&f->verdict, verdict_names[VERDICT_PROBLEM]) ||
		     fact_is(&f->verdict, verdict_names[VERDICT_ADVICE]));
}

static const struct record_finding *find(const struct record_facts *r, const char *id)
{
	const struct record_finding *f = r->findings.v;

	for (size_t i = 0; i < r->findings.n; i++) {
		if (fact_is(&f[i].id, id))
			return &f[i];
	}
	return NULL;
}

static int put(struct comparer *w, const struct tweak *t, const struct record_finding *before,
	       const struct record_finding *after)
{
	struct comparison_finding *out;
	const struct record_finding *told = after && after->summary.known ? after : before;
	int r;

	if (before && after ? fact_is(&before->verdict, after->verdict.v) : !before && !after)
		return 0;
	if (!is_bad(before) && !is_bad(after))
		return 0;
	out = fact_add_item(&w->c->findings, w->arena, sizeof(*out));
	if (!out)
		return -ENOMEM;
	r = fact_set_str(&out->id, w->arena, t->id);
	if (r == 0)
		r = fact_set_str(&out->title, w->arena, t->title);
	if (r == 0 && before)
		r = fact_set_str(&out->before, w->arena, before->verdict.v);
	if (r == 0 && after)
		r = fact_set_str(&out->after, w->arena, after->verdict.v);
	if (r == 0 && told && told->summary.known)
		r = fact_set_str(&out->summary, w->arena, told->summary.v);
	return r;
}

struct both {
	struct comparer *w;
	const struct record_facts *before, *after;
	int error;
};

static int put_row(void *arg, const struct tweak *t)
{
	struct both *b = arg;

	b->error = put(b->w, t, find(b->before, t->id), find(b->after, t->id));
	return b->error;
}

/* Rows of the catalogue only: what else a stranger's record calls a finding is none. */
int compare_findings(struct comparer *w)
{
	struct both b = { w, compare_newest(&w->wish->before), compare_newest(&w->wish->after), 0 };

	w->c->findings.known = true;
	(void)tweak_each(put_row, &b);
	return b.error;
}
