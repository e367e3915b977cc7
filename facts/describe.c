/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/describe.h"

#define LEVEL_MAX 6

/* As in a document, for the eye. */
static const char *const looks[FACT_TYPES] = {
	[FACT_U64] = "number",
	[FACT_I64] = "signed number",
	[FACT_BOOL] = "`true`, `false`",
	[FACT_STR] = "text",
	[FACT_CPUS] = "CPU list",
	[FACT_STRS] = "`[text, …]`",
	[FACT_PAIRS] = "`[[number, number], …]`",
	[FACT_HIST] = "histogram",
	[FACT_LIST] = "`[{…}, …]`",
	[FACT_OBJECT] = "`{…}`",
};

static void print_heading(FILE *out, const struct schema *s, const char *path, unsigned level)
{
	for (unsigned i = 0; i < level && i < LEVEL_MAX; i++)
		fputc('#', out);
	fprintf(out, " `%s`\n\n%s.\n\n", path, s->about);
	fputs("| key | type | unit | shared | meaning |\n|---|---|---|---|---|\n", out);
}

void describe_markdown(FILE *out, const struct schema *s, const char *path, unsigned level)
{
	print_heading(out, s, path, level);
	for (size_t i = 0; i < s->n_fields; i++) {
		const struct fact_field *f = &s->fields[i];

		fprintf(out, "| `%s` | %s | %s | %s | %s |\n", f->key, looks[f->type], f->unit,
			fact_shared_as(f), f->about);
	}
	fputc('\n', out);
	for (size_t i = 0; i < s->n_fields; i++) {
		const struct fact_field *f = &s->fields[i];
		auto_free char *inner = NULL;

		if (f->item && asprintf(&inner, "%s.%s%s", path, f->key,
					f->type == FACT_LIST ? "[]" : "") >= 0)
			describe_markdown(out, f->item, inner, level + 1);
	}
}

/* {"type":TYPE}; NULL: no memory. */
static struct doc *typed(const char *type)
{
	struct doc *d = doc_object_new();

	if (d && doc_put_str(d, "type", type) < 0) {
		doc_free(d);
		return NULL;
	}
	return d;
}

static struct doc *number_schema(void)
{
	auto_doc struct doc *d = typed("integer");

	return d && doc_put_u64(d, "minimum", 0) == 0 ? doc_ref(d) : NULL;
}

static struct doc *cpus_schema(void)
{
	auto_doc struct doc *d = typed("string");

	return d && doc_put_str(d, "pattern", "^([0-9]+(-[0-9]+)?(,[0-9]+(-[0-9]+)?)*)?$") == 0
		       ? doc_ref(d)
		       : NULL;
}

/* Takes items. */
static struct doc *array_schema(struct doc *items)
{
	auto_doc struct doc *d = typed("array");

	if (!d) {
		doc_free(items);
		return NULL;
	}
	return doc_put(d, "items", items) == 0 ? doc_ref(d) : NULL;
}

/* [number, number] */
static struct doc *pair_schema(void)
{
	auto_doc struct doc *d = typed("array");
	auto_doc struct doc *both = doc_array_new();

	if (!d || !both || doc_append(both, number_schema()) < 0 ||
	    doc_append(both, number_schema()) < 0 || doc_put(d, "prefixItems", doc_ref(both)) < 0 ||
	    doc_put_u64(d, "minItems", 2) < 0 || doc_put_u64(d, "maxItems", 2) < 0)
		return NULL;
	return doc_ref(d);
}

static struct doc *histogram_ref(void)
{
	auto_doc struct doc *d = doc_object_new();

	return d && doc_put_str(d, "$ref", "#/$defs/histogram") == 0 ? doc_ref(d) : NULL;
}

static struct doc *value_schema(const struct fact_field *f)
{
	switch (f->type) {
	case FACT_U64:
		return number_schema();
	case FACT_I64:
		return typed("integer");
	case FACT_BOOL:
		return typed("boolean");
	case FACT_STR:
		return typed("string");
	case FACT_CPUS:
		return cpus_schema();
	case FACT_STRS:
		return array_schema(typed("string"));
	case FACT_PAIRS:
		return array_schema(pair_schema());
	case FACT_HIST:
		return histogram_ref();
	case FACT_LIST:
		return array_schema(describe_json_schema(f->item));
	case FACT_OBJECT:
		return describe_json_schema(f->item);
	case FACT_TYPES:
		break;
	}
	return NULL;
}

static struct doc *field_schema(const struct fact_field *f)
{
	auto_doc struct doc *d = value_schema(f);
	auto_free char *about = NULL;

	if (!d || asprintf(&about, "%s%s%s%s", f->about, *f->unit ? " (" : "", f->unit,
			   *f->unit ? ")" : "") < 0)
		return NULL;
	return doc_put_str(d, "description", about) == 0 ? doc_ref(d) : NULL;
}

struct doc *describe_json_schema(const struct schema *s)
{
	auto_doc struct doc *d = typed("object");
	auto_doc struct doc *properties = doc_object_new();

	if (!d || !properties || doc_put_str(d, "description", s->about) < 0)
		return NULL;
	for (size_t i = 0; i < s->n_fields; i++) {
		if (doc_put(properties, s->fields[i].key, field_schema(&s->fields[i])) < 0)
			return NULL;
	}
	return doc_put(d, "properties", doc_ref(properties)) == 0 ? doc_ref(d) : NULL;
}

struct doc *describe_histogram(void)
{
	static const char *const keys[] = { "n", "min_ns", "max_ns", "sum_ns", "buckets" };
	auto_doc struct doc *d = typed("object");
	auto_doc struct doc *properties = doc_object_new();
	auto_doc struct doc *required = doc_array_new();

	if (!d || !properties || !required)
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		const bool is_last = i + 1 == ARRAY_SIZE(keys);

		if (doc_append_str(required, keys[i]) < 0 ||
		    doc_put(properties, keys[i],
			    is_last ? array_schema(pair_schema()) : number_schema()) < 0)
			return NULL;
	}
	if (doc_put(d, "properties", doc_ref(properties)) < 0 ||
	    doc_put(d, "required", doc_ref(required)) < 0)
		return NULL;
	return doc_ref(d);
}
