/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_threads.c - are the guest's threads known, on one kind of core, and where they should be?
 */
#include "analyze/change.h"
#include "analyze/crew.h"
#include "analyze/engine.h"
#include "analyze/guest_config.h"

static bool is_hybrid(const struct host *h, struct finding *out)
{
	if (!placement_applies(h, out))
		return false;
	if (h->cpu.e_cores.known && !cpus_is_empty(&h->cpu.e_cores.v) && h->cpu.p_cores.known &&
	    !cpus_is_empty(&h->cpu.p_cores.v))
		return true;
	finding_say(out, "The kernel tells of no cores of two kinds here.");
	return false;
}

static enum verdict judge_mixed(const struct host *h, const struct placement *p,
				const struct cpus *on_p, const struct cpus *on_e,
				struct finding *out)
{
	auto_free struct proposal *prop = NULL;
	const int r = pin_propose(h, p, false, &prop);

	if (r == 0 && cpus_intersects(&prop->guest, &h->cpu.p_cores.v) &&
	    cpus_intersects(&prop->guest, &h->cpu.e_cores.v)) {
		finding_say(out,
			    "The guest's CPUs are of two kinds; no kind has room for %zu vCPUs.",
			    p->n);
		return VERDICT_PASS;
	}
	finding_say(out, "The guest's CPUs are of two kinds: %s are P cores, %s E cores.",
		    finding_cpus(out, on_p), finding_cpus(out, on_e));
	pin_fix(h, p, r, prop, out);
	return VERDICT_ADVICE;
}

static enum verdict judge_hybrid(const struct host *h, struct finding *out)
{
	const struct placement *p = placement_of(h, out);
	const struct cpus on_p = cpus_and(&p->all, &h->cpu.p_cores.v),
			  on_e = cpus_and(&p->all, &h->cpu.e_cores.v);

	if (!p->n)
		return placement_says_nothing(p, out);
	if (!p->n_pinned && cpus_is_subset(&h->cpu.online.v, &p->all)) {
		finding_say(out, "The vCPUs are not pinned: see pin.vcpupin.");
		return VERDICT_NOT_APPLICABLE;
	}
	if (!cpus_is_empty(&on_p) && !cpus_is_empty(&on_e))
		return judge_mixed(h, p, &on_p, &on_e, out);
	finding_say(out, "The guest's CPUs (%s) are all %s cores.", finding_cpus(out, &p->all),
		    cpus_is_empty(&on_e) ? "P" : "E");
	return VERDICT_PASS;
}

static bool is_vhost(const struct guest_thread *t)
{
	return fact_is(&t->role, "vhost");
}

static const struct crew vhosts = { "The vhost workers", is_vhost };

static bool has_vhost(const struct host *h, struct finding *out)
{
	const struct guest_thread *t = h->running ? h->running->threads.v : NULL;

	for (size_t i = 0; t && i < h->running->threads.n; i++) {
		if (is_vhost(&t[i]))
			return true;
	}
	finding_say(out, "The guest has no vhost worker.");
	return false;
}

static void fix_vhost(const struct host *h, const struct placement *p, struct finding *out)
{
	if (!crew_fill_housekeeping(h, p, out))
		return;
	if (pin_uses_libvirt(h)) {
		finding_fill(out, "old", "%s", crew_old_list(h, p, &vhosts, out));
		return;
	}
	finding_change(out, CHANGE_XML, NULL);
	finding_fix(out, crew_taskset(h, p, &vhosts, "{H}", out),
		    "Run these commands after each start of the guest: thread ids change.",
		    crew_taskset(h, p, &vhosts, NULL, out));
}

static enum verdict judge_vhost(const struct host *h, struct finding *out)
{
	const struct placement *p = placement_of(h, out);
	enum verdict verdict;

	if (!p->n)
		return placement_says_nothing(p, out);
	if (!p->n_pinned)
		return pin_judge_floating(h, p, out);
	verdict = crew_judge(h, p, &vhosts, out);
	if (verdict == VERDICT_PROBLEM || verdict == VERDICT_ADVICE)
		fix_vhost(h, p, out);
	return verdict;
}

/* The built-in guest knows its own threads. */
static bool is_qemu(const struct host *h, struct finding *out)
{
	if (h->running && !fact_is(&h->running->kind, "builtin"))
		return true;
	if (host_has_running_guest(h))
		finding_say(out, "No guest of QEMU runs.");
	else
		finding_say_open(out, "No guest of QEMU runs.");
	return false;
}

static enum verdict judge_names(const struct host *h, struct finding *out)
{
	const struct guest_thread *t = h->running->threads.v;
	size_t n = 0, n_named = 0;

