/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/trace/live.h"

#include <event-parse.h>
#include <tracefs.h>

#include "core/timebase.h"
#include "probes/trace/decode.h"
#include "probes/trace/kallsyms.h"
#include "probes/trace/live_clock.h"
#include "probes/trace/live_instance.h"
#include "probes/trace/live_parts.h"
#include "probes/trace/live_tsc.h"

#define POLL_MIN_NS (10 * NS_PER_MS)
#define POLL_MAX_NS (100 * NS_PER_MS)
/* A record is dated first and then written: until it can be read others may overtake it. */
#define SETTLE_NS   (100 * NS_PER_US)
#define AHEAD_NS    NS_PER_S
#define SAMPLE_MASK 63u /* of so many events the time of one is taken */

static uint64_t clock_of(const struct live *live)
{
	if (live->options.clock == LIVE_CLOCK_TSC)
		return live_tsc_to_ns(live_tsc_now(), live->options.tsc_base, live->options.tsc_hz);
	return timebase_now(timebase_monotonic());
}

static uint64_t to_ns(const struct live *live, uint64_t t)
{
	if (live->options.clock == LIVE_CLOCK_TSC)
		return live_tsc_to_ns(t, live->options.tsc_base, live->options.tsc_hz);
	return t + live->shift_ns;
}

static int next_event(struct trace_source *s, struct trace_event *ret_event);

int live_new(const struct live_options *options, struct live **ret_live, char **ret_why)
{
	const uint64_t start_ns = timebase_now(timebase_monotonic());
	struct live *live;
	int r;

	*ret_why = NULL;
	if (cpus_is_empty(&options->cpus) ||
	    (options->clock == LIVE_CLOCK_TSC && !options->tsc_hz)) {
		live_why(ret_why, "no CPU to trace, or a TSC of unknown rate");
		return -EINVAL;
	}
	live = calloc(1, sizeof(*live));
	if (!live)
		return -ENOMEM;
	live->source.next = next_event;
	live->options = *options;
	live->root.fd = live->instance_fd = -1;
	live->interval_ns = POLL_MIN_NS;
	r = sysroot_open(&live->root, "/");
	if (r == 0) {
		live->shift_ns = live_clock_shift_ns(&live->root);
		live->symbols = kallsyms_new(&live->root);
		r = live->symbols ? 0 : -ENOMEM;
	}
	if (r == 0)
		r = live_set_up(live, ret_why);
	if (r < 0) {
		live_free(live);
		return r;
	}
	live->stats.setup_ns = timebase_now(timebase_monotonic()) - start_ns;
	kallsyms_start(live->symbols);
	*ret_live = live;
	return 0;
}

int live_free(struct live *live)
{
	int r;

	if (!live)
		return 0;
	if (live->instance)
		tracefs_trace_off(live->instance);
	for (size_t i = 0; i < live->n_cpus; i++)
		live_pages_free(live->cpus[i].pages);
	free(live->cpus);
	live_merge_release(&live->merge);
	trace_decoder_free(live->decoder);
	if (live->tep)
		tep_free(live->tep);
	r = live_instance_free(live->instance, live->instance_fd);
	kallsyms_free(live->symbols);
	if (live->root.fd >= 0)
		sysroot_close(&live->root);
	free(live);
	return r;
}

static int not_there(void)
{
	return errno == ENOENT || errno == ENODEV ? -EIO : neg_errno();
}

int live_start(struct live *live)
{
	const uint64_t before_ns = timebase_now(timebase_monotonic());

	live->started_ns = live->polled_ns = clock_of(live);
	live->started_unix_ns = unix_now_ns();
	errno = 0;
	if (tracefs_trace_on(live->instance) != 0)
		return not_there();
	live->is_on = true;
	live->stats.setup_ns += timebase_now(timebase_monotonic()) - before_ns;
	return 0;
}

int live_stop(struct live *live)
{
	errno = 0;
	live->is_stopped = true;
	if (tracefs_trace_off(live->instance) != 0)
		return not_there();
	live->is_on = false;
	return 0;
}

/* The next record of a CPU enters the merge; nothing there: it stays out until the next poll. */
static int fetch(struct live *live, struct live_cpu *c)
{
	int r;

	do {
		r = live_pages_next(c->pages, &c->head);
	} while (r == -EBADMSG);
	if (r > 0)
		c->head.t = to_ns(live, c->head.t);
	return r == -ENODEV ? -EIO : r;
}

/*
 * A buffer that fills by an eighth between polls has room for a reader that comes late. What was
 * read since the last poll had come in the time before that one.
 */
static void watch_fill(struct live *live, uint64_t now_ns)
{
	const uint64_t took_ns = live->took_ns;
	const uint64_t room = live->stats.buffer_kib * KIB;
	uint64_t most = 0;

	live->took_ns = now_ns > live->polled_ns ? now_ns - live->polled_ns : 0;
	for (size_t i = 0; i < live->n_cpus; i++) {
		struct live_cpu *c = &live->cpus[i];
		const uint64_t n = live_pages_stats(c->pages)->n_bytes;

		most = u64_max(most, n - c->n_bytes_before);
		c->n_bytes_before = n;
	}
	live->stats.max_fill_permille =
		u64_max(live->stats.max_fill_permille, u64_min(1000, most * 1000 / room));
	if (!took_ns)
		return;
	live->interval_ns = POLL_MAX_NS;
	if (most)
		live->interval_ns =
			u64_max(POLL_MIN_NS, u64_min(POLL_MAX_NS, took_ns / most * (room / 8)));
}

