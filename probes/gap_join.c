/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/gap_join.h"

#include <string.h>

#include "probes/gap_blame.h"
#include "probes/gap_past.h"
#include "probes/trace/machine.h"

#define ITEMS_MAX  (1u << 12) /* a power of two; gaps of a CPU that wait for their events */
#define ITEMS_KEPT 16u        /* of them for beginnings and ends */

enum item_kind { ITEM_BEGIN, ITEM_GAP, ITEM_END };

struct item { /* of the measuring threads, until all events up to to_ns are here */
	enum item_kind kind;
	uint64_t from_ns, to_ns;
	size_t unit;
};

struct track { /* a measured CPU */
	unsigned cpu;
	int tid;
	size_t unit;       /* of what is put in now */
	uint64_t fed_ns;   /* the machine knows of this moment */
	bool is_open;      /* a window is going on, of what is taken out */
	uint64_t clear_ns; /* up to here orphans were looked for */
	uint64_t n_in, n_out;
	unsigned n_events; /* since its past was pulled */
	struct gap_past past;
	struct item items[ITEMS_MAX];
};

struct gap_join {
	uint64_t threshold_ns;
	struct trace_machine *machine;
	struct gap_blame *blame;
	struct track *tracks[CPUS_MAX];
	uint64_t n_orphans, n_lost;
};

struct gap_join *gap_join_new(const struct gap_join_setup *setup)
{
	struct trace_setup machine = { .start_ns = 1, .end_ns = UINT64_MAX, .rung = "tracefs" };
	struct gap_join *j = calloc(1, sizeof(*j));

	if (!j)
		return NULL;
	memcpy(machine.has, setup->has, sizeof(machine.has));
	j->threshold_ns = setup->threshold_ns;
	j->machine = trace_machine_new(&machine);
	j->blame = gap_blame_new(setup->threshold_ns, setup->is_virtual);
	if (!j->machine || !j->blame) {
		gap_join_free(j);
		return NULL;
	}
	return j;
}

void gap_join_free(struct gap_join *j)
{
	if (!j)
		return;
	for (size_t i = 0; i < CPUS_MAX; i++)
		free(j->tracks[i]);
	gap_blame_free(j->blame);
	trace_machine_free(j->machine);
	free(j);
}

int gap_join_add_cpu(struct gap_join *j, unsigned cpu, int tid)
{
	struct track *t;

	if (cpu >= CPUS_MAX || tid <= 0 || j->tracks[cpu])
		return -EINVAL;
	t = calloc(1, sizeof(*t));
	if (!t)
		return -ENOMEM;
	t->cpu = cpu;
	t->tid = tid;
	j->tracks[cpu] = t;
	return 0;
}

static struct track *find_track(const struct gap_join *j, unsigned cpu)
{
	return cpu < CPUS_MAX ? j->tracks[cpu] : NULL;
}

static bool put(struct track *t, enum item_kind kind, uint64_t from_ns, uint64_t to_ns)
{
	if (t->n_in - t->n_out >= (kind == ITEM_GAP ? ITEMS_MAX - ITEMS_KEPT : ITEMS_MAX))
		return false;
	t->items[t->n_in++ % ITEMS_MAX] = (struct item){ kind, from_ns, to_ns, t->unit };
	return true;
}

int gap_join_begin(struct gap_join *j, unsigned cpu, size_t unit, uint64_t t_ns)
{
	struct track *t = find_track(j, cpu);
	int r = t ? gap_blame_add_unit(j->blame, unit) : -EINVAL;

	if (r < 0)
		return r;
	t->unit = unit;
	return put(t, ITEM_BEGIN, t_ns, t_ns) ? 0 : -ENOSPC;
}

void gap_join_gap(struct gap_join *j, unsigned cpu, uint64_t from_ns, uint64_t to_ns)
{
	struct track *t = find_track(j, cpu);

	if (t && to_ns > from_ns && !put(t, ITEM_GAP, from_ns, to_ns))
		gap_blame_unjoined(j->blame, t->unit);
}

void gap_join_end(struct gap_join *j, unsigned cpu, uint64_t t_ns)
{
	struct track *t = find_track(j, cpu);

	if (t)
		(void)put(t, ITEM_END, t_ns, t_ns);
}

static void pull(struct gap_join *j, struct track *t)
{
	gap_past_pull(&t->past, j->machine, t->cpu, t->fed_ns);
	t->n_events = 0;
}

static void feed(struct gap_join *j, struct track *t, const struct trace_event *e)
{
	trace_machine_event(j->machine, e);
	t->fed_ns = u64_max(t->fed_ns, e->t_ns);
	if (++t->n_events == GAP_PAST_EVENTS)
		pull(j, t);
}

/* The thread has just read the clock, so it has the CPU, and nothing interrupts it. */
static void feed_own(struct gap_join *j, struct track *t, uint64_t t_ns)
{
	const struct trace_event e = {
		.t_ns = t_ns, .kind = TRACE_OTHER, .cpu = (int)t->cpu, .pid = t->tid
	};

	if (t_ns >= t->fed_ns)
		feed(j, t, &e);
	pull(j, t);
}

