/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/redact.h"

#include <string.h>

#include "analyze/host.h"
#include "core/save.h"
#include "facts/calibration.h"
#include "facts/comparison.h"
#include "facts/fleet.h"
#include "facts/record.h"
#include "report/redact_words.h"

struct redaction {
	struct aliases aliases;
};

/* Parts of documents that have no struct of facts. */
#define OPEN(name)                                                  \
	{                                                           \
		.key = name, .type = FACT_STR, .privacy = FACT_OPEN \
	}
#define WORDS(name)                           \
	{                                     \
		.key = name, .type = FACT_STR \
	}
#define NUMBER(name)                          \
	{                                     \
		.key = name, .type = FACT_U64 \
	}
#define TABLE(fields)                                 \
	{                                             \
		"", "", 0, fields, ARRAY_SIZE(fields) \
	}

static const struct fact_field gap_fields[] = {
	WORDS("field"),
	{ .key = "path", .type = FACT_STR, .pseudonym = "path" },
	WORDS("error"),
};
static const struct schema gap_table = TABLE(gap_fields);
static const struct fact_field time_fields[] = {
	NUMBER("started_unix_ns"),
	NUMBER("duration_ns"),
};
static const struct schema time_table = TABLE(time_fields);
/* Around the data of a probe. */
static const struct fact_field envelope_fields[] = {
	OPEN("format"),
	NUMBER("version"),
	OPEN("probe"),
	OPEN("status"),
	WORDS("reason"),
	{ .key = "gaps", .type = FACT_LIST, .item = &gap_table },
	{ .key = "run", .type = FACT_OBJECT, .item = &time_table },
};
static const struct schema envelope_table = TABLE(envelope_fields);

static const struct fact_field counts_fields[] = {
	NUMBER("problem"), NUMBER("advice"),         NUMBER("unknown"),
	NUMBER("pass"),    NUMBER("not-applicable"),
};
static const struct schema counts_table = TABLE(counts_fields);
static const struct fact_field guide_fields[] = { OPEN("section"), OPEN("standing") };
static const struct schema guide_table = TABLE(guide_fields);
static const struct fact_field fix_fields[] = {
	WORDS("now"), WORDS("persist"), WORDS("undo"), WORDS("risk"), OPEN("needs"),
};
static const struct schema fix_table = TABLE(fix_fields);
static const struct fact_field finding_fields[] = {
	OPEN("id"),
	OPEN("verdict"),
	OPEN("confidence"),
	OPEN("title"),
	WORDS("summary"),
	{ .key = "evidence", .type = FACT_STRS },
	{ .key = "guide", .type = FACT_OBJECT, .item = &guide_table },
	{ .key = "fix", .type = FACT_OBJECT, .item = &fix_table },
	{ .key = "refs", .type = FACT_STRS, .privacy = FACT_OPEN },
};
static const struct schema finding_table = TABLE(finding_fields);
static const struct fact_field findings_fields[] = {
	{ .key = "counts", .type = FACT_OBJECT, .item = &counts_table },
	{ .key = "findings", .type = FACT_LIST, .item = &finding_table },
};
static const struct schema findings_table = TABLE(findings_fields);
static const struct document_kind findings_kind = { "vfiobench-findings", 1, &findings_table,
						    "findings" };

int redaction_new(const uint8_t *salt, struct redaction **ret_redaction)
{
	struct redaction *r = malloc(sizeof(*r));

	if (!r)
		return -ENOMEM;
	aliases_init(&r->aliases, salt);
	*ret_redaction = r;
	return 0;
}

void redaction_free(struct redaction *r)
{
	if (r)
		aliases_release(&r->aliases);
	free(r);
}

static const char *kind_of(const struct fact_field *f)
{
	return f->pseudonym ? f->pseudonym : "name";
}

/* Adds the names that fields hold as such: in free text they are the same ones then. */
static int learn(struct redaction *r, const struct schema *s, const struct doc *d)
{
	for (size_t i = 0; i < s->n_fields; i++) {
		const struct fact_field *f = &s->fields[i];
		const struct doc *value = doc_get(d, f->key);
		const char *name;
		int error = 0;

		if (f->privacy == FACT_PSEUDONYM && doc_as_str(value, &name) == 0)
			error = redact_learn(r, kind_of(f), name);
		if (!error && f->type == FACT_OBJECT && doc_is_object(value))
			error = learn(r, f->item, value);
		for (size_t k = 0; f->type == FACT_LIST && k < doc_n(value) && !error; k++)
			error = learn(r, f->item, doc_at(value, k));
		if (error)
			return error;
	}
	return 0;
}

