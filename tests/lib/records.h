/* SPDX-License-Identifier: GPL-2.0-or-later */
/* records.h - records made by hand and compared, for tests. One program, one arena. */
#ifndef TESTS_LIB_RECORDS_H
#define TESTS_LIB_RECORDS_H

#include "analyze/compare.h"
#include "analyze/record.h"
#include "analyze/rule.h"
#include "tests/lib/host.h"

/* Quiet: 2 % from repetition to repetition. */
static const uint64_t wobble[] = { 1000, 1013, 991, 1007, 984, 1019, 1003, 997, 1011, 988 };
/* Half as much again, now and then. */
static const uint64_t restless[] = { 1000, 1450, 1100, 1300, 1020, 1500, 1180, 1390, 1060, 1240 };
/* From one to eight times as much. */
static const uint64_t wild[] = { 1000, 8000, 1500, 5200, 2300, 7100, 1100, 3900, 6400, 2800 };

struct side {
	struct record_facts v[8];
	const struct record_facts *p[8];
	size_t n;
};

static struct arena arena; /* of one test */

static inline int release(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static inline struct record_facts *add_session(struct side *s)
{
	struct record_facts *r = &s->v[s->n];
	struct fingerprint_facts *f;

	*r = (struct record_facts){ .metrics = { .known = true },
				    .settings = { .known = true },
				    .findings = { .known = true } };
	f = fact_set_object(&r->fingerprint, &arena, sizeof(*f));
	assert_non_null(f);
	set_str(&f->cpu_model, "AMD");
	set_str(&f->guest_kind, "builtin");
	fact_set_u64(&r->started_unix_ns, (uint64_t)(uintptr_t)r);
	s->p[s->n++] = r;
	return r;
}

static inline struct record_metric *add_metric(struct record_facts *r, const char *id)
{
	struct record_metric *m = fact_add_item(&r->metrics, &arena, sizeof(*m));

	assert_non_null(m);
	set_str(&m->id, id);
	return m;
}

/* n values of a shape, times permille. */
static inline void add_values(struct record_facts *r, const char *id, const uint64_t *shape,
			      size_t n, uint64_t per_mille)
{
	struct record_metric *m = add_metric(r, id);

	m->values.known = true;
	for (size_t i = 0; i < n; i++)
		assert_int_equal(fact_add_pair(&m->values, &arena, i, shape[i] * per_mille / 10),
				 0);
}

static inline void add_setting(struct record_facts *r, const char *key, const char *value)
{
	struct record_setting *s = fact_add_item(&r->settings, &arena, sizeof(*s));

	assert_non_null(s);
	set_str(&s->key, key);
	set_str(&s->value, value);
}

static inline void add_finding(struct record_facts *r, const char *id, enum verdict verdict)
{
	struct record_finding *f = fact_add_item(&r->findings, &arena, sizeof(*f));

	assert_non_null(f);
	set_str(&f->id, id);
	set_str(&f->verdict, verdict_names[verdict]);
	if (verdict != VERDICT_PASS)
		set_str(&f->summary, "what was found");
}

static inline void add_culprit(struct record_facts *r, const char *row, uint64_t share_ppm)
{
	struct record_culprit *c = fact_add_item(&r->culprits, &arena, sizeof(*c));

	assert_non_null(c);
	set_str(&c->class, "irq");
	set_str(&c->name, "nvme0q1");
	assert_int_equal(fact_add_str(&c->rows, &arena, row), 0);
	fact_set_u64(&c->share_ppm, share_ppm);
}

static inline struct comparison_facts compare(const struct side *before, const struct side *after,
					      const struct compare_wish *more)
{
	struct compare_wish wish = more ? *more : (struct compare_wish){ 0 };
	struct comparison_facts c;

	wish.before = (struct compare_side){ before->p, before->n };
	wish.after = (struct compare_side){ after->p, after->n };
	assert_int_equal(compare_records(&wish, &arena, &c), 0);
	return c;
}

static const struct comparison_metric *metric_of(const struct comparison_facts *c, const char *id)
{
	const struct comparison_metric *m = c->metrics.v;

	for (size_t i = 0; i < c->metrics.n; i++) {
		if (fact_is(&m[i].id, id))
			return &m[i];
	}
	return NULL;
}

static inline void check_metric(const struct comparison_facts *c, const char *id,
				const char *verdict)
{
	const struct comparison_metric *m = metric_of(c, id);

	if (!m || !fact_is(&m->verdict, verdict))
		fail_msg("%s: %s, expected %s", id, m ? m->verdict.v : "(none)", verdict);
}

static inline bool has_line(const struct fact_strs *lines, const char *piece)
{
	for (size_t i = 0; i < lines->n; i++) {
		if (strstr(lines->v[i], piece))
			return true;
	}
	return false;
}

static inline void check_whole(const struct comparison_facts *c, const char *verdict,
			       const char *piece)
{
	if (!fact_is(&c->verdict, verdict) || !strstr(c->reason.v, piece))
		fail_msg("%s: %s, expected %s: …%s…", c->verdict.v, c->reason.v, verdict, piece);
}

/* One metric on both sides, ten repetitions each. */
static inline struct comparison_facts compare_shapes(const uint64_t *before, const uint64_t *after,
						     uint64_t per_mille)
{
	struct side b = { 0 }, a = { 0 };

	add_values(add_session(&b), "wake.p99", before, 10, 1000);
	add_values(add_session(&a), "wake.p99", after, 10, per_mille);
	return compare(&b, &a, NULL);
}

#endif
