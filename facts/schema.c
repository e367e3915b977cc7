/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/schema.h"

#include <inttypes.h>
#include <string.h>

static const struct {
	const char *name;
	size_t size;
} types[FACT_TYPES] = {
	[FACT_U64] = { "number", sizeof(struct fact_u64) },
	[FACT_I64] = { "signed number", sizeof(struct fact_i64) },
	[FACT_BOOL] = { "true or false", sizeof(struct fact_bool) },
	[FACT_STR] = { "text", sizeof(struct fact_str) },
	[FACT_CPUS] = { "CPU list", sizeof(struct fact_cpus) },
	[FACT_STRS] = { "list of texts", sizeof(struct fact_strs) },
	[FACT_PAIRS] = { "list of [key, value]", sizeof(struct fact_pairs) },
	[FACT_HIST] = { "histogram", sizeof(struct fact_hist) },
	[FACT_LIST] = { "list of objects", sizeof(struct fact_list) },
	[FACT_OBJECT] = { "object", sizeof(struct fact_object) },
};

size_t fact_type_size(enum fact_type type)
{
	return types[type].size;
}

const char *fact_type_name(enum fact_type type)
{
	return types[type].name;
}

const char *fact_shared_as(const struct fact_field *f)
{
	static const char *const classes[] = {
		[FACT_WORDS] = "words",
		[FACT_OPEN] = "open",
		[FACT_PSEUDONYM] = "pseudonym",
	};

	return f->type == FACT_STR || f->type == FACT_STRS ? classes[f->privacy] : "";
}

static const void *fact_at(const void *facts, const struct fact_field *f)
{
	return (const char *)facts + f->at;
}

/* 'known' is the first member of every fact. */
static bool fact_known(const void *fact)
{
	return *(const bool *)fact;
}

static int put_cpus(struct doc *o, const char *key, const struct cpus *set)
{
	auto_free char *list = cpus_list_new(set);

	return list ? doc_put_str(o, key, list) : -ENOMEM;
}

static struct doc *strs_doc(const struct fact_strs *f)
{
	struct doc *array = doc_array_new();

	for (size_t i = 0; array && i < f->n; i++) {
		if (doc_append_str(array, f->v[i]) < 0) {
			doc_free(array);
			return NULL;
		}
	}
	return array;
}

static int append_pair(struct doc *array, uint64_t key, uint64_t value)
{
	auto_doc struct doc *pair = doc_array_new();
	int r;

	if (!pair)
		return -ENOMEM;
	r = doc_append_u64(pair, key);
	if (r == 0)
		r = doc_append_u64(pair, value);
	return r < 0 ? r : doc_append(array, doc_ref(pair));
}

static int put_pairs(struct doc *o, const char *key, const struct fact_pairs *f)
{
	auto_doc struct doc *array = doc_array_new();

	if (!array)
		return -ENOMEM;
	for (size_t i = 0; i < f->n; i++) {
		int r = append_pair(array, f->v[i].key, f->v[i].value);

		if (r < 0)
			return r;
	}
	return doc_put(o, key, doc_ref(array));
}

static int put_hist(struct doc *o, const char *key, const struct hist_bins *h)
{
	auto_doc struct doc *hist = doc_object_new();
	auto_doc struct doc *buckets = doc_array_new();
	const struct {
		const char *key;
		uint64_t value;
	} totals[] = {
		{ "n", h->n },
		{ "min_ns", h->min_ns },
		{ "max_ns", h->max_ns },
		{ "sum_ns", h->sum_ns },
	};
	int r;

	if (!hist || !buckets)
		return -ENOMEM;
	for (size_t i = 0; i < ARRAY_SIZE(totals); i++) {
		r = doc_put_u64(hist, totals[i].key, totals[i].value);
		if (r < 0)
			return r;
	}
	for (size_t i = 0; i < h->n_bins; i++) {
		r = append_pair(buckets, h->bins[i].index, h->bins[i].count);
		if (r < 0)
			return r;
	}
	r = doc_put(hist, "buckets", doc_ref(buckets));
	return r < 0 ? r : doc_put(o, key, doc_ref(hist));
}

