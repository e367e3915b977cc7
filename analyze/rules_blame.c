/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <fnmatch.h>
#include <string.h>

#include "analyze/charge.h"
#include "analyze/engine.h"
#include "analyze/guest_config.h"

typedef unsigned long long ull;

#define BIT(verdict) (1u << (verdict))
#define IF_UNKNOWN   BIT(VERDICT_UNKNOWN)
#define IF_PASS      BIT(VERDICT_PASS)
#define IF_SILENT    (BIT(VERDICT_UNKNOWN) | BIT(VERDICT_NOT_APPLICABLE))

static bool is_class(const struct trace_culprit *c, const char *class, const char *pattern)
{
	return fact_is(&c->class, class) && c->name.known && !fnmatch(pattern, c->name.v, 0);
}

static bool is_task(const struct host *h, const struct trace_culprit *c, const void *arg)
{
	(void)h;
	(void)arg;
	return fact_is(&c->class, "task");
}

/* Workers of one CPU heed no mask. */
static bool is_unbound_worker(const struct host *h, const struct trace_culprit *c, const void *arg)
{
	(void)h;
	(void)arg;
	return is_class(c, "task", "kworker/u*");
}

/* Not a timer of something else. */
static bool is_tick(const struct host *h, const struct trace_culprit *c, const void *arg)
{
	(void)h;
	(void)arg;
	return is_class(c, "vector", "local_timer") || is_class(c, "vector", "local_timer (tick_*");
}

static bool is_named_tick(const struct host *h, const struct trace_culprit *c, const void *arg)
{
	(void)h;
	(void)arg;
	return is_class(c, "vector", "local_timer (tick_*");
}

/* KVM itself kicks a vCPU with "reschedule". */
static bool is_call(const struct host *h, const struct trace_culprit *c, const void *arg)
{
	(void)h;
	(void)arg;
	return is_class(c, "vector", "call_function*") || is_class(c, "vector", "irq_work");
}

static const struct irq_line *line_of(const struct host *h, const struct trace_culprit *c)
{
	return fact_is(&c->class, "irq") && c->name.known ? blame_line(h, c->name.v) : NULL;
}

/* All but those that the kernel is known to refuse to move. */
static bool may_move(const struct host *h, const struct trace_culprit *c, const void *arg)
{
	const struct irq_line *line = line_of(h, c);

	(void)arg;
	return !line || !line->is_movable.known || line->is_movable.v;
}

static bool may_be_managed(const struct host *h, const struct trace_culprit *c, const void *arg)
{
	const struct irq_line *line = line_of(h, c);

	(void)arg;
	return !line || !line->is_movable.known || !line->is_movable.v;
}

static bool is_irq(const struct host *h, const struct trace_culprit *c, const void *arg)
{
	(void)h;
	(void)arg;
	return fact_is(&c->class, "irq");
}

/* The stopper, which moves threads too, is not among them. */
static bool is_watchdog(const struct host *h, const struct trace_culprit *c, const void *arg)
{
	(void)h;
	(void)arg;
	return is_class(c, "task", "watchdog/*") || is_class(c, "nmi", "*") ||
	       is_class(c, "vector", "local_timer (watchdog*");
}

/* Other guests than Windows hardly use the APIC in this way. */
static bool is_old_apic(const struct host *h, const struct trace_culprit *c, const void *arg)
{
	(void)h;
	(void)arg;
	return is_class(c, "exit", "APIC_ACCESS") || is_class(c, "exit", "TPR_BELOW_THRESHOLD") ||
	       fact_is(&c->class, "io");
}

static bool is_io(const struct host *h, const struct trace_culprit *c, const void *arg)
{
	(void)h;
	(void)arg;
	return fact_is(&c->class, "io");
}

/* A shallow sleep is left so fast. */
static bool is_deep(const struct host *h, const struct trace_culprit *c, const void *arg)
{
	enum { DEEP_IDLE_US = 50 };

	(void)h;
	(void)arg;
	return c->p99_ns.known && c->p99_ns.v >= DEEP_IDLE_US * NS_PER_US;
}

static bool has_own_cpus(const struct host *h)
{
	return blame_is_recording(h) || (host_knows_guest_cpus(h) && !host_is_all_guest(h));
}

static bool is_apart(const struct host *h)
{
	return guest_is_pinned_apart(h);
}

/* Those of a guest that floats meet each other: that is no news. */
static bool is_pile(const struct host *h, const struct trace_culprit *c, const void *arg)
{
	(void)arg;
	return charge_is_anothers_vcpu(h, c) || is_apart(h);
}

#define PROOF_OF_NOTHING(row, reason)            \
	{                                        \
		.id = (row), .why_not = (reason) \
	}
#define EVIDENCE(row)       \
	{                   \
		.id = (row) \
	}

