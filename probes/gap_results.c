/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/gap_results.h"

#include <inttypes.h>

#include "facts/gap.h"
#include "probes/cpu_steal.h"
#include "probes/tsc_rate.h"

static void keep_longest(struct gap_results *g, unsigned cpu, const struct gap_span *span)
{
	size_t i = g->n_longest;

	if (i < GAP_TOP_MAX)
		g->n_longest++;
	else if (g->longest[--i].span.ticks >= span->ticks)
		return;
	for (; i > 0 && g->longest[i - 1].span.ticks < span->ticks; i--)
		g->longest[i] = g->longest[i - 1];
	g->longest[i] = (struct gap_longest){ cpu, *span };
}

static int add_unit(struct gap_results *g, uint64_t rep, const struct gap_member *m)
{
	const struct gap_series *s = &m->lane->series;
	struct gap_unit *u = fact_add_item(&g->facts->units, g->env->arena, sizeof(*u));

	if (!u)
		return -ENOMEM;
	fact_set_u64(&u->rep, rep);
	fact_set_u64(&u->cpu, m->cpu);
	/* Every thread has its place, so that units and what is joined have the same numbers. */
	if (!m->is_done)
		return probe_gap_words(g->env, "units", "",
				       "CPU %u: the thread did not come back from repetition "
				       "%" PRIu64,
				       m->cpu, rep);
	fact_set_u64(&u->window_ns, tsc_ticks_to_ns(s->end_tsc - s->start_tsc, g->time.hz));
	fact_set_u64(&u->loop_ps, gap_loop_ps(s, g->time.hz));
	cpu_steal_between(&g->steal_before, &g->steal_after, m->cpu, &u->steal_ns);
	u->hist.v = hist_to_bins(&s->hist, g->env->arena);
	u->hist.known = true;
	for (size_t i = 0; i < s->n_top; i++)
		keep_longest(g, m->cpu, &s->top[i]);
	/* Of those that it can be known of; the join adds its own. */
	fact_set_u64(&u->n_unjoined, s->n_not_taken);
	return u->hist.v ? 0 : -ENOMEM;
}

int gap_results_add_units(struct gap_results *g, const struct gap_crew *crew, uint64_t rep)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < crew->n; i++) {
		const struct gap_member m = gap_crew_member(crew, i);

		r = add_unit(g, rep, &m);
	}
	return r;
}

static int set_joined(struct gap_results *g, const struct gap_join *j)
{
	const struct gap_join_sums sums = gap_join_sums(j);
	struct gap_unit *units = g->facts->units.v;
	struct gap_facts *f = g->facts;

	for (size_t i = 0; i < f->units.n; i++) {
		const struct gap_unit_sums s = gap_join_unit(j, i);

		if (!units[i].hist.known)
			continue;
		fact_set_u64(&units[i].n_explained, s.n_explained);
		fact_set_u64(&units[i].explained_ns, s.explained_ns);
		fact_set_u64(&units[i].entry_exit_ns, s.entry_exit_ns);
		fact_set_u64(&units[i].n_unjoined, units[i].n_unjoined.v + s.n_unjoined);
	}
	fact_set_u64(&f->overhead_ns, sums.overhead_ns);
	fact_set_u64(&f->n_orphans, sums.n_orphans);
	fact_set_u64(&f->lost_events, sums.n_lost);
	if (cpus_count(&f->cpus.v) > 1) {
		fact_set_u64(&f->n_together, sums.n_together);
		fact_set_u64(&f->together_ns, sums.together_ns);
	}
	if (sums.n_not_together &&
	    probe_gap_words(g->env, "n_together", "",
			    "%" PRIu64 " unexplained gaps more were not compared between CPUs",
			    sums.n_not_together) < 0)
		return -ENOMEM;
	return gap_join_culprits(j, g->env->arena, &f->culprits);
}

static int set_worst(struct gap_results *g, const struct gap_join *j)
{
	struct arena *a = g->env->arena;
	int r = 0;

	g->facts->worst.known = true;
	for (size_t i = 0; r == 0 && i < g->n_longest; i++) {
		const struct gap_longest *w = &g->longest[i];
		const uint64_t at_ns = gap_time_ns(&g->time, w->span.tsc);
		struct gap_worst *f = fact_add_item(&g->facts->worst, a, sizeof(*f));

		if (!f)
			return -ENOMEM;
		fact_set_u64(&f->at_unix_ns, g->time.unix_ns + at_ns);
		fact_set_u64(&f->duration_ns, tsc_ticks_to_ns(w->span.ticks, g->time.hz));
		fact_set_u64(&f->cpu, w->cpu);
		if (j)
			r = gap_join_worst(j, w->cpu, at_ns, a, f);
	}
	return r;
}

int gap_results_finish(struct gap_results *g, const struct gap_join *join)
{
	struct gap_unit *units = g->facts->units.v;
	int r = join ? set_joined(g, join) : 0;

	/* Nothing to be joined with. */
	for (size_t i = 0; !join && i < g->facts->units.n; i++)
		units[i].n_unjoined.known = false;
	return r < 0 ? r : set_worst(g, join);
}
