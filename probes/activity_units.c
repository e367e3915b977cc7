/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/activity_units.h"

static uint64_t border_ns(const struct probe_env *env, const struct activity_units *u)
{
	return u->rep + 1 < env->n_reps ? u->start_ns + (u->rep + 1) * env->rep_duration_ns
					: UINT64_MAX;
}

void activity_units_start(const struct probe_env *env, const struct activity_sample *first,
			  struct activity_units *u)
{
	*u = (struct activity_units){ .text = first->interrupts,
				      .start_ns = first->at_ns,
				      .at_ns = first->at_ns };
	u->end_ns = u->text.at ? border_ns(env, u) : UINT64_MAX;
}

void activity_units_release(struct activity_units *u)
{
	free(u->owned);
	*u = (struct activity_units){ .end_ns = UINT64_MAX };
}

static int copy_line(const struct activity_irq *from, struct arena *a, struct fact_list *list)
{
	struct activity_irq *to = fact_add_item(list, a, sizeof(*to));

	if (!to || fact_set_str(&to->label, a, from->label.v) < 0 ||
	    fact_set_str(&to->actions, a, from->actions.known ? from->actions.v : NULL) < 0)
		return -ENOMEM;
	to->irq = from->irq;
	for (size_t i = 0; i < from->counts.n; i++) {
		if (fact_add_pair(&to->counts, a, from->counts.v[i].key, from->counts.v[i].value) <
		    0)
			return -ENOMEM;
	}
	return 0;
}

static int add_unit(const struct fact_list *moved, uint64_t rep, uint64_t window_ns,
		    struct arena *a, struct activity_facts *f)
{
	const struct activity_irq *line = moved->v;
	struct activity_unit *unit = fact_add_item(&f->units, a, sizeof(*unit));

	if (!unit)
		return -ENOMEM;
	fact_set_u64(&unit->rep, rep);
	fact_set_u64(&unit->window_ns, window_ns);
	unit->irqs.known = true;
	for (size_t i = 0; i < moved->n; i++) {
		if (line[i].irq.known && copy_line(&line[i], a, &unit->irqs) < 0)
			return -ENOMEM;
	}
	return 0;
}

int activity_unit_add(struct text before, struct text after, uint64_t rep, uint64_t window_ns,
		      struct arena *a, size_t *n_lines, struct activity_facts *f)
{
	/* What comparing takes is as much as both texts; it goes at once. */
	auto_arena struct arena scratch = { 0 };
	const struct activity_irq *line;
	struct fact_list moved;
	size_t n = 0;
	int r = activity_delta_lines(before, after, &scratch, &moved);

	if (r < 0)
		return r;
	line = moved.v;
	for (size_t i = 0; i < moved.n; i++)
		n += line[i].irq.known;
	if (n > ACTIVITY_UNIT_LINES_MAX - *n_lines)
		return -ENOSPC;
	*n_lines += n;
	return add_unit(&moved, rep, window_ns, a, f);
}

static int end_with_gap(struct probe_env *env, struct activity_units *u, int error)
{
	activity_units_release(u);
	if (error == -ENOSPC)
		return probe_gap_words(env, "units", "/proc/interrupts",
				       "more than %d lines moved in all: later repetitions are "
				       "left out",
				       ACTIVITY_UNIT_LINES_MAX);
	return probe_gap(env, "units", "/proc/interrupts", error);
}

int activity_units_turn(struct probe_env *env, struct activity_units *u, struct activity_facts *f)
{
	const uint64_t now_ns = timebase_now(env->time);
	char *now = NULL;
	size_t len;
	int r = sysroot_read(env->root, &now, &len, "/proc/interrupts");

	if (r == 0)
		r = activity_unit_add(u->text, text_make(now, len), u->rep, now_ns - u->at_ns,
				      env->arena, &u->n_lines, f);
	if (r < 0) {
		free(now);
		return r == -ENOMEM ? r : end_with_gap(env, u, r);
	}
	free(u->owned);
	u->owned = now;
	u->text = text_make(now, len);
	u->at_ns = now_ns;
	/* One that was slept through has no number. */
	u->rep = u64_min((now_ns - u->start_ns) / env->rep_duration_ns, env->n_reps - 1);
	u->end_ns = border_ns(env, u);
	return 0;
}

int activity_units_finish(struct probe_env *env, struct activity_units *u,
			  const struct activity_sample *last, struct activity_facts *f)
{
	int r;

	if (!u->text.at || !last->interrupts.at)
		return 0; /* the gap is there already */
	r = activity_unit_add(u->text, last->interrupts, u->rep, last->at_ns - u->at_ns, env->arena,
			      &u->n_lines, f);
	return r < 0 && r != -ENOMEM ? end_with_gap(env, u, r) : r;
}
