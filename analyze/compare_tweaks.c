/* SPDX-License-Identifier: GPL-2.0-or-later */
/* compare_tweaks.c - a finding went away or appeared: did what it is about move? */
#include <string.h>

#include "analyze/compare_parts.h"
#include "analyze/rule.h"

/*
 * What a fix of a row should move, by what the catalogue says proves it. A name that ends with a
 * dot stands for all rows that begin so; the first that fits holds. A row that is not here proves
 * itself by what vfiobench does not measure in repetitions: block and network latency, the guest's
 * own clock, memory latency, whether the guest starts.
 */
static const struct {
	const char *row, *metric;
} proofs[] = {
	{ "irq.host-on-g", "irq.g_rate" },
	{ "irq.managed", "irq.g_rate" },
	{ "irq.irqbalance", "irq.g_rate" },
	{ "irq.shared-intx", "irq.g_rate" },
	{ "isol.list-mismatch", "irq.g_rate" },
	{ "irq.posted", "exits.irqfd" },
	{ "iommu.interrupt-remapping", "exits.irqfd" },
	{ "irq.threaded", "guest.lost" },
	{ "softirq.net-block", "guest.lost" },
	/* Who else runs on the guest's CPUs. */
	{ "isol.", "guest.lost" },
	{ "pin.", "guest.lost" },
	{ "kthr.", "guest.lost" },
	{ "wq.cpumask", "guest.lost" },
	{ "cpu.isolcpus", "guest.lost" },
	{ "cpu.nohz-full", "guest.lost" },
	{ "cpu.rcu-nocbs", "guest.lost" },
	{ "guestcpu.topology", "guest.lost" },
	{ "sched.vcpu-fifo", "guest.lost" },
	{ "sched.autogroup", "guest.lost" },
	{ "sched.rt-throttle", "guest.gap.p99.9" },
	{ "timer.migration", "guest.lost" },
	{ "ipi.sources", "guest.lost" },
	{ "clock.tsc-watchdog", "guest.lost" },
	{ "vm.stat-interval", "guest.lost" },
	{ "kvm.clock-sync", "guest.lost" },
	{ "wdt.lockup", "guest.lost" },
	{ "mem.ksm", "guest.lost" },
	{ "mem.nosharepages", "guest.lost" },
	{ "mem.swap", "guest.lost" },
	{ "mem.locked", "guest.lost" },
	{ "mem.prealloc", "guest.lost" },
	{ "numa.balancing", "guest.lost" },
	{ "numa.numad", "guest.lost" },
	{ "thp.never", "guest.lost" },
	{ "thp.cost-claim", "guest.gap.p99.9" },
	{ "mem.compaction", "guest.gap.p99.9" },
	{ "vm.dirty", "guest.gap.p99.9" },
	{ "host.steal", "guest.lost" },
	{ "host.virt", "guest.lost" },
	{ "smi.count", "guest.gap.p99.9" },
	{ "fw.bios-current", "guest.gap.p99.9" },
	{ "split-lock", "guest.gap.p99.9" },
	/* Exits that the guest need not take. */
	{ "disk.emulated-bus", "guest.lost" },
	{ "disk.virtio-scsi", "guest.lost" },
	{ "net.emulated-nic", "guest.lost" },
	{ "input.virtio", "guest.lost" },
	{ "clock.hpet-off", "guest.lost" },
	{ "clock.hypervclock", "guest.lost" },
	{ "hide.timers", "guest.lost" },
	{ "hide.kvm-hidden", "guest.lost" },
	{ "hide.hypervisor-bit", "guest.lost" },
	{ "hv.vapic", "guest.lost" },
	{ "hv.spinlocks", "guest.lost" },
	{ "hv.synic", "guest.lost" },
	{ "hv.stimer", "guest.lost" },
	{ "hv.tlbflush", "guest.lost" },
	{ "xml.hv-ipi", "guest.lost" },
	{ "xml.hv-avic", "guest.lost" },
	{ "xml.hv-stimer-direct", "guest.lost" },
	{ "xml.pmu", "guest.lost" },
	{ "machine.vmport", "guest.lost" },
	{ "machine.ioapic-kvm", "guest.lost" },
	{ "cpu.apic-eoi", "guest.lost" },
	{ "kvm.pause-loop", "guest.lost" },
	{ "kvm.nx-huge-pages", "guest.lost" },
	{ "mitig.", "exits.cpuid" },
	{ "cmdline.pti-on", "exits.cpuid" },
	{ "kvm.lapic-advance", "exits.timer" },
	{ "kvm.min-timer", "exits.timer" },
	{ "kvm.halt-poll", "exits.hlt-wake" },
	/* How fast a CPU is there when it is wanted. */
	{ "freq.", "wake.p99" },
	{ "idle.", "wake.p99" },
	{ "clock.skew-tick", "wake.p99.9" },
	{ "kernel.flavour", "wake.p99.9" },
	{ "kernel.rt", "wake.p99.9" },
	{ "kernel.preempt", "wake.p99.9" },
	{ "kernel.debug-cost", "wake.p99.9" },
	{ "cmdline.slub-debug", "wake.p99.9" },
	/* The probe reads the clock when it wakes. */
	{ "clocksource.tsc", "wake.p50" },
};