	if (!h->running->threads.known) {
		finding_say(out, "The threads of the guest could not be read.");
		return VERDICT_UNKNOWN;
	}
	for (size_t i = 0; i < h->running->threads.n; i++) {
		if (!fact_is(&t[i].role, "vcpu"))
			continue;
		n++;
		n_named += t[i].comm.known && text_starts(text_of(t[i].comm.v), "CPU ");
	}
	if (n) {
		finding_say(out, "%zu vCPU thread%s known%s.", n, n == 1 ? " is" : "s are",
			    n_named == n ? " by name" : ", from KVM's debugfs");
		return VERDICT_PASS;
	}
	finding_say(
		out,
		"Which of the %zu threads of QEMU are vCPUs cannot be told: they have no names, "
		"and KVM's debugfs was not readable. Start QEMU with debug-threads=on.",
		h->running->threads.n);
	return VERDICT_ADVICE;
}

static bool has_both_pins(const struct host *h, struct finding *out)
{
	if (!is_qemu(h, out))
		return false;
	if (host_runs_domain(h) && h->domain.vcpu_pins.n)
		return true;
	finding_say(out, "The configuration of the running guest pins no vCPU.");
	return false;
}

static const struct vcpu_place *place_of(const struct placement *p, uint64_t vcpu)
{
	for (size_t i = 0; i < p->n; i++) {
		if (p->v[i].vcpu == vcpu)
			return &p->v[i];
	}
	return NULL;
}

/* Commands for the vCPUs that are elsewhere, and how many they are. */
struct moves {
	const char *commands, *undo;
	size_t n;
};

static void add_move(const struct host *h, const struct vcpu_place *v, const struct cpus *pin,
		     struct moves *m, struct finding *out)
{
	const char *end = m->n ? "\n" : "", *now = finding_cpus(out, &v->cpus);
	const char *wanted = finding_cpus(out, pin);
	const unsigned long long vcpu = (unsigned long long)v->vcpu,
				 tid = (unsigned long long)v->tid;

	if (m->n++ >= PIN_ITEMS_MAX)
		return;
	finding_item(out, "vCPU %llu may run on CPUs %s, its pin is %s", vcpu, now, wanted);
	if (pin_uses_libvirt(h)) {
		m->commands = finding_text(out, "%s%svirsh vcpupin {guest} %llu %s --live",
					   m->commands, end, vcpu, wanted);
		m->undo = finding_text(out, "%s%svirsh vcpupin {guest} %llu %s --live", m->undo,
				       end, vcpu, now);
		return;
	}
	m->commands =
		finding_text(out, "%s%ssudo taskset -pc %s %llu", m->commands, end, wanted, tid);
	m->undo = finding_text(out, "%s%ssudo taskset -pc %s %llu", m->undo, end, now, tid);
}

static enum verdict judge_live(const struct host *h, struct finding *out)
{
	const struct placement *p = placement_of(h, out);
	const struct domain_pin *pin = h->domain.vcpu_pins.v;
	const bool is_own_file = fact_is(&h->domain.source, "file");
	struct moves m = { "", "", 0 };
	size_t n = 0;

	if (!p->n)
		return placement_says_nothing(p, out);
	for (size_t i = 0; i < h->domain.vcpu_pins.n; i++) {
		const struct vcpu_place *v = pin[i].id.known ? place_of(p, pin[i].id.v) : NULL;
		struct cpus wanted = pin[i].cpus.v;

		if (!v || !pin[i].cpus.known)
			continue;
		if (h->cpu.online.known)
			wanted = cpus_and(&wanted, &h->cpu.online.v);
		n++;
		if (!cpus_is_empty(&wanted) && !cpus_equal(&wanted, &v->cpus))
			add_move(h, v, &wanted, &m, out);
	}
	if (!m.n) {
		finding_say(out, "All %zu pinned vCPUs are where their pins put them.", n);
		return VERDICT_PASS;
	}
	finding_fix(out, m.commands, NULL, m.undo);
	finding_say(out, "%zu of %zu pinned vCPUs may run elsewhere than %s pins them.", m.n, n,
		    is_own_file ? "the file" : "the configuration");
	/* A file may have been changed since the guest started. */
	return is_own_file ? VERDICT_ADVICE : VERDICT_PROBLEM;
}

static const struct rule rules[] = {
	{
		.id = "pin.hybrid",
		.applies = is_hybrid,
		.reads = READS(READ(cpu.online), READ(cpu.cores)),
		.judge = judge_hybrid,
	},
	{ .id = "pin.vhost", .needs_guest = true, .applies = has_vhost, .judge = judge_vhost },
	{ .id = "pin.identify", .needs_guest = true, .applies = is_qemu, .judge = judge_names },
	{
		.id = "pin.live-differs",
		.needs_guest = true,
		.applies = has_both_pins,
		.judge = judge_live,
	},
};

const struct rule_set rules_threads = { rules, ARRAY_SIZE(rules) };
