/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/gap_blame.h"

#include <string.h>

#include "probes/gap_loop.h"
#include "probes/gap_together.h"
#include "probes/trace/durations.h"
#include "probes/trace/rows.h"

#define CULPRITS_MAX 256u
#define PARTS_MAX    32u
#define RECORDS_MAX  4096u /* that wait for the calibration */
#define ENOUGH       256u  /* gaps with something named: it is calibrated */
/*
 * Of entry and exit on any processor with all mitigations. What is longer each time is no way in
 * and out: something takes it systematically, such as a hypervisor at each interrupt.
 */
#define OVERHEAD_MAX_NS (3 * NS_PER_US)
/* A median is exceeded by half of what it is the median of. */
#define MEDIANS 2u

enum {
	CULPRIT_OVERHEAD,
	CULPRIT_SHORT,
	CULPRIT_HIDDEN,
	CULPRIT_DENIED,
	CULPRIT_MORE,
	N_FIXED_CULPRITS
};

struct culprit {
	const char *class, *name;
	const char *rows[ROWS_MAX];
	struct durations took;
};

struct part {
	uint16_t id;
	uint64_t ns;
};

struct judged {
	unsigned cpu;
	uint16_t id;
	uint64_t from_ns, ns, named_ns;
};

struct gap_blame {
	uint64_t threshold_ns, overhead_ns;
	bool is_calibrated;
	struct culprit *culprits; /* CULPRITS_MAX */
	size_t n_culprits;
	struct part parts[PARTS_MAX]; /* of the gap that is being joined */
	size_t n_parts;
	struct gap_blamed *records; /* RECORDS_MAX */
	size_t n_records, n_samples;
	uint64_t samples[ENOUGH]; /* what is left of a gap, per stretch */
	struct gap_unit_sums *units;
	size_t n_units;
	struct judged top[GAP_TOP_MAX]; /* longest first */
	size_t n_top;
	struct gap_together *together;
	struct gap_join_sums sums;
};

static void set_culprit(struct culprit *c, enum culprit_class class, const char *name,
			const char *const *rows)
{
	c->class = culprit_class_names[class];
	c->name = name;
	for (size_t i = 0; rows && i < ROWS_MAX && rows[i]; i++)
		c->rows[i] = rows[i];
}

static void add_fixed(struct gap_blame *b, bool is_virtual)
{
	const struct name_key smi = { CULPRIT_RESIDUE, UINT64_MAX, "SMI", NULL, 0 };
	const struct name_key steal = { CULPRIT_STEAL, UINT64_MAX, NULL, NULL, 0 };
	const char *rows[ROWS_MAX] = { NULL };
	struct culprit *c = b->culprits;

	rows_find(is_virtual ? &steal : &smi, rows);
	set_culprit(&c[CULPRIT_OVERHEAD], CULPRIT_RESIDUE, "kernel entry and exit", NULL);
	set_culprit(&c[CULPRIT_SHORT], CULPRIT_RESIDUE, "too short to tell", NULL);
	set_culprit(&c[CULPRIT_HIDDEN], is_virtual ? CULPRIT_STEAL : CULPRIT_RESIDUE,
		    is_virtual ? "the hypervisor below" : "firmware or hardware", rows);
	set_culprit(&c[CULPRIT_DENIED], CULPRIT_THROTTLE, "throttled or stopped", NULL);
	set_culprit(&c[CULPRIT_MORE], CULPRIT_TASK, "other", NULL);
	b->n_culprits = N_FIXED_CULPRITS;
}

struct gap_blame *gap_blame_new(uint64_t threshold_ns, bool is_virtual)
{
	struct gap_blame *b = calloc(1, sizeof(*b));

	if (!b)
		return NULL;
	b->threshold_ns = threshold_ns;
	b->culprits = calloc(CULPRITS_MAX, sizeof(*b->culprits));
	b->records = calloc(RECORDS_MAX, sizeof(*b->records));
	b->together = gap_together_new();
	if (!b->culprits || !b->records || !b->together) {
		gap_blame_free(b);
		return NULL;
	}
	add_fixed(b, is_virtual);
	return b;
}

void gap_blame_free(struct gap_blame *b)
{
	if (!b)
		return;
	free(b->culprits);
	free(b->records);
	free(b->units);
	gap_together_free(b->together);
	free(b);
}

int gap_blame_add_unit(struct gap_blame *b, size_t unit)
{
	struct gap_unit_sums *bigger;

	if (unit < b->n_units)
		return 0;
	bigger = reallocarray(b->units, unit + 1, sizeof(*bigger));
	if (!bigger)
		return -ENOMEM;
	memset(bigger + b->n_units, 0, (unit + 1 - b->n_units) * sizeof(*bigger));
	b->units = bigger;
	b->n_units = unit + 1;
	return 0;
}

