/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vfiobench-docs: the pages that are made from the tables of the source. Not installed.
 *
 *	vfiobench-docs result-format <docs/result-format.in.md >docs/result-format.md
 *	vfiobench-docs guide-map <docs/guide-map.in.md >docs/guide-map.md
 *	vfiobench-docs schema >probe-document.schema.json
 *	vfiobench-docs comparison-schema >comparison.schema.json
 *	vfiobench-docs baseline-schema >baseline.schema.json
 *	vfiobench-docs calibration-schema >calibration.schema.json
 *	vfiobench-docs fleet-schema >fleet.schema.json
 *
 * In the text on stdin a line "@members@" stands for the members of a result, "@probes@" for the
 * data of all probes, "@comparison@", "@baseline@", "@calibration@" and "@fleet@" for these
 *documents, "@guide@" for the catalogue by the headings of the guide, "@beyond@" for the rows that
 *the guide does not have.
 */
#include <string.h>

#include "core/doc.h"
#include "docs/guide_map.h"
#include "facts/calibration.h"
#include "facts/comparison.h"
#include "facts/describe.h"
#include "facts/fleet.h"
#include "facts/record.h"
#include "facts/result.h"
#include "probes/probe.h"

static const struct schema *const members[] = {
	&tool_schema, &run_schema, &identity_schema, &guestref_schema, &cpuset_schema,
};

static void print_members(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(members); i++)
		describe_markdown(stdout, members[i], members[i]->name, 3);
}

static void print_probes(void)
{
	for (size_t i = 0; i < n_probes; i++)
		describe_markdown(stdout, probe_table[i].schema, probe_table[i].name, 3);
}

static void print_comparison(void)
{
	describe_markdown(stdout, &comparison_schema, "comparison", 3);
}

static void print_baseline(void)
{
	describe_markdown(stdout, &baseline_schema, "baseline", 3);
}

static void print_calibration(void)
{
	describe_markdown(stdout, &calibration_schema, "calibration", 3);
}

static void print_fleet(void)
{
	describe_markdown(stdout, &fleet_schema, "fleet", 3);
}

static int print_page(void)
{
	static const struct {
		const char *line;
		void (*print)(void);
	} parts[] = {
		{ "@members@\n", print_members },         { "@probes@\n", print_probes },
		{ "@comparison@\n", print_comparison },   { "@baseline@\n", print_baseline },
		{ "@calibration@\n", print_calibration }, { "@fleet@\n", print_fleet },
		{ "@guide@\n", guide_map_print },         { "@beyond@\n", guide_map_print_beyond },
	};
	auto_free char *line = NULL;
	size_t size = 0;

	while (getline(&line, &size, stdin) >= 0) {
		size_t i = 0;

		while (i < ARRAY_SIZE(parts) && strcmp(line, parts[i].line) != 0)
			i++;
		if (i < ARRAY_SIZE(parts))
			parts[i].print();
		else
			fputs(line, stdout);
	}
	return ferror(stdin) ? -EIO : 0;
}

static struct doc *constant(const char *value)
{
	auto_doc struct doc *d = doc_object_new();

	return d && doc_put_str(d, "const", value) == 0 ? doc_ref(d) : NULL;
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

static struct doc *reference(const char *name)
{
	auto_doc struct doc *d = doc_object_new();
	auto_free char *path = NULL;

