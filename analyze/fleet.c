/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fleet.c - results become hosts, hosts become crowds that can be compared. */
#include "analyze/fleet.h"

#include <inttypes.h>
#include <string.h>

#include "analyze/fleet_parts.h"

/* 2000 hosts of some 5000 settings each, which are mostly the same, are some 100 MB. */
#define MEMORY_MAX (512 * MIB)

struct fleet *fleet_new(void)
{
	struct fleet *f = calloc(1, sizeof(*f));

	if (!f)
		return NULL;
	f->arena.max = MEMORY_MAX;
	f->texts.arena = &f->arena;
	f->crowds.known = f->machines.known = f->sessions.known = f->left_out.known = true;
	f->notes.known = true;
	return f;
}

void fleet_free(struct fleet *f)
{
	if (!f)
		return;
	fleet_texts_release(&f->texts);
	arena_release(&f->arena);
	free(f);
}

int fleet_leave_out(struct fleet *f, const char *name, const char *reason)
{
	struct fleet_left_out out = { 0 }, *to;
	int r = fact_set_str(&out.name, &f->arena, name);

	if (r == 0)
		r = fact_set_str(&out.reason, &f->arena, reason);
	to = r == 0 ? fact_add_item(&f->left_out, &f->arena, sizeof(*to)) : NULL;
	if (!to)
		return -ENOMEM;
	*to = out;
	return 0;
}

int fleet_note(struct fleet *f, const char *note)
{
	return fact_add_str(&f->notes, &f->arena, note);
}

/* All of a fingerprint as one text; what is not known is not in it. Caller frees. */
static char *crowd_key(const struct doc *fingerprint, const struct fleet_session *s)
{
	auto_free char *text = doc_print(fingerprint, false);
	char *key;

	if (!text ||
	    asprintf(&key, "%" PRIu64 " %" PRIu64 " %s", s->n_cpus, s->n_measured_cpus, text) < 0)
		return NULL;
	return key;
}

static int add_crowd(struct fleet *f, const char *key, const struct doc *fingerprint,
		     const struct fleet_session *s)
{
	struct fleet_crowd crowd = { .key = arena_strdup(&f->arena, key),
				     .n_cpus = s->n_cpus,
				     .n_measured_cpus = s->n_measured_cpus },
			   *to;
	int r = schema_decode(&fingerprint_schema, fingerprint, &f->arena, &crowd.fingerprint,
			      NULL);

	if (r < 0)
		return r;
	to = crowd.key ? fact_add_item(&f->crowds, &f->arena, sizeof(*to)) : NULL;
	if (!to)
		return -ENOMEM;
	*to = crowd;
	return 0;
}

static int crowd_of(struct fleet *f, const struct fleet_session *s, size_t *ret_crowd)
{
	static const struct fingerprint_facts none = { 0 };
	const struct fact_object *fingerprint = &s->record->fingerprint;
	const struct fleet_crowd *crowds = f->crowds.v;
	auto_doc struct doc *d = NULL;
	auto_free char *key = NULL;
	size_t i = 0;
	int r = schema_encode(&fingerprint_schema, fingerprint->v ? fingerprint->v : &none, &d);

	if (r < 0)
		return r == -ERANGE ? -EBADMSG : r;
	key = crowd_key(d, s);
	if (!key)
		return -ENOMEM;
	while (i < f->crowds.n && strcmp(crowds[i].key, key) != 0)
		i++;
	if (i == f->crowds.n)
		r = add_crowd(f, key, d, s);
	if (r == 0)
		*ret_crowd = i;
	return r;
}

static int by_key(const void *a, const void *b)
{
	const struct fleet_pair *x = a, *y = b;

	return x->key < y->key ? -1 : x->key > y->key;
}

static int take_settings(struct fleet *f, const struct record_facts *record,
			 struct fleet_machine *m)
{
	const struct record_setting *from = record->settings.v;
	struct fleet_pair *to = arena_calloc(&f->arena, record->settings.n, sizeof(*to));
	size_t n = 0;

