/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/metric.h"

#include <math.h>
#include <string.h>

#define NARROW "10 %: a quantile of many events"
#define TAIL   "25 %: the tail of a tail moves from run to run"
#define RARE   "25 %: counts of rare events move from run to run"
#define SHARE  "25 %: what takes time comes and goes"

/*
 * The smallest differences that matter. Latencies: 1 us, of which a guest feels nothing; round
 * trips take about 1 us altogether, there it is 100 ns. Stalls: one in two minutes, once in the
 * time of a song. Interrupts: one in ten seconds. Shares: 100 ppm are 6 ms of a minute, the
 * smallest share that blame.h calls noticeable.
 */
#define FLOOR_NS        NS_PER_US
#define FLOOR_EXIT_NS   100
#define FLOOR_PER_1000M 500
#define FLOOR_PER_1000S 100
#define FLOOR_PPM       100

/* clang-format off */
const struct metric metrics[] = {
	{ "wake.p99", "wake-up latency, 99 %", METRIC_NS, FLOOR_NS, 100, NARROW, true },
	{ "wake.p99.9", "wake-up latency, 99.9 %", METRIC_NS, FLOOR_NS, 250, TAIL, true },
	{ "wake.stalls", "wake-ups later than 100 us", METRIC_PER_1000MIN, FLOOR_PER_1000M, 250, RARE, true },
	{ "guest.gap.p99.9", "wait of a moment of the guest, 99.9 %", METRIC_NS, FLOOR_NS, 250, TAIL, true },
	{ "irq.g_rate", "device interrupts on the guest's CPUs", METRIC_PER_1000S, FLOOR_PER_1000S, 250, RARE, true },
	{ "guest.lost", "time the vCPUs lost", METRIC_PPM, FLOOR_PPM, 250, SHARE, true },
	{ "wake.p50", "wake-up latency, median", METRIC_NS, FLOOR_NS, 100, NARROW, false },
	{ "wake.max", "latest wake-up", METRIC_NS, FLOOR_NS, 250, TAIL, false },
	{ "bare.wake.p99", "wake-up latency without a guest, 99 %", METRIC_NS, FLOOR_NS, 100, NARROW, false },
	{ "bare.wake.p99.9", "wake-up latency without a guest, 99.9 %", METRIC_NS, FLOOR_NS, 250, TAIL, false },
	{ "bare.gap.lost", "time in gaps without a guest", METRIC_PPM, FLOOR_PPM, 250, SHARE, false },
	{ "exits.timer", "timer interrupt inside the guest, median", METRIC_NS, FLOOR_EXIT_NS, 100, NARROW, false },
	{ "exits.hlt-wake", "wake-up of a halted vCPU, median", METRIC_NS, FLOOR_EXIT_NS, 100, NARROW, false },
	{ "exits.irqfd", "interrupt injected by irqfd, median", METRIC_NS, FLOOR_EXIT_NS, 100, NARROW, false },
	{ "exits.cpuid", "round trip of an exit, median", METRIC_NS, FLOOR_EXIT_NS, 100, NARROW, false },
	{ 0 },
};

/* Of one CPU or handler: what decides is all of them together. */
static const struct metric parts[] = {
	{ "wake.p99", "wake-up latency of a CPU, 99 %", METRIC_NS, FLOOR_NS, 100, NARROW, false },
	{ "wake.p99.9", "wake-up latency of a CPU, 99.9 %", METRIC_NS, FLOOR_NS, 250, TAIL, false },
	{ "irq.g_rate", "interrupts of a handler on the guest's CPUs", METRIC_PER_1000S, FLOOR_PER_1000S, 250, RARE, false },
	{ 0 },
};
/* clang-format on */

const struct metric *metric_find(const char *id)
{
	const size_t len = strcspn(id, "/");

	for (const struct metric *m = id[len] ? parts : metrics; m->id; m++) {
		if (strlen(m->id) == len && !strncmp(m->id, id, len))
			return m;
	}
	return NULL;
}

/* Three digits, no zeros behind the point: "0.18", "12.3", "134", "2". */
static const char *three_digits(double v, const char *unit, struct arena *a)
{
	char *text, *end;
	int n_decimals = 0;

	while (n_decimals < 9 && v > 0 && round(v * pow(10, n_decimals)) < 100)
		n_decimals++;
	text = arena_printf(a, "%.*f", n_decimals, v);
	if (!text)
		return NULL;
	end = text + strlen(text);
	if (n_decimals) {
		while (end[-1] == '0')
			*--end = '\0';
		if (end[-1] == '.')
			end[-1] = '\0';
	}
	return arena_printf(a, "%s%s", text, unit);
}

static const char *words_of_time(uint64_t ns, struct arena *a)
{
	static const struct {
		uint64_t ns;
		const char *name;
	} units[] = { { NS_PER_S, " s" }, { NS_PER_MS, " ms" }, { NS_PER_US, " us" } };

	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		/* What rounds to 1000 of the smaller unit is one of the larger. */
		if (ns >= units[i].ns - units[i].ns / 2000)
			return three_digits((double)ns / (double)units[i].ns, units[i].name, a);
	}
	return three_digits((double)ns, " ns", a);
}

const char *metric_words(const struct metric *m, uint64_t value, struct arena *a)
{
	switch (m->unit) {
	case METRIC_PER_1000MIN:
		return three_digits((double)value / 1000, "/min", a);
	case METRIC_PER_1000S:
		return three_digits((double)value / 1000, "/s", a);
	case METRIC_PPM:
		return three_digits((double)value / 10000, " %", a);
	case METRIC_NS:
		break;
	}
	return words_of_time(value, a);
}

static const struct {
	size_t before, after;
} members[] = {
	[METRIC_NS] = { offsetof(struct comparison_metric, before_ns),
			offsetof(struct comparison_metric, after_ns) },
	[METRIC_PER_1000MIN] = { offsetof(struct comparison_metric, before_per_1000min),
				 offsetof(struct comparison_metric, after_per_1000min) },
	[METRIC_PER_1000S] = { offsetof(struct comparison_metric, before_per_1000s),
			       offsetof(struct comparison_metric, after_per_1000s) },
	[METRIC_PPM] = { offsetof(struct comparison_metric, before_ppm),
			 offsetof(struct comparison_metric, after_ppm) },
};

void metric_put_values(const struct metric *m, uint64_t before, uint64_t after,
		       struct comparison_metric *out)
{
	fact_set_u64((struct fact_u64 *)((char *)out + members[m->unit].before), before);
	fact_set_u64((struct fact_u64 *)((char *)out + members[m->unit].after), after);
}

bool metric_get_values(const struct comparison_metric *c, uint64_t *ret_before, uint64_t *ret_after)
{
	for (size_t i = 0; i < ARRAY_SIZE(members); i++) {
		const struct fact_u64 *before =
			(const struct fact_u64 *)((const char *)c + members[i].before);
		const struct fact_u64 *after =
			(const struct fact_u64 *)((const char *)c + members[i].after);

		if (before->known && after->known) {
			*ret_before = before->v;
			*ret_after = after->v;
			return true;
		}
	}
	return false;
}
