/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/load.h"

#include <string.h>

#include "cli/judge.h"
#include "core/say.h"

int records_add(struct records *list, const struct record_facts *record, struct arena *a)
{
	const struct record_facts **v = arena_calloc(a, list->n + 1, sizeof(*v));

	if (!v) {
		say_error("%s", strerror(ENOMEM));
		return -ENOMEM;
	}
	if (list->n)
		memcpy(v, list->v, list->n * sizeof(*v));
	v[list->n++] = record;
	list->v = v;
	return 0;
}

int load_host(const char *name, struct host *h, const struct findings *f, struct arena *a,
	      struct records *list)
{
	struct record_facts *record = arena_alloc(a, sizeof(*record));
	const char *why = NULL;
	int r = record ? record_make(h, f, a, record, &why) : -ENOMEM;

	if (r == 0)
		r = fact_set_str(&record->name, a, name);
	if (r < 0) {
		say_error("%s: %s", name, why ? why : strerror(-r));
		return r;
	}
	return records_add(list, record, a);
}

static int add_result(const char *name, const char *path, const struct doc *d, struct arena *a,
		      struct records *list)
{
	auto_host struct host *h = NULL;
	auto_free char *why = NULL;
	struct findings findings;
	int r = host_new(d, &h, &why);

	if (r < 0) {
		say_error("%s: %s", path, why ? why : strerror(-r));
		return r;
	}
	r = judge_host(h, &findings);
	return r < 0 ? r : load_host(name, h, &findings, a, list);
}

static int add_baseline(const char *name, const char *path, const struct doc *d, struct arena *a,
			struct records *list)
{
	struct baseline_facts b;
	struct record_facts *sessions;
	const char *why = NULL;
	int r = baseline_decode(d, a, &b, &why);

	if (r == 0 && !b.sessions.n) {
		why = "a baseline without a session";
		r = -ENODATA;
	}
	if (r < 0) {
		say_error("%s: %s", path, why ? why : strerror(-r));
		return r;
	}
	sessions = b.sessions.v;
	for (size_t i = 0; i < b.sessions.n && r == 0; i++) {
		r = fact_set_str(&sessions[i].name, a, name);
		if (r < 0)
			say_error("%s", strerror(-r));
		else
			r = records_add(list, &sessions[i], a);
	}
	return r;
}

static int add_document(const char *name, const char *path, const struct doc *d, struct arena *a,
			struct records *list)
{
	return is_baseline(d) ? add_baseline(name, path, d, a, list)
			      : add_result(name, path, d, a, list);
}

int load_records(const char *name, struct arena *a, struct records *list)
{
	auto_doc struct doc *d = NULL;
	auto_free char *path = NULL;
	int r = verb_read(name, &d, &path);

	return r < 0 ? r : add_document(name, path, d, a, list);
}

int load_baseline(const char *name, struct arena *a, struct records *list)
{
	auto_doc struct doc *d = NULL;
	auto_free char *path = NULL;
	int r = verb_read_baseline(name, &d, &path);

	return r < 0 ? r : add_document(name, path, d, a, list);
}