	if (!to)
		return -ENOMEM;
	for (size_t i = 0; i < record->settings.n; i++) {
		if (!from[i].key.known || !from[i].value.known)
			continue;
		if (fleet_texts_put(&f->texts, from[i].key.v, &to[n].key) < 0 ||
		    fleet_texts_put(&f->texts, from[i].value.v, &to[n].value) < 0)
			return -ENOMEM;
		n++;
	}
	if (n)
		qsort(to, n, sizeof(*to), by_key);
	m->settings = to;
	m->n_settings = n;
	return 0;
}

static int take_str(struct fleet *f, const struct fact_str *from, struct fact_str *to)
{
	*to = (struct fact_str){ 0 };
	return from->known ? fact_set_str(to, &f->arena, from->v) : 0;
}

/* m is a copy: the fleet gets it when all of it went well. */
static int add_session(struct fleet *f, const char *file, const struct fleet_session *s,
		       struct fleet_machine *m)
{
	const struct record_facts *record = s->record;
	const bool is_newest = m->files.n == 0 || record->started_unix_ns.v >= m->started_unix_ns.v;
	int r = fleet_numbers_add(&m->numbers, &s->numbers, &f->arena);

	if (r == 0)
		r = fact_add_str(&m->files, &f->arena, file);
	if (r < 0 || !is_newest)
		return r;
	m->started_unix_ns = record->started_unix_ns;
	r = take_str(f, &record->label, &m->label);
	if (r == 0)
		r = take_str(f, &s->kernel, &m->kernel);
	return r < 0 ? r : take_settings(f, record, m);
}

static struct fleet_machine *find_machine(const struct fleet *f, const char *name, size_t crowd)
{
	struct fleet_machine *m = f->machines.v;

	for (size_t i = 0; i < f->machines.n; i++) {
		if (m[i].crowd == crowd && !strcmp(m[i].name, name))
			return &m[i];
	}
	return NULL;
}

static const struct fleet_seen *find_session(const struct fleet *f, const struct record_facts *r)
{
	const struct fleet_seen *s = f->sessions.v;

	for (size_t i = 0; r->started_unix_ns.known && i < f->sessions.n; i++) {
		if (s[i].started_unix_ns == r->started_unix_ns.v &&
		    s[i].duration_ns == r->duration_ns.v)
			return &s[i];
	}
	return NULL;
}

static int commit(struct fleet *f, const char *file, const struct fleet_session *s,
		  struct fleet_machine *place, const struct fleet_machine *m)
{
	struct fleet_seen seen = { s->record->started_unix_ns.v, s->record->duration_ns.v,
				   arena_strdup(&f->arena, file) },
			  *to;

	if (!seen.file)
		return -ENOMEM;
	if (!place)
		place = fact_add_item(&f->machines, &f->arena, sizeof(*place));
	if (!place)
		return -ENOMEM;
	*place = *m;
	/* Without memory for it a copy of this session would not be known again. */
	to = fact_add_item(&f->sessions, &f->arena, sizeof(*to));
	if (to)
		*to = seen;
	return 0;
}

int fleet_add(struct fleet *f, const char *name, const char *file, const struct fleet_session *s,
	      const char **ret_file)
{
	const struct fleet_seen *seen = find_session(f, s->record);
	struct fleet_machine *place, m = { 0 };
	int r;

	if (seen) {
		*ret_file = seen->file;
		return -EEXIST;
	}
	r = crowd_of(f, s, &m.crowd);
	if (r < 0)
		return r;
	place = find_machine(f, name, m.crowd);
	if (place)
		m = *place;
	else
		m.name = arena_strdup(&f->arena, name);
	if (!m.name)
		return -ENOMEM;
	r = add_session(f, file, s, &m);
	return r < 0 ? r : commit(f, file, s, place, &m);
}

int fleet_encode(const struct fleet_facts *facts, struct doc **ret_doc)
{
	return document_encode(&fleet_kind, facts, ret_doc);
}
