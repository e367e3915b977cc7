/* SPDX-License-Identifier: GPL-2.0-or-later */
/* charge_fix.c - fixes that take a culprit of the trace away; documented in analyze/charge.h. */
#include <string.h>

#include "analyze/charge.h"
#include "analyze/engine.h"
#include "analyze/hyperv.h"
#include "analyze/irqs.h"

#define TASKS_MAX 4
/* Less CPU time than that a program has that is gone in a moment. */
#define LASTING_CPU_MS 1000
#define IRQS_MAX       16u

/* Threads that belong to one CPU; what they do was queued there. */
static bool is_bound(const char *comm)
{
	static const char *const names[] = { "kworker/", "migration/", "ksoftirqd/",
					     "cpuhp/",   "rcuc/",      "idle_inject/" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (!strncmp(comm, names[i], strlen(names[i])))
			return true;
	}
	return false;
}

static bool can_be_moved(const struct trace_culprit *c)
{
	return fact_is(&c->class, "task") && blame_counts(c) && !is_bound(c->name.v);
}

/* "kswapd0" in facts where kernel threads are without the numbers at their end. */
static bool is_named(const struct sched_tasks *t, const char *name)
{
	size_t n = strlen(name);

	if (!t->comm.known)
		return false;
	while (t->is_kernel.v && n && name[n - 1] >= '0' && name[n - 1] <= '9')
		n--;
	return !strcmp(t->comm.v, name) || (strlen(t->comm.v) == n && !strncmp(t->comm.v, name, n));
}

/* Threads of that name that were there before the run and will be there after it; NULL: none, or
 * nobody knows which of several. */
static const struct sched_tasks *lasting(const struct host *h, const char *name)
{
	const struct sched_tasks *t = h->sched.tasks.v, *found = NULL;

	for (size_t i = 0; i < h->sched.tasks.n; i++) {
		if (!is_named(&t[i], name))
			continue;
		if (found)
			return NULL;
		found = &t[i];
	}
	if (!found || !found->affinity.known || !found->n_threads.v ||
	    found->n_threads.v != found->ids.n)
		return NULL;
	if (found->is_kernel.v)
		return found->is_movable.v ? found : NULL;
	return found->n_threads.v == 1 && found->cpu_ms.v >= LASTING_CPU_MS ? found : NULL;
}

struct moves {
	const char *now, *undo;
	bool is_all;    /* of the tasks that can be moved */
	bool is_pinned; /* one of them was put there by hand */
};

static void add_moves(const struct host *h, const struct sched_tasks *t, struct moves *m,
		      struct finding *out)
{
	for (size_t i = 0; i < t->ids.n; i++) {
		const char *end = *m->now ? "\n" : "";

		m->now = finding_text(out, "%s%ssudo taskset -pc {H} %s", m->now, end, t->ids.v[i]);
		m->undo = finding_text(out, "%s%ssudo taskset -pc %s %s", m->undo, end,
				       finding_cpus(out, &t->affinity.v), t->ids.v[i]);
	}
	if (h->cpus.guest.known && cpus_is_subset(&t->affinity.v, &h->cpus.guest.v))
		m->is_pinned = true;
}

/* By number: under a name the next process may be there, or somebody else's. */
static struct moves moves_of(const struct host *h, struct finding *out)
{
	const struct trace_culprit *c = h->trace.culprits.v;
	struct moves m = { .now = "", .undo = "", .is_all = true };
	size_t n = 0;

	for (size_t i = 0; i < h->trace.culprits.n && i < BLAME_CULPRITS_MAX && n < TASKS_MAX;
	     i++) {
		const struct sched_tasks *t;

		if (!blame_names_row(h, &c[i], out->tweak->id) || !can_be_moved(&c[i]))
			continue;
		t = lasting(h, c[i].name.v);
		if (t)
			add_moves(h, t, &m, out);
		else
			m.is_all = false;
		n++;
	}
	return m;
}

/* Culprits that no command moves. */
static bool has_bound(const struct host *h, const struct finding *out)
{
	const struct trace_culprit *c = h->trace.culprits.v;

	for (size_t i = 0; i < h->trace.culprits.n && i < BLAME_CULPRITS_MAX; i++) {
		if (blame_names_row(h, &c[i], out->tweak->id) && blame_counts(&c[i]) &&
		    !can_be_moved(&c[i]))
			return true;
	}
	return false;
}

static const char *how_to_keep(bool has_bound, const struct moves *m)
{
	if (has_bound)
		return "Work and timers of one CPU come from what runs and what interrupts there: "
		       "keep other tasks (cpu.isolcpus) and interrupts (irq.host-on-g) off the "
		       "guest's CPUs.";
	if (*m->now && m->is_all)
		return "Isolate the guest's CPUs (see cpu.isolcpus), or run the commands after "
		       "each start of these tasks.";
	return "Such tasks come and go: isolate the guest's CPUs (see cpu.isolcpus), or keep all "
	       "others off them with cpusets while the guest runs (see isol.dynamic).";
}

