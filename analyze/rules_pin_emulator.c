/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_pin_emulator.c - do QEMU's own threads stay off the CPUs that vCPUs are pinned to? */
#include <string.h>

#include "analyze/blame.h"
#include "analyze/crew.h"
#include "analyze/engine.h"

/* A kernel thread that QEMU owns; it recovers huge pages and is no thread of the emulator. */
static bool is_kernels(const struct guest_thread *t)
{
	return t->comm.known && !strncmp(t->comm.v, "kvm-nx-lpage-re", 15);
}

/* The I/O thread of QEMU's monitor belongs to the emulator. */
bool pin_is_monitor(const struct guest_thread *t)
{
	return fact_is(&t->comm, "IO mon_iothread");
}

static bool is_emulator(const struct guest_thread *t)
{
	return !is_kernels(t) && (pin_is_monitor(t) || fact_is(&t->role, "emulator") ||
				  fact_is(&t->role, "worker") || fact_is(&t->role, "other"));
}

static const struct crew emulator = { "QEMU's own threads", is_emulator };

enum verdict pin_says_floating(struct finding *out)
{
	finding_say(out, "The vCPUs are not pinned: no CPU is theirs.");
	return VERDICT_NOT_APPLICABLE;
}

enum verdict pin_judge_floating(const struct host *h, const struct placement *p,
				struct finding *out)
{
	auto_free struct proposal *prop = NULL;
	struct blame b;
	int r;

	if (p->source != PLACEMENT_RUNNING || !blame_of(h, out->tweak->id, &b) ||
	    !blame_is_noticeable(h, &b))
		return pin_says_floating(out);
	finding_say(out,
		    "The vCPUs are not pinned, and %s held them up for %s (%s of their time): give "
		    "both CPUs of their own.",
		    blame_name(h, b.most, out), blame_ns(out, b.total_ns),
		    blame_percent(out, b.guest_permille));
	r = pin_propose(h, p, true, &prop);
	pin_fix(h, p, r, prop, out);
	return VERDICT_ADVICE;
}

static void fix_running_emulator(const struct host *h, const struct placement *p,
				 struct finding *out)
{
	if (!crew_fill_housekeeping(h, p, out))
		return;
	if (pin_uses_libvirt(h)) {
		finding_fill(out, "old", "%s", crew_old_list(h, p, &emulator, out));
		return;
	}
	finding_change(out, CHANGE_XML, NULL);
	finding_fix(out, crew_taskset(h, p, &emulator, "{H}", out),
		    "Run these commands after each start of the guest: thread ids change.",
		    crew_taskset(h, p, &emulator, NULL, out));
}

static enum verdict judge_configured_emulator(const struct host *h, const struct placement *p,
					      struct finding *out)
{
	const struct domain_facts *d = &h->domain;
	/* Without a pin of their own they inherit the CPU set of the vCPUs, if there is one. */
	const struct fact_cpus *where = d->emulator_pin.known && !cpus_is_empty(&d->emulator_pin.v)
						? &d->emulator_pin
						: &d->vcpu_cpuset;
	const bool is_anywhere = !where->known || cpus_is_empty(&where->v);
	struct cpus shared;

	if (!is_anywhere) {
		shared = cpus_and(&where->v, &p->pinned);
		if (cpus_is_empty(&shared)) {
			finding_say(out,
				    "QEMU's own threads are set to %s, where no vCPU is pinned.",
				    pin_cpus(out, &where->v));
			return VERDICT_PASS;
		}
		finding_say(out,
			    "QEMU's own threads are set to CPUs %s; vCPUs are pinned to %s of "
			    "them.",
			    finding_cpus(out, &where->v), finding_cpus(out, &shared));
		finding_fill(out, "old", "%s", finding_cpus(out, &where->v));
	} else {
		finding_say(out,
			    "%zu vCPUs are pinned, QEMU's own threads are not: they may run on the "
			    "vCPUs' CPUs %s.",
			    p->n_pinned, finding_cpus(out, &p->pinned));
		finding_fix(out, NULL, NULL, "remove the <emulatorpin> line (virsh edit {guest})");
	}
	crew_fill_housekeeping(h, p, out);
	return VERDICT_ADVICE;
}

enum verdict pin_judge_emulator(const struct host *h, struct finding *out)
{
	const struct placement *p = placement_of(h, out);
	enum verdict verdict;

	if (!p->n)
		return placement_says_nothing(p, out);
	if (!p->n_pinned)
		return pin_judge_floating(h, p, out);
	if (p->source == PLACEMENT_CONFIGURED)
		return judge_configured_emulator(h, p, out);
	verdict = crew_judge(h, p, &emulator, out);
	if (verdict == VERDICT_PROBLEM || verdict == VERDICT_ADVICE)
		fix_running_emulator(h, p, out);
	return verdict;
}
