/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_vm.c - what the host's memory management does while a guest runs. */
#include <string.h>

#include "analyze/engine.h"
#include "analyze/told.h"

/* Some of the last ten seconds were lost to waiting. */
#define PRESSURE_PERMILLE 10

/* false: it is not there, or no number. */
static bool sysctl_u64(const struct host *h, const char *name, uint64_t *ret_value)
{
	const char *value = sysctl_value(h, name);

	return value && text_u64(text_trim(text_of(value)), ret_value) == 0;
}

static enum verdict judge_ksm(const struct host *h, struct finding *out)
{
	enum { KSM_RUNS = 1 };

	if (h->mm.ksm_run.v != KSM_RUNS) {
		finding_say(out, "Same-page merging does not run.");
		return VERDICT_PASS;
	}
	if (h->mm.ksm_pages_sharing.known)
		finding_say(
			out,
			"Same-page merging runs and saves %llu pages; it scans memory on any CPU, "
			"and a merged page costs a fault at the next write.",
			(unsigned long long)h->mm.ksm_pages_sharing.v);
	else
		finding_say(out, "Same-page merging runs; it scans memory on any CPU.");
	return VERDICT_ADVICE;
}

static bool knows_swap(const struct host *h, struct finding *out)
{
	if (h->running && h->running->swap_kib.known)
		return true;
	finding_say(out, "How much of the guest is swapped out is not known.");
	return false;
}

static enum verdict judge_swap(const struct host *h, struct finding *out)
{
	const uint64_t swapped = h->running->swap_kib.v, in = counter_growth(h, "vmstat.pswpin");

	if (swapped == 0) {
		finding_say(out, "Nothing of the guest's process is swapped out.");
		return VERDICT_PASS;
	}
	if (in) {
		finding_measured(out, 0);
		finding_say(
			out,
			"%llu MiB of the guest's process are swapped out, and %llu pages came back "
			"from swap in the run.",
			(unsigned long long)(swapped / 1024), (unsigned long long)in);
		return VERDICT_PROBLEM;
	}
	finding_say(out, "%llu KiB of the guest's process are swapped out.",
		    (unsigned long long)swapped);
	return VERDICT_ADVICE;
}

static enum verdict judge_compaction(const struct host *h, struct finding *out)
{
	const uint64_t stalls = h->activity.compact_stalls.known ? h->activity.compact_stalls.v : 0;
	const uint64_t wakes = counter_growth(h, "vmstat.compact_daemon_wake");

	if (stalls == 0 && wakes == 0) {
		finding_measured(out, 0);
		finding_say(out, "Memory was not compacted during the run.");
		return VERDICT_PASS;
	}
	finding_measured(out, 0);
	finding_item(out, "direct compaction: %llu", (unsigned long long)stalls);
	finding_item(out, "wake-ups of kcompactd: %llu", (unsigned long long)wakes);
	finding_say(out, "Memory was compacted during the run.");
	return VERDICT_ADVICE;
}

static enum verdict judge_pressure(const struct host *h, struct finding *out)
{
	const struct mm_pressure *p = h->mm.pressure.v;
	uint64_t memory = 0;

	for (size_t i = 0; i < h->mm.pressure.n; i++) {
		const uint64_t some = p[i].some_avg10_permille.v;

		if (!p[i].resource.known || !p[i].some_avg10_permille.known)
			continue;
		finding_item(out, "%s: %llu.%llu %% of the last 10 s", p[i].resource.v,
			     (unsigned long long)(some / 10), (unsigned long long)(some % 10));
		if (fact_is(&p[i].resource, "memory"))
			memory = some;
	}
	if (memory <= PRESSURE_PERMILLE) {
		finding_say(out, "The host does not run short of memory.");
		return VERDICT_PASS;
	}
	finding_say(out, "Tasks waited for memory in %llu.%llu %% of the last 10 s.",
		    (unsigned long long)(memory / 10), (unsigned long long)(memory % 10));
	return VERDICT_ADVICE;
}

static enum verdict judge_stat_interval(const struct host *h, struct finding *out)
{
	enum { LONG_S = 10 };
	uint64_t s = 0;

	if (!sysctl_u64(h, "vm.stat_interval", &s)) {
		finding_say(out, "vm.stat_interval is not known.");
		return VERDICT_UNKNOWN;
	}
	if (s >= LONG_S) {
		finding_say(out, "Counters of memory are folded every %llu s.",
			    (unsigned long long)s);
		return VERDICT_PASS;
	}
	finding_say(out,
		    "Counters of memory are folded every %llu s; whether that work runs on the "
		    "guest's CPUs only a trace tells.",
		    (unsigned long long)s);
	return VERDICT_NOT_APPLICABLE;
}

static enum verdict judge_dirty(const struct host *h, struct finding *out)
{
	const uint64_t large_kib = 32 * (GIB / 1024);
	uint64_t bytes = 0, ratio = 0;

	if (!sysctl_u64(h, "vm.dirty_background_bytes", &bytes) ||
	    !sysctl_u64(h, "vm.dirty_background_ratio", &ratio)) {
		finding_say(out, "When the host starts to write back is not known.");
		return VERDICT_UNKNOWN;
	}
	/* What a machine sold as 32 GiB has left. */
	if (bytes || ratio < 10 || h->hugepages.mem_total_kib.v < large_kib * 9 / 10) {
		finding_say(out, "The host starts to write back early enough for its memory.");
		return VERDICT_PASS;
	}
	finding_say(out,
		    "The host starts to write back at %llu %% of its memory only, that is up to "
		    "%llu MiB at once.",
		    (unsigned long long)ratio,
		    (unsigned long long)(h->hugepages.mem_total_kib.v / 1024 / 100 * ratio));
	return VERDICT_ADVICE;
}

static const struct rule rules[] = {
	{ .id = "mem.ksm", .reads = READS(READ(mm.ksm_run)), .judge = judge_ksm },
	{ .id = "mem.swap", .needs_guest = true, .applies = knows_swap, .judge = judge_swap },
	{
		.id = "mem.compaction",
		.needs_guest = true,
		.reads = READS(READ(activity.counters)),
		.judge = judge_compaction,
	},
	{ .id = "mem.psi", .reads = READS(READ(mm.pressure)), .judge = judge_pressure },
	{
		.id = "vm.stat-interval",
		.reads = READS(READ(kernel.sysctls)),
		.judge = judge_stat_interval,
	},
	{
		.id = "vm.dirty",
		.reads = READS(READ(kernel.sysctls), READ(hugepages.mem_total_kib)),
		.judge = judge_dirty,
	},
};

const struct rule_set rules_vm = { rules, ARRAY_SIZE(rules) };