/* Rows that are not here: a culprit makes what the rule found wrong measured, and no more. */
static const struct charge charges[] = {
	{ .id = "isol.tasks-on-g", .turns = IF_SILENT | IF_PASS, .fix = charge_move_tasks },
	{ .id = "irq.host-on-g",
	  .is_meant = may_move,
	  .is_proof = is_irq,
	  .turns = IF_UNKNOWN | IF_PASS,
	  .fix = charge_move_irqs },
	{ .id = "irq.managed",
	  .is_meant = may_be_managed,
	  .is_proof = is_irq,
	  .turns = IF_UNKNOWN },
	{ .id = "irq.threaded", .turns = IF_UNKNOWN },
	{ .id = "cpu.nohz-full",
	  .is_meant = is_tick,
	  .turns = IF_UNKNOWN | IF_PASS,
	  .is_proof = is_named_tick,
	  .words =
		  "The setting is there, and something keeps the tick running: more than one runnable "
		  "thread on the CPU, a POSIX CPU timer, perf, or RCU callbacks that are not moved. "
		  "Look at what else runs there; the event timer:tick_stop of a trace names the "
		  "reason." },
	{ .id = "wq.cpumask",
	  .is_meant = is_unbound_worker,
	  .turns = IF_UNKNOWN | IF_PASS,
	  .words =
		  "Some work queues have masks of their own: grep . "
		  "/sys/devices/virtual/workqueue/*/cpumask; write the host's CPUs into those that "
		  "hold a CPU of the guest." },
	{ .id = "vm.dirty", .turns = IF_UNKNOWN },
	{ .id = "vm.stat-interval", .turns = IF_SILENT },
	{ .id = "timer.migration", .turns = IF_SILENT },
	{ .id = "cpu.rcu-nocbs",
	  .turns = IF_SILENT,
	  .may_turn = has_own_cpus,
	  .fix = charge_offload },
	{ .id = "softirq.net-block", .turns = IF_UNKNOWN | IF_PASS },
	{ .id = "ipi.sources", .is_meant = is_call, .turns = IF_UNKNOWN | IF_PASS },
	{ .id = "thp.cost-claim", .turns = IF_UNKNOWN | IF_PASS, .fix = charge_move_tasks },
	{ .id = "mem.compaction", .turns = IF_UNKNOWN },
	{ .id = "mem.ksm", .turns = IF_UNKNOWN },
	{ .id = "mem.swap", .is_proof = is_task, .turns = IF_UNKNOWN },
	{ .id = "kthr.affinity", .turns = IF_UNKNOWN, .fix = charge_move_tasks },
	{ .id = "kthr.nx-recovery", .turns = IF_UNKNOWN, .fix = charge_move_tasks },
	{ .id = "numa.numad", .turns = IF_UNKNOWN },
	{ .id = "wdt.lockup", .is_proof = is_watchdog, .turns = IF_UNKNOWN },
	{ .id = "pin.pileup",
	  .is_proof = is_pile,
	  .turns = IF_SILENT | IF_PASS,
	  .fix = charge_part_vcpus },
	{ .id = "pin.vcpupin", .turns = IF_UNKNOWN },
	{ .id = "pin.emulator", .turns = IF_UNKNOWN },
	{ .id = "pin.iothread", .turns = IF_UNKNOWN },
	{ .id = "pin.vhost", .turns = IF_UNKNOWN },
	{ .id = "sched.rt-throttle", .turns = IF_SILENT | IF_PASS, .fix = charge_lift_quota },
	{ .id = "idle.cstates", .is_proof = is_deep, .turns = IF_UNKNOWN },
	{ .id = "host.steal", .turns = IF_UNKNOWN },
	{ .id = "kvm.pause-loop",
	  .turns = BIT(VERDICT_NOT_APPLICABLE),
	  .may_turn = is_apart,
	  .fix = charge_pause_loop },
	{ .id = "hv.vapic", .is_proof = is_old_apic, .turns = IF_UNKNOWN, .fix = charge_switch_on },
	{ .id = "hv.stimer", .is_proof = is_io, .turns = IF_UNKNOWN, .fix = charge_switch_on },
	{ .id = "clock.hypervclock",
	  .turns = IF_UNKNOWN | IF_PASS,
	  .words =
		  "The guest has the clock and uses another one. In Windows, as administrator: bcdedit "
		  "/deletevalue useplatformclock, and restart it.",
	  .fix = charge_switch_on },
	{ .id = "clock.hpet-off", .turns = IF_UNKNOWN },
	{ .id = "input.virtio",
	  .turns = IF_UNKNOWN | IF_PASS,
	  .words =
		  "The guest still uses its PS/2 devices: install the driver vioinput (virtio-win) in "
		  "it, and move the mouse of the virtio device." },
	{ .id = "disk.emulated-bus", .turns = IF_UNKNOWN },
	{ .id = "machine.vmport", .turns = IF_UNKNOWN },
	{ .id = "msi.enabled", .turns = IF_UNKNOWN },
	EVIDENCE("freq.turbo-thermal"),
	EVIDENCE("kvm.halt-poll"),
	EVIDENCE("xml.hv-avic"),
	EVIDENCE("mem.prealloc"),
	EVIDENCE("kvm.nx-huge-pages"),
	EVIDENCE("machine.ioapic-kvm"),
	EVIDENCE("machine.smm"),
	EVIDENCE("irq.posted"),
	EVIDENCE("irq.irqbalance"),
	EVIDENCE("irq.vfio-placement"),
	EVIDENCE("isol.domain-flag"),
	EVIDENCE("smi.count"),
	EVIDENCE("kvm.dirty-log"),
	PROOF_OF_NOTHING("thp.never",
			 "The thread that makes huge pages is no reason to have them or not."),
	PROOF_OF_NOTHING("tpm.vtpm",
			 "The row asks whether there is a TPM, not what using it costs."),
	PROOF_OF_NOTHING("clock.rtc-catchup",
			 "Reads of the RTC say nothing of what becomes of its lost ticks."),
	PROOF_OF_NOTHING("clock.pit-delay",
			 "Use of the PIT says nothing of what becomes of its lost ticks."),
};

