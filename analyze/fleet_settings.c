/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fleet_settings.c - what outliers of a fleet have, and none of the other hosts. */
#include <string.h>

#include "analyze/fleet_parts.h"

/* What is listed of one outlier; the number of all of them is told. */
enum { LISTED_MAX = 32 };

struct count { /* hosts of one kind that have this setting */
	struct fleet_pair pair;
	size_t n;
};

struct counts { /* by key, then value */
	struct count *v;
	size_t n;
};

static int by_pair(const void *a, const void *b)
{
	const struct count *x = a, *y = b;

	if (x->pair.key != y->pair.key)
		return x->pair.key < y->pair.key ? -1 : 1;
	return (x->pair.value > y->pair.value) - (x->pair.value < y->pair.value);
}

/* All settings of the hosts that stand out, or of those that do not. The caller frees ret->v. */
static int count_settings(struct fleet_machine *const *hosts, size_t n, bool is_outlier,
			  struct counts *ret)
{
	struct counts c = { 0 };
	size_t n_all = 0, last = 0;

	for (size_t i = 0; i < n; i++)
		n_all += hosts[i]->n_settings;
	c.v = calloc(n_all + 1, sizeof(*c.v));
	if (!c.v)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		if (fleet_stands_out(hosts[i]) != is_outlier)
			continue;
		for (size_t k = 0; k < hosts[i]->n_settings; k++)
			c.v[c.n++] = (struct count){ hosts[i]->settings[k], 1 };
	}
	if (c.n)
		qsort(c.v, c.n, sizeof(*c.v), by_pair);
	for (size_t i = 1; i < c.n; i++) {
		if (by_pair(&c.v[last], &c.v[i]) == 0)
			c.v[last].n++;
		else
			c.v[++last] = c.v[i];
	}
	c.n = c.n ? last + 1 : 0;
	*ret = c;
	return 0;
}

static size_t n_with(const struct counts *c, struct fleet_pair pair)
{
	const struct count wanted = { pair, 0 };
	const struct count *found =
		c->n ? bsearch(&wanted, c->v, c->n, sizeof(*c->v), by_pair) : NULL;

	return found ? found->n : 0;
}

/* The first setting of that key or of a later one. */
static size_t first_of(const struct counts *c, uint32_t key)
{
	size_t low = 0, high = c->n;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (c->v[middle].pair.key < key)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The value most hosts of the key have; *ret_n_known: hosts that have the key. NULL: none has. */
static const struct count *most(const struct counts *c, uint32_t key, size_t *ret_n_known)
{
	const struct count *best = NULL;

	*ret_n_known = 0;
	for (size_t i = first_of(c, key); i < c->n && c->v[i].pair.key == key; i++) {
		*ret_n_known += c->v[i].n;
		if (!best || c->v[i].n > best->n)
			best = &c->v[i];
	}
	return best;
}

/*
 * What more often explains latency comes first; a setting of the host before one of a thing in it,
 * and among these what other hosts have too before what they lack.
 */
static const char *const domains[] = { "power.", "clock.",     "cpus.",  "kernel.", "cpu.",
				       "sched.", "mm.",        "irq.",   "guest.",  "domain.",
				       "aio.",   "hugepages.", "iommu.", "pci.",    "net." };

static size_t place_of(const struct fleet_setting *s)
{
	size_t i = 0;

	while (i < ARRAY_SIZE(domains) && strncmp(s->key.v, domains[i], strlen(domains[i])) != 0)
		i++;
	i += strchr(s->key.v, '[') ? ARRAY_SIZE(domains) + 1 : 0;
	return i + (s->usual.known ? 0 : 2 * (ARRAY_SIZE(domains) + 1));
}

static int by_place(const void *a, const void *b)
{
	const struct fleet_setting *x = a, *y = b;
	const size_t i = place_of(x), k = place_of(y);

	return i != k ? (i > k) - (i < k) : strcmp(x->key.v, y->key.v);
}

/* Whether it is told: no host that is no outlier has it, and most of these agree on what is usual.
 */
static bool is_lonely(const struct fleet *f, struct fleet_pair pair, const struct counts *usual,
		      const struct counts *outliers, size_t n_usual, struct fleet_setting *ret)
{
	size_t n_known;
	const struct count *other = most(usual, pair.key, &n_known);
	const size_t n_without = n_usual - u64_min(n_known, n_usual);
	const bool has_usual = other && 2 * other->n > n_usual;

	if (n_with(usual, pair) || (!has_usual && 2 * n_without <= n_usual))
		return false;
	*ret = (struct fleet_setting){
		.key = { true, f->texts.v[pair.key] },
		.value = { true, f->texts.v[pair.value] },
		.n_usual = { true, has_usual ? other->n : n_without },
		.n_outliers = { true, n_with(outliers, pair) - 1 },
	};
	if (has_usual)
		ret->usual = (struct fact_str){ true, f->texts.v[other->pair.value] };
	return true;
}

static int list_lonely(struct fleet *f, const struct fleet_machine *m, const struct counts *usual,
		       const struct counts *outliers, size_t n_usual, struct fleet_outlier *o)
{
	auto_free struct fleet_setting *v = calloc(m->n_settings + 1, sizeof(*v));
	struct fleet_setting *kept;
	size_t n = 0, n_kept;

	if (!v)
		return -ENOMEM;
	for (size_t i = 0; i < m->n_settings; i++)
		n += is_lonely(f, m->settings[i], usual, outliers, n_usual, &v[n]);
	if (n)
		qsort(v, n, sizeof(*v), by_place);
	n_kept = n < LISTED_MAX ? n : LISTED_MAX;
	kept = arena_calloc(&f->arena, n_kept, sizeof(*kept));
	if (!kept)
		return -ENOMEM;
	for (size_t i = 0; i < n_kept; i++)
		kept[i] = v[i];
	o->settings = (struct fact_list){ true, n_kept, kept };
	fact_set_u64(&o->n_settings, n);
	return 0;
}

int fleet_settings(struct fleet *f, struct fleet_machine *const *hosts, size_t n,
		   struct fleet_outlier *outliers)
{
	struct counts usual = { 0 }, strange = { 0 };
	size_t n_outliers = 0;
	int r = count_settings(hosts, n, false, &usual);

	if (r == 0)
		r = count_settings(hosts, n, true, &strange);
	for (size_t i = 0; r == 0 && i < n; i++)
		n_outliers += fleet_stands_out(hosts[i]);
	for (size_t i = 0, at = 0; r == 0 && i < n; i++) {
		if (fleet_stands_out(hosts[i]))
			r = list_lonely(f, hosts[i], &usual, &strange, n - n_outliers,
					&outliers[at++]);
	}
	free(usual.v);
	free(strange.v);
	return r;
}
