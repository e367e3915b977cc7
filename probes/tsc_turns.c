/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/tsc_turns.h"

#include "probes/tsc_read.h"

/* Looking at the clock costs as much as a turn: not each time. */
#define TURNS_PER_LOOK 64u
#define SPINS_PER_LOOK 256u

static void take_turn(struct tsc_turns *t, unsigned side)
{
	struct tsc_side *s = &t->sides[side];
	const uint64_t before = t->last, now = t->read(t->self, side);

	t->last = now;
	s->n_turns++;
	if (now >= before)
		return;
	s->n_backward++;
	s->max_backward = u64_max(s->max_backward, before - now);
}

/* Until both are there: else one would spin through the other one's start. */
static bool wait_for_other(struct tsc_turns *t, uint64_t limit_ns)
{
	atomic_fetch_add(&t->n_arrived, 1);
	while (atomic_load_explicit(&t->n_arrived, memory_order_relaxed) < 2) {
		if (timebase_now(t->time) >= limit_ns)
			return false;
		cpu_relax();
	}
	return true;
}

/* 0 or 1 when it is this side's turn or the end has come. */
static bool wait_for_turn(struct tsc_turns *t, unsigned side, uint64_t limit_ns)
{
	for (unsigned i = 1;; i++) {
		/* Acquire: the value read last is the one of that turn. */
		const unsigned turn = atomic_load_explicit(&t->turn, memory_order_acquire);

		if (turn == side)
			return true;
		if (turn == TSC_TURNS_OVER)
			return false;
		if (i % SPINS_PER_LOOK == 0 && timebase_now(t->time) >= limit_ns)
			return false;
		cpu_relax();
	}
}

static bool is_enough(const struct tsc_turns *t, const struct tsc_side *s, uint64_t started_ns)
{
	uint64_t passed_ns;

	if (s->n_turns % TURNS_PER_LOOK != 0)
		return false;
	passed_ns = timebase_now(t->time) - started_ns;
	return passed_ns >= t->limit_ns ||
	       (passed_ns >= t->duration_ns && s->n_turns >= t->enough_turns / 2);
}

void tsc_turns_run(struct tsc_turns *t, unsigned side)
{
	const uint64_t started_ns = timebase_now(t->time), limit_ns = started_ns + t->limit_ns;
	bool is_over = !wait_for_other(t, limit_ns);

	while (!is_over && wait_for_turn(t, side, limit_ns)) {
		take_turn(t, side);
		is_over = is_enough(t, &t->sides[side], started_ns);
		/* Release: hands over the value with the turn. */
		atomic_store_explicit(&t->turn, is_over ? TSC_TURNS_OVER : !side,
				      memory_order_release);
	}
	atomic_store_explicit(&t->turn, TSC_TURNS_OVER, memory_order_release);
}
