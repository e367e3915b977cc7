/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pin_fix.c - which pins to propose, and the commands that set them. */
#include <string.h>

#include "analyze/engine.h"
#include "analyze/pin.h"

bool pin_uses_libvirt(const struct host *h)
{
	return placement_source(h) == PLACEMENT_CONFIGURED ||
	       (h->running && fact_is(&h->running->manager, "libvirt"));
}

const char *pin_vcpus(struct finding *out, const struct cpus *numbers)
{
	return finding_text(out, "vCPU%s %s", cpus_count(numbers) == 1 ? "" : "s",
			    finding_cpus(out, numbers));
}

const char *pin_cpus(struct finding *out, const struct cpus *set)
{
	return finding_text(out, "CPU%s %s", cpus_count(set) == 1 ? "" : "s",
			    finding_cpus(out, set));
}

const char *pin_time(struct finding *out, uint64_t ns)
{
	const uint64_t us = ns / NS_PER_US;

	if (ns >= 10 * NS_PER_S)
		return finding_text(out, "%llu s", (unsigned long long)(ns / NS_PER_S));
	if (ns >= NS_PER_S)
		return finding_text(out, "%llu.%llu s", (unsigned long long)(ns / NS_PER_S),
				    (unsigned long long)(ns % NS_PER_S / (NS_PER_S / 10)));
	if (us >= 10000)
		return finding_text(out, "%llu ms", (unsigned long long)(us / 1000));
	return finding_text(out, "%llu.%llu ms", (unsigned long long)(us / 1000),
			    (unsigned long long)(us % 1000 / 100));
}

uint64_t pin_permille(uint64_t part_ns, uint64_t whole_ns)
{
	return part_ns > UINT64_MAX / 1000 ? part_ns / (whole_ns / 1000 + 1)
					   : part_ns * 1000 / whole_ns;
}

static bool has_room(const struct cpus *set, const struct cpus *online, size_t n)
{
	const struct cpus usable = cpus_and(set, online);

	return cpus_count(&usable) >= n && !cpus_is_subset(online, set);
}

int pin_propose(const struct host *h, const struct placement *p, bool prefers_set,
		struct proposal **ret_proposal)
{
	struct propose_wish wish = { .n_vcpus = p->n };
	const struct cpus *sets[] = { &p->all, h->cpu.isolated.known ? &h->cpu.isolated.v : NULL };

	for (size_t i = 0; prefers_set && h->cpu.online.known && i < ARRAY_SIZE(sets); i++) {
		int r;

		if (!sets[i] || !has_room(sets[i], &h->cpu.online.v, p->n))
			continue;
		wish.within = sets[i];
		r = propose_pins(&h->cpu, &wish, ret_proposal);
		if (r != -ENOSPC)
			return r;
	}
	wish.within = NULL;
	if (h->domain.memory_nodes.known && !cpus_is_empty(&h->domain.memory_nodes.v))
		wish.nodes = &h->domain.memory_nodes.v;
	return propose_pins(&h->cpu, &wish, ret_proposal);
}

struct pin_text {
	const struct host *h;
	const struct placement *p;
	const struct proposal *prop;
	struct finding *out;
	FILE *to;
};

static void write_now(const struct pin_text *t)
{
	const bool is_libvirt = pin_uses_libvirt(t->h);

	for (size_t i = 0; i < t->prop->n; i++) {
		const struct vcpu_place *v = &t->p->v[i];

		fprintf(t->to, "%s", i ? "\n" : "");
		if (is_libvirt)
			fprintf(t->to, "virsh vcpupin {guest} %llu %u", (unsigned long long)v->vcpu,
				t->prop->cpu[i]);
		else
			fprintf(t->to, "sudo taskset -pc %u %llu", t->prop->cpu[i],
				(unsigned long long)v->tid);
	}
}

static void write_undo(const struct pin_text *t)
{
	const bool is_libvirt = pin_uses_libvirt(t->h);
	bool is_first = true;

	for (size_t i = 0; i < t->prop->n; i++) {
		const struct vcpu_place *v = &t->p->v[i];
		auto_free char *list = cpus_is_empty(&v->cpus) ? NULL : cpus_list_new(&v->cpus);

		if (!list)
			continue;
		fprintf(t->to, "%s", is_first ? "" : "\n");
		is_first = false;
		if (is_libvirt)
			fprintf(t->to, "virsh vcpupin {guest} %llu %s", (unsigned long long)v->vcpu,
				list);
		else
			fprintf(t->to, "sudo taskset -pc %s %llu", list,
				(unsigned long long)v->tid);
	}
	if (is_first)
		fputs("remove the <vcpupin> lines again (virsh edit {guest})", t->to);
}

/* The guest should know which of its vCPUs are threads of one core. */
static void write_topology(const struct pin_text *t)
{
	const struct fact_u64 *threads = &t->h->domain.threads;
	const size_t n = t->prop->n, per_core = t->prop->threads;

	if (threads->known ? threads->v == per_core : per_core == 1)
		return;
	fprintf(t->to,
		pin_uses_libvirt(t->h)
			? "\nand in <cpu>, from the next start of the guest on:\n"
			  "<topology sockets='1' dies='1' cores='%zu' threads='%zu'/>"
			: "\nand from the next start of the guest on: -smp %zu,sockets=1,"
			  "cores=%zu,threads=%zu",
		pin_uses_libvirt(t->h) ? n / per_core : n,
		pin_uses_libvirt(t->h) ? per_core : n / per_core, per_core);
}

