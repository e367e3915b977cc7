/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pin_fix.c - which pins to propose, and the commands that set them. */
#include <string.h>

#include "analyze/change.h"
#include "analyze/engine.h"
#include "analyze/pin.h"

/* Base class of PCI functions that show pictures. */
#define PCI_CLASS_DISPLAY 3

bool pin_uses_libvirt(const struct host *h)
{
	return host_manager(h) == MANAGER_LIBVIRT;
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

static bool is_passed_through(const struct host *h, const struct pci_function *f)
{
	const struct fact_strs *devices = &h->domain.host_devices;

	for (size_t i = 0; f->address.known && i < devices->n; i++) {
		if (!strcmp(devices->v[i], f->address.v))
			return true;
	}
	return false;
}

struct cpus pin_device_nodes(const struct host *h)
{
	const struct pci_function *f = h->pci.functions.v;
	struct cpus all = { { 0 } }, displays = { { 0 } };

	for (size_t i = 0; i < h->pci.functions.n; i++) {
		if (!f[i].node.known || f[i].node.v >= CPUS_MAX || !is_passed_through(h, &f[i]))
			continue;
		cpus_add(&all, (unsigned)f[i].node.v);
		if (f[i].class_code.known && f[i].class_code.v >> 16 == PCI_CLASS_DISPLAY)
			cpus_add(&displays, (unsigned)f[i].node.v);
	}
	return cpus_is_empty(&displays) ? all : displays;
}

/* Anywhere, best near the guest's memory or its device. */
static int propose_anywhere(const struct host *h, size_t n, struct proposal **ret_proposal)
{
	const struct cpus device_nodes = pin_device_nodes(h);
	struct propose_wish wish = { .n_vcpus = n };

	if (h->domain.memory_nodes.known && !cpus_is_empty(&h->domain.memory_nodes.v))
		wish.nodes = &h->domain.memory_nodes.v;
	else if (!cpus_is_empty(&device_nodes))
		wish.nodes = &device_nodes;
	return propose_pins(&h->cpu, &wish, ret_proposal);
}

int pin_propose(const struct host *h, const struct placement *p, bool prefers_set,
		struct proposal **ret_proposal)
{
	const struct cpus *sets[] = { &p->all, h->cpu.isolated.known ? &h->cpu.isolated.v : NULL };
	const int first = h->cpu.online.known ? cpus_next(&h->cpu.online.v, 0) : -1;

	for (size_t i = 0; prefers_set && h->cpu.online.known && i < ARRAY_SIZE(sets); i++) {
		struct propose_wish wish = { .n_vcpus = p->n, .within = sets[i] };
		int r = -ENOSPC;

		if (!sets[i] || !has_room(sets[i], &h->cpu.online.v, p->n))
			continue;
		/* The first CPU stays with the host where there is room without it: isol.cpu0. */
		if (first >= 0 && cpus_has(sets[i], (unsigned)first))
			r = propose_anywhere(h, p->n, ret_proposal);
		if (r < 0 && r != -ENOMEM)
			r = propose_pins(&h->cpu, &wish, ret_proposal);
		if (r != -ENOSPC)
			return r;
	}
	return propose_anywhere(h, p->n, ret_proposal);
}

bool pin_leaves_boot_cpu(const struct host *h, struct finding *out, struct proposal **ret_proposal)
{
	const struct placement *p = placement_of(h, out);
	auto_free struct proposal *prop = NULL;
	struct cpus host;

	if (!h->cpu.online.known || !p->n || pin_propose(h, p, false, &prop) < 0 ||
	    cpus_has(&prop->guest, 0))
		return false;
	host = cpus_minus(&h->cpu.online.v, &prop->guest);
	finding_fill(out, "G", "%s", finding_cpus(out, &prop->guest));
	finding_fill(out, "H", "%s", finding_cpus(out, &host));
	if (ret_proposal) {
		*ret_proposal = prop;
		prop = NULL;
	}
	return true;
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

/* Words in place of the row's edits. */
static void fix_in_words(struct finding *out, const char *words)
{
	finding_change(out, CHANGE_XML, NULL);
	finding_fix(out, "", words, "");
}

static void fix_pins(const struct host *h, const struct placement *p, int r,
		     const struct proposal *prop, bool is_whole, struct finding *out)
{
	if (r == 0) {
		pin_write(h, p, prop, is_whole, out);
		return;
	}
	if (r == -ENOMEM)
		out->is_out_of_memory = true;
	fix_in_words(out,
		     r == -ENOSPC
			     ? no_room(h, p, out)
			     : "Which cores the host has is not known here; lscpu --extended on "
			       "it shows them. Then one line for each vCPU in <cputune>: "
			       "<vcpupin vcpu='0' cpuset='1'/>, threads of one core side by "
			       "side, and the core of CPU 0 left to the host.");
}

void pin_fix(const struct host *h, const struct placement *p, int r, const struct proposal *prop,
	     struct finding *out)
{
	fix_pins(h, p, r, prop, true, out);
}

void pin_fix_part(const struct host *h, const struct placement *p, int r,
		  const struct proposal *prop, struct finding *out)
{
	fix_pins(h, p, r, prop, false, out);
}

void pin_fix_fewer(const struct host *h, const struct placement *p, struct finding *out)
{
	const size_t n = p->n ? p->n : cpus_count(&h->cpus.guest.v);
	struct propose_wish wish = { .n_vcpus = n, .n_keep = 2 };
	auto_free struct proposal *prop = NULL;

	wish.n_vcpus = propose_most(&h->cpu, &wish);
	if (!wish.n_vcpus || propose_pins(&h->cpu, &wish, &prop) < 0)
		fix_in_words(out, finding_text(out,
					       "This host has %zu core%s: a guest cannot leave two "
					       "of them. Expect the host's work in its numbers.",
					       h->cpu.cores.n, h->cpu.cores.n == 1 ? "" : "s"));
	else if (p->source == PLACEMENT_NONE)
		fix_in_words(out, finding_text(out, "Leave two cores out: --cpus %s.",
					       finding_cpus(out, &prop->guest)));
	else
		pin_write_fewer(h, p, prop, out);
}
