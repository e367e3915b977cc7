/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "docs/schemas.h"

#include <string.h>

#include "analyze/host.h"
#include "analyze/rule.h"
#include "core/doc.h"
#include "facts/calibration.h"
#include "facts/comparison.h"
#include "facts/describe.h"
#include "facts/fleet.h"
#include "facts/record.h"
#include "facts/result.h"
#include "probes/probe.h"

/* Text of our own; NULL: no memory, or a slip in it, which the build shows at once. */
static struct doc *literal(const char *text)
{
	struct doc_error error;
	struct doc *d;

	return doc_parse(text, strlen(text), &d, &error) == 0 ? d : NULL;
}

static struct doc *constant(const char *value)
{
	auto_doc struct doc *d = doc_object_new();

	return d && doc_put_str(d, "const", value) == 0 ? doc_ref(d) : NULL;
}

static struct doc *reference(const char *name)
{
	auto_doc struct doc *d = doc_object_new();
	auto_free char *path = NULL;

	if (!d || asprintf(&path, "#/$defs/%s", name) < 0 || doc_put_str(d, "$ref", path) < 0)
		return NULL;
	return doc_ref(d);
}

static struct doc *one_of(const char *const *words, size_t n)
{
	auto_doc struct doc *d = doc_object_new();
	auto_doc struct doc *list = doc_array_new();

	for (size_t i = 0; list && i < n; i++) {
		if (doc_append_str(list, words[i]) < 0)
			return NULL;
	}
	return d && list && doc_put(d, "enum", doc_ref(list)) == 0 ? doc_ref(d) : NULL;
}

/* {"properties":{KEY:VALUE}}; takes value. */
static struct doc *with_property(const char *key, struct doc *value)
{
	auto_doc struct doc *d = doc_object_new();
	auto_doc struct doc *properties = doc_object_new();

	if (!d || !properties) {
		doc_free(value);
		return NULL;
	}
	if (doc_put(properties, key, value) < 0 ||
	    doc_put(d, "properties", doc_ref(properties)) < 0)
		return NULL;
	return doc_ref(d);
}

/* What of a probe document has no table; the rest is added to it. */
static const char envelope[] =
	"{\"type\":\"object\",\"required\":[\"format\",\"version\",\"probe\",\"status\","
	"\"reason\",\"data\",\"gaps\"],\"properties\":{\"format\":{\"const\":\"vfiobench-probe\"},"
	"\"version\":{\"const\":1},\"probe\":{\"type\":\"string\"},"
	"\"status\":{\"enum\":[\"ok\",\"partial\",\"skipped\",\"failed\"]},"
	"\"reason\":{\"type\":\"string\"},\"data\":{\"type\":\"object\"},"
	"\"gaps\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
	"\"required\":[\"field\",\"path\",\"error\"],"
	"\"properties\":{\"field\":{\"type\":\"string\"},\"path\":{\"type\":\"string\"},"
	"\"error\":{\"type\":\"string\"}}}},"
	"\"run\":{\"type\":\"object\",\"properties\":{"
	"\"started_unix_ns\":{\"type\":\"integer\",\"minimum\":0},"
	"\"duration_ns\":{\"type\":\"integer\",\"minimum\":0}}}}}";

/* When "probe" is this one, "data" are its. */
static int append_case(struct doc *cases, const char *name)
{
	auto_doc struct doc *d = doc_object_new();
	int r;

	if (!d)
		return -ENOMEM;
	r = doc_put(d, "if", with_property("probe", constant(name)));
	if (r == 0)
		r = doc_put(d, "then", with_property("data", reference(name)));
	return r < 0 ? r : doc_append(cases, doc_ref(d));
}

static struct doc *probe_body(void)
{
	auto_doc struct doc *d = literal(envelope);
	auto_doc struct doc *cases = doc_array_new();

