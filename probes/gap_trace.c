/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/gap_trace.h"

#include "probes/trace/live.h"
#include "probes/tsc_rate.h"

struct gap_trace {
	const struct gap_crew *crew;
	struct gap_time time;
	struct live *live;
	struct gap_join *join;
	size_t first_unit;
	bool *has_begun;   /* by number of the member */
	uint64_t *seen_ns; /* its last sign */
};

uint64_t gap_time_ns(const struct gap_time *time, uint64_t tsc)
{
	return tsc_ticks_to_ns(tsc - time->base_tsc, time->hz);
}

static int start(struct gap_trace *t, const struct gap_trace_options *o, char **ret_why)
{
	const struct live_options options = {
		.cpus = *o->cpus,
		.clock = LIVE_CLOCK_TSC,
		.tsc_hz = o->time.hz,
		.tsc_base = o->time.base_tsc,
		.spool_dir = -1,
	};
	struct gap_join_setup setup = { .threshold_ns = o->threshold_ns,
					.is_virtual = o->is_virtual };
	int r = live_new(&options, &t->live, ret_why);

	if (r < 0)
		return r;
	setup.has = live_has(t->live);
	t->join = gap_join_new(&setup);
	t->has_begun = calloc(t->crew->n, sizeof(*t->has_begun));
	t->seen_ns = calloc(t->crew->n, sizeof(*t->seen_ns));
	if (!t->join || !t->has_begun || !t->seen_ns)
		return -ENOMEM;
	for (size_t i = 0; r == 0 && i < t->crew->n; i++) {
		const struct gap_member m = gap_crew_member(t->crew, i);

		r = gap_join_add_cpu(t->join, m.cpu, m.tid);
	}
	return r < 0 ? r : live_start(t->live);
}

int gap_trace_new(const struct gap_trace_options *options, const struct gap_crew *crew,
		  struct gap_trace **ret_trace, char **ret_why)
{
	struct gap_trace *t = calloc(1, sizeof(*t));
	int r;

	*ret_why = NULL;
	if (!t)
		return -ENOMEM;
	t->crew = crew;
	t->time = options->time;
	r = start(t, options, ret_why);
	if (r < 0)
		gap_trace_free(t);
	else
		*ret_trace = t;
	return r;
}

void gap_trace_free(struct gap_trace *t)
{
	if (!t)
		return;
	live_free(t->live);
	gap_join_free(t->join);
	free(t->has_begun);
	free(t->seen_ns);
	free(t);
}

void gap_trace_begin(struct gap_trace *t, size_t first_unit)
{
	t->first_unit = first_unit;
	for (size_t i = 0; i < t->crew->n; i++)
		t->has_begun[i] = false;
}

/* The last sign first: all gaps before it are then in the ring. */
static int take_gaps(struct gap_trace *t, size_t i)
{
	const struct gap_member m = gap_crew_member(t->crew, i);
	const uint64_t seen = atomic_load_explicit(&m.lane->seen_tsc, memory_order_acquire);
	const uint64_t start = atomic_load_explicit(&m.lane->start_tsc, memory_order_acquire);
	struct gap_span s;
	int r = 0;

	if (!start || !seen)
		return 0;
	t->seen_ns[i] = gap_time_ns(&t->time, seen);
	if (!t->has_begun[i])
		r = gap_join_begin(t->join, m.cpu, t->first_unit + i, gap_time_ns(&t->time, start));
	t->has_begun[i] = true;
	while (r == 0 && gap_ring_take(&m.lane->ring, &s))
		gap_join_gap(t->join, m.cpu, gap_time_ns(&t->time, s.tsc),
			     gap_time_ns(&t->time, s.tsc + s.ticks));
	return r;
}

static int take_events(struct gap_trace *t)
{
	struct trace_source *source = live_source(t->live);
	struct trace_event e;
	int r = live_poll(t->live);

	while (r >= 0 && (r = source->next(source, &e)) > 0)
		gap_join_event(t->join, &e);
	return r;
}

int gap_trace_poll(struct gap_trace *t)
{
	uint64_t horizon_ns;
	int r = 0;

	for (size_t i = 0; r == 0 && i < t->crew->n; i++)
		r = take_gaps(t, i);
	if (r == 0)
		r = take_events(t);
	if (r < 0)
		return r;
	horizon_ns = live_horizon_ns(t->live);
	for (size_t i = 0; i < t->crew->n; i++)
		gap_join_settle(t->join, gap_crew_member(t->crew, i).cpu,
				u64_min(t->seen_ns[i], horizon_ns));
	return 0;
}

uint64_t gap_trace_poll_interval_ns(const struct gap_trace *t)
{
	return live_poll_interval_ns(t->live);
}

int gap_trace_end(struct gap_trace *t)
{
	int r = gap_trace_poll(t);

	for (size_t i = 0; r == 0 && i < t->crew->n; i++) {
		const struct gap_member m = gap_crew_member(t->crew, i);

		if (m.is_done && t->has_begun[i])
			gap_join_end(t->join, m.cpu, gap_time_ns(&t->time, m.lane->series.end_tsc));
	}
	return r;
}

int gap_trace_finish(struct gap_trace *t)
{
	int r = live_stop(t->live);

	if (r == 0)
		r = take_events(t);
	if (r == 0)
		gap_join_finish(t->join);
	return r;
}

const struct gap_join *gap_trace_join(const struct gap_trace *t)
{
	return t->join;
}
