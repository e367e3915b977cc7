/* SPDX-License-Identifier: GPL-2.0-or-later */
/* run_probe.h - runs a state probe as a program over a tree that the test made. */
#ifndef TESTS_LIB_RUN_PROBE_H
#define TESTS_LIB_RUN_PROBE_H

#include <string.h>

#include "core/doc.h"
#include "core/program.h"
#include "probes/probe.h"
#include "tests/lib/check.h"
#include "tests/lib/tree.h"

/* What one run of a probe gave. */
struct outcome {
	struct arena arena;
	struct doc *doc;
	const char *status;
	void *facts;
};

static inline char *program_path(const char *probe)
{
	const char *build = getenv("VFIOBENCH_BUILD");
	char *path;

	assert_true(asprintf(&path, "%s/vfiobench-probe-%s", build ? build : ".", probe) > 0);
	return path;
}

static inline void outcome_release(struct outcome *o)
{
	doc_free(o->doc);
	arena_release(&o->arena);
}

static inline void decode(struct outcome *o, const struct probe *probe)
{
	const char *why = NULL;

	o->facts = arena_alloc(&o->arena, probe->schema->size);
	assert_non_null(o->facts);
	if (schema_decode(probe->schema, doc_get(o->doc, "data"), &o->arena, o->facts, &why) < 0)
		fail_msg("%s: %s", probe->name, why);
}

/* Runs the probe over the tree and decodes its document, which must be a valid one. */
static inline struct outcome run(const char *name, const struct tree *tree)
{
	const struct probe *probe = probe_find(name);
	auto_free char *path = program_path(name);
	auto_free char *root = NULL;
	struct outcome o = { 0 };
	struct program p = { .limit_ns = 20 * NS_PER_S };
	const char *format;
	struct doc_error why;

	assert_true(asprintf(&root, "%s/tree", tree->top) > 0);
	p.argv = (const char *const[]){ path, "--sysroot", root, NULL };
	assert_int_equal(program_start(&p, timebase_monotonic()), 0);
	assert_int_equal(programs_wait(&p, 1, timebase_monotonic(), -1), 0);
	assert_int_equal(p.end, PROGRAM_EXITED);
	assert_int_equal(p.code, 0);
	assert_string_equal(p.err, "");
	assert_int_equal(doc_parse(p.out, p.n_out, &o.doc, &why), 0);
	program_release(&p);
	assert_int_equal(doc_get_str(o.doc, "format", &format), 0);
	assert_string_equal(format, "vfiobench-probe");
	assert_int_equal(doc_get_str(o.doc, "status", &o.status), 0);
	/* Documents of captured trees are the same each time. */
	assert_null(doc_get(o.doc, "run"));
	decode(&o, probe);
	return o;
}

/* Words of the gap of a field; NULL: it has none. */
static inline const char *gap_of(const struct outcome *o, const char *field)
{
	const struct doc *gaps = doc_get(o->doc, "gaps");

	for (size_t i = 0; i < doc_n(gaps); i++) {
		const char *name, *error;

		assert_int_equal(doc_get_str(doc_at(gaps, i), "field", &name), 0);
		assert_int_equal(doc_get_str(doc_at(gaps, i), "error", &error), 0);
		if (!strcmp(name, field))
			return error;
	}
	return NULL;
}

static inline void assert_cpus(const struct fact_cpus *f, const char *want)
{
	auto_free char *list = NULL;

	assert_true(f->known);
	list = cpus_list_new(&f->v);
	assert_non_null(list);
	assert_string_equal(list, want);
}

static inline void assert_u64(const struct fact_u64 *f, uint64_t want)
{
	assert_true(f->known);
	assert_int_equal(f->v, want);
}

#endif
