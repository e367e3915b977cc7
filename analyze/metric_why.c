/* SPDX-License-Identifier: GPL-2.0-or-later */
/* metric_why.c - why a metric that decides has no value. */
#include <string.h>

#include "analyze/metric_parts.h"
#include "analyze/record_values.h"

typedef unsigned long long ull;

/* "2 s", "350 ms" */
static const char *duration(uint64_t ns, struct arena *a)
{
	if (ns % NS_PER_S && ns < 10 * NS_PER_S)
		return arena_printf(a, "%llu ms", (ull)(ns / NS_PER_MS));
	return arena_printf(a, "%llu s", (ull)(ns / NS_PER_S));
}

static const char *why_unknown(struct host *h, const char *field, const char *lead, struct arena *a)
{
	const char *why = host_why_unknown(h, field);

	return why ? arena_printf(a, "%s%s", lead, why) : NULL;
}

const char *metric_why_quantile(struct host *h, const struct metric_way *way, struct arena *a)
{
	const uint64_t needed = unit_samples_needed(way->ppm);
	const uint64_t had = unit_wake_samples(h, UNIT_CORRECTED);
	const uint64_t had_ns = h->wake.rep_duration_ns.known ? h->wake.rep_duration_ns.v : 0;
	const char *name = strchr(way->id, '.') + 1;
	const char *words;
	double needed_s;

	if (h->wake.units.n == 0)
		return why_unknown(h, "wake.units", "", a);
	needed_s = had ? (double)had_ns / NS_PER_S / (double)had * (double)needed : 0;
	if (needed_s < 1e-3 || needed_s > 1e6)
		return arena_printf(a,
				    "a repetition had %llu wake-ups, %s needs %llu: %d beyond it",
				    (ull)had, name, (ull)needed, UNIT_EVENTS_MIN);
	words = duration(had_ns, a);
	return words ? arena_printf(a, "needs %llu s a repetition, had %s: %d wake-ups beyond %s",
				    (ull)needed_s + (needed_s > (double)(ull)needed_s), words,
				    UNIT_EVENTS_MIN, name)
		     : NULL;
}

const char *metric_why_stalls(struct host *h, const struct metric_way *way, struct arena *a)
{
	(void)way;
	if (h->wake.units.n == 0)
		return why_unknown(h, "wake.units", "", a);
	return "the result does not say how long a repetition was";
}

static bool has_units(const struct host *h)
{
	const struct trace_vcpu *v = h->trace.vcpus.v;

	for (size_t i = 0; i < h->trace.vcpus.n; i++) {
		if (v[i].units.n > 0)
			return h->trace.rep_duration_ns.known;
	}
	return false;
}

const char *metric_why_trace(struct host *h, const struct metric_way *way, struct arena *a)
{
	(void)way;
	if (!h->trace.vcpus.known)
		return why_unknown(h, "trace.vcpus", "no trace: ", a);
	if (!fact_is(&h->trace.rung, "tracefs"))
		return arena_printf(a, "no trace of events, only %s",
				    h->trace.rung.known ? h->trace.rung.v : "sums");
	if (h->trace.vcpus.n == 0)
		return "no trace: it saw no vCPU";
	if (!has_units(h))
		return "the trace was not kept by repetition";
	return "the trace knows less than half of the time of each repetition";
}

/* Why a repetition that others tell of does not count for a metric. */
static const struct {
	const char *prefix, *why;
} lost[] = {
	{ "wake.", "not every CPU was measured in them" },
	{ "guest.", "the trace knows less than half of their time" },
	{ "irq.", "they do not say how long they were" },
};

static int note_lost(const struct host *h, const struct record_metric *m, size_t n_all,
		     struct arena *a, struct record_facts *record)
{
	for (size_t i = 0; i < ARRAY_SIZE(lost); i++) {
		const bool is_overrun = !strcmp(lost[i].prefix, "guest.") &&
					h->trace.lost_events.known && h->trace.lost_events.v;
		const char *note;

		if (strncmp(m->id.v, lost[i].prefix, strlen(lost[i].prefix)))
			continue;
		note = arena_printf(a, "%zu of %zu repetitions do not count for %s: %s%s",
				    n_all - m->values.n, n_all, m->id.v, lost[i].why,
				    is_overrun ? ", for events of it were lost" : "");
		return note ? fact_add_str(&record->warnings, a, note) : -ENOMEM;
	}
	return 0;
}

int metrics_note_lost(const struct host *h, struct arena *a, struct record_facts *record)
{
	const struct record_metric *m = record->metrics.v;
	const size_t n = record_n_repetitions(record);
	int r = 0;

	for (size_t i = 0; r == 0 && i < record->metrics.n; i++) {
		const struct metric *known = metric_find(m[i].id.v);

		if (known && known->is_gated && !strchr(m[i].id.v, '/') && m[i].values.n &&
		    m[i].values.n < n)
			r = note_lost(h, &m[i], n, a, record);
	}
	return r;
}

const char *metric_why_irqs(struct host *h, const struct metric_way *way, struct arena *a)
{
	(void)way;
	if (!fact_has_cpus(&h->cpus.guest))
		return "which CPUs are the guest's is not known";
	if (!h->activity.irqs.known)
		return why_unknown(h, "activity.irqs", "", a);
	if (h->activity.units.n == 0)
		return "interrupts were not counted by repetition";
	return "no repetition says how long it was";
}
