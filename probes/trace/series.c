/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/trace/series.h"

#include <string.h>

int series_init(struct series *s, size_t n_max)
{
	*s = (struct series){ .n_max = n_max, .v = calloc(n_max, sizeof(*s->v)) };
	return s->v ? 0 : -ENOMEM;
}

void series_release(struct series *s)
{
	free(s->v);
	*s = (struct series){ 0 };
}

static void go_to(struct series *s, size_t step)
{
	s->last = step;
	s->last_from_ns = s->start_ns + step * s->step_ns;
	s->last_to_ns = s->last_from_ns + s->step_ns;
	if (s->n <= step)
		s->n = step + 1;
}

void series_start(struct series *s, uint64_t start_ns)
{
	memset(s->v, 0, s->n_max * sizeof(*s->v));
	s->start_ns = start_ns;
	s->step_ns = NS_PER_S;
	s->n = 0;
	go_to(s, 0);
}

static void halve(struct series *s)
{
	for (size_t i = 0; i < s->n_max / 2; i++) {
		for (size_t k = 0; k < N_VCPU_STATES; k++)
			s->v[i].ns[k] = s->v[2 * i].ns[k] + s->v[2 * i + 1].ns[k];
		for (size_t k = 0; k < N_LENGTHS; k++)
			s->v[i].n_of_length[k] =
				s->v[2 * i].n_of_length[k] + s->v[2 * i + 1].n_of_length[k];
	}
	memset(&s->v[s->n_max / 2], 0, s->n_max / 2 * sizeof(*s->v));
	s->step_ns *= 2;
	s->n = (s->n + 1) / 2;
}

static void seek(struct series *s, uint64_t at_ns)
{
	while ((at_ns - s->start_ns) / s->step_ns >= s->n_max)
		halve(s);
	go_to(s, (at_ns - s->start_ns) / s->step_ns);
}

void series_add(struct series *s, enum vcpu_state state, uint64_t from_ns, uint64_t to_ns)
{
	while (from_ns < to_ns) {
		uint64_t until;

		if (from_ns < s->last_from_ns || from_ns >= s->last_to_ns)
			seek(s, from_ns);
		until = u64_min(to_ns, s->last_to_ns);
		s->v[s->last].ns[state] += until - from_ns;
		from_ns = until;
	}
}

uint64_t series_length_us(size_t i)
{
	return i ? UINT64_C(1) << (i - 1) : 0;
}

void series_count(struct series *s, uint64_t from_ns, uint64_t ns)
{
	const size_t step = (from_ns - s->start_ns) / s->step_ns;
	size_t length = N_LENGTHS - 1;

	while (ns < series_length_us(length) * NS_PER_US)
		length--;
	if (step < s->n)
		s->v[step].n_of_length[length]++;
}

void series_move(struct series *s, enum vcpu_state from, enum vcpu_state to, uint64_t ns)
{
	for (size_t i = s->n; i > 0 && ns; i--) {
		const uint64_t part = u64_min(ns, s->v[i - 1].ns[from]);

		s->v[i - 1].ns[from] -= part;
		s->v[i - 1].ns[to] += part;
		ns -= part;
	}
}

uint64_t series_share(uint64_t ns, uint64_t seen, uint64_t all)
{
	/* Products of nanoseconds do not fit 64 bits; who asks places what rounding leaves. */
	return all ? u64_min(ns, (uint64_t)((double)ns * ((double)seen / (double)all))) : 0;
}

void series_spread(struct series *s, enum vcpu_state from, enum vcpu_state to, uint64_t ns)
{
	uint64_t all_ns = 0, seen_ns = 0, given_ns = 0;

	for (size_t i = 0; i < s->n; i++)
		all_ns += s->v[i].ns[from];
	for (size_t i = 0; i < s->n; i++) {
		uint64_t *left = &s->v[i].ns[from], part;

		seen_ns += *left;
		part = u64_min(series_share(ns, seen_ns, all_ns) - given_ns, *left);
		*left -= part;
		s->v[i].ns[to] += part;
		given_ns += part;
	}
	series_move(s, from, to, ns - given_ns);
}
