/* SPDX-License-Identifier: GPL-2.0-or-later */
/* decode.c - documents of strangers into facts; documented in facts/schema.h. */
#include <string.h>

#include "facts/schema.h"

/* No table of a real machine comes near; a hostile document stops here. */
#define LIST_MAX 1000000u
/* Twice the longest argument of a program (MAX_ARG_STRLEN), the longest text there is. */
#define STR_MAX (256 * KIB)

int fact_read_str(const struct doc *d, struct arena *a, const char **ret_s)
{
	struct text t;
	const char *s;
	char *copy;
	int r = doc_as_str(d, &s);

	if (r < 0)
		return r;
	t = text_of(s);
	if (t.len > STR_MAX)
		return -EBADMSG;
	copy = arena_alloc(a, t.len + 1);
	if (!copy)
		return -ENOMEM;
	text_clean(t, copy, t.len + 1);
	*ret_s = copy;
	return 0;
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
		int r = fact_read_str(doc_at(d, i), a, &f->v[i]);

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

static int get_hist(const struct doc *d, struct arena *a, struct fact_hist *f)
{
	const struct doc *buckets = doc_get(d, "buckets");
	struct hist_bins *h = arena_alloc(a, sizeof(*h));
	size_t n = doc_n(buckets);
	struct hist_bin *bins = n <= HIST_N_BUCKETS ? arena_calloc(a, n, sizeof(*bins)) : NULL;

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
	if (!hist_bins_are_sound(h))
		return -EBADMSG;
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

static int get_object(const struct doc *d, struct arena *a, struct fact_object *f,
		      const struct schema *item, const char *key, const char **ret_why)
{
	const char *why = NULL;
	int r;

	if (!doc_is_object(d))
		return -EBADMSG;
	if (!fact_set_object(f, a, item->size))
		return -ENOMEM;
	r = schema_decode(item, d, a, f->v, &why);
	if (r < 0)
		*ret_why = arena_printf(a, "%s.%s", key, why ? why : "?");
	return r;
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
		r = fact_read_str(d, a, &t->v);
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
	case FACT_OBJECT:
		return get_object(d, a, fact, f->item, f->key, ret_why);
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
