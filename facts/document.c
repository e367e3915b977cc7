/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/document.h"

#include <inttypes.h>
#include <string.h>

struct copy {
	struct doc *to;
	int error;
};

static int copy_member(void *arg, const char *key, const struct doc *value)
{
	struct copy *c = arg;

	c->error = doc_put(c->to, key, doc_ref(value));
	return c->error;
}

int document_encode(const struct document_kind *k, const void *facts, struct doc **ret_doc)
{
	auto_doc struct doc *o = doc_object_new();
	auto_doc struct doc *members = NULL;
	struct copy c = { o, 0 };
	int r;

	if (!o)
		return -ENOMEM;
	r = doc_put_str(o, "format", k->format);
	if (r == 0)
		r = doc_put_u64(o, "version", k->version);
	if (r == 0)
		r = schema_encode(k->schema, facts, &members);
	if (r < 0)
		return r;
	(void)doc_each(members, copy_member, &c);
	if (c.error)
		return c.error;
	*ret_doc = doc_ref(o);
	return 0;
}

const char *document_words(const struct doc *d)
{
	static const struct {
		const char *format, *words;
	} kinds[] = {
		{ "vfiobench-result", "a result" },
		{ "vfiobench-baseline", "a baseline" },
		{ "vfiobench-findings", "a findings document" },
		{ "vfiobench-comparison", "a comparison" },
		{ "vfiobench-calibration", "a calibration" },
		{ "vfiobench-fleet", "a fleet" },
		{ "vfiobench-baselines", "a list of baselines" },
		{ "vfiobench-probe", "the document of one probe" },
	};
	const char *format;

	if (doc_get_str(d, "format", &format) < 0)
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (!strcmp(kinds[i].format, format))
			return kinds[i].words;
	}
	return NULL;
}

/* Of one that is not of this kind. In a; NULL: no memory. */
static const char *why_other(const struct document_kind *k, const struct doc *d, struct arena *a)
{
	const char *words = document_words(d);

	if (document_is(k, d))
		return arena_printf(a, "%s: \"version\" is not a number from 1", k->what);
	if (words)
		return arena_printf(a, "not a vfiobench %s, but %s", k->what, words);
	return arena_printf(a, "not a vfiobench %s (no \"format\": \"%s\")", k->what, k->format);
}

int document_decode(const struct document_kind *k, const struct doc *d, struct arena *a,
		    void *facts, const char **ret_why)
{
	const char *why = NULL;
	uint64_t version = 0;
	int r = doc_check_format(d, k->format, k->version, &version);

	*ret_why = NULL;
	if (r == -ENOTSUP)
		*ret_why = arena_printf(a,
					"%s version %" PRIu64
					" is newer than this program understands (%" PRIu64 ")",
					k->what, version, k->version);
	else if (r < 0)
		*ret_why = why_other(k, d, a);
	if (r < 0)
		return *ret_why ? r : -ENOMEM;
	r = schema_decode(k->schema, d, a, facts, &why);
	if (r < 0)
		*ret_why = r == -ENOMEM ? "out of memory" : why ? why : "damaged";
	return r;
}

bool document_is(const struct document_kind *k, const struct doc *d)
{
	const char *format;

	return doc_get_str(d, "format", &format) == 0 && !strcmp(format, k->format);
}
