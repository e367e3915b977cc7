/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/pairs.h"

#include <string.h>

#include "analyze/record_values.h"

bool pairs_is_on(size_t turn)
{
	return __builtin_parityll(turn);
}

/* A turn is one repetition. */
static const struct fact_pair *value_of(const struct record_metric *m)
{
	return m && m->values.known && m->values.n ? &m->values.v[0] : NULL;
}

static void note_metric(const struct record_metric *from, struct record_metric *to)
{
	if (!from)
		return;
	if (from->offset.known)
		fact_set_u64(&to->offset, u64_max(to->offset.v, from->offset.v));
	if (!to->why.known)
		to->why = from->why;
}

/* Both sides of one metric. */
static int join_metric(const struct pairs *p, const char *id, struct arena *a,
		       struct record_facts *off, struct record_facts *on)
{
	struct record_metric joined[2] = { { .id = { true, id } }, { .id = { true, id } } };
	struct record_metric *out;
	int r = 0;

	for (size_t i = 0; r == 0 && i < p->n; i++) {
		const struct record_metric *m[2] = { record_metric_of(p->off[i], id),
						     record_metric_of(p->on[i], id) };
		const struct fact_pair *v[2] = { value_of(m[0]), value_of(m[1]) };

		for (size_t side = 0; side < 2; side++)
			note_metric(m[side], &joined[0]);
		for (size_t side = 0; v[0] && v[1] && r == 0 && side < 2; side++)
			r = fact_add_pair(&joined[side].values, a, i, v[side]->value);
	}
	if (r < 0)
		return r;
	if (joined[0].values.n)
		joined[0].why = (struct fact_str){ 0 };
	joined[1].offset = joined[0].offset;
	joined[1].why = joined[0].why;
	for (size_t side = 0; side < 2; side++) {
		out = fact_add_item(side ? &on->metrics : &off->metrics, a, sizeof(*out));
		if (!out)
			return -ENOMEM;
		*out = joined[side];
	}
	return 0;
}

/* Turn i of both sides, 0 … 2n - 1. */
static const struct record_facts *turn_of(const struct pairs *p, size_t i)
{
	return i < p->n ? p->off[i] : p->on[i - p->n];
}

static int join_metrics(const struct pairs *p, struct arena *a, struct record_facts *off,
			struct record_facts *on)
{
	for (size_t t = 0; t < 2 * p->n; t++) {
		const struct record_facts *turn = turn_of(p, t);
		const struct record_metric *m = turn->metrics.v;

		for (size_t i = 0; i < turn->metrics.n; i++) {
			int r;

			if (!m[i].id.known || record_metric_of(off, m[i].id.v))
				continue;
			r = join_metric(p, m[i].id.v, a, off, on);
			if (r < 0)
				return r;
		}
	}
	return 0;
}

/* Settings by key and findings by id: texts that a switch may change. */
struct told {
	size_t list_at, item_size, key_at, value_at;
};

static const struct told settings = { offsetof(struct record_facts, settings),
				      sizeof(struct record_setting),
				      offsetof(struct record_setting, key),
				      offsetof(struct record_setting, value) };
static const struct told findings = { offsetof(struct record_facts, findings),
				      sizeof(struct record_finding),
				      offsetof(struct record_finding, id),
				      offsetof(struct record_finding, verdict) };

static struct fact_list *list_of(const struct told *t, struct record_facts *r)
{
	return (struct fact_list *)((char *)r + t->list_at);
}

static const struct fact_list *const_list_of(const struct told *t, const struct record_facts *r)
{
	return (const struct fact_list *)((const char *)r + t->list_at);
}

static const struct fact_str *text_at(const char *item, size_t at)
{
	return (const struct fact_str *)(item + at);
}

static const char *item_of(const struct told *t, const struct record_facts *r, const char *key)
{
	const struct fact_list *list = const_list_of(t, r);
	const char *item = list->v;

	for (size_t i = 0; i < list->n; i++, item += t->item_size) {
		if (fact_is(text_at(item, t->key_at), key))
			return item;
	}
	return NULL;
}

static bool is_same(const struct told *t, const char *a, const char *b)
{
	const struct fact_str *va, *vb;

	if (!a || !b)
		return a == b;
	va = text_at(a, t->value_at);
	vb = text_at(b, t->value_at);
	return va->known == vb->known && (!va->known || !strcmp(va->v, vb->v));
}

/* The same in all turns of each side. */
static bool is_stable(const struct told *t, const struct pairs *p, const char *key)
{
	const char *first_off = item_of(t, p->off[0], key);
	const char *first_on = item_of(t, p->on[0], key);

	for (size_t i = 1; i < p->n; i++) {
		if (!is_same(t, first_off, item_of(t, p->off[i], key)) ||
		    !is_same(t, first_on, item_of(t, p->on[i], key)))
			return false;
	}
	return true;
}

static int join_told(const struct told *t, const struct pairs *p, struct arena *a,
		     const struct record_facts *first, struct record_facts *out)
{
	const struct fact_list *from = const_list_of(t, first);
	struct fact_list *to = list_of(t, out);
	const char *item = from->v;

	to->known = from->known;
	for (size_t i = 0; i < from->n; i++, item += t->item_size) {
		const struct fact_str *key = text_at(item, t->key_at);
		void *copy;

		if (!key->known || !is_stable(t, p, key->v))
			continue;
		copy = fact_add_item(to, a, t->item_size);
		if (!copy)
			return -ENOMEM;
		memcpy(copy, item, t->item_size);
	}
	return 0;
}