static int write_text(struct redaction *r, const struct fact_field *f, const char *option,
		      const char *text, FILE *out)
{
	const char *pseudonym;

	if (f->privacy == FACT_OPEN)
		return words_redact_shapes(&r->aliases, text_of(text), out);
	if (f->privacy == FACT_WORDS || !*text)
		return words_redact(&r->aliases, kind_of(f), option, text_of(text), out);
	pseudonym = aliases_of(&r->aliases, kind_of(f), text_of(text));
	return pseudonym && fputs(pseudonym, out) != EOF ? 0 : -ENOMEM;
}

/* What replaces the text of a field; caller frees; NULL: no memory. */
static char *redact_field(struct redaction *r, const struct fact_field *f, const char *option,
			  const char *text)
{
	char *copy = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&copy, &size);
	int error;

	if (!out)
		return NULL;
	error = write_text(r, f, option, text, out);
	if (fclose(out) == 0 && error == 0)
		return copy;
	free(copy);
	return NULL;
}

/* Numbers, flags and lists of them: nothing in it can name anybody. */
static bool is_nameless(const struct doc *d)
{
	const char *text;

	if (doc_as_str(d, &text) == 0 || doc_is_object(d))
		return false;
	for (size_t i = 0; i < doc_n(d); i++) {
		if (!is_nameless(doc_at(d, i)))
			return false;
	}
	return true;
}

/* A value of a wrong type, so that the copy is refused as the original is: an empty object. */
static struct doc *damaged(void)
{
	return doc_object_new();
}

static struct doc *redact_str(struct redaction *r, const struct fact_field *f, const char *option,
			      const struct doc *d)
{
	auto_doc struct doc *holder = doc_object_new();
	auto_free char *copy = NULL;
	const char *text;

	if (doc_as_str(d, &text) < 0)
		return damaged();
	copy = redact_field(r, f, option, text);
	if (!copy || !holder || doc_put_lines(holder, "text", copy) < 0)
		return NULL;
	return doc_ref(doc_get(holder, "text"));
}

static struct doc *redact_strs(struct redaction *r, const struct fact_field *f, const struct doc *d)
{
	auto_doc struct doc *array = doc_array_new();
	const char *option = NULL;

	if (!doc_is_array(d))
		return damaged();
	for (size_t i = 0; array && i < doc_n(d); i++) {
		if (doc_append(array, redact_str(r, f, option, doc_at(d, i))) < 0)
			return NULL;
		if (doc_as_str(doc_at(d, i), &option) < 0)
			option = NULL;
	}
	return array ? doc_ref(array) : NULL;
}

static struct doc *redact_cpus(const struct doc *d)
{
	const char *list;

	if (doc_as_str(d, &list) < 0 || list[strspn(list, "0123456789,-")])
		return damaged();
	return doc_ref(d);
}

static struct doc *redact_hist(const struct doc *d)
{
	static const char *const keys[] = { "n", "min_ns", "max_ns", "sum_ns", "buckets" };
	auto_doc struct doc *hist = doc_object_new();

	for (size_t i = 0; hist && i < ARRAY_SIZE(keys); i++) {
		const struct doc *value = doc_get(d, keys[i]);

		if (value && is_nameless(value) && doc_put(hist, keys[i], doc_ref(value)) < 0)
			return NULL;
	}
	return hist ? doc_ref(hist) : NULL;
}

static int redact_into(struct redaction *r, const struct schema *s, const struct doc *from,
		       struct doc *to);

static struct doc *redact_object(struct redaction *r, const struct schema *s, const struct doc *d)
{
	auto_doc struct doc *copy = doc_object_new();

	/* Not an object: an empty list, which is none either. */
	if (!doc_is_object(d))
		return doc_array_new();
	return copy && redact_into(r, s, d, copy) == 0 ? doc_ref(copy) : NULL;
}

static struct doc *redact_list(struct redaction *r, const struct schema *s, const struct doc *d)
{
	auto_doc struct doc *array = doc_array_new();

	if (!doc_is_array(d))
		return damaged();
	for (size_t i = 0; array && i < doc_n(d); i++) {
		if (doc_append(array, redact_object(r, s, doc_at(d, i))) < 0)
			return NULL;
	}
	return array ? doc_ref(array) : NULL;
}

static struct doc *redact_value(struct redaction *r, const struct fact_field *f,
				const struct doc *d)
{
	switch (f->type) {
	case FACT_STR:
		return redact_str(r, f, NULL, d);
	case FACT_STRS:
		return redact_strs(r, f, d);
	case FACT_CPUS:
		return redact_cpus(d);
	case FACT_HIST:
		return redact_hist(d);
	case FACT_LIST:
		return redact_list(r, f->item, d);
	case FACT_OBJECT:
		return redact_object(r, f->item, d);
	case FACT_U64:
	case FACT_I64:
	case FACT_BOOL:
	case FACT_PAIRS:
	case FACT_TYPES:
		break;
	}
	return is_nameless(d) ? doc_ref(d) : damaged();
}

