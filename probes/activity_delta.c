/* SPDX-License-Identifier: GPL-2.0-or-later */
/* activity_delta.c - what changed between two samples: pure; documented in activity_sample.h. */
#include <string.h>

#include "probes/activity_sample.h"
#include "probes/parse/cpu_times.h"
#include "probes/parse/interrupts.h"

struct old_line {
	struct text label;
	uint64_t *counts; /* by column of the old header; NULL: not per CPU */
};

struct old_lines {
	struct old_line *v;
	size_t n, hint; /* both files are in the same order: the next match is mostly here */
	unsigned *cpus;
	size_t n_cpus;
};

static bool same_text(struct text a, struct text b)
{
	return a.len == b.len && (a.len == 0 || !memcmp(a.at, b.at, a.len));
}

static int keep_line(struct old_lines *old, const struct interrupts_line *line, struct arena *a)
{
	struct old_line *kept = &old->v[old->n];

	*kept = (struct old_line){ line->label, NULL };
	if (line->counts) {
		kept->counts = arena_calloc(a, old->n_cpus, sizeof(*kept->counts));
		if (!kept->counts)
			return -ENOMEM;
		memcpy(kept->counts, line->counts, old->n_cpus * sizeof(*kept->counts));
	}
	old->n++;
	return 0;
}

static size_t count_lines(struct text t)
{
	struct text line;
	size_t n = 0;

	while (text_next_line(&t, &line))
		n++;
	return n;
}

static int read_old(struct text t, struct arena *a, struct old_lines *ret_old)
{
	auto_interrupts struct interrupts it = { 0 };
	struct interrupts_line line;
	struct old_lines old = { 0 };
	int r = interrupts_init(&it, t);

	if (r < 0)
		return r;
	old.n_cpus = it.n_cpus;
	old.v = arena_calloc(a, count_lines(t), sizeof(*old.v));
	old.cpus = arena_calloc(a, it.n_cpus, sizeof(*old.cpus));
	if (!old.v || !old.cpus)
		return -ENOMEM;
	memcpy(old.cpus, it.cpus, it.n_cpus * sizeof(*old.cpus));
	while (r == 0 && interrupts_next(&it, &line))
		r = keep_line(&old, &line, a);
	*ret_old = old;
	return r;
}

static const struct old_line *find_old(struct old_lines *old, const struct interrupts_line *line)
{
	for (size_t i = 0; i < old->n; i++) {
		size_t at = (old->hint + i) % old->n;

		if (same_text(old->v[at].label, line->label)) {
			old->hint = at + 1;
			return &old->v[at];
		}
	}
	return NULL;
}

static uint64_t old_count(const struct old_lines *old, const struct old_line *line, unsigned cpu)
{
	for (size_t i = 0; line && line->counts && i < old->n_cpus; i++) {
		if (old->cpus[i] == cpu)
			return line->counts[i];
	}
	return 0;
}

static bool has_gone_around(uint64_t was, uint64_t is)
{
	return was <= UINT32_MAX && was - is > UINT32_MAX / 2;
}

/* A line that was set up anew may have other handlers, or the same; its counts tell. */
static bool is_set_up_anew(const struct old_lines *old, const struct old_line *before,
			   const struct interrupts *it, const struct interrupts_line *line)
{
	for (size_t i = 0; i < it->n_cpus; i++) {
		uint64_t was = old_count(old, before, it->cpus[i]), is = line->counts[i];

		if (is < was && !has_gone_around(was, is))
			return true;
	}
	return false;
}

static int add_counts(struct activity_irq *out, struct old_lines *old, const struct interrupts *it,
		      const struct interrupts_line *line, struct arena *a)
{
	const struct old_line *before = find_old(old, line);
	const bool is_anew = is_set_up_anew(old, before, it, line);
	int r = 0;

	for (size_t i = 0; r == 0 && i < it->n_cpus; i++) {
		uint64_t was = is_anew ? 0 : old_count(old, before, it->cpus[i]);
		uint64_t is = line->counts[i];

		if (is != was)
			r = fact_add_pair(&out->counts, a, it->cpus[i],
					  is > was ? is - was : (uint32_t)(is - was));
	}
	return r;
}

static int add_line(struct fact_list *lines, struct old_lines *old, const struct interrupts *it,
		    const struct interrupts_line *line, struct arena *a)
{
	struct activity_irq delta = { 0 }, *item;
	int r = add_counts(&delta, old, it, line, a);

	if (r < 0 || delta.counts.n == 0)
		return r;
	r = fact_set_text(&delta.label, a, line->label);
	if (r == 0 && line->actions.len)
		r = fact_set_text(&delta.actions, a, line->actions);
	if (r < 0)
		return r;
	if (line->is_numbered)
		fact_set_u64(&delta.irq, line->irq);
	item = fact_add_item(lines, a, sizeof(*item));
	if (!item)
		return -ENOMEM;
	*item = delta;
	return 0;
}

int activity_delta_lines(struct text before, struct text after, struct arena *a,
			 struct fact_list *ret_lines)
{
	auto_interrupts struct interrupts it = { 0 };
	struct fact_list lines = { .known = true };
	struct interrupts_line line;
	struct old_lines old = { 0 };
	int r = read_old(before, a, &old);

	if (r == 0)
		r = interrupts_init(&it, after);
	while (r == 0 && interrupts_next(&it, &line)) {
		if (line.counts)
			r = add_line(&lines, &old, &it, &line, a);
	}
	if (r == 0)
		*ret_lines = lines;
	return r;
}

struct per_cpu { /* of the earlier text, indexed by CPU */
	bool known;
	uint64_t busy, steal;
};

static int add_grown(struct fact_pairs *f, struct arena *a, unsigned cpu, uint64_t before,
		     uint64_t after, uint64_t tick_ns)
{
	return after > before ? fact_add_pair(f, a, cpu, (after - before) * tick_ns) : 0;
}

int activity_delta_stat(struct text before, struct text after, uint64_t ticks_per_s,
			struct arena *a, struct activity_facts *f)
{
	auto_free struct per_cpu *old = calloc(CPUS_MAX, sizeof(*old));
	const uint64_t tick_ns = NS_PER_S / (ticks_per_s ? ticks_per_s : 100);
	struct cpu_times t;
	int r = 0;

	if (!old)
		return -ENOMEM;
	while (cpu_times_next(&before, &t))
		old[t.cpu] = (struct per_cpu){ true, t.busy, t.steal };
	/* Zeros are left out: a CPU without steal is not in the list, the list itself is known. */
	f->steal_ns.known = true;
	f->busy_ns.known = true;
	while (r == 0 && cpu_times_next(&after, &t)) {
		if (!old[t.cpu].known)
			continue;
		r = add_grown(&f->steal_ns, a, t.cpu, old[t.cpu].steal, t.steal, tick_ns);
		if (r == 0)
			r = add_grown(&f->busy_ns, a, t.cpu, old[t.cpu].busy, t.busy, tick_ns);
	}
	return r;
}