static struct record_culprit *find_culprit(struct fact_list *list, const struct record_culprit *c)
{
	struct record_culprit *v = list->v;

	for (size_t i = 0; i < list->n; i++) {
		if (fact_is(&v[i].class, c->class.v) && fact_is(&v[i].name, c->name.v))
			return &v[i];
	}
	return NULL;
}

static int add_culprits(const struct record_facts *turn, struct arena *a, struct fact_list *out)
{
	const struct record_culprit *c = turn->culprits.v;

	out->known |= turn->culprits.known;
	for (size_t i = 0; i < turn->culprits.n; i++) {
		struct record_culprit *sum;

		if (!c[i].class.known || !c[i].name.known || !c[i].share_ppm.known)
			continue;
		sum = find_culprit(out, &c[i]);
		if (sum) {
			sum->share_ppm.v += c[i].share_ppm.v;
			continue;
		}
		sum = fact_add_item(out, a, sizeof(*sum));
		if (!sum)
			return -ENOMEM;
		*sum = c[i];
	}
	return 0;
}

static int most_first(const void *a, const void *b)
{
	const struct record_culprit *x = a, *y = b;

	if (x->share_ppm.v != y->share_ppm.v)
		return x->share_ppm.v < y->share_ppm.v ? 1 : -1;
	return strcmp(x->name.v, y->name.v);
}

static int join_culprits(const struct record_facts *const *turns, size_t n, struct arena *a,
			 struct record_facts *out)
{
	struct record_culprit *c;
	size_t n_known = 0;
	int r = 0;

	for (size_t i = 0; r == 0 && i < n; i++) {
		n_known += turns[i]->culprits.known;
		r = add_culprits(turns[i], a, &out->culprits);
	}
	c = out->culprits.v;
	for (size_t i = 0; i < out->culprits.n; i++)
		c[i].share_ppm.v = (c[i].share_ppm.v + n_known / 2) / n_known;
	if (out->culprits.n)
		qsort(c, out->culprits.n, sizeof(*c), most_first);
	return r;
}

static bool has_text(const struct fact_strs *list, const char *text)
{
	for (size_t i = 0; i < list->n; i++) {
		if (!strcmp(list->v[i], text))
			return true;
	}
	return false;
}

static int join_warnings(const struct record_facts *const *turns, size_t n, struct arena *a,
			 struct record_facts *out)
{
	int r = 0;

	for (size_t t = 0; t < n; t++) {
		const struct fact_strs *from = &turns[t]->warnings;

		for (size_t i = 0; r == 0 && i < from->n; i++) {
			if (!has_text(&out->warnings, from->v[i]))
				r = fact_add_str(&out->warnings, a, from->v[i]);
		}
	}
	return r;
}

/* All but the metrics. */
static int join_side(const struct pairs *p, const struct record_facts *const *turns,
		     struct arena *a, struct record_facts *out)
{
	int r;

	*out = *turns[0];
	out->metrics = out->settings = out->findings = out->culprits = (struct fact_list){ 0 };
	out->metrics.known = true;
	out->warnings = (struct fact_strs){ 0 };
	fact_set_u64(&out->duration_ns, 0);
	for (size_t i = 0; i < p->n; i++)
		out->duration_ns.v += turns[i]->duration_ns.v;
	out->steal_permille =
		record_mean_permille(turns, p->n, offsetof(struct record_facts, steal_permille));
	out->untold_permille =
		record_mean_permille(turns, p->n, offsetof(struct record_facts, untold_permille));
	r = join_told(&settings, p, a, turns[0], out);
	if (r == 0)
		r = join_told(&findings, p, a, turns[0], out);
	if (r == 0)
		r = join_culprits(turns, p->n, a, out);
	return r < 0 ? r : join_warnings(turns, p->n, a, out);
}

int pairs_join(const struct pairs *p, struct arena *a, struct record_facts *ret_off,
	       struct record_facts *ret_on)
{
	struct record_facts off, on;
	int r;

	if (p->n == 0)
		return -EINVAL;
	r = join_side(p, p->off, a, &off);
	if (r == 0)
		r = join_side(p, p->on, a, &on);
	if (r == 0)
		r = join_metrics(p, a, &off, &on);
	if (r < 0)
		return r;
	*ret_off = off;
	*ret_on = on;
	return 0;
}

static bool is_of(const char *id, const char *wanted)
{
	const size_t n = strlen(wanted);

	return !strncmp(id, wanted, n) && (id[n] == '\0' || id[n] == '/');
}

void pairs_keep_metrics(struct record_facts *r, const char *const *ids, size_t n)
{
	struct record_metric *m = r->metrics.v;
	size_t n_kept = 0;

	if (n == 0)
		return;
	for (size_t i = 0; i < r->metrics.n; i++) {
		for (size_t k = 0; k < n; k++) {
			if (m[i].id.known && is_of(m[i].id.v, ids[k])) {
				m[n_kept++] = m[i];
				break;
			}
		}
	}
	r->metrics.n = n_kept;
}