const struct charge *charge_find(const char *id)
{
	for (size_t i = 0; i < ARRAY_SIZE(charges); i++) {
		if (!strcmp(charges[i].id, id))
			return &charges[i];
	}
	return NULL;
}

/* The row names it, and the charge is about it. */
static bool is_meant(const struct host *h, const struct trace_culprit *c, const void *arg)
{
	const struct charge *charge = arg;

	return blame_names_row(h, c, charge->id) &&
	       (!charge->is_meant || charge->is_meant(h, c, NULL));
}

static bool is_proof(const struct host *h, const struct trace_culprit *c, const void *arg)
{
	const struct charge *charge = arg;

	return is_meant(h, c, arg) && (!charge->is_proof || charge->is_proof(h, c, NULL));
}

/* "IRQ 34 virtio4-input.0 held the guest up 1500 times, for 12.3 ms together …" */
static const char *charge_words(const struct host *h, const struct blame *b, struct finding *out)
{
	const char *more =
		b->n_culprits > 1 ? finding_text(out, " and %zu more", b->n_culprits - 1) : "";

	return finding_text(
		out, "%s%s held the guest up %llu times, for %s together (%s of its time), %s",
		blame_name(h, b->most, out), more, (ull)b->n, blame_ns(out, b->total_ns),
		blame_percent(out, b->guest_permille), blame_longest(out, b));
}

static void say_charge(const struct host *h, const struct blame *b, enum verdict verdict,
		       struct finding *out)
{
	const char *words = charge_words(h, b, out);

	/* What the rule says of settings that are not known is no news. */
	if (verdict == VERDICT_UNKNOWN || !out->summary)
		finding_say(out, "%s.", words);
	else
		finding_say(out, "%s %s: %s.", out->summary,
			    verdict == VERDICT_PASS ? "Yet this run shows" : "This run shows",
			    words);
}

static void fix_charge(const struct host *h, const struct charge *charge, enum verdict verdict,
		       struct finding *out)
{
	out->is_charged = true;
	/* Where the setting is as it should be, the row's fix would change nothing. */
	if (verdict == VERDICT_PASS && charge->words) {
		for (size_t i = 0; i < N_CHANGES; i++)
			finding_change(out, (enum change)i, NULL);
		finding_fix(out, "", charge->words, "");
		return;
	}
	if (charge->fix)
		charge->fix(h, out);
}

static void add_evidence(const struct host *h, const struct charge *charge, const struct blame *b,
			 struct finding *out)
{
	blame_list(h, is_meant, charge, out);
	finding_measured(out, u64_max(out->share_permille, b->guest_permille));
}

static enum verdict turn(const struct host *h, const struct charge *charge, enum verdict verdict,
			 struct finding *out)
{
	struct blame b;

	/* A recording knows no settings, so that what was said of them is void. */
	if (blame_is_recording(h) && (charge->turns & IF_UNKNOWN))
		verdict = VERDICT_UNKNOWN;
	if (!(charge->turns & BIT(verdict)) || !blame_some(h, is_proof, charge, &b) ||
	    !blame_is_noticeable(h, &b) || (charge->may_turn && !charge->may_turn(h)))
		return verdict;
	out->n_items = 0;
	say_charge(h, &b, verdict, out);
	fix_charge(h, charge, verdict, out);
	add_evidence(h, charge, &b, out);
	return VERDICT_ADVICE;
}

enum verdict blame_speak(const struct host *h, enum verdict verdict, struct finding *out)
{
	const struct charge *charge = charge_find(out->tweak->id);
	struct blame b;

	if (!charge || charge->why_not)
		return verdict;
	if (verdict != VERDICT_PROBLEM && verdict != VERDICT_ADVICE) {
		if (charge->turns && blame_can_tell(h))
			return turn(h, charge, verdict, out);
		return verdict;
	}
	if (blame_some(h, is_meant, charge, &b) && blame_is_noticeable(h, &b))
		add_evidence(h, charge, &b, out);
	return verdict;
}
