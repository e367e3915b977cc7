/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/junit.h"

#include <inttypes.h>
#include <string.h>

#include "analyze/budget.h"
#include "core/save.h"
#include "report/ci_cases.h"
#include "report/xml_put.h"

enum { DETAIL_MAX = 20000 };

struct suite {
	const char *name;
	size_t n, n_failed, n_skipped;
	unsigned id;
	uint64_t started_unix_ns, duration_ns;
};

static void put_suite(FILE *out, const struct suite *s)
{
	char stamp[32];

	ci_time(s->started_unix_ns, stamp, sizeof(stamp));
	fputs("\t<testsuite", out);
	xml_put_attribute(out, "name", s->name);
	xml_put_attribute(out, "package", "vfiobench");
	xml_put_number(out, "id", s->id);
	xml_put_number(out, "tests", s->n);
	xml_put_number(out, "failures", s->n_failed);
	xml_put_number(out, "errors", 0);
	xml_put_number(out, "skipped", s->n_skipped);
	/* Names of machines stand in no result. */
	xml_put_attribute(out, "hostname", "localhost");
	xml_put_attribute(out, "timestamp", stamp);
	fprintf(out, " time=\"%" PRIu64 ".%03" PRIu64 "\">\n", s->duration_ns / NS_PER_S,
		s->duration_ns % NS_PER_S / NS_PER_MS);
}

static void put_case_name(FILE *out, const char *suite, const char *name)
{
	fputs("\t\t<testcase", out);
	fputs(" classname=\"vfiobench.", out);
	xml_put(out, suite, DETAIL_MAX);
	putc('"', out);
	xml_put_attribute(out, "name", name);
	/* All are measured together: the time is the suite's. */
	fputs(" time=\"0.000\"", out);
}

struct outcome {
	enum ci_state state;
	const char *type, *message, *detail; /* detail NULL: the message */
};

static void put_case(FILE *out, const char *suite, const char *name, const struct outcome *v)
{
	static const char *const elements[N_CI_STATES] = { NULL, "failure", "skipped" };
	const char *element = elements[v->state];

	put_case_name(out, suite, name);
	if (!element) {
		fputs("/>\n", out);
		return;
	}
	fprintf(out, ">\n\t\t\t<%s", element);
	/* Ant's schema knows no type of what was skipped: its message tells. */
	if (v->state == CI_FAILED)
		xml_put_attribute(out, "type", v->type);
	fputs(" message=\"", out);
	if (v->state == CI_SKIPPED) {
		xml_put(out, v->type, DETAIL_MAX);
		fputs(": ", out);
	}
	xml_put(out, v->message, DETAIL_MAX);
	fputs("\">", out);
	xml_put(out, v->detail ? v->detail : v->message, DETAIL_MAX);
	fprintf(out, "</%s>\n\t\t</testcase>\n", element);
}

static void put_property(FILE *out, const char *of, const char *key, const char *value)
{
	fputs("\t\t\t<property name=\"", out);
	xml_put(out, of, DETAIL_MAX);
	fputs(key, out);
	putc('"', out);
	fputs(" value=\"", out);
	xml_put(out, value, DETAIL_MAX);
	fputs("\"/>\n", out);
}

/* Each number and text of a row that is known, under the name it has in the document. */
static void put_properties_of(FILE *out, const struct schema *s, const char *of, const void *row)
{
	for (size_t i = 0; i < s->n_fields; i++) {
		const struct fact_field *f = &s->fields[i];
		const void *at = (const char *)row + f->at;
		char number[24] = "", key[64];
		const char *value = number;

		snprintf(key, sizeof(key), ".%s", f->key);
		if (f->type == FACT_U64 && ((const struct fact_u64 *)at)->known)
			snprintf(number, sizeof(number), "%" PRIu64,
				 ((const struct fact_u64 *)at)->v);
		else if (f->type == FACT_I64 && ((const struct fact_i64 *)at)->known)
			snprintf(number, sizeof(number), "%" PRId64,
				 ((const struct fact_i64 *)at)->v);
		else if (f->type == FACT_STR)
			value = ci_text(at);
		if (*value)
			put_property(out, of, key, value);
	}
}

static void put_names(FILE *out, const char *key, const struct fact_object *object)
{
	const struct comparison_side *side = object->v;

	for (size_t i = 0; object->known && i < side->names.n; i++)
		put_property(out, "", key, side->names.v[i]);
}

static void put_case_properties(FILE *out, const struct ci_case *one)
{
	if (one->metric)
		put_properties_of(out, &comparison_metric_schema, one->id, one->metric);
	else if (one->budget)
		put_properties_of(out, &comparison_budget_schema, one->id, one->budget);
}

struct report {
	FILE *out;
	const struct comparison_facts *c;
	const struct ci_cases *cases;
	const char *sentence; /* what decided */
};

/* What decided and what to know of it stands in the first suite. */
static void put_suite_end(const struct report *r, bool is_first)
{
	fputs("\t\t<system-out>", r->out);
	if (is_first) {
		xml_put(r->out, r->sentence, DETAIL_MAX);
		for (size_t i = 0; i < r->c->notes.n; i++) {
			putc('\n', r->out);
			xml_put(r->out, r->c->notes.v[i], DETAIL_MAX);
		}
	}
	fputs("</system-out>\n\t\t<system-err/>\n\t</testsuite>\n", r->out);
}

