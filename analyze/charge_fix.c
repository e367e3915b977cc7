/* SPDX-License-Identifier: GPL-2.0-or-later */
/* charge_fix.c - fixes that take a culprit of the trace away; documented in analyze/charge.h. */
#include <string.h>

#include "analyze/charge.h"
#include "analyze/engine.h"
#include "analyze/hyperv.h"
#include "analyze/irqs.h"

#define TASKS_MAX 4
#define IRQS_MAX  16u

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

/* A name as a pattern of pgrep that fits itself alone. */
static const char *pattern_of(const char *comm, struct finding *out)
{
	auto_free char *text = NULL;
	size_t size = 0;
	FILE *to = open_memstream(&text, &size);

	for (; to && *comm; comm++) {
		if (strchr("\\^.[$()|*+?{", *comm))
			putc('\\', to);
		putc(*comm, to);
	}
	if (!to || fclose(to) == EOF) {
		out->is_out_of_memory = true;
		return "";
	}
	return finding_text(out, "%s", text);
}

static bool can_be_moved(const struct trace_culprit *c)
{
	return fact_is(&c->class, "task") && blame_counts(c) && !is_bound(c->name.v);
}

static const char *moves_to(const struct host *h, const char *list, struct finding *out)
{
	const struct trace_culprit *c = h->trace.culprits.v;
	const char *lines = "";
	size_t n = 0;

	for (size_t i = 0; i < h->trace.culprits.n && i < BLAME_CULPRITS_MAX && n < TASKS_MAX;
	     i++) {
		const char *key;

		if (!blame_names_row(h, &c[i], out->tweak->id) || !can_be_moved(&c[i]))
			continue;
		key = finding_text(out, "task%zu", n);
		finding_fill_quoted(out, key, pattern_of(c[i].name.v, out));
		lines = finding_text(out,
				     "%s%sfor t in $(pgrep -w -x -- {%s}); do sudo taskset -pc %s "
				     "\"$t\"; done",
				     lines, n ? "\n" : "", key, list);
		n++;
	}
	return lines;
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

bool charge_move_tasks(const struct host *h, struct finding *out)
{
	const char *now = moves_to(h, "{H}", out), *keep;

	for (size_t i = 0; i < N_CHANGES; i++)
		finding_change(out, (enum change)i, NULL);
	if (host_is_all_guest(h)) {
		finding_fix(out, "",
			    "The guest may run on every CPU, and so may all others: pin its vCPUs "
			    "to some of them (see pin.vcpupin), then keep others off these (see "
			    "cpu.isolcpus).",
			    "");
		return true;
	}
	keep = has_bound(h, out)
		       ? "Work and timers of one CPU come from what runs and what interrupts there: "
			 "keep other tasks (cpu.isolcpus) and interrupts (irq.host-on-g) off the "
			 "guest's CPUs."
		       : "Isolate the guest's CPUs (see cpu.isolcpus), or run the commands after each "
			 "start of these tasks.";
	finding_fix(out, now, keep, *now ? moves_to(h, "{ALL}", out) : "");
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