static int redact_into(struct redaction *r, const struct schema *s, const struct doc *from,
		       struct doc *to)
{
	for (size_t i = 0; i < s->n_fields; i++) {
		const struct fact_field *f = &s->fields[i];
		const struct doc *value = doc_get(from, f->key);
		int error = 0;

		if (!strcmp(f->key, "is_redacted"))
			error = doc_put_bool(to, f->key, true);
		else if (value)
			error = doc_put(to, f->key, redact_value(r, f, value));
		if (error)
			return error;
	}
	return 0;
}

static int redact_probe(struct redaction *r, const struct schema *s, const struct doc *d,
			struct doc *probes)
{
	auto_doc struct doc *copy = redact_object(r, &envelope_table, d);
	const struct doc *data = doc_get(d, "data");
	int error = copy ? 0 : -ENOMEM;

	if (!error && data)
		error = doc_put(copy, "data", redact_object(r, s, data));
	return error ? error : doc_put(probes, s->name, doc_ref(copy));
}

static int learn_result(struct redaction *r, const struct doc *d)
{
	const struct doc *probes = doc_get(d, "probes");
	const struct schema *s;
	int error = 0;

	for (size_t i = 0; (s = host_member_schema(i)) && !error; i++)
		error = learn(r, s, doc_get(d, s->name));
	for (size_t i = 0; (s = host_probe_schema(i)) && !error; i++)
		error = learn(r, s, doc_get(doc_get(probes, s->name), "data"));
	return error;
}

static int redact_result(struct redaction *r, const struct doc *d, struct doc *to)
{
	const struct doc *from = doc_get(d, "probes");
	struct doc *probes = doc_object_new();
	const struct schema *s;
	int error = learn_result(r, d);

	for (size_t i = 0; (s = host_member_schema(i)) && !error; i++) {
		const struct doc *member = doc_get(d, s->name);

		if (member)
			error = doc_put(to, s->name, redact_object(r, s, member));
	}
	for (size_t i = 0; probes && (s = host_probe_schema(i)) && !error; i++) {
		const struct doc *probe = doc_get(from, s->name);

		if (probe)
			error = redact_probe(r, s, probe, probes);
	}
	if (!error)
		return doc_put(to, "probes", probes);
	doc_free(probes);
	return error;
}

/* Of whatever version: a newer one is refused by whoever reads the copy. */
static int put_format(const struct doc *d, const char *format, struct doc *to)
{
	const struct doc *version = doc_get(d, "version");
	int error = doc_put_str(to, "format", format);

	return error || !version || !is_nameless(version)
		       ? error
		       : doc_put(to, "version", doc_ref(version));
}

int redact_document(struct redaction *r, const struct doc *d, struct doc **ret_doc)
{
	static const struct document_kind *const kinds[] = {
		&comparison_kind, &baseline_kind, &calibration_kind, &fleet_kind, &findings_kind,
	};
	auto_doc struct doc *copy = doc_object_new();
	const char *format;
	int error = -EBADMSG;

	if (!copy)
		return -ENOMEM;
	if (doc_get_str(d, "format", &format) < 0)
		return -EBADMSG;
	if (!strcmp(format, RESULT_FORMAT)) {
		error = put_format(d, format, copy);
		if (!error)
			error = redact_result(r, d, copy);
	}
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (!document_is(kinds[i], d))
			continue;
		error = put_format(d, format, copy);
		if (!error)
			error = learn(r, kinds[i]->schema, d);
		if (!error)
			error = redact_into(r, kinds[i]->schema, d, copy);
	}
	if (error)
		return error;
	*ret_doc = doc_ref(copy);
	return 0;
}

char *redact_text(struct redaction *r, const char *option, const char *text)
{
	static const struct fact_field any = WORDS("");

	return redact_field(r, &any, option, text);
}

int redact_learn(struct redaction *r, const char *kind, const char *name)
{
	return !*name || aliases_of(&r->aliases, kind, text_of(name)) ? 0 : -ENOMEM;
}

struct listing {
	FILE *out;
	bool is_out_of_memory;
};

/* One line each, whatever the name of a stranger's has in it. */
static void print_name(const struct alias *name, void *arg)
{
	const struct text value = text_of(name->value);
	auto_free char *clean = malloc(value.len + 1);
	struct listing *l = arg;

	l->is_out_of_memory |= !clean;
	if (!clean)
		return;
	text_clean(value, clean, value.len + 1);
	fprintf(l->out, "%s\t%s\n", name->pseudonym, clean);
}

int redaction_print(const struct redaction *r, FILE *out)
{
	struct listing l = { out, false };

	aliases_each(&r->aliases, print_name, &l);
	return l.is_out_of_memory ? -ENOMEM : save_error(out);
}
