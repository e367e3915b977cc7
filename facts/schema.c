/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/schema.h"

#include <inttypes.h>
#include <string.h>

/* No table of a real machine comes near; a hostile document stops here. */
#define LIST_MAX 1000000u

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
};

size_t fact_type_size(enum fact_type type)
{
	return types[type].size;
}

const char *fact_type_name(enum fact_type type)
{
	return types[type].name;
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

static int get_str(const struct doc *d, struct arena *a, const char **ret_s)
{
	const char *s;
	int r = doc_as_str(d, &s);

	if (r < 0)
		return r;
	*ret_s = arena_strdup(a, s);
	return *ret_s ? 0 : -ENOMEM;
}

static int get_cpus(const struct doc *d, struct fact_cpus *f)
{
	const char *s;
	int r = doc_as_str(d, &s);

	if (r == 0)
		r = cpus_parse_list(text_of(s), &f->v);
	if (r < 0)
		return -EBADMSG;
	f->known = true;
	return 0;
}

static int get_strs(const struct doc *d, struct arena *a, struct fact_strs *f)
{
	f->n = doc_n(d);
	if (!doc_is_array(d) || f->n > LIST_MAX)
		return -EBADMSG;
	f->v = arena_calloc(a, f->n, sizeof(*f->v));
	if (!f->v)
		return -ENOMEM;
	for (size_t i = 0; i < f->n; i++) {
		int r = get_str(doc_at(d, i), a, &f->v[i]);

		if (r < 0)
			return r;
	}
	f->known = true;
	return 0;
}

static int get_pair(const struct doc *d, uint64_t *ret_key, uint64_t *ret_value)
{
	if (doc_n(d) != 2 || doc_as_u64(doc_at(d, 0), ret_key) < 0 ||
	    doc_as_u64(doc_at(d, 1), ret_value) < 0)
		return -EBADMSG;
	return 0;
}

static int get_pairs(const struct doc *d, struct arena *a, struct fact_pairs *f)
{
	f->n = doc_n(d);
	if (!doc_is_array(d) || f->n > LIST_MAX)
		return -EBADMSG;
	f->v = arena_calloc(a, f->n, sizeof(*f->v));
	if (!f->v)
		return -ENOMEM;
	for (size_t i = 0; i < f->n; i++) {
		if (get_pair(doc_at(d, i), &f->v[i].key, &f->v[i].value) < 0)
			return -EBADMSG;
	}
	f->known = true;
	return 0;
}

/* The counts are believed only if they add up: hist_merge_bins() is the judge of that. */
static int check_hist(const struct hist_bins *h)
{
	auto_free struct hist *scratch = malloc(sizeof(*scratch));

	if (!scratch)
		return -ENOMEM;
	hist_init(scratch);
	return hist_merge_bins(scratch, h) < 0 ? -EBADMSG : 0;
}

static int get_hist(const struct doc *d, struct arena *a, struct fact_hist *f)
{
	const struct doc *buckets = doc_get(d, "buckets");
	struct hist_bins *h = arena_alloc(a, sizeof(*h));
	size_t n = doc_n(buckets);
	struct hist_bin *bins = n <= HIST_N_BUCKETS ? arena_calloc(a, n, sizeof(*bins)) : NULL;
	int r;

	if (!doc_is_array(buckets) || n > HIST_N_BUCKETS)
		return -EBADMSG;
	if (!h || !bins)
		return -ENOMEM;
	if (doc_get_u64(d, "n", &h->n) < 0 || doc_get_u64(d, "min_ns", &h->min_ns) < 0 ||
	    doc_get_u64(d, "max_ns", &h->max_ns) < 0 || doc_get_u64(d, "sum_ns", &h->sum_ns) < 0)
		return -EBADMSG;
	for (size_t i = 0; i < n; i++) {
		uint64_t index, count;

		if (get_pair(doc_at(buckets, i), &index, &count) < 0 || index >= HIST_N_BUCKETS)
			return -EBADMSG;
		bins[i] = (struct hist_bin){ (uint32_t)index, count };
	}
	h->bins = bins;
	h->n_bins = n;
	r = check_hist(h);
	if (r < 0)
		return r;
	*f = (struct fact_hist){ true, h };
	return 0;
}

static int get_list(const struct doc *d, struct arena *a, struct fact_list *f,
		    const struct schema *item, const char *key, const char **ret_why)
{
	f->n = doc_n(d);
	if (!doc_is_array(d) || f->n > LIST_MAX)
		return -EBADMSG;
	f->v = arena_calloc(a, f->n, item->size);
	if (!f->v)
		return -ENOMEM;
	for (size_t i = 0; i < f->n; i++) {
		const char *why = NULL;
		int r = schema_decode(item, doc_at(d, i), a, (char *)f->v + i * item->size, &why);

		if (r < 0) {
			*ret_why = arena_printf(a, "%s[%zu].%s", key, i, why ? why : "?");
			return r;
		}
	}
	f->known = true;
	return 0;
}

static int decode_fact(const struct fact_field *f, const struct doc *d, struct arena *a, void *fact,
		       const char **ret_why)
{
	struct fact_u64 *u = fact;
	struct fact_i64 *s = fact;
	struct fact_bool *b = fact;
	struct fact_str *t = fact;
	int r = -EINVAL;

	switch (f->type) {
	case FACT_U64:
		r = doc_as_u64(d, &u->v);
		return u->known = r == 0, r;
	case FACT_I64:
		r = doc_as_i64(d, &s->v);
		return s->known = r == 0, r;
	case FACT_BOOL:
		r = doc_as_bool(d, &b->v);
		return b->known = r == 0, r;
	case FACT_STR:
		r = get_str(d, a, &t->v);
		return t->known = r == 0, r;
	case FACT_CPUS:
		return get_cpus(d, fact);
	case FACT_STRS:
		return get_strs(d, a, fact);
	case FACT_PAIRS:
		return get_pairs(d, a, fact);
	case FACT_HIST:
		return get_hist(d, a, fact);
	case FACT_LIST:
		return get_list(d, a, fact, f->item, f->key, ret_why);
	case FACT_TYPES:
		break;
	}
	return r;
}

int schema_decode(const struct schema *s, const struct doc *d, struct arena *a, void *facts,
		  const char **ret_why)
{
	const char *why = NULL;

	if (!doc_is_object(d)) {
		if (ret_why)
			*ret_why = arena_printf(a, "expected an object");
		return -EBADMSG;
	}
	for (size_t i = 0; i < s->n_fields; i++) {
		const struct fact_field *f = &s->fields[i];
		const struct doc *value = doc_get(d, f->key);
		int r = value ? decode_fact(f, value, a, (char *)facts + f->at, &why) : 0;

		if (r < 0) {
			/* Half a list must not look like a known one. */
			memset((char *)facts + f->at, 0, f->size);
			if (ret_why)
				*ret_why = why ? why
					       : arena_printf(a, "%s: expected a valid %s", f->key,
							      fact_type_name(f->type));
			return r;
		}
	}
	return 0;
}

/* A fact as one line of text for people; NULL: not known, or no memory. */
static char *fact_to_text(const struct fact_field *f, const void *fact)
{
	auto_doc struct doc *o = doc_object_new();
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
		old = fact_to_text(f, fact_at(before, f));
		new = fact_to_text(f, fact_at(after, f));
		if ((!old && !new) || (old && new && !strcmp(old, new)))
			continue;
		r = fn(arg, f, old, new);
		if (r)
			return r;
	}
	return 0;
}