struct gap_unit_sums gap_blame_unit(const struct gap_blame *b, size_t unit)
{
	return unit < b->n_units ? b->units[unit] : (struct gap_unit_sums){ 0 };
}

void gap_blame_unjoined(struct gap_blame *b, size_t unit)
{
	if (unit < b->n_units)
		b->units[unit].n_unjoined++;
}

static uint16_t find_culprit(struct gap_blame *b, const struct trace_stretch *s)
{
	const char *class = culprit_class_names[s->class];

	/* The loop never sleeps: it was not allowed to run. */
	if (s->pid == 0)
		return CULPRIT_DENIED;
	for (size_t i = N_FIXED_CULPRITS; i < b->n_culprits; i++) {
		const struct culprit *c = &b->culprits[i];

		if (c->name == s->name && c->class == class)
			return (uint16_t)i;
	}
	if (b->n_culprits == CULPRITS_MAX)
		return CULPRIT_MORE;
	set_culprit(&b->culprits[b->n_culprits], s->class, s->name, s->rows);
	return (uint16_t)b->n_culprits++;
}

void gap_blame_begin(struct gap_blame *b)
{
	b->n_parts = 0;
}

static void add_part(struct gap_blame *b, uint16_t id, uint64_t ns)
{
	size_t i = 0;

	while (i < b->n_parts && b->parts[i].id != id)
		i++;
	if (i == PARTS_MAX) {
		i = PARTS_MAX - 1;
		b->parts[i].id = CULPRIT_MORE;
	} else if (i == b->n_parts) {
		b->parts[b->n_parts++] = (struct part){ id, 0 };
	}
	b->parts[i].ns += ns;
}

void gap_blame_add(struct gap_blame *b, struct gap_blamed *gap, const struct trace_stretch *s)
{
	const uint64_t ns = s->to_ns - s->from_ns;

	add_part(b, find_culprit(b, s), ns);
	gap->named_ns += ns;
	gap->n_stretches++;
}

static void keep_longest(struct gap_blame *b, const struct judged *gap)
{
	size_t i = b->n_top;

	if (i < GAP_TOP_MAX)
		b->n_top++;
	else if (b->top[--i].ns >= gap->ns)
		return;
	for (; i > 0 && b->top[i - 1].ns < gap->ns; i--)
		b->top[i] = b->top[i - 1];
	b->top[i] = *gap;
}

/* What is left of it, of which so much is entry and exit. */
static uint64_t overhead_of(const struct gap_blame *b, const struct gap_blamed *gap,
			    uint64_t left_ns)
{
	uint64_t may_ns;

	if (!gap->n_stretches)
		return 0;
	if (__builtin_mul_overflow(gap->n_stretches, MEDIANS * b->overhead_ns, &may_ns) ||
	    left_ns <= may_ns)
		return left_ns;
	return may_ns;
}

static void judge(struct gap_blame *b, const struct gap_blamed *gap)
{
	const uint64_t named_ns = u64_min(gap->ns, gap->named_ns);
	const uint64_t left_ns = gap->ns - named_ns;
	const uint64_t overhead_ns = overhead_of(b, gap, left_ns);
	const uint64_t hidden_ns = left_ns - overhead_ns;
	const bool is_explained = named_ns + overhead_ns >= hidden_ns;
	const struct judged judged = { gap->cpu, is_explained ? gap->top : CULPRIT_HIDDEN,
				       gap->from_ns, gap->ns, named_ns };
	/* That little nobody looked for, and an error of the calibration is as large. */
	const bool is_short = gap->n_stretches && hidden_ns < b->threshold_ns;

	if (overhead_ns)
		durations_add(&b->culprits[CULPRIT_OVERHEAD].took, overhead_ns);
	if (hidden_ns)
		durations_add(&b->culprits[is_short ? CULPRIT_SHORT : CULPRIT_HIDDEN].took,
			      hidden_ns);
	if (!is_explained)
		gap_together_add(b->together, gap->cpu, gap->from_ns, gap->ns);
	b->units[gap->unit].n_explained += is_explained;
	b->units[gap->unit].explained_ns += named_ns;
	b->units[gap->unit].entry_exit_ns += overhead_ns;
	b->sums.n_gaps++;
	b->sums.gap_ns += gap->ns;
	b->sums.n_empty += !gap->n_stretches;
	b->sums.n_explained += is_explained;
	b->sums.explained_ns += named_ns;
	b->sums.entry_exit_ns += overhead_ns;
	keep_longest(b, &judged);
}

static int compare_u64(const void *pa, const void *pb)
{
	const uint64_t *a = pa, *b = pb;

	return (*a > *b) - (*a < *b);
}

