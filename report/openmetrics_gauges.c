/* SPDX-License-Identifier: GPL-2.0-or-later */
/* openmetrics_gauges.c - numbers of a result that stand alone. */
#include "analyze/blame.h"
#include "analyze/measures.h"
#include "analyze/metric.h"
#include "report/openmetrics_parts.h"

uint64_t openmetrics_ppm(uint64_t part, uint64_t whole)
{
	/* Known time is at least BLAME_PASTE_MS. */
	return whole >= 1000000 ? u64_min(part, whole) / (whole / 1000000) : 0;
}

/* Numbers that stand alone. False: not measured, and the family is not there. */
typedef bool gauge_fn(const struct host *h, uint64_t *ret_value);

static bool take(const struct fact_u64 *fact, uint64_t *ret_value)
{
	if (fact->known)
		*ret_value = fact->v;
	return fact->known;
}

static bool run_started(const struct host *h, uint64_t *ret_value)
{
	return take(&h->run.started_unix_ns, ret_value);
}

static bool run_duration(const struct host *h, uint64_t *ret_value)
{
	return take(&h->run.duration_ns, ret_value);
}

static bool run_partial(const struct host *h, uint64_t *ret_value)
{
	*ret_value = h->run.is_partial.known && h->run.is_partial.v;
	return true;
}

static bool wake_max(const struct host *h, uint64_t *ret_value)
{
	struct wake_summary s;

	if (!measure_wake(h, -1, false, NULL, &s) || s.n == 0)
		return false;
	*ret_value = s.max_ns;
	return true;
}

static bool wake_missed(const struct host *h, uint64_t *ret_value)
{
	struct wake_summary s;

	if (!measure_wake(h, -1, false, NULL, &s))
		return false;
	*ret_value = s.n_missed;
	return true;
}

/* Of all CPUs together, as the metric wake.stalls; in millionths a second. */
static bool wake_stalls(const struct host *h, uint64_t *ret_value)
{
	auto_free struct hist *all = malloc(sizeof(*all));
	const uint64_t window_ms =
		h->wake.n_reps.v < UINT32_MAX
			? h->wake.rep_duration_ns.v / NS_PER_MS * h->wake.n_reps.v
			: 0;
	struct wake_summary s;

	if (!all || !window_ms || !measure_wake(h, -1, true, all, &s))
		return false;
	*ret_value =
		u64_min(hist_n_above(all, METRIC_STALL_NS), UINT32_MAX) * 1000000000 / window_ms;
	return true;
}

static bool guest_known(const struct host *h, uint64_t *ret_value)
{
	if (!blame_can_tell(h))
		return false;
	*ret_value = blame_time(h, NULL).known_ns;
	return true;
}

static bool guest_lost(const struct host *h, uint64_t *ret_value)
{
	const struct blame_time t = blame_time(h, NULL);

	if (!blame_can_tell(h))
		return false;
	*ret_value = openmetrics_ppm(t.lost_ns, t.known_ns);
	return true;
}

static bool steal(const struct host *h, uint64_t *ret_value)
{
	return measure_steal_permille(h, ret_value);
}

static bool aio_limit(const struct host *h, uint64_t *ret_value)
{
	return take(&h->aio.max_nr, ret_value);
}

/* At the worst moment of the run, where one was watched. */
static bool aio_used(const struct host *h, uint64_t *ret_value)
{
	return take(&h->activity.aio_nr_max, ret_value) || take(&h->aio.nr, ret_value);
}

static bool aio_headroom(const struct host *h, uint64_t *ret_value)
{
	uint64_t limit, used;

	if (!aio_limit(h, &limit) || !aio_used(h, &used) || limit == 0 || limit > UINT32_MAX)
		return false;
	*ret_value = (limit - u64_min(used, limit)) * 1000000 / limit;
	return true;
}

/* clang-format off */
static const struct gauge {
	const char *name, *help;
	uint64_t scale;
	gauge_fn *get;
} gauges[] = {
	{ "last_run_timestamp_seconds", "Start of the run, since 1970.", NS_PER_S, run_started },
	{ "last_run_duration_seconds", "Length of the run.", NS_PER_S, run_duration },
	{ "last_run_partial", "1: the run ended early, what was measured is here.", 1, run_partial },
	{ "wake_latency_max_seconds", "Latest wake-up of a timer thread on the guest's CPUs.", NS_PER_S, wake_max },
	{ "wake_missed_periods", "Periods of the timer that passed while its thread was still late.", 1, wake_missed },
	{ "wake_stalls_per_second", "Wake-ups later than 100 us, on all of the guest's CPUs together.", 1000000, wake_stalls },
	{ "guest_known_seconds", "Time of the vCPUs, added up, of which it is known where it went.", NS_PER_S, guest_known },
	{ "guest_lost_ratio", "Part of the vCPUs' known time that the host took.", 1000000, guest_lost },
	{ "steal_ratio", "Part of the measured CPUs' time that a hypervisor below took.", 1000, steal },
	{ "aio_slots", "Slots of asynchronous I/O in use (fs.aio-nr), at the worst moment.", 1, aio_used },
	{ "aio_slots_limit", "Slots of asynchronous I/O there are (fs.aio-max-nr).", 1, aio_limit },
	{ "aio_headroom_ratio", "Part of the slots of asynchronous I/O that was free.", 1000000, aio_headroom },
};
/* clang-format on */

void openmetrics_gauges(struct exposition *to, const struct host *h)
{
	for (size_t i = 0; i < ARRAY_SIZE(gauges); i++) {
		uint64_t value;

		if (gauges[i].get(h, &value))
			family_one(to, gauges[i].name, gauges[i].help, value, gauges[i].scale);
	}
}
