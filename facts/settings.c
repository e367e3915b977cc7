/* SPDX-License-Identifier: GPL-2.0-or-later */
/* settings.c - the settings in a struct of facts, one by one; documented in facts/schema.h. */
#include <inttypes.h>
#include <string.h>

#include "facts/schema.h"

/* Tables are not nested deeper; the walk of a wrong one ends. */
enum { DEPTH_MAX = 6 };

struct walk {
	schema_setting_fn *fn;
	void *arg;
	unsigned depth;
};

static int walk_facts(const struct walk *w, const struct schema *s, const void *facts,
		      const char *prefix, const struct fact_field *skipped);

/* What tells an item from its neighbours also after a boot; the first that is known. */
static const struct fact_field *name_field(const struct schema *item, const void *facts)
{
	static const char *const names[] = { "address", "name",     "path",   "cpus",
					     "ids",     "id",       "index",  "node",
					     "group",   "page_kib", "module", "type" };

	for (size_t n = 0; n < ARRAY_SIZE(names); n++) {
		for (size_t i = 0; i < item->n_fields; i++) {
			const struct fact_field *f = &item->fields[i];

			if (!strcmp(f->key, names[n]) &&
			    *(const bool *)((const char *)facts + f->at))
				return f;
		}
	}
	return NULL;
}

/* A list of texts reads better without the brackets of a document. */
static char *strs_text(const struct fact_strs *f)
{
	size_t size = 1;
	char *text, *at;

	for (size_t i = 0; i < f->n; i++)
		size += strlen(f->v[i]) + 2;
	text = malloc(size);
	if (!text)
		return NULL;
	at = text;
	*at = '\0';
	for (size_t i = 0; i < f->n; i++) {
		at = stpcpy(at, i ? ", " : "");
		at = stpcpy(at, f->v[i]);
	}
	return text;
}

static int tell_fact(const struct walk *w, const struct fact_field *f, const void *facts,
		     const char *key)
{
	auto_free char *value = f->type == FACT_STRS
					? strs_text((const void *)((const char *)facts + f->at))
					: fact_text(f, facts);

	return value ? w->fn(w->arg, key, value) : -ENOMEM;
}

static int walk_item(const struct walk *w, const struct fact_field *list, const void *facts,
		     size_t i, const char *key)
{
	const struct walk inner = { w->fn, w->arg, w->depth + 1 };
	const struct fact_field *named = name_field(list->item, facts);
	auto_free char *name = NULL;
	auto_free char *path = NULL;

	if (named) {
		name = fact_text(named, facts);
		if (!name)
			return -ENOMEM;
	}
	if ((name ? asprintf(&path, "%s[%s]", key, name) : asprintf(&path, "%s[%zu]", key, i)) <
	    0) {
		path = NULL;
		return -ENOMEM;
	}
	return walk_facts(&inner, list->item, facts, path, named);
}

static int walk_list(const struct walk *w, const struct fact_field *f, const void *facts,
		     const char *key)
{
	const struct fact_list *list = (const void *)((const char *)facts + f->at);
	int r = 0;

	for (size_t i = 0; i < list->n && r == 0; i++)
		r = walk_item(w, f, (const char *)list->v + i * f->item->size, i, key);
	return r;
}

static int walk_fact(const struct walk *w, const struct fact_field *f, const void *facts,
		     const char *key)
{
	const struct walk inner = { w->fn, w->arg, w->depth + 1 };

	if (f->type == FACT_LIST)
		return walk_list(w, f, facts, key);
	if (f->type == FACT_OBJECT)
		return walk_facts(
			&inner, f->item,
			((const struct fact_object *)(const void *)((const char *)facts + f->at))
				->v,
			key, NULL);
	return tell_fact(w, f, facts, key);
}

static int walk_facts(const struct walk *w, const struct schema *s, const void *facts,
		      const char *prefix, const struct fact_field *skipped)
{
	for (size_t i = 0; i < s->n_fields; i++) {
		const struct fact_field *f = &s->fields[i];
		auto_free char *key = NULL;
		int r;

		if (f->compare != FACT_SETTING || f == skipped ||
		    !*(const bool *)((const char *)facts + f->at) || w->depth > DEPTH_MAX)
			continue;
		/* A pair of name and value is one setting. */
		r = skipped && !strcmp(f->key, "value") ? asprintf(&key, "%s", prefix)
							: asprintf(&key, "%s.%s", prefix, f->key);
		if (r < 0) {
			key = NULL;
			return -ENOMEM;
		}
		r = walk_fact(w, f, facts, key);
		if (r)
			return r;
	}
	return 0;
}

int schema_settings(const struct schema *s, const void *facts, const char *prefix,
		    schema_setting_fn *fn, void *arg)
{
	const struct walk w = { fn, arg, 0 };

	return walk_facts(&w, s, facts, prefix, NULL);
}
