/* SPDX-License-Identifier: GPL-2.0-or-later */
/* baseline_doc.c - baselines: as documents, and one session more. */
#include <string.h>

#include "analyze/record.h"

bool is_baseline(const struct doc *d)
{
	return document_is(&baseline_kind, d);
}

int baseline_encode(const struct baseline_facts *b, struct doc **ret_doc)
{
	auto_arena struct arena a = { 0 };
	struct baseline_facts kept = *b;
	const struct record_facts *from = b->sessions.v;
	struct record_facts *to = arena_calloc(&a, b->sessions.n, sizeof(*to));

	if (!to)
		return -ENOMEM;
	/* Where a session came from says nothing where the baseline is read. */
	for (size_t i = 0; i < b->sessions.n; i++) {
		to[i] = from[i];
		to[i].name = (struct fact_str){ 0 };
	}
	kept.sessions.v = to;
	return document_encode(&baseline_kind, &kept, ret_doc);
}

static const char *missing_in(const struct record_facts *r, struct arena *a)
{
	const struct record_metric *m = r->metrics.v;
	const struct record_setting *s = r->settings.v;
	const struct record_finding *f = r->findings.v;
	const struct record_culprit *c = r->culprits.v;

	if (!r->fingerprint.known)
		return "fingerprint";
	for (size_t i = 0; i < r->metrics.n; i++) {
		if (!m[i].id.known)
			return arena_printf(a, "metrics[%zu].id", i);
	}
	for (size_t i = 0; i < r->settings.n; i++) {
		if (!s[i].key.known || !s[i].value.known)
			return arena_printf(a, "settings[%zu].%s", i,
					    s[i].key.known ? "value" : "key");
	}
	for (size_t i = 0; i < r->findings.n; i++) {
		if (!f[i].id.known || !f[i].verdict.known)
			return arena_printf(a, "findings[%zu].%s", i,
					    f[i].id.known ? "verdict" : "id");
	}
	for (size_t i = 0; i < r->culprits.n; i++) {
		if (!c[i].name.known || !c[i].share_ppm.known)
			return arena_printf(a, "culprits[%zu].%s", i,
					    c[i].name.known ? "share_ppm" : "name");
	}
	return NULL;
}

static int check_sessions(const struct baseline_facts *b, struct arena *a, const char **ret_why)
{
	const struct record_facts *sessions = b->sessions.v;

	for (size_t i = 0; i < b->sessions.n; i++) {
		const char *missing = missing_in(&sessions[i], a);

		if (!missing)
			continue;
		*ret_why = arena_printf(a, "sessions[%zu].%s is missing", i, missing);
		return *ret_why ? -EBADMSG : -ENOMEM;
	}
	return 0;
}

int baseline_decode(const struct doc *d, struct arena *a, struct baseline_facts *ret_baseline,
		    const char **ret_why)
{
	struct baseline_facts b = { 0 };
	int r = document_decode(&baseline_kind, d, a, &b, ret_why);

	/* As if the older ones had made room when they should have. */
	if (r == 0 && b.sessions.n > BASELINE_SESSIONS_MAX) {
		b.sessions.v =
			(struct record_facts *)b.sessions.v + b.sessions.n - BASELINE_SESSIONS_MAX;
		b.sessions.n = BASELINE_SESSIONS_MAX;
	}
	if (r == 0)
		r = check_sessions(&b, a, ret_why);
	if (r == 0)
		*ret_baseline = b;
	return r;
}

static bool is_same_session(const struct record_facts *x, const struct record_facts *y)
{
	return x->started_unix_ns.known && y->started_unix_ns.known &&
	       x->started_unix_ns.v == y->started_unix_ns.v && x->duration_ns.v == y->duration_ns.v;
}

/* 0; -EEXIST or -EXDEV with *ret_why. */
static int may_add(const struct baseline_facts *b, const struct record_facts *session,
		   struct arena *a, const char **ret_why)
{
	const struct record_facts *there = b->sessions.v;

	for (size_t i = 0; i < b->sessions.n; i++) {
		struct fact_strs blocking, notes;
		int r;

		if (is_same_session(&there[i], session)) {
			*ret_why = "this very session is there already";
			return -EEXIST;
		}
		r = record_blocking(&there[i], session, a, &blocking, &notes);
		if (r < 0)
			return r;
		if (blocking.n) {
			*ret_why = blocking.v[0];
			return -EXDEV;
		}
	}
	return 0;
}

int baseline_add(struct baseline_facts *b, const struct record_facts *session, struct arena *a,
		 const char **ret_why)
{
	const struct record_facts *old = b->sessions.v;
	const size_t n_kept =
		b->sessions.n < BASELINE_SESSIONS_MAX ? b->sessions.n : BASELINE_SESSIONS_MAX - 1;
	struct record_facts *v;
	int r;

	*ret_why = NULL;
	r = may_add(b, session, a, ret_why);
	if (r < 0)
		return r;
	v = arena_calloc(a, n_kept + 1, sizeof(*v));
	if (!v)
		return -ENOMEM;
	for (size_t i = 0; i < n_kept; i++) {
		v[i] = old[b->sessions.n - n_kept + i];
		/* Differences are told of the newest session; the others would fill the file. */
		v[i].settings = (struct fact_list){ 0 };
	}
	v[n_kept] = *session;
	b->sessions = (struct fact_list){ true, n_kept + 1, v };
	return 0;
}