const char *tweak_metric(const char *id)
{
	for (size_t i = 0; i < ARRAY_SIZE(proofs); i++) {
		const char *row = proofs[i].row;
		const size_t n = strlen(row);

		if (row[n - 1] == '.' ? !strncmp(id, row, n) : !strcmp(id, row))
			return proofs[i].metric;
	}
	return NULL;
}

static const struct comparison_metric *find_metric(const struct comparison_facts *c, const char *id)
{
	const struct comparison_metric *m = c->metrics.v;

	for (size_t i = 0; i < c->metrics.n; i++) {
		if (fact_is(&m[i].id, id))
			return &m[i];
	}
	return NULL;
}

static bool speaks_for(const struct record_culprit *c, const char *id)
{
	for (size_t i = 0; i < c->rows.n; i++) {
		if (!strcmp(c->rows.v[i], id))
			return true;
	}
	return false;
}

/* Unknown where nobody looked; 0 where somebody did and found none. */
static struct fact_u64 culprit_time(const struct record_facts *r, const char *id)
{
	const struct record_culprit *c = r->culprits.v;
	struct fact_u64 sum = { 0 };

	if (!r->culprits.known)
		return sum;
	sum.known = true;
	for (size_t i = 0; i < r->culprits.n; i++) {
		if (speaks_for(&c[i], id))
			sum.v = u64_min(sum.v + u64_min(c[i].share_ppm.v, 1000000), 1000000);
	}
	return sum;
}

/* "2.3 %", "0.04 %", "none" */
static const char *share_words(struct arena *a, uint64_t ppm)
{
	if (!ppm)
		return "none";
	if (ppm < 100)
		return "less than 0.01 %";
	if (ppm < 10000)
		return arena_printf(a, "0.%02u %%", (unsigned)(ppm / 100));
	return arena_printf(a, "%u.%u %%", (unsigned)(ppm / 10000), (unsigned)(ppm / 1000 % 10));
}

/* "; its culprits took 2.3 % of the vCPUs' time, now none" */
static const char *time_words(struct arena *a, const struct comparison_tweak *t)
{
	const char *before = share_words(a, t->before_ppm.v),
		   *after = share_words(a, t->after_ppm.v);

	if (!before || !after)
		return NULL;
	if (!t->before_ppm.known || !t->after_ppm.known || (!t->before_ppm.v && !t->after_ppm.v))
		return "";
	return arena_printf(a, "; who it is about took %s of the vCPUs' time, now %s", before,
			    after);
}