static void write_libvirt(const struct pin_text *t)
{
	fputs("virsh edit {guest}, below <domain>:\n<cputune>\n", t->to);
	for (size_t i = 0; i < t->prop->n; i++)
		fprintf(t->to, "  <vcpupin vcpu='%llu' cpuset='%u'/>\n",
			(unsigned long long)t->p->v[i].vcpu, t->prop->cpu[i]);
	fputs("</cputune>", t->to);
	write_topology(t);
}

static void write_script(const struct pin_text *t)
{
	fputs("after each start of the guest (-name NAME,debug-threads=on names its threads):\n"
	      "pid=$(pidof -s {program})\n"
	      "pin() { for t in /proc/$pid/task/*; do [ \"$(cat $t/comm)\" = \"CPU $1/KVM\" ] && "
	      "sudo taskset -pc $2 $(basename $t); done; }",
	      t->to);
	for (size_t i = 0; i < t->prop->n; i++)
		fprintf(t->to, "\npin %llu %u", (unsigned long long)t->p->v[i].vcpu,
			t->prop->cpu[i]);
	write_topology(t);
}

static void write_persist(const struct pin_text *t)
{
	if (pin_uses_libvirt(t->h)) {
		write_libvirt(t);
		return;
	}
	finding_fill_quoted(t->out, "program",
			    t->h->running && t->h->running->program.known ? t->h->running->program.v
									  : "qemu-system-x86_64");
	write_script(t);
}

/* In one piece: a guest may have a thousand vCPUs. */
static const char *written(struct pin_text *t, void (*write)(const struct pin_text *))
{
	auto_free char *text = NULL;
	size_t size = 0;

	t->to = open_memstream(&text, &size);
	if (t->to)
		write(t);
	if (!t->to || fclose(t->to) == EOF) {
		t->out->is_out_of_memory = true;
		return "";
	}
	return finding_text(t->out, "%s", text);
}

static const char *no_room(const struct host *h, const struct placement *p, struct finding *out)
{
	const struct propose_wish wish = { .n_vcpus = p->n };
	const size_t most = propose_most(&h->cpu, &wish);
	const char *fewer =
		most ? finding_text(out, "Give the guest %zu vCPU%s or fewer (%s%zu%s).", most,
				    most == 1 ? "" : "s",
				    pin_uses_libvirt(h) ? "<vcpu placement='static'>" : "-smp ",
				    most, pin_uses_libvirt(h) ? "</vcpu>" : "")
		     : "There is no core that the host could spare.";

	return finding_text(out,
			    "There is no room: %zu vCPUs, and %zu CPUs on %zu core%s of which the "
			    "host needs one. %s",
			    p->n, cpus_count(&h->cpu.online.v), h->cpu.cores.n,
			    h->cpu.cores.n == 1 ? "" : "s", fewer);
}

void pin_fix(const struct host *h, const struct placement *p, int r, const struct proposal *prop,
	     struct finding *out)
{
	struct pin_text t = { .h = h, .p = p, .prop = prop, .out = out };

	if (r == 0) {
		finding_fix(out, written(&t, write_now), written(&t, write_persist),
			    written(&t, write_undo));
		return;
	}
	if (r == -ENOMEM)
		out->is_out_of_memory = true;
	finding_fix(out, "",
		    r == -ENOSPC
			    ? no_room(h, p, out)
			    : "Which cores the host has is not known here; lscpu --extended on "
			      "it shows them. Then one line for each vCPU in <cputune>: "
			      "<vcpupin vcpu='0' cpuset='1'/>, threads of one core side by "
			      "side, and the core of CPU 0 left to the host.",
		    "");
}

void pin_fix_fewer(const struct host *h, const struct placement *p, struct finding *out)
{
	const size_t n = p->n ? p->n : cpus_count(&h->cpus.guest.v);
	struct propose_wish wish = { .n_vcpus = n, .n_keep = 2 };
	auto_free struct proposal *prop = NULL;
	const char *where;

	wish.n_vcpus = propose_most(&h->cpu, &wish);
	if (!wish.n_vcpus || propose_pins(&h->cpu, &wish, &prop) < 0) {
		finding_fix(out, "",
			    finding_text(out,
					 "This host has %zu core%s: a guest cannot leave two of "
					 "them. Expect the host's work in its numbers.",
					 h->cpu.cores.n, h->cpu.cores.n == 1 ? "" : "s"),
			    "");
		return;
	}
	where = finding_cpus(out, &prop->guest);
	if (p->source == PLACEMENT_NONE)
		where = finding_text(out, "Leave two cores out: --cpus %s.", where);
	else if (pin_uses_libvirt(h))
		where = finding_text(out,
				     "virsh edit {guest}, and pin the vCPUs to CPUs %s:\n"
				     "<vcpu placement='static'>%zu</vcpu>\n"
				     "<topology sockets='1' dies='1' cores='%zu' threads='%zu'/>",
				     where, prop->n, prop->n / prop->threads, prop->threads);
	else
		where = finding_text(
			out,
			"Start the guest with -smp %zu,sockets=1,cores=%zu,threads=%zu "
			"and pin its vCPUs to CPUs %s.",
			prop->n, prop->n / prop->threads, prop->threads, where);
	finding_fix(out, "", where, "");
}