static void calibrate(struct gap_blame *b)
{
	b->is_calibrated = true;
	qsort(b->samples, b->n_samples, sizeof(b->samples[0]), compare_u64);
	if (b->n_samples)
		b->overhead_ns = u64_min(b->samples[(b->n_samples - 1) / 2], OVERHEAD_MAX_NS);
	for (size_t i = 0; i < b->n_records; i++)
		judge(b, &b->records[i]);
	b->n_records = 0;
}

/* Of what it was; sums by culprit do not need the calibration. */
static void add_parts(struct gap_blame *b, struct gap_blamed *gap)
{
	uint64_t most_ns = 0;

	gap->top = CULPRIT_HIDDEN;
	for (size_t i = 0; i < b->n_parts; i++) {
		const struct part *p = &b->parts[i];

		durations_add(&b->culprits[p->id].took, p->ns);
		if (p->ns > most_ns)
			gap->top = p->id;
		most_ns = u64_max(most_ns, p->ns);
	}
}

void gap_blame_end(struct gap_blame *b, struct gap_blamed *gap)
{
	if (gap->unit >= b->n_units)
		return;
	add_parts(b, gap);
	if (b->is_calibrated) {
		judge(b, gap);
		return;
	}
	if (gap->n_stretches && gap->ns >= gap->named_ns)
		b->samples[b->n_samples++] = (gap->ns - gap->named_ns) / gap->n_stretches;
	b->records[b->n_records++] = *gap;
	if (b->n_samples == ENOUGH || b->n_records == RECORDS_MAX)
		calibrate(b);
}

void gap_blame_finish(struct gap_blame *b)
{
	if (!b->is_calibrated)
		calibrate(b);
}

struct gap_join_sums gap_blame_sums(const struct gap_blame *b)
{
	struct gap_join_sums sums = b->sums;

	gap_together_count(b->together, &sums.n_together, &sums.together_ns);
	sums.n_not_together = gap_together_dropped(b->together);
	sums.overhead_ns = b->overhead_ns;
	return sums;
}

static int add_culprit(const struct culprit *c, struct hist *scratch, struct arena *a,
		       struct fact_list *list)
{
	struct trace_culprit *f = fact_add_item(list, a, sizeof(*f));

	if (!f || fact_set_str(&f->class, a, c->class) < 0 ||
	    fact_set_str(&f->name, a, c->name) < 0)
		return -ENOMEM;
	f->rows.known = true;
	for (size_t i = 0; i < ROWS_MAX && c->rows[i]; i++) {
		if (fact_add_str(&f->rows, a, c->rows[i]) < 0)
			return -ENOMEM;
	}
	hist_init(scratch);
	durations_to_hist(&c->took, scratch);
	fact_set_u64(&f->n, scratch->n);
	fact_set_u64(&f->total_ns, scratch->sum_ns);
	fact_set_u64(&f->max_ns, scratch->max_ns);
	if (hist_can_show(scratch, 990000))
		fact_set_u64(&f->p99_ns, hist_quantile_ns(scratch, 990000));
	return 0;
}

static int compare_culprits(const void *pa, const void *pb)
{
	const struct trace_culprit *a = pa, *b = pb;
	int order = (a->total_ns.v < b->total_ns.v) - (a->total_ns.v > b->total_ns.v);

	if (!order)
		order = strcmp(a->class.v, b->class.v);
	return order ? order : strcmp(a->name.v, b->name.v);
}

int gap_blame_culprits(const struct gap_blame *b, struct arena *a, struct fact_list *list)
{
	auto_free struct hist *scratch = malloc(sizeof(*scratch));
	int r = scratch ? 0 : -ENOMEM;

	*list = (struct fact_list){ .known = true };
	for (size_t i = 0; r == 0 && i < b->n_culprits; i++) {
		if (b->culprits[i].took.n)
			r = add_culprit(&b->culprits[i], scratch, a, list);
	}
	if (list->n)
		qsort(list->v, list->n, sizeof(struct trace_culprit), compare_culprits);
	return r;
}

int gap_blame_worst(const struct gap_blame *b, unsigned cpu, uint64_t from_ns, struct arena *a,
		    struct gap_worst *worst)
{
	for (size_t i = 0; i < b->n_top; i++) {
		const struct judged *g = &b->top[i];

		if (g->cpu != cpu || g->from_ns != from_ns)
			continue;
		fact_set_u64(&worst->explained_ns, g->named_ns);
		return fact_set_str(&worst->class, a, b->culprits[g->id].class) < 0 ||
				       fact_set_str(&worst->name, a, b->culprits[g->id].name) < 0
			       ? -ENOMEM
			       : 0;
	}
	return 0;
}
