/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/trace/live_merge.h"

int live_merge_init(struct live_merge *m, size_t max)
{
	*m = (struct live_merge){ .v = calloc(max ? max : 1, sizeof(*m->v)), .max = max };
	return m->v ? 0 : -ENOMEM;
}

void live_merge_release(struct live_merge *m)
{
	free(m->v);
	*m = (struct live_merge){ 0 };
}

static bool is_before(const struct live_turn *a, const struct live_turn *b)
{
	return a->t_ns < b->t_ns || (a->t_ns == b->t_ns && a->index < b->index);
}

static void sink(struct live_merge *m, struct live_turn turn)
{
	size_t at = 0;

	for (;;) {
		size_t child = 2 * at + 1;

		if (child + 1 < m->n && is_before(&m->v[child + 1], &m->v[child]))
			child++;
		if (child >= m->n || is_before(&turn, &m->v[child]))
			break;
		m->v[at] = m->v[child];
		at = child;
	}
	m->v[at] = turn;
}

void live_merge_add(struct live_merge *m, size_t index, uint64_t t_ns)
{
	const struct live_turn turn = { t_ns, index };
	size_t at = m->n;

	if (m->n == m->max)
		return;
	m->n++;
	while (at && is_before(&turn, &m->v[(at - 1) / 2])) {
		m->v[at] = m->v[(at - 1) / 2];
		at = (at - 1) / 2;
	}
	m->v[at] = turn;
}

const struct live_turn *live_merge_first(const struct live_merge *m)
{
	return m->n ? &m->v[0] : NULL;
}

void live_merge_renew_first(struct live_merge *m, uint64_t t_ns)
{
	if (m->n)
		sink(m, (struct live_turn){ t_ns, m->v[0].index });
}

void live_merge_drop_first(struct live_merge *m)
{
	if (!m->n)
		return;
	m->n--;
	if (m->n)
		sink(m, m->v[m->n]);
}
