/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/trace/recording_merge.h"

#include <trace-cmd.h>

static bool is_before(const struct record_head *a, const struct record_head *b)
{
	return a->record->ts != b->record->ts ? a->record->ts < b->record->ts : a->cpu < b->cpu;
}

static void swap(struct record_merge *m, size_t a, size_t b)
{
	const struct record_head kept = m->heads[a];

	m->heads[a] = m->heads[b];
	m->heads[b] = kept;
}

static void sift_up(struct record_merge *m, size_t at)
{
	while (at && is_before(&m->heads[at], &m->heads[(at - 1) / 2])) {
		swap(m, at, (at - 1) / 2);
		at = (at - 1) / 2;
	}
}

static void sift_down(struct record_merge *m, size_t at)
{
	for (size_t child = 2 * at + 1; child < m->n; child = 2 * at + 1) {
		if (child + 1 < m->n && is_before(&m->heads[child + 1], &m->heads[child]))
			child++;
		if (!is_before(&m->heads[child], &m->heads[at]))
			return;
		swap(m, at, child);
		at = child;
	}
}

int record_merge_start(struct record_merge *m, struct tracecmd_input *in, int n_cpus)
{
	record_merge_release(m);
	m->in = in;
	m->heads = calloc((size_t)n_cpus + 1, sizeof(*m->heads));
	if (!m->heads)
		return -ENOMEM;
	for (int cpu = 0; cpu < n_cpus; cpu++) {
		struct tep_record *first = tracecmd_read_cpu_first(in, cpu);

		if (!first)
			continue;
		m->heads[m->n++] = (struct record_head){ first, cpu };
		sift_up(m, m->n - 1);
	}
	return 0;
}

void record_merge_release(struct record_merge *m)
{
	if (m->given)
		tracecmd_free_record(m->given);
	for (size_t i = 0; i < m->n; i++)
		tracecmd_free_record(m->heads[i].record);
	free(m->heads);
	*m = (struct record_merge){ 0 };
}

struct tep_record *record_merge_next(struct record_merge *m)
{
	struct tep_record *next;

	if (m->given)
		tracecmd_free_record(m->given);
	m->given = m->n ? m->heads[0].record : NULL;
	if (!m->given)
		return NULL;
	next = tracecmd_read_data(m->in, m->heads[0].cpu);
	if (next)
		m->heads[0].record = next;
	else
		m->heads[0] = m->heads[--m->n];
	sift_down(m, 0);
	return m->given;
}
