/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/gap_loop.h"

#include <string.h>

#define P999_TURNS (UINT32_C(1) << 17)
#define P999_TRIES 8u
#define P999_CELLS 2048u /* ticks; longer turns are gaps by any measure */

__extension__ typedef unsigned __int128 u128;

typedef uint64_t read_fn(void *self);

static inline uint64_t read_tsc(void *self)
{
	(void)self;
#if defined(__x86_64__)
	return __builtin_ia32_rdtsc();
#else
	return 0;
#endif
}

uint64_t gap_ns_q32(uint64_t hz)
{
	return ((NS_PER_S << 32) + hz / 2) / hz;
}

static void keep_longest(struct gap_series *s, struct gap_span span)
{
	size_t i = s->n_top;

	if (i == GAP_TOP_MAX) {
		if (s->top[i - 1].ticks >= span.ticks)
			return;
		i--;
	} else {
		s->n_top++;
	}
	for (; i > 0 && s->top[i - 1].ticks < span.ticks; i--)
		s->top[i] = s->top[i - 1];
	s->top[i] = span;
}

static void add(const struct gap_plan *plan, struct gap_lane *lane, uint64_t from, uint64_t to)
{
	const struct gap_span span = { from, to - from };
	struct gap_series *s = &lane->series;

	/* A clock that stepped back, as when a virtual machine moves, is no gap. */
	if (span.ticks > INT64_MAX)
		return;
	hist_add(&s->hist, (uint64_t)((u128)span.ticks * plan->ns_q32 >> 32));
	s->gap_ticks += span.ticks;
	keep_longest(s, span);
	s->n_not_taken += !gap_ring_put(&lane->ring, span);
}

/* Returns the stamp that the loop goes on from. */
static __attribute__((noinline)) uint64_t note(read_fn *read, void *self,
					       const struct gap_plan *plan, struct gap_lane *lane,
					       uint64_t from, uint64_t to)
{
	for (;;) {
		uint64_t after;

		add(plan, lane, from, to);
		after = read(self);
		if (after - to < plan->note_limit || after - to > INT64_MAX ||
		    after >= plan->end_tsc) {
			lane->series.note_ticks += after > to ? after - to : 0;
			return after;
		}
		from = to;
		to = after;
	}
}

/* One copy for the TSC, in which the read is an instruction, and one for other clocks. */
static inline __attribute__((always_inline)) void run(read_fn *read, void *self,
						      const struct gap_plan *plan,
						      const atomic_bool *stop,
						      struct gap_lane *lane)
{
	const uint64_t threshold = plan->threshold, end = plan->end_tsc;
	uint64_t n_turns = 0, last, now;

	memset(&lane->series, 0, sizeof(lane->series));
	hist_init(&lane->series.hist);
	last = lane->series.start_tsc = read(self);
	atomic_store_explicit(&lane->seen_tsc, last, memory_order_release);
	atomic_store_explicit(&lane->start_tsc, last, memory_order_release);
	do {
		now = read(self);
		n_turns++;
		if (__builtin_expect(now - last >= threshold, 0))
			now = note(read, self, plan, lane, last, now);
		last = now;
		atomic_store_explicit(&lane->seen_tsc, last, memory_order_release);
	} while (last < end && !atomic_load_explicit(stop, memory_order_relaxed));
	lane->series.end_tsc = last;
	lane->series.n_turns = n_turns;
}

void gap_loop_run(const struct gap_plan *plan, const atomic_bool *stop, struct gap_lane *lane)
{
	run(read_tsc, NULL, plan, stop, lane);
}

void gap_loop_run_with(const struct gap_clock *clock, const struct gap_plan *plan,
		       const atomic_bool *stop, struct gap_lane *lane)
{
	run(clock->read, clock->self, plan, stop, lane);
}

static inline __attribute__((always_inline)) void count_turns(read_fn *read, void *self,
							      uint32_t cells[P999_CELLS])
{
	uint64_t last = read(self);

	for (uint32_t i = 0; i < P999_TURNS; i++) {
		const uint64_t now = read(self);

		cells[now - last < P999_CELLS ? now - last : P999_CELLS - 1]++;
		last = now;
	}
}

static uint64_t p999_once(const struct gap_clock *clock)
{
	uint32_t cells[P999_CELLS] = { 0 }, n = 0;
	uint64_t ticks = 0;

	if (clock)
		count_turns(clock->read, clock->self, cells);
	else
		count_turns(read_tsc, NULL, cells);
	while (ticks < P999_CELLS - 1) {
		n += cells[ticks];
		if (n >= P999_TURNS - P999_TURNS / 1000)
			break;
		ticks++;
	}
	return ticks;
}

uint64_t gap_loop_p999(const struct gap_clock *clock)
{
	uint64_t ticks = UINT64_MAX;

	for (unsigned i = 0; i < P999_TRIES; i++)
		ticks = u64_min(ticks, p999_once(clock));
	return ticks;
}

uint64_t gap_loop_ps(const struct gap_series *s, uint64_t hz)
{
	const uint64_t window = s->end_tsc - s->start_tsc;
	const uint64_t left_out = s->gap_ticks + s->note_ticks;

	if (!s->n_turns || !hz || left_out > window)
		return 0;
	return (uint64_t)((u128)(window - left_out) * 1000 * NS_PER_S / hz / s->n_turns);
}