/* Interruptions, each one or more stretches without a pause, between two moments. */
static void look_for_orphans(struct gap_join *j, struct track *t, uint64_t to_ns)
{
	const uint64_t from_ns = t->clear_ns;
	struct trace_stretch s;
	uint64_t place = 0, run_from = 0, run_to = 0;

	if (to_ns <= from_ns)
		return;
	t->clear_ns = to_ns;
	for (;;) {
		const bool is_more = gap_past_stretch(&t->past, from_ns, to_ns, &place, &s);
		const bool is_own = is_more && s.pid == t->tid;

		if (is_more && s.is_known && !is_own && s.to_ns == run_from) {
			run_from = s.from_ns;
			continue;
		}
		/* Cut off where a gap begins or ends: it is in that gap. */
		if (run_to - run_from >= j->threshold_ns && run_to > run_from && run_to < to_ns &&
		    run_from > from_ns)
			j->n_orphans++;
		if (!is_more)
			return;
		run_from = run_to = 0;
		if (s.is_known && !is_own) {
			run_from = s.from_ns;
			run_to = s.to_ns;
		}
	}
}

/* Can the moments of which nothing is known make a difference? */
static bool is_undecided(const struct gap_blamed *gap, uint64_t known_ns)
{
	const uint64_t unknown_ns = gap->ns - u64_min(gap->ns, known_ns);
	const uint64_t half_ns = gap->ns - gap->ns / 2;

	return unknown_ns && gap->named_ns < half_ns && gap->named_ns + unknown_ns >= half_ns;
}

static void join_gap(struct gap_join *j, struct track *t, const struct item *g)
{
	struct gap_blamed gap = {
		.cpu = t->cpu, .unit = g->unit, .from_ns = g->from_ns, .ns = g->to_ns - g->from_ns
	};
	uint64_t place = 0, known_ns = 0;
	struct trace_stretch s;

	gap_blame_begin(j->blame);
	while (gap_past_stretch(&t->past, g->from_ns, g->to_ns, &place, &s)) {
		if (!s.is_known)
			continue;
		known_ns += s.to_ns - s.from_ns;
		if (s.pid != t->tid)
			gap_blame_add(j->blame, &gap, &s);
	}
	if (is_undecided(&gap, known_ns))
		gap_blame_unjoined(j->blame, g->unit);
	else
		gap_blame_end(j->blame, &gap);
}

static void settle_item(struct gap_join *j, struct track *t, const struct item *i)
{
	switch (i->kind) {
	case ITEM_BEGIN:
		feed_own(j, t, i->to_ns);
		t->clear_ns = i->to_ns;
		t->is_open = true;
		break;
	case ITEM_GAP:
		feed_own(j, t, i->to_ns);
		look_for_orphans(j, t, i->from_ns);
		t->clear_ns = i->to_ns;
		join_gap(j, t, i);
		break;
	case ITEM_END:
		feed_own(j, t, i->to_ns);
		look_for_orphans(j, t, i->to_ns);
		t->is_open = false;
		break;
	}
}

static const struct item *next_item(const struct track *t)
{
	return t->n_in == t->n_out ? NULL : &t->items[t->n_out % ITEMS_MAX];
}

static void settle_items(struct gap_join *j, struct track *t, uint64_t t_ns)
{
	const struct item *i;

	while ((i = next_item(t)) && i->to_ns <= t_ns) {
		settle_item(j, t, i);
		t->n_out++;
	}
}

/* Of the time between the last event and this moment nothing is known, nor of gaps in it. */
static void lose(struct gap_join *j, struct track *t, const struct trace_event *e)
{
	const struct item *i;

	settle_items(j, t, t->fed_ns);
	while ((i = next_item(t)) && i->to_ns <= e->t_ns) {
		if (i->kind == ITEM_GAP)
			gap_blame_unjoined(j->blame, i->unit);
		else
			t->is_open = i->kind == ITEM_BEGIN;
		t->n_out++;
	}
	t->clear_ns = u64_max(t->clear_ns, e->t_ns);
}

void gap_join_event(struct gap_join *j, const struct trace_event *e)
{
	struct track *t = e->cpu < 0 ? NULL : find_track(j, (unsigned)e->cpu);

	if (!t)
		return;
	if (e->kind == TRACE_LOST) {
		j->n_lost += e->lost.n == UINT64_MAX || !e->lost.n ? 1 : e->lost.n;
		lose(j, t, e);
	} else {
		settle_items(j, t, e->t_ns);
	}
	feed(j, t, e);
}

void gap_join_settle(struct gap_join *j, unsigned cpu, uint64_t t_ns)
{
	struct track *t = find_track(j, cpu);
	const struct item *i;

	if (!t)
		return;
	settle_items(j, t, t_ns);
	i = next_item(t);
	pull(j, t);
	if (t->is_open)
		look_for_orphans(j, t, i ? u64_min(t_ns, i->from_ns) : t_ns);
}

void gap_join_finish(struct gap_join *j)
{
	for (unsigned i = 0; i < CPUS_MAX; i++) {
		if (j->tracks[i])
			settle_items(j, j->tracks[i], UINT64_MAX);
	}
	gap_blame_finish(j->blame);
}

struct gap_unit_sums gap_join_unit(const struct gap_join *j, size_t unit)
{
	return gap_blame_unit(j->blame, unit);
}

struct gap_join_sums gap_join_sums(const struct gap_join *j)
{
	struct gap_join_sums sums = gap_blame_sums(j->blame);

	sums.n_orphans = j->n_orphans;
	sums.n_lost = j->n_lost;
	return sums;
}

int gap_join_culprits(const struct gap_join *j, struct arena *a, struct fact_list *list)
{
	return gap_blame_culprits(j->blame, a, list);
}

int gap_join_worst(const struct gap_join *j, unsigned cpu, uint64_t from_ns, struct arena *a,
		   struct gap_worst *worst)
{
	return gap_blame_worst(j->blame, cpu, from_ns, a, worst);
}