	if (!d || !cases)
		return NULL;
	for (size_t i = 0; i < n_probes; i++) {
		if (append_case(cases, probe_table[i].name) < 0)
			return NULL;
	}
	return doc_put(d, "allOf", doc_ref(cases)) == 0 ? doc_ref(d) : NULL;
}

/* What the bodies of probe documents refer to. */
static struct doc *probe_definitions(void)
{
	auto_doc struct doc *d = doc_object_new();

	if (!d || doc_put(d, "histogram", describe_histogram()) < 0)
		return NULL;
	for (size_t i = 0; i < n_probes; i++) {
		if (doc_put(d, probe_table[i].name, describe_json_schema(probe_table[i].schema)) <
		    0)
			return NULL;
	}
	return doc_ref(d);
}

/* {NAME: probe document}, each under its own name. */
static struct doc *result_probes(void)
{
	auto_doc struct doc *d = literal("{\"type\":\"object\"}");
	auto_doc struct doc *names = doc_object_new();

	if (!d || !names)
		return NULL;
	for (size_t i = 0; i < n_probes; i++) {
		if (doc_put(names, probe_table[i].name,
			    with_property("probe", constant(probe_table[i].name))) < 0)
			return NULL;
	}
	if (doc_put(d, "properties", doc_ref(names)) < 0 ||
	    doc_put(d, "patternProperties", literal("{\"\":{\"$ref\":\"#/$defs/probe\"}}")) < 0)
		return NULL;
	return doc_ref(d);
}

static struct doc *result_body(void)
{
	auto_doc struct doc *d = literal("{\"type\":\"object\",\"required\":[\"probes\"]}");
	auto_doc struct doc *properties = doc_object_new();
	const struct schema *s;

	if (!d || !properties)
		return NULL;
	for (size_t i = 0; (s = host_member_schema(i)); i++) {
		if (doc_put(properties, s->name, describe_json_schema(s)) < 0)
			return NULL;
	}
	if (doc_put(properties, "probes", result_probes()) < 0 ||
	    doc_put(d, "properties", doc_ref(properties)) < 0)
		return NULL;
	return doc_ref(d);
}

static struct doc *result_definitions(void)
{
	auto_doc struct doc *d = probe_definitions();

	return d && doc_put(d, "probe", probe_body()) == 0 ? doc_ref(d) : NULL;
}

static struct doc *findings_body(void)
{
	return literal(
		"{\"type\":\"object\",\"required\":[\"counts\",\"findings\"],\"properties\":{"
		"\"counts\":{\"type\":\"object\","
		"\"additionalProperties\":{\"type\":\"integer\",\"minimum\":0}},"
		"\"findings\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":["
		"\"id\",\"verdict\",\"confidence\",\"title\",\"summary\",\"evidence\",\"guide\","
		"\"refs\"],\"properties\":{"
		"\"id\":{\"type\":\"string\",\"pattern\":\"^[a-z0-9.-]+$\"},"
		"\"verdict\":{\"$ref\":\"#/$defs/verdict\"},"
		"\"confidence\":{\"$ref\":\"#/$defs/confidence\"},"
		"\"title\":{\"type\":\"string\"},\"summary\":{\"type\":\"string\"},"
		"\"evidence\":{\"$ref\":\"#/$defs/texts\"},"
		"\"guide\":{\"type\":\"object\",\"required\":[\"section\",\"standing\"],"
		"\"properties\":{\"section\":{\"type\":\"string\"},"
		"\"standing\":{\"$ref\":\"#/$defs/standing\"}}},"
		"\"fix\":{\"type\":\"object\",\"required\":[\"needs\"],\"properties\":{"
		"\"now\":{\"type\":\"string\"},\"persist\":{\"type\":\"string\"},"
		"\"undo\":{\"type\":\"string\"},\"risk\":{\"type\":\"string\"},"
		"\"needs\":{\"$ref\":\"#/$defs/needs\"}}},"
		"\"refs\":{\"$ref\":\"#/$defs/texts\"}}}}}}");
}

static struct doc *findings_definitions(void)
{
	auto_doc struct doc *d = doc_object_new();

