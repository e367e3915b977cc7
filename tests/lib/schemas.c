/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/schemas.h"

#include "facts/calibration.h"
#include "facts/comparison.h"
#include "facts/fleet.h"
#include "facts/record.h"
#include "facts/result.h"
#include "facts/trace.h"
#include "probes/probe.h"
#include "tests/lib/check.h"

static void with_items(const struct schema *s, schema_fn *fn, void *arg, unsigned depth)
{
	assert_true(depth < 8); /* a schema inside itself has no end */
	fn(s, arg);
	for (size_t i = 0; i < s->n_fields; i++) {
		if (s->fields[i].item)
			with_items(s->fields[i].item, fn, arg, depth + 1);
	}
}

void each_schema(schema_fn *fn, void *arg)
{
	static const struct schema *const members[] = {
		&tool_schema,        &run_schema,   &identity_schema, &guestref_schema,
		&cpuset_schema,      &trace_schema, &baseline_schema, &comparison_schema,
		&calibration_schema, &fleet_schema,
	};

	for (size_t i = 0; i < n_probes; i++)
		with_items(probe_table[i].schema, fn, arg, 0);
	for (size_t i = 0; i < ARRAY_SIZE(members); i++)
		with_items(members[i], fn, arg, 0);
}

static void fill_u64(const struct fact_field *f, void *fact, struct filler *with)
{
	(void)f;
	fact_set_u64(fact, INT64_MAX - with->n);
}

static void fill_i64(const struct fact_field *f, void *fact, struct filler *with)
{
	(void)f;
	fact_set_i64(fact, -(int64_t)with->n);
}

static void fill_bool(const struct fact_field *f, void *fact, struct filler *with)
{
	(void)f;
	(void)with;
	fact_set_bool(fact, true);
}

static const char *new_text(struct filler *with)
{
	return arena_printf(with->arena, "%llu \"<&>\\ ü", (unsigned long long)with->n);
}

static void fill_str(const struct fact_field *f, void *fact, struct filler *with)
{
	(void)f;
	assert_int_equal(fact_set_str(fact, with->arena, new_text(with)), 0);
}

static void fill_cpus(const struct fact_field *f, void *fact, struct filler *with)
{
	struct cpus set = { { 0 } };

	(void)f;
	cpus_add(&set, with->n % CPUS_MAX);
	cpus_add(&set, (with->n + 1) % CPUS_MAX);
	cpus_add(&set, CPUS_MAX - 1);
	fact_set_cpus(fact, &set);
}

static void fill_strs(const struct fact_field *f, void *fact, struct filler *with)
{
	(void)f;
	assert_int_equal(fact_add_str(fact, with->arena, ""), 0);
	assert_int_equal(fact_add_str(fact, with->arena, new_text(with)), 0);
}

static void fill_pairs(const struct fact_field *f, void *fact, struct filler *with)
{
	(void)f;
	assert_int_equal(fact_add_pair(fact, with->arena, with->n, 0), 0);
	assert_int_equal(fact_add_pair(fact, with->arena, INT64_MAX, with->n), 0);
}

static void fill_hist(const struct fact_field *f, void *fact, struct filler *with)
{
	struct hist *h = malloc(sizeof(*h));
	const struct hist_bins *bins;

	(void)f;
	assert_non_null(h);
	hist_init(h);
	hist_add(h, with->n);
	hist_add(h, with->n);
	hist_add(h, 1000000 + 1000 * with->n);
	hist_add(h, 1ull << 45);
	bins = hist_to_bins(h, with->arena);
	free(h);
	assert_non_null(bins);
	*(struct fact_hist *)fact = (struct fact_hist){ true, bins };
}

static void fill_list(const struct fact_field *f, void *fact, struct filler *with)
{
	for (int i = 0; i < 2; i++) {
		void *facts = fact_add_item(fact, with->arena, f->item->size);

		assert_non_null(facts);
		schema_fill(f->item, facts, with);
	}
}

static void fill_object(const struct fact_field *f, void *fact, struct filler *with)
{
	void *facts = fact_set_object(fact, with->arena, f->item->size);

	assert_non_null(facts);
	schema_fill(f->item, facts, with);
}

void schema_fill(const struct schema *s, void *facts, struct filler *with)
{
	static void (*const fillers[FACT_TYPES])(const struct fact_field *, void *,
						 struct filler *) = {
		[FACT_U64] = fill_u64,       [FACT_I64] = fill_i64,   [FACT_BOOL] = fill_bool,
		[FACT_STR] = fill_str,       [FACT_CPUS] = fill_cpus, [FACT_STRS] = fill_strs,
		[FACT_PAIRS] = fill_pairs,   [FACT_HIST] = fill_hist, [FACT_LIST] = fill_list,
		[FACT_OBJECT] = fill_object,
	};

	for (size_t i = 0; i < s->n_fields; i++) {
		const struct fact_field *f = &s->fields[i];

		with->n++;
		fillers[f->type](f, (char *)facts + f->at, with);
	}
}