int live_poll(struct live *live)
{
	const uint64_t begun_ns = timebase_now(timebase_monotonic());
	const uint64_t now_ns = clock_of(live);

	live->stats.n_polls++;
	watch_fill(live, now_ns);
	live->polled_ns = now_ns;
	live->horizon_ns = live->is_stopped ? UINT64_MAX : now_ns - u64_min(now_ns, SETTLE_NS);
	for (size_t i = 0; i < live->n_cpus; i++) {
		struct live_cpu *c = &live->cpus[i];
		int r;

		if (c->is_in)
			continue;
		r = fetch(live, c);
		if (r < 0)
			return r;
		c->is_in = r > 0;
		if (c->is_in)
			live_merge_add(&live->merge, i, c->head.t);
	}
	live->stats.read_ns += timebase_now(timebase_monotonic()) - begun_ns;
	return 0;
}

static struct trace_event lost_event(const struct live_cpu *c, uint64_t t_ns, uint64_t n)
{
	return (struct trace_event){ .t_ns = t_ns,
				     .kind = TRACE_LOST,
				     .cpu = (int)c->cpu,
				     .pid = TRACE_PID_UNKNOWN,
				     .lost = { n } };
}

/*
 * What was lost behind the last page of a CPU. Where pages told of losses, but not how many, it is
 * these that are counted now.
 */
static int final_loss(struct live *live, struct trace_event *ret_event)
{
	for (size_t i = 0; i < live->n_cpus; i++) {
		struct live_cpu *c = &live->cpus[i];
		const struct live_pages_stats *told = live_pages_stats(c->pages);
		uint64_t n;

		if (c->is_final)
			continue;
		c->is_final = true;
		if (live_pages_is_damaged(c->pages)) {
			live->stats.n_lost++;
			*ret_event = lost_event(c, c->last_ns, UINT64_MAX);
			return 1;
		}
		if (live_instance_lost(live->instance, c->cpu, &n) < 0 || n <= told->n_lost)
			continue;
		live->stats.n_lost += n - told->n_lost;
		if (told->n_unknown)
			continue;
		*ret_event = lost_event(c, c->last_ns, n - told->n_lost);
		return 1;
	}
	return 0;
}

/* The record was taken: on to the next of that CPU. */
static int advance(struct live *live, struct live_cpu *c)
{
	const int r = fetch(live, c);

	c->is_in = r > 0;
	if (c->is_in)
		live_merge_renew_first(&live->merge, c->head.t);
	else
		live_merge_drop_first(&live->merge);
	return r < 0 ? r : 0;
}

static bool is_due(const struct live *live, uint64_t t_ns)
{
	return t_ns <= live->horizon_ns || t_ns - live->horizon_ns > AHEAD_NS;
}

/* 1: an event; 0: nothing is due; -EAGAIN: a record that is none of ours. */
static int step(struct live *live, struct trace_event *ret_event)
{
	const struct live_turn *turn = live_merge_first(&live->merge);
	struct live_cpu *c;
	bool is_event = false;
	int r;

	if (!turn || !is_due(live, turn->t_ns))
		return live->is_stopped && live->horizon_ns == UINT64_MAX
			       ? final_loss(live, ret_event)
			       : 0;
	c = &live->cpus[turn->index];
	c->last_ns = c->head.t;
	if (c->head.lost) {
		*ret_event = lost_event(c, c->head.t, c->head.lost);
		live->stats.n_lost += c->head.lost == UINT64_MAX ? 1 : c->head.lost;
		c->head.lost = 0;
		if (c->head.at)
			return 1;
		r = advance(live, c);
		return r < 0 ? r : 1;
	}
	is_event = trace_decode(live->decoder, (int)c->cpu, c->head.t, c->head.at, c->head.size,
				ret_event);
	live->stats.n_events++;
	r = advance(live, c);
	return r < 0 ? r : is_event ? 1 : -EAGAIN;
}

static int next_event(struct trace_source *s, struct trace_event *ret_event)
{
	struct live *live = (struct live *)s;
	const bool is_sample = !(live->n_samples++ & SAMPLE_MASK);
	const uint64_t begun_ns = is_sample ? timebase_now(timebase_monotonic()) : 0;
	int r;

	do {
		r = step(live, ret_event);
	} while (r == -EAGAIN);
	if (is_sample)
		live->sample_ns += timebase_now(timebase_monotonic()) - begun_ns;
	return r;
}

struct trace_source *live_source(struct live *live)
{
	return &live->source;
}

uint64_t live_horizon_ns(const struct live *live)
{
	return live->horizon_ns;
}

const bool *live_has(const struct live *live)
{
	return trace_decoder_has(live->decoder);
}

struct live_stats live_stats(const struct live *live)
{
	struct live_stats stats = live->stats;

	for (size_t i = 0; i < live->n_cpus; i++) {
		const struct live_pages_stats *p = live_pages_stats(live->cpus[i].pages);

		stats.n_bytes += p->n_bytes;
		stats.n_broken += p->n_broken;
		if (p->spool_error)
			stats.spool_error = p->spool_error;
	}
	stats.read_ns += live->sample_ns * (SAMPLE_MASK + 1);
	stats.n_broken += trace_decoder_n_broken(live->decoder);
	return stats;
}

void live_started(const struct live *live, uint64_t *ret_clock_ns, uint64_t *ret_unix_ns)
{
	*ret_clock_ns = live->started_ns;
	*ret_unix_ns = live->started_unix_ns;
}

uint64_t live_poll_interval_ns(const struct live *live)
{
	return live->interval_ns;
}

unsigned live_sweep(void)
{
	return live_instance_sweep();
}