/* "irq.g_rate improved by 94 % (23/s to 1.4/s): as expected" */
static const char *effect_words(struct arena *a, const struct comparison_metric *m, bool is_gone)
{
	const bool is_improved = fact_is(&m->verdict, judge_verdict_name(JUDGE_IMPROVED));
	const bool is_regressed = fact_is(&m->verdict, judge_verdict_name(JUDGE_REGRESSED));
	const char *moved = compare_moved(a, m), *values = compare_values(a, m);
	uint64_t before, after;

	if (!moved || !values)
		return NULL;
	if (is_improved || is_regressed)
		return arena_printf(a, "%s %s: %s", m->id.v, moved,
				    is_improved == is_gone ? "as expected"
							   : "the opposite of what is expected");
	if (fact_is(&m->verdict, judge_verdict_name(JUDGE_NO_CHANGE)) &&
	    metric_get_values(m, &before, &after) && !before && !after)
		return arena_printf(a,
				    "%s shows that it did not move: most %s have none, before and "
				    "after",
				    m->id.v, m->unit.known ? m->unit.v : "repetitions");
	if (fact_is(&m->verdict, judge_verdict_name(JUDGE_NO_CHANGE)))
		return arena_printf(a, "%s shows that it did not move (%s)", m->id.v, values);
	return arena_printf(a, "of %s no change is shown: it is inconclusive", m->id.v);
}

static const char *sentence(struct arena *a, const struct comparison_tweak *t, const char *wanted,
			    const struct comparison_metric *m)
{
	const bool is_gone = fact_is(&t->change, "gone");
	const char *what = is_gone ? "is gone" : "appeared";
	const char *time = time_words(a, t), *effect;

	if (!wanted)
		effect = "what it should move is nothing that vfiobench measures";
	else if (!m || !m->change_permille.known)
		effect = arena_printf(a, "what it should move, %s, was not measured on both sides",
				      wanted);
	else
		effect = effect_words(a, m, is_gone);
	return time && effect ? arena_printf(a, "%s %s; %s%s", t->id.v, what, effect, time) : NULL;
}

static bool is_judged(const struct fact_str *verdict)
{
	return verdict->known;
}

static int put(struct comparer *w, const struct comparison_finding *f)
{
	const bool was_bad = !fact_is(&f->before, verdict_names[VERDICT_PASS]);
	const bool is_bad = !fact_is(&f->after, verdict_names[VERDICT_PASS]);
	const char *wanted = tweak_metric(f->id.v);
	const struct comparison_metric *m = wanted ? find_metric(w->c, wanted) : NULL;
	struct comparison_tweak *t;
	int r;

	/* What was not judged on one side may have been so all the time. */
	if (!is_judged(&f->before) || !is_judged(&f->after) || was_bad == is_bad)
		return 0;
	t = fact_add_item(&w->c->tweaks, w->arena, sizeof(*t));
	if (!t)
		return -ENOMEM;
	t->id = f->id;
	t->title = f->title;
	t->before_ppm = culprit_time(compare_newest(&w->wish->before), f->id.v);
	t->after_ppm = culprit_time(compare_newest(&w->wish->after), f->id.v);
	r = fact_set_str(&t->change, w->arena, was_bad ? "gone" : "appeared");
	if (r == 0 && wanted)
		r = fact_set_str(&t->metric, w->arena, wanted);
	if (r < 0)
		return r;
	if (m) {
		t->verdict = m->verdict;
		t->change_permille = m->change_permille;
	}
	t->sentence = (struct fact_str){ true, sentence(w->arena, t, wanted, m) };
	return t->sentence.v ? 0 : -ENOMEM;
}

int compare_tweaks(struct comparer *w)
{
	const struct comparison_finding *f = w->c->findings.v;
	int r = 0;

	w->c->tweaks.known = true;
	for (size_t i = 0; i < w->c->findings.n && r == 0; i++)
		r = put(w, &f[i]);
	return r;
}
