/* SPDX-License-Identifier: GPL-2.0-or-later */
/* probe_env.h - what a part of a state probe is given, over a tree that the test made. */
#ifndef TESTS_LIB_PROBE_ENV_H
#define TESTS_LIB_PROBE_ENV_H

#include <string.h>

#include "probes/probe.h"
#include "tests/lib/check.h"
#include "tests/lib/tree.h"

struct probe_fixture {
	struct arena arena;
	struct probe_env env;
};

/* For the probe of that name; release with probe_fixture_release(). The fixture must not move. */
static inline void probe_fixture_init(struct probe_fixture *x, const struct tree *tree,
				      const char *probe)
{
	*x = (struct probe_fixture){ .env = { .probe = probe_find(probe), .root = &tree->root } };
	assert_non_null(x->env.probe);
	x->env.arena = &x->arena;
	x->env.gaps_end = &x->env.gaps;
}

static inline void probe_fixture_release(struct probe_fixture *x)
{
	arena_release(&x->arena);
}

static inline size_t n_gaps(const struct probe_fixture *x, const char *field)
{
	size_t n = 0;

	for (const struct gap *g = x->env.gaps; g; g = g->next)
		n += !strcmp(g->field, field);
	return n;
}

static inline void check_list(const struct fact_cpus *f, const char *list)
{
	auto_free char *is = cpus_list_new(&f->v);

	assert_true(f->known);
	assert_non_null(is);
	assert_string_equal(is, list);
}

#endif
