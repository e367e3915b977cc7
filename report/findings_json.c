/* SPDX-License-Identifier: GPL-2.0-or-later */
/* findings_json.c - the document of format vfiobench-findings. */
#include "report/report.h"

static struct doc *strs(const char *const *v, size_t n)
{
	auto_doc struct doc *array = doc_array_new();

	for (size_t i = 0; array && i < n; i++) {
		if (doc_append_str(array, v[i]) < 0)
			return NULL;
	}
	return array ? doc_ref(array) : NULL;
}

/* Texts of a fix: commands, one a line. */
static int put_if(struct doc *d, const char *key, const char *value)
{
	return value ? doc_put_lines(d, key, value) : 0;
}

static struct doc *guide_doc(const struct tweak *t)
{
	auto_doc struct doc *d = doc_object_new();

	if (!d || doc_put_str(d, "section", t->section) < 0 ||
	    doc_put_str(d, "standing", standing_names[t->standing]) < 0)
		return NULL;
	return doc_ref(d);
}

static struct doc *fix_doc(const struct finding *f)
{
	auto_doc struct doc *d = doc_object_new();

	if (!d || put_if(d, "now", f->fix.now) < 0 || put_if(d, "persist", f->fix.persist) < 0 ||
	    put_if(d, "undo", f->fix.undo) < 0 || put_if(d, "risk", f->fix.risk) < 0 ||
	    doc_put_str(d, "needs", fix_needs_names[f->fix.needs]) < 0)
		return NULL;
	return doc_ref(d);
}

static size_t n_refs(const struct tweak *t)
{
	size_t n = 0;

	while (t->refs && t->refs[n])
		n++;
	return n;
}

static struct doc *finding_doc(const struct finding *f)
{
	const struct tweak *t = f->tweak;
	auto_doc struct doc *d = doc_object_new();

	if (!d || doc_put_str(d, "id", t->id) < 0 ||
	    doc_put_str(d, "verdict", verdict_names[f->verdict]) < 0 ||
	    doc_put_str(d, "confidence", confidence_names[f->confidence]) < 0 ||
	    doc_put_str(d, "title", t->title) < 0 || doc_put_str(d, "summary", f->summary) < 0 ||
	    doc_put(d, "evidence", strs(f->items, f->n_items)) < 0 ||
	    doc_put(d, "guide", guide_doc(t)) < 0)
		return NULL;
	if ((f->fix.now || f->fix.persist) && doc_put(d, "fix", fix_doc(f)) < 0)
		return NULL;
	if (doc_put(d, "refs", strs(t->refs, n_refs(t))) < 0)
		return NULL;
	return doc_ref(d);
}

struct doc *findings_json(const struct findings *f)
{
	auto_doc struct doc *d = doc_object_new();
	auto_doc struct doc *counts = doc_object_new();
	auto_doc struct doc *list = doc_array_new();

	if (!d || !counts || !list || doc_put_str(d, "format", "vfiobench-findings") < 0 ||
	    doc_put_u64(d, "version", 1) < 0)
		return NULL;
	for (size_t v = 0; v < N_VERDICTS; v++) {
		if (doc_put_u64(counts, verdict_names[v], f->n_by_verdict[v]) < 0)
			return NULL;
	}
	for (size_t i = 0; i < f->n; i++) {
		if (doc_append(list, finding_doc(&f->v[i])) < 0)
			return NULL;
	}
	if (doc_put(d, "counts", doc_ref(counts)) < 0 || doc_put(d, "findings", doc_ref(list)) < 0)
		return NULL;
	return doc_ref(d);
}