static void put_group(const struct report *r, size_t from, size_t to, struct suite *s)
{
	put_suite(r->out, s);
	fputs("\t\t<properties>\n", r->out);
	if (s->id == 0) {
		put_property(r->out, "", "verdict", ci_text(&r->c->verdict));
		put_names(r->out, "before", &r->c->before);
		put_names(r->out, "after", &r->c->after);
	}
	for (size_t i = from; i < to; i++)
		put_case_properties(r->out, &r->cases->v[i]);
	fputs("\t\t</properties>\n", r->out);
	for (size_t i = from; i < to; i++) {
		const struct ci_case *one = &r->cases->v[i];
		const struct outcome v = { one->state, one->verdict, one->message, NULL };

		put_case(r->out, s->name, one->id, &v);
	}
	put_suite_end(r, s->id == 0);
}

/* Of the side that was looked at; the schema of Ant asks for a time: 1970 is none. */
static uint64_t started_unix_ns(const struct comparison_facts *c)
{
	const struct comparison_side *before = c->before.v, *after = c->after.v;

	if (c->after.known && after->started_unix_ns.known)
		return after->started_unix_ns.v;
	return c->before.known ? before->started_unix_ns.v : 0;
}

static uint64_t duration_ns_of(const struct comparison_facts *c)
{
	const struct comparison_side *after = c->after.v;

	return c->after.known && after->duration_ns.known ? after->duration_ns.v : 0;
}

static int end_of(FILE *out)
{
	fputs("</testsuites>\n", out);
	return save_error(out);
}

int report_junit(FILE *out, const struct comparison_facts *c)
{
	auto_arena struct arena a = { 0 };
	struct ci_cases cases;
	const struct report r = { out, c, &cases, gate_sentence(c, &a) };
	struct suite s = { .started_unix_ns = started_unix_ns(c),
			   .duration_ns = duration_ns_of(c) };

	if (!r.sentence || ci_cases_make(c, &a, &cases) < 0)
		return -ENOMEM;
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n", out);
	for (size_t from = 0, to; from < cases.n; from = to) {
		s.name = ci_group_names[cases.v[from].group];
		s.n_failed = s.n_skipped = 0;
		for (to = from; to < cases.n && cases.v[to].group == cases.v[from].group; to++) {
			s.n_failed += cases.v[to].state == CI_FAILED;
			s.n_skipped += cases.v[to].state == CI_SKIPPED;
		}
		s.n = to - from;
		put_group(&r, from, to, &s);
		s.id++;
		/* One measurement, counted once. */
		s.duration_ns = 0;
	}
	return end_of(out);
}

/* A problem fails; what is not known, or only advice, is neither passed nor failed. */
static enum ci_state state_of(enum verdict v)
{
	return v == VERDICT_PROBLEM ? CI_FAILED : v == VERDICT_PASS ? CI_PASSED : CI_SKIPPED;
}

/* "irq" of "irq.on-guest-cpu" */
static size_t domain_length(const struct finding *f)
{
	return strcspn(f->tweak->id, ".");
}

static bool is_of(const struct finding *f, const char *domain)
{
	return f->verdict != VERDICT_NOT_APPLICABLE && strlen(domain) == domain_length(f) &&
	       !strncmp(f->tweak->id, domain, domain_length(f));
}

static const char *detail_of(const struct finding *f, struct arena *a)
{
	struct arena_text t = { 0 };

	if (!arena_text_add(a, &t, "%s\n", f->summary))
		return NULL;
	for (size_t i = 0; i < f->n_items; i++) {
		if (!arena_text_add(a, &t, "- %s\n", f->items[i]))
			return NULL;
	}
	if (f->fix.now && !arena_text_add(a, &t, "now:\n%s\n", f->fix.now))
		return NULL;
	if (f->fix.persist && !arena_text_add(a, &t, "to keep it:\n%s\n", f->fix.persist))
		return NULL;
	return t.v;
}

static int put_domain(FILE *out, const struct findings *f, struct suite *s, struct arena *a)
{
	s->n = s->n_failed = s->n_skipped = 0;
	for (size_t i = 0; i < f->n; i++) {
		if (!is_of(&f->v[i], s->name))
			continue;
		s->n++;
		s->n_failed += state_of(f->v[i].verdict) == CI_FAILED;
		s->n_skipped += state_of(f->v[i].verdict) == CI_SKIPPED;
	}
	put_suite(out, s);
	fputs("\t\t<properties/>\n", out);
	for (size_t i = 0; i < f->n; i++) {
		const struct outcome v = { state_of(f->v[i].verdict),
					   verdict_names[f->v[i].verdict], f->v[i].summary,
					   detail_of(&f->v[i], a) };

		if (!v.detail)
			return -ENOMEM;
		if (is_of(&f->v[i], s->name))
			put_case(out, s->name, f->v[i].tweak->id, &v);
	}
	fputs("\t\t<system-out/>\n\t\t<system-err/>\n\t</testsuite>\n", out);
	return 0;
}

/* The first finding of its domain that is shown names the suite. */
static bool is_first(const struct findings *f, size_t at, const char *domain)
{
	for (size_t i = 0; i < at; i++) {
		if (is_of(&f->v[i], domain))
			return false;
	}
	return f->v[at].verdict != VERDICT_NOT_APPLICABLE;
}

int report_junit_findings(FILE *out, const struct host *h, const struct findings *f)
{
	auto_arena struct arena a = { 0 };
	struct suite s = { .started_unix_ns = h->run.started_unix_ns.v,
			   .duration_ns = h->run.duration_ns.v };

	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n", out);
	for (size_t i = 0; i < f->n; i++) {
		s.name = arena_strndup(&a, f->v[i].tweak->id, domain_length(&f->v[i]));
		if (!s.name)
			return -ENOMEM;
		if (!is_first(f, i, s.name))
			continue;
		if (put_domain(out, f, &s, &a) < 0)
			return -ENOMEM;
		s.id++;
		s.duration_ns = 0;
	}
	return end_of(out);
}