	if (!d || asprintf(&path, "#/$defs/%s", name) < 0 || doc_put_str(d, "$ref", path) < 0)
		return NULL;
	return doc_ref(d);
}

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

/* The envelope, which has no table; the rest is added to it. */
static const char envelope[] =
	"{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\","
	"\"title\":\"vfiobench probe document\",\"type\":\"object\","
	"\"required\":[\"format\",\"version\",\"probe\",\"status\",\"reason\",\"data\",\"gaps\"],"
	"\"properties\":{\"format\":{\"const\":\"vfiobench-probe\"},\"version\":{\"const\":1},"
	"\"probe\":{\"type\":\"string\"},"
	"\"status\":{\"enum\":[\"ok\",\"partial\",\"skipped\",\"failed\"]},"
	"\"reason\":{\"type\":\"string\"},\"data\":{\"type\":\"object\"},"
	"\"gaps\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
	"\"required\":[\"field\",\"path\",\"error\"],"
	"\"properties\":{\"field\":{\"type\":\"string\"},\"path\":{\"type\":\"string\"},"
	"\"error\":{\"type\":\"string\"}}}},"
	"\"run\":{\"type\":\"object\",\"properties\":{"
	"\"started_unix_ns\":{\"type\":\"integer\",\"minimum\":0},"
	"\"duration_ns\":{\"type\":\"integer\",\"minimum\":0}}}}}";

static int print_doc(const struct doc *d)
{
	auto_free char *text = doc_print(d, true);

	if (!text)
		return -ENOMEM;
	return fputs(text, stdout) == EOF ? -EIO : 0;
}

static int print_schema(void)
{
	auto_doc struct doc *d = NULL;
	auto_doc struct doc *cases = doc_array_new();
	auto_doc struct doc *definitions = doc_object_new();
	struct doc_error error;
	int r = doc_parse(envelope, sizeof(envelope) - 1, &d, &error);

	if (r < 0 || !cases || !definitions)
		return r < 0 ? r : -ENOMEM;
	r = doc_put(definitions, "histogram", describe_histogram());
	for (size_t i = 0; i < n_probes && r == 0; i++) {
		r = append_case(cases, probe_table[i].name);
		if (r == 0)
			r = doc_put(definitions, probe_table[i].name,
				    describe_json_schema(probe_table[i].schema));
	}
	if (r < 0 || (r = doc_put(d, "allOf", doc_ref(cases))) < 0 ||
	    (r = doc_put(d, "$defs", doc_ref(definitions))) < 0)
		return r;
	return print_doc(d);
}

/* Format and version have no row in the tables; all else is as the table says. */
static int print_kind(const struct document_kind *k)
{
	auto_doc struct doc *d = describe_json_schema(k->schema);
	auto_doc struct doc *version = doc_object_new();
	auto_doc struct doc *head = NULL;
	auto_doc struct doc *cases = doc_array_new();
	struct doc_error error;
	static const char text[] = "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\","
				   "\"required\":[\"format\",\"version\"]}";
	int r = doc_parse(text, sizeof(text) - 1, &head, &error);

	if (r < 0 || !d || !version || !cases)
		return r < 0 ? r : -ENOMEM;
	r = doc_put_str(head, "title", k->format);
	if (r == 0)
		r = doc_put_u64(version, "const", k->version);
	if (r == 0)
		r = doc_append(cases, with_property("format", constant(k->format)));
	if (r == 0)
		r = doc_append(cases, with_property("version", doc_ref(version)));
	if (r == 0)
		r = doc_append(cases, doc_ref(d));
	if (r == 0)
		r = doc_put(head, "allOf", doc_ref(cases));
	return r < 0 ? r : print_doc(head);
}

static int print_comparison_schema(void)
{
	return print_kind(&comparison_kind);
}

static int print_baseline_schema(void)
{
	return print_kind(&baseline_kind);
}

static int print_calibration_schema(void)
{
	return print_kind(&calibration_kind);
}

static int print_fleet_schema(void)
{
	return print_kind(&fleet_kind);
}

static const char usage[] = "usage: vfiobench-docs PAGE, one of\n"
			    "  result-format guide-map schema comparison-schema baseline-schema\n"
			    "  calibration-schema fleet-schema\n";

static int print_usage(void)
{
	return fputs(usage, stdout) == EOF ? -EIO : 0;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*print)(void);
	} pages[] = {
		{ "result-format", print_page },
		{ "guide-map", print_page },
		{ "schema", print_schema },
		{ "comparison-schema", print_comparison_schema },
		{ "baseline-schema", print_baseline_schema },
		{ "calibration-schema", print_calibration_schema },
		{ "fleet-schema", print_fleet_schema },
		{ "--help", print_usage },
	};

	for (size_t i = 0; argc == 2 && i < ARRAY_SIZE(pages); i++) {
		if (strcmp(argv[1], pages[i].name) != 0)
			continue;
		if (pages[i].print() < 0 || fflush(stdout) == EOF || ferror(stdout)) {
			fprintf(stderr, "vfiobench-docs: %s: cannot be written\n", argv[1]);
			return 2;
		}
		return 0;
	}
	fputs(usage, stderr);
	return 2;
}
