/* SPDX-License-Identifier: GPL-2.0-or-later */
/* html_devices.c - where the devices of the guest hang: beside which CPUs. */
#include <inttypes.h>
#include <string.h>

#include "analyze/passthrough.h"
#include "report/html.h"

enum { DEVICES_MAX = 32, ADDRESS_MAX = 24, NAME_MAX_BYTES = 80 };

static const char *kind_of(const struct pci_function *f)
{
	static const struct {
		unsigned subclass, mask;
		const char *word;
	} kinds[] = {
		{ PCI_BASE_DISPLAY << 8, 0xff00, "GPU" },
		{ PCI_SUB_NVME, 0xffff, "NVMe" },
		{ PCI_SUB_USB, 0xffff, "USB" },
		{ PCI_BASE_SOUND << 8, 0xff00, "Sound" },
		{ 0x0200, 0xff00, "Network" },
		{ 0x0100, 0xff00, "Disks" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		if ((pci_subclass(f) & kinds[i].mask) == kinds[i].subclass)
			return kinds[i].word;
	}
	return "Device";
}

/* NULL: the firmware does not tell. With one node there is no question. */
static const struct node_fact *node_of(const struct html *p, const struct pci_function *f)
{
	const struct node_fact *v = p->h->cpu.nodes.v;

	if (p->h->cpu.nodes.n == 1)
		return v;
	for (size_t i = 0; f->node.known && i < p->h->cpu.nodes.n; i++) {
		if (v[i].node.known && v[i].node.v == f->node.v)
			return &v[i];
	}
	return NULL;
}

static bool is_beside(const struct node_fact *node, const struct cpus *cpus)
{
	struct cpus both;

	if (!node || !node->cpus.known)
		return !cpus;
	if (!cpus)
		return false;
	both = cpus_and(&node->cpus.v, cpus);
	return !cpus_is_empty(&both);
}

static void put_device(const struct html *p, const struct pci_function *f)
{
	const struct node_fact *node = node_of(p, f);

	html_put(p->out, "<li><b>%s</b> <code>", kind_of(f));
	escape_cut(p->out, f->address.known ? f->address.v : "?", ADDRESS_MAX);
	html_put(p->out, "</code> ");
	escape_cut(p->out, f->name.known ? f->name.v : "", NAME_MAX_BYTES);
	if (node && node->node.known && p->h->cpu.nodes.n > 1)
		html_put(p->out, " <small>node %" PRIu64 "</small>", node->node.v);
	html_put(p->out, "\n");
}

void html_devices(const struct html *p, const struct cpus *cpus)
{
	const struct pci_function *f;
	size_t n = 0, next = 0;

	while ((f = pci_next_passed(p->h, &next))) {
		if (!is_beside(node_of(p, f), cpus) || n++ >= DEVICES_MAX)
			continue;
		if (n == 1)
			html_put(p->out, "<p class=\"cache\">%s</p>\n<ul class=\"devices\">\n",
				 cpus ? "Devices of the guest on this side"
				      : "Devices of the guest, nobody tells beside which CPUs");
		put_device(p, f);
	}
	html_put(p->out, n ? "</ul>\n" : "");
	html_and_more(p, n, DEVICES_MAX);
}
