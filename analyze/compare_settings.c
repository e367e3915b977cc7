/* SPDX-License-Identifier: GPL-2.0-or-later */
/* compare_settings.c - what differs between the settings of two results. */
#include <string.h>

#include "analyze/compare_parts.h"

/* How the CPUs to measure were found is no setting of the machine. */
#define OUR_CHOICE "cpus.source"

struct settings { /* by key */
	const struct record_setting **v;
	size_t n;
};

static int by_key(const void *a, const void *b)
{
	return strcmp((*(const struct record_setting *const *)a)->key.v,
		      (*(const struct record_setting *const *)b)->key.v);
}

static int sorted(struct arena *a, const struct record_facts *r, struct settings *ret_settings)
{
	const struct record_setting *s = r->settings.v;

	*ret_settings =
		(struct settings){ arena_calloc(a, r->settings.n, sizeof(*ret_settings->v)), 0 };
	if (!ret_settings->v)
		return -ENOMEM;
	for (size_t i = 0; i < r->settings.n; i++) {
		if (s[i].key.known && s[i].value.known && !fact_is(&s[i].key, OUR_CHOICE))
			ret_settings->v[ret_settings->n++] = &s[i];
	}
	if (ret_settings->n)
		qsort(ret_settings->v, ret_settings->n, sizeof(*ret_settings->v), by_key);
	return 0;
}

/* "cpu" of "cpu.freq[0].governor" */
static size_t probe_length(const char *key)
{
	return strcspn(key, ".");
}

/* Whether anything of this probe is known. */
static bool knows_probe(const struct settings *s, const char *key)
{
	const size_t n = probe_length(key) + 1;
	size_t low = 0, high = s->n;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (strncmp(s->v[middle]->key.v, key, n) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < s->n && !strncmp(s->v[low]->key.v, key, n);
}

struct differing {
	struct comparer *w;
	struct settings before, after;
	size_t n_left_out;
};

static int add_difference(struct differing *d, const struct record_setting *before,
			  const struct record_setting *after)
{
	const char *key = before ? before->key.v : after->key.v;
	struct comparison_difference *out;

	/* A probe that did not run, or was not allowed to, is one line and no list. */
	if (!before && !knows_probe(&d->before, key))
		return compare_note(d->w, "settings of %.*s are not known before",
				    (int)probe_length(key), key);
	if (!after && !knows_probe(&d->after, key))
		return compare_note(d->w, "settings of %.*s are not known after",
				    (int)probe_length(key), key);
	if (d->w->c->differences.n >= COMPARE_DIFFERENCES_MAX) {
		d->n_left_out++;
		return 0;
	}
	out = fact_add_item(&d->w->c->differences, d->w->arena, sizeof(*out));
	if (!out || fact_set_str(&out->key, d->w->arena, key) < 0)
		return -ENOMEM;
	if (before && fact_set_str(&out->before, d->w->arena, before->value.v) < 0)
		return -ENOMEM;
	return after ? fact_set_str(&out->after, d->w->arena, after->value.v) : 0;
}

static int merge(struct differing *d)
{
	size_t i = 0, k = 0;

	while (i < d->before.n || k < d->after.n) {
		const struct record_setting *b = i < d->before.n ? d->before.v[i] : NULL;
		const struct record_setting *a = k < d->after.n ? d->after.v[k] : NULL;
		const int order = !b ? 1 : !a ? -1 : strcmp(b->key.v, a->key.v);
		int r = 0;

		i += order <= 0;
		k += order >= 0;
		if (order || strcmp(b->value.v, a->value.v) != 0)
			r = add_difference(d, order <= 0 ? b : NULL, order >= 0 ? a : NULL);
		if (r < 0)
			return r;
	}
	return 0;
}

int compare_settings(struct comparer *w)
{
	const struct record_facts *before = compare_newest(&w->wish->before);
	const struct record_facts *after = compare_newest(&w->wish->after);
	struct differing d = { .w = w };
	int r;

	w->c->differences.known = true;
	if (!before->settings.known || !after->settings.known)
		return compare_note(w, "what differs in their settings is not known: one side has "
				       "none");
	r = sorted(w->arena, before, &d.before);
	if (r == 0)
		r = sorted(w->arena, after, &d.after);
	if (r == 0)
		r = merge(&d);
	if (r == 0 && d.n_left_out)
		r = compare_note(w, "%zu more settings differ and are not listed", d.n_left_out);
	return r;
}