static int put_list(struct doc *o, const char *key, const struct fact_list *f,
		    const struct schema *item)
{
	auto_doc struct doc *array = doc_array_new();

	if (!array)
		return -ENOMEM;
	for (size_t i = 0; i < f->n; i++) {
		struct doc *d;
		int r = schema_encode(item, (const char *)f->v + i * item->size, &d);

		if (r == 0)
			r = doc_append(array, d);
		if (r < 0)
			return r;
	}
	return doc_put(o, key, doc_ref(array));
}

static int put_object(struct doc *o, const char *key, const struct fact_object *f,
		      const struct schema *item)
{
	struct doc *d;
	int r = schema_encode(item, f->v, &d);

	return r < 0 ? r : doc_put(o, key, d);
}

static int encode_fact(const struct fact_field *f, const void *fact, struct doc *o)
{
	switch (f->type) {
	case FACT_U64:
		return doc_put_u64(o, f->key, ((const struct fact_u64 *)fact)->v);
	case FACT_I64:
		return doc_put_i64(o, f->key, ((const struct fact_i64 *)fact)->v);
	case FACT_BOOL:
		return doc_put_bool(o, f->key, ((const struct fact_bool *)fact)->v);
	case FACT_STR:
		return doc_put_str(o, f->key, ((const struct fact_str *)fact)->v);
	case FACT_CPUS:
		return put_cpus(o, f->key, &((const struct fact_cpus *)fact)->v);
	case FACT_STRS:
		return doc_put(o, f->key, strs_doc(fact));
	case FACT_PAIRS:
		return put_pairs(o, f->key, fact);
	case FACT_HIST:
		return put_hist(o, f->key, ((const struct fact_hist *)fact)->v);
	case FACT_LIST:
		return put_list(o, f->key, fact, f->item);
	case FACT_OBJECT:
		return put_object(o, f->key, fact, f->item);
	case FACT_TYPES:
		break;
	}
	return -EINVAL;
}

int schema_encode(const struct schema *s, const void *facts, struct doc **ret_doc)
{
	auto_doc struct doc *o = doc_object_new();

	if (!o)
		return -ENOMEM;
	for (size_t i = 0; i < s->n_fields; i++) {
		const void *fact = fact_at(facts, &s->fields[i]);
		int r = fact_known(fact) ? encode_fact(&s->fields[i], fact, o) : 0;

		if (r < 0)
			return r;
	}
	*ret_doc = doc_ref(o);
	return 0;
}

char *fact_text(const struct fact_field *f, const void *facts)
{
	auto_doc struct doc *o = doc_object_new();
	const void *fact = fact_at(facts, f);
	const struct doc *value;
	const char *s;
	char *text;

	if (!o || !fact_known(fact) || encode_fact(f, fact, o) < 0)
		return NULL;
	value = doc_get(o, f->key);
	if (doc_as_str(value, &s) == 0)
		return strdup(s);
	text = doc_print(o, false);
	if (text) {
		/* {"key":VALUE}\n -> VALUE */
		size_t skip = strlen(f->key) + 4, len = strlen(text);

		memmove(text, text + skip, len - skip);
		text[len - skip - 2] = '\0';
	}
	return text;
}

int schema_differences(const struct schema *s, const void *before, const void *after,
		       schema_differs_fn *fn, void *arg)
{
	for (size_t i = 0; i < s->n_fields; i++) {
		const struct fact_field *f = &s->fields[i];
		auto_free char *old = NULL;
		auto_free char *new = NULL;
		int r;

		if (f->compare != FACT_SETTING)
			continue;
		old = fact_text(f, before);
		new = fact_text(f, after);
		if ((!old && !new) || (old && new && !strcmp(old, new)))
			continue;
		r = fn(arg, f, old, new);
		if (r)
			return r;
	}
	return 0;
}
