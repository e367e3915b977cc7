/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * check_document FILE...: each file is one probe document as the format page has it: its envelope,
 * its status, its data by the schema of its probe and nothing else in it, and gaps where the status
 * says so. Prints what is wrong; exit status 1 then.
 */
#include <string.h>

#include "core/doc.h"
#include "probes/probe.h"

static const char *check_gaps(const struct doc *gaps, const char *probe)
{
	static const char *const keys[] = { "field", "path", "error" };

	if (!doc_is_array(gaps))
		return "no array of gaps";
	for (size_t i = 0; i < doc_n(gaps); i++) {
		const char *text;

		for (size_t k = 0; k < ARRAY_SIZE(keys); k++) {
			if (doc_get_str(doc_at(gaps, i), keys[k], &text) < 0)
				return "a gap without one of its texts";
		}
		if (doc_get_str(doc_at(gaps, i), "field", &text) < 0 ||
		    strncmp(text, probe, strlen(probe)) != 0 || text[strlen(probe)] != '.')
			return "a gap of another probe";
	}
	return NULL;
}

/* Decoded and encoded again it is the same: no key is unknown, no value is odd. */
static const char *check_data(const struct probe *probe, const struct doc *data, struct arena *a)
{
	auto_doc struct doc *again = NULL;
	void *facts = arena_alloc(a, probe->schema->size);
	const char *why = "no memory";

	if (!facts || schema_decode(probe->schema, data, a, facts, &why) < 0)
		return why;
	if (schema_encode(probe->schema, facts, &again) < 0)
		return "the data cannot be encoded again";
	return doc_equal(data, again) ? NULL : "the data hold keys that the schema does not have";
}

static const char *check_document(const struct doc *d, struct arena *a)
{
	const struct probe *probe;
	const char *name, *status, *reason, *why;
	uint64_t version;
	bool is_partial;

	if (doc_check_format(d, "vfiobench-probe", 1, &version) < 0)
		return "no probe document of version 1";
	if (doc_get_str(d, "probe", &name) < 0 || !(probe = probe_find(name)))
		return "no known probe";
	if (doc_get_str(d, "status", &status) < 0 || doc_get_str(d, "reason", &reason) < 0)
		return "no status and reason";
	is_partial = !strcmp(status, "partial");
	if (!is_partial && strcmp(status, "ok") != 0)
		return arena_printf(a, "status %s: %s", status, reason);
	why = check_gaps(doc_get(d, "gaps"), name);
	if (why)
		return why;
	if (is_partial != (doc_n(doc_get(d, "gaps")) > 0))
		return "status and gaps disagree";
	return check_data(probe, doc_get(d, "data"), a);
}

static int check_file(const char *path)
{
	auto_arena struct arena arena = { 0 };
	auto_doc struct doc *d = NULL;
	auto_free char *text = NULL;
	auto_file FILE *f = fopen(path, "re");
	struct doc_error error;
	size_t size = 0;
	ssize_t len;
	const char *why;

	if (!f) {
		perror(path);
		return 1;
	}
	len = getdelim(&text, &size, EOF, f);
	if (len <= 0 || doc_parse(text, (size_t)len, &d, &error) < 0)
		why = len <= 0 ? "empty" : error.message;
	else
		why = check_document(d, &arena);
	if (why)
		printf("%s: %s\n", path, why);
	return why != NULL;
}

int main(int argc, char **argv)
{
	int is_bad = 0;

	for (int i = 1; i < argc; i++)
		is_bad |= check_file(argv[i]);
	return is_bad;
}
