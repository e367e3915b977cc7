/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/wake_loop.h"

/* (sqrt(5) - 1) / 2 in 1/65536. */
#define GOLDEN_RATIO_16 40503u

static void add_late(struct wake_series *s, const struct wake_plan *plan, uint64_t latency_ns)
{
	uint64_t passed = latency_ns / plan->interval_ns;

	/* The last deadline ends the run: there is nothing behind it to miss. */
	passed = u64_min(passed, plan->n_expected - s->n_due);
	s->missed += passed;
	s->n_due += passed;
	if (latency_ns > plan->interval_ns)
		hist_add_corrected(&s->hidden, latency_ns - plan->interval_ns, plan->interval_ns);
}

int wake_loop_run(const struct timebase *time, const struct wake_plan *plan,
		  const atomic_bool *stop, struct wake_series *ret_series)
{
	struct wake_series *s = ret_series;

	hist_init(&s->raw);
	hist_init(&s->hidden);
	s->missed = 0;
	s->n_due = 0;
	while (s->n_due < plan->n_expected) {
		const uint64_t deadline_ns = plan->start_ns + (s->n_due + 1) * plan->interval_ns;
		const int r = time->sleep_until_ns(time->self, deadline_ns);
		uint64_t now_ns, latency_ns;

		if (atomic_load_explicit(stop, memory_order_relaxed))
			return 0;
		if (r == -EINTR)
			continue;
		if (r < 0)
			return r;
		now_ns = time->now_ns(time->self);
		latency_ns = now_ns > deadline_ns ? now_ns - deadline_ns : 0;
		s->n_due++;
		hist_add(&s->raw, latency_ns);
		if (latency_ns >= plan->interval_ns)
			add_late(s, plan, latency_ns);
	}
	return 0;
}

void wake_series_corrected(const struct wake_series *s, struct hist *ret_hist)
{
	*ret_hist = s->raw;
	hist_merge(ret_hist, &s->hidden);
}

uint64_t wake_phase_ns(uint64_t interval_ns, uint64_t rep, size_t i, size_t n)
{
	const uint64_t turn_16 = (rep + 1) * GOLDEN_RATIO_16 % 65536;
	const uint64_t moved_ns =
		interval_ns / 65536 * turn_16 + interval_ns % 65536 * turn_16 / 65536;

	return (moved_ns + interval_ns / n * i) % interval_ns;
}