bool charge_move_tasks(const struct host *h, struct finding *out)
{
	struct moves m = { .now = "", .undo = "" };
	const char *keep;

	for (size_t i = 0; i < N_CHANGES; i++)
		finding_change(out, (enum change)i, NULL);
	if (host_is_all_guest(h)) {
		keep = "The guest may run on every CPU, and so may all others: pin its vCPUs to "
		       "some of them (see pin.vcpupin), then keep others off these (see "
		       "cpu.isolcpus).";
	} else {
		m = moves_of(h, out);
		keep = how_to_keep(has_bound(h, out), &m);
	}
	finding_fix(out, m.now, keep, m.undo);
	if (!*m.now)
		out->fix.needs = NEEDS_REBOOT;
	/* What the row says of tasks that somebody put there. */
	if (!m.is_pinned && !strcmp(out->tweak->id, "isol.tasks-on-g"))
		out->fix.risk = NULL;
	return true;
}

bool charge_is_anothers_vcpu(const struct host *h, const struct trace_culprit *c)
{
	/* The trace knows the threads of its own guest, and gives them a row more. */
	return fact_is(&c->class, "task") && !blame_names_row(h, c, "pin.vcpupin");
}

static bool is_anothers(const struct host *h, const struct trace_culprit *c, const void *id)
{
	return blame_names_row(h, c, id) && charge_is_anothers_vcpu(h, c);
}

bool charge_part_vcpus(const struct host *h, struct finding *out)
{
	struct blame b;

	for (size_t i = 0; i < N_CHANGES; i++)
		finding_change(out, (enum change)i, NULL);
	if (blame_some(h, is_anothers, out->tweak->id, &b))
		finding_say(out,
			    "%s That is a vCPU of another guest, or of another vfiobench, on a CPU "
			    "of this one.",
			    out->summary);
	finding_fix(out, "",
		    "Give each vCPU of all guests a CPU of its own (virsh vcpupin). With the "
		    "built-in guest choose CPUs that no other guest uses (--cpus), and let another "
		    "vfiobench end first.",
		    "");
	return true;
}

bool charge_move_irqs(const struct host *h, struct finding *out)
{
	const struct trace_culprit *c = h->trace.culprits.v;
	struct irq_hit hits[IRQS_MAX];
	size_t n = 0;

	for (size_t i = 0; i < h->trace.culprits.n && i < BLAME_CULPRITS_MAX && n < IRQS_MAX; i++) {
		const struct irq_line *line = NULL;

		if (fact_is(&c[i].class, "irq") && blame_names_row(h, &c[i], out->tweak->id))
			line = blame_line(h, c[i].name.known ? c[i].name.v : "");
		if (line)
			hits[n++] = (struct irq_hit){ .irq = line->irq.v,
						      .actions = line->actions.v,
						      .line = line };
	}
	if (!n)
		return false;
	finding_fix(out, irq_moves(hits, n, "{H}", out), NULL, irq_moves(hits, n, NULL, out));
	return true;
}

bool charge_switch_on(const struct host *h, struct finding *out)
{
	const struct enlightenment *e = enlightenment_of(out);
	const char *const names[] = { e->name, NULL };

	hyperv_switch_on(h, out, names);
	finding_item(out, "if the guest is Windows: Linux has kvm-clock and x2APIC in place of it");
	return true;
}

bool charge_lift_quota(const struct host *h, struct finding *out)
{
	(void)h;
	finding_fix(
		out, "virsh schedinfo {guest}",
		"A quota of CPU time holds the guest up. Of libvirt: virsh schedinfo {guest} --set "
		"vcpu_quota=-1 and --set global_quota=-1, with --config too; of systemd: "
		"CPUQuota= of its slice or unit; of Proxmox: qm set {vmid} --cpulimit 0.",
		"");
	return true;
}

/* The threads that the row's commands move are there once the argument is. */
bool charge_offload(const struct host *h, struct finding *out)
{
	(void)h;
	finding_fix(out, "", NULL, "");
	out->fix.needs = NEEDS_REBOOT;
	return true;
}

bool charge_pause_loop(const struct host *h, struct finding *out)
{
	const bool is_amd = !setting_value(&h->kernel.params, "kvm_intel.ple_gap");

	out->fix.needs = NEEDS_MODULE_RELOAD;
	finding_change(out, CHANGE_MODPROBE,
		       is_amd ? "options kvm_amd pause_filter_count=0"
			      : "options kvm_intel ple_gap=0");
	return true;
}