	if (!d ||
	    doc_put(d, "texts", literal("{\"type\":\"array\",\"items\":{\"type\":\"string\"}}")) <
		    0 ||
	    doc_put(d, "verdict", one_of(verdict_names, N_VERDICTS)) < 0 ||
	    doc_put(d, "confidence", one_of(confidence_names, ARRAY_SIZE(confidence_names))) < 0 ||
	    doc_put(d, "standing", one_of(standing_names, N_STANDINGS)) < 0 ||
	    doc_put(d, "needs", one_of(fix_needs_names, N_FIX_NEEDS)) < 0)
		return NULL;
	return doc_ref(d);
}

/* Documents that are one table. */
static const struct document_kind *const kinds[] = {
	&comparison_kind,
	&fleet_kind,
	&baseline_kind,
	&calibration_kind,
};

/* The others; then come the kinds. */
static const struct page {
	const char *format;
	uint64_t version;
	struct doc *(*body)(void);
	struct doc *(*definitions)(void);
} pages[] = {
	{ "vfiobench-probe", 1, probe_body, probe_definitions },
	{ RESULT_FORMAT, RESULT_VERSION, result_body, result_definitions },
	{ "vfiobench-findings", 1, findings_body, findings_definitions },
};

static const char *const page_names[] = {
	"probe", "result", "findings", "comparison", "fleet", "baseline", "calibration",
};
_Static_assert(ARRAY_SIZE(page_names) == ARRAY_SIZE(pages) + ARRAY_SIZE(kinds),
	       "one name for each");

/* Format and version have no row in the tables. */
static struct doc *head(const char *format, uint64_t format_version)
{
	auto_doc struct doc *d =
		literal("{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\"}");
	auto_doc struct doc *properties = doc_object_new();
	auto_doc struct doc *version = doc_object_new();

	if (!d || !properties || !version || doc_put_str(d, "title", format) < 0 ||
	    doc_put(d, "required", literal("[\"format\",\"version\"]")) < 0 ||
	    doc_put_u64(version, "const", format_version) < 0 ||
	    doc_put(properties, "format", constant(format)) < 0 ||
	    doc_put(properties, "version", doc_ref(version)) < 0 ||
	    doc_put(d, "properties", doc_ref(properties)) < 0)
		return NULL;
	return doc_ref(d);
}

/* Takes body. */
static struct doc *whole(const char *format, uint64_t version, struct doc *body)
{
	auto_doc struct doc *d = head(format, version);
	auto_doc struct doc *all = doc_array_new();

	if (!d || !all) {
		doc_free(body);
		return NULL;
	}
	if (doc_append(all, body) < 0 || doc_put(d, "allOf", doc_ref(all)) < 0)
		return NULL;
	return doc_ref(d);
}

static struct doc *schema_new(size_t i)
{
	auto_doc struct doc *d = NULL;

	if (i >= ARRAY_SIZE(pages)) {
		const struct document_kind *k = kinds[i - ARRAY_SIZE(pages)];

		return whole(k->format, k->version, describe_json_schema(k->schema));
	}
	d = whole(pages[i].format, pages[i].version, pages[i].body());
	return d && doc_put(d, "$defs", pages[i].definitions()) == 0 ? doc_ref(d) : NULL;
}

int schema_page_print(FILE *out, const char *name)
{
	auto_doc struct doc *d = NULL;
	auto_free char *text = NULL;
	size_t i = 0;

	while (i < ARRAY_SIZE(page_names) && strcmp(page_names[i], name) != 0)
		i++;
	if (i == ARRAY_SIZE(page_names))
		return -ENOENT;
	d = schema_new(i);
	text = d ? doc_print(d, true) : NULL;
	if (!text)
		return -ENOMEM;
	return fputs(text, out) == EOF ? -EIO : 0;
}
