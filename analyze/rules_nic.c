/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_nic.c - network cards of the guest: model, path of their packets, queues. */
#include <string.h>

#include "analyze/disks.h"
#include "analyze/guest_config.h"

typedef unsigned long long ull;

/* More queues than this bring a desktop nothing. */
#define USEFUL_QUEUES 8u

static const struct domain_interface *cards_of(const struct host *h)
{
	return h->domain.interfaces.v;
}

static const struct net_interface *host_interface(const struct host *h, const char *name)
{
	const struct net_interface *n = h->net.interfaces.v;

	for (size_t i = 0; i < h->net.interfaces.n; i++) {
		if (fact_is(&n[i].name, name))
			return &n[i];
	}
	return NULL;
}

/* libvirt's own network is behind NAT; others are what their XML says, which is not read. */
static const char *detour(const struct domain_interface *n)
{
	if (fact_is(&n->type, "user"))
		return "QEMU's own TCP/IP, in its main loop";
	if (fact_is(&n->type, "network") && fact_is(&n->source, "default"))
		return "libvirt's default network, behind NAT";
	if (n->source.known && !strncmp(n->source.v, "virbr", 5))
		return "a bridge of libvirt, behind NAT";
	return NULL;
}

static enum verdict judge_bridge(const struct host *h, struct finding *out)
{
	const char *way = NULL;
	size_t n = 0;

	for (size_t i = 0; i < h->domain.interfaces.n; i++) {
		const struct domain_interface *card = &cards_of(h)[i];

		if (fact_is(&h->domain.source, "libvirt") && h->net.interfaces.known &&
		    fact_is(&card->type, "bridge") && card->source.known &&
		    !host_interface(h, card->source.v) && !host_runs_domain(h)) {
			finding_fill_quoted(out, "bridge", card->source.v);
			finding_fix(out, "sudo ip link add {bridge} type bridge", NULL, NULL);
			finding_say(out, "%s needs a bridge that this host does not have now.",
				    interface_words(h, i, out));
			return VERDICT_PROBLEM;
		}
		if (!detour(card))
			continue;
		n++;
		way = detour(card);
		finding_item(out, "%s: %s", interface_words(h, i, out), way);
	}
	finding_fill(out, "bridge", "br0");
	if (n) {
		finding_say(out, "Packets of %zu network card%s take a detour on the host%s%s.", n,
			    n == 1 ? "" : "s", n == 1 ? ": " : "", n == 1 ? way : "");
		return VERDICT_ADVICE;
	}
	finding_say(out,
		    "No network card is behind NAT of libvirt or of QEMU, as far as the guest's "
		    "configuration tells.");
	return VERDICT_PASS;
}

/* A name of the device itself: libvirt hands it to QEMU, but takes it for a foreign card. */
static bool is_foreign_name(const struct host *h, const struct domain_interface *n)
{
	static const char *const known[] = { "virtio", "virtio-transitional",
					     "virtio-non-transitional", NULL };

	return !guest_is_argv(h) && interface_is_virtio(n) && !fact_is_one_of(&n->model, known);
}

static enum verdict judge_foreign(const struct host *h, size_t i, struct finding *out)
{
	const struct domain_interface *n = &cards_of(h)[i];

	finding_change(out, CHANGE_XML, "devices/interface[%zu]/model@type=virtio", i + 1);
	if (n->n_queues.known && n->n_queues.v > 1) {
		finding_say(
			out,
			"Model '%s' is not 'virtio' to libvirt: its %llu queues are ignored, and "
			"vhost is not used.",
			n->model.v, (ull)n->n_queues.v);
		return VERDICT_PROBLEM;
	}
	finding_say(
		out,
		"Model '%s' is not 'virtio' to libvirt: it does not use vhost, each packet goes "
		"through QEMU's main loop.",
		n->model.v);
	return VERDICT_ADVICE;
}

/* The host's kernel could move its packets. */
static bool may_have_vhost(const struct domain_interface *n)
{
	static const char *const types[] = {
		"bridge", "network", "direct", "ethernet", "tap", NULL
	};

	return interface_is_virtio(n) && (!n->type.known || fact_is_one_of(&n->type, types));
}

static const char *why_no_vhost(const struct host *h, const struct domain_interface *n)
{
	if (fact_is(&n->driver, "qemu"))
		return "its driver is set to qemu";
	if (n->has_vhost.known && !n->has_vhost.v)
		return "vhost=on is not among QEMU's arguments";
	if (!n->has_vhost.known && h->net.has_vhost_net.known && !h->net.has_vhost_net.v)
		return "this host has no /dev/vhost-net";
	return NULL;
}

static enum verdict judge_model(const struct host *h, struct finding *out)
{
	size_t n = 0;

	for (size_t i = 0; i < h->domain.interfaces.n; i++) {
		if (is_foreign_name(h, &cards_of(h)[i]))
			return judge_foreign(h, i, out);
	}
	for (size_t i = 0; i < h->domain.interfaces.n; i++) {
		const struct domain_interface *card = &cards_of(h)[i];

		if (!may_have_vhost(card))
			continue;
		n++;
		if (!why_no_vhost(h, card))
			continue;
		if (!card->has_vhost.known && !card->driver.known)
			finding_fix(out, "sudo modprobe vhost_net", NULL, NULL);
		finding_change(out, CHANGE_XML, "devices/interface[%zu]/driver@name=vhost", i + 1);
		finding_say(out, "Packets of %s go through QEMU's main loop: %s.",
			    interface_words(h, i, out), why_no_vhost(h, card));
		return VERDICT_ADVICE;
	}
	if (!n) {
		finding_say(out, "No network card is of model virtio and on a bridge or tap.");
		return VERDICT_NOT_APPLICABLE;
	}
	finding_say(out, "%zu network card%s of model virtio: the kernel moves %s packets (vhost).",
		    n, n == 1 ? " is" : "s are", n == 1 ? "its" : "their");
	return VERDICT_PASS;
}

static bool is_sriov_model(const struct domain_interface *n)
{
	static const char *const names[] = { "sr-iov", "sriov", "SR-IOV", NULL };

	return fact_is_one_of(&n->model, names);
}

static enum verdict judge_sriov_model(const struct host *h, struct finding *out)
{
	size_t n = 0;

	for (size_t i = 0; i < h->domain.interfaces.n; i++) {
		if (!is_sriov_model(&cards_of(h)[i]))
			continue;
		finding_change(out, CHANGE_XML, "devices/interface[%zu]/model@type=virtio", i + 1);
		if (n++)
			continue;
		finding_say(out,
			    "%s has the model '%s', and QEMU has no such device: the guest "
			    "cannot start.",
			    interface_words(h, i, out), cards_of(h)[i].model.v);
	}
	if (n)
		return VERDICT_PROBLEM;
	finding_say(out, "No network card has a model called sr-iov.");
	return VERDICT_NOT_APPLICABLE;
}

static enum verdict judge_sriov(const struct host *h, struct finding *out)
{
	const struct pci_function *f = h->pci.functions.v;
	size_t n = 0;

	for (size_t i = 0; i < h->pci.functions.n; i++) {
		if (!f[i].class_code.known || f[i].class_code.v >> 16 != 0x02 ||
		    !f[i].n_total_vfs.known || !f[i].n_total_vfs.v)
			continue;
		n++;
		finding_item(out, "%s %s: %llu of %llu virtual functions",
			     f[i].address.known ? f[i].address.v : "?",
			     f[i].name.known ? f[i].name.v : "",
			     (ull)(f[i].n_vfs.known ? f[i].n_vfs.v : 0), (ull)f[i].n_total_vfs.v);
	}
	if (!n) {
		finding_say(out, "No network card of this host can do SR-IOV.");
		return VERDICT_NOT_APPLICABLE;
	}
	finding_say(out, "%zu network card%s do SR-IOV: a virtual function can be passed through.",
		    n, n == 1 ? " can" : "s can");
	return VERDICT_PASS;
}

/* Cards with registers that QEMU plays (qemu-system-x86_64 -device help). */
static bool is_emulated_card(const struct domain_interface *n)
{
	static const char *const models[] = { "e1000",         "e1000-82540em", "e1000-82544gc",
					      "e1000-82545em", "e1000e",        "igb",
					      "rtl8139",       "pcnet",         "ne2k_pci",
					      "ne2k_isa",      "tulip",         "i82550",
					      "i82551",        "i82557a",       "i82557b",
					      "i82557c",       "i82558a",       "i82558b",
					      "i82559a",       "i82559b",       "i82559c",
					      "i82559er",      "i82562",        "i82801",
					      "sungem",        "usb-net",       NULL };

	return !fact_is(&n->type, "hostdev") && fact_is_one_of(&n->model, models);
}

static enum verdict judge_emulated(const struct host *h, struct finding *out)
{
	size_t n = 0, n_untold = 0;

	for (size_t i = 0; i < h->domain.interfaces.n; i++) {
		const struct domain_interface *card = &cards_of(h)[i];

		n_untold += !card->model.known && !fact_is(&card->type, "hostdev");
		if (!is_emulated_card(card))
			continue;
		n++;
		finding_item(out, "%s: %s", interface_words(h, i, out), card->model.v);
		finding_change(out, CHANGE_XML, "devices/interface[%zu]/model@type=virtio", i + 1);
	}
	if (n) {
		finding_say(
			out,
			"%zu of %zu network card%s %s emulated: the guest leaves for QEMU at every "
			"access to a register.",
			n, h->domain.interfaces.n, h->domain.interfaces.n == 1 ? "" : "s",
			n == 1 ? "is" : "are");
		return VERDICT_ADVICE;
	}
	if (n_untold) {
		finding_say(out, "A network card has no model told: what it is depends on the "
				 "machine type and on libvirt.");
		return VERDICT_UNKNOWN;
	}
	finding_say(out, "No network card plays one of real hardware.");
	return VERDICT_PASS;
}

static enum verdict judge_queues(const struct host *h, struct finding *out)
{
	const uint64_t n_vcpus = h->domain.n_vcpus.v;
	size_t n = 0;

	for (size_t i = 0; i < h->domain.interfaces.n; i++) {
		const struct domain_interface *card = &cards_of(h)[i];

		if (!card->n_queues.known || card->n_queues.v < 2 || is_foreign_name(h, card))
			continue;
		n++;
		if (card->model.known && !interface_is_virtio(card)) {
			finding_change(out, CHANGE_XML, "-devices/interface[%zu]/driver@queues",
				       i + 1);
			finding_fill(out, "queues", "1");
			finding_say(out, "%s has %llu queues told, which model '%s' does not have.",
				    interface_words(h, i, out), (ull)card->n_queues.v,
				    card->model.v);
			return VERDICT_ADVICE;
		}
		if (card->n_queues.v <= n_vcpus)
			continue;
		finding_change(out, CHANGE_XML, "devices/interface[%zu]/driver@queues=%llu", i + 1,
			       (ull)u64_min(n_vcpus, USEFUL_QUEUES));
		finding_fill(out, "queues", "%llu", (ull)u64_min(n_vcpus, USEFUL_QUEUES));
		finding_say(out, "%s has %llu queues for %llu vCPUs.", interface_words(h, i, out),
			    (ull)card->n_queues.v, (ull)n_vcpus);
		return VERDICT_ADVICE;
	}
	if (!n) {
		finding_say(out, "No network card has several queues; one carries what a desktop "
				 "needs.");
		return VERDICT_NOT_APPLICABLE;
	}
	finding_say(out, "%zu network card%s several queues, no more than the %llu vCPUs.", n,
		    n == 1 ? " has" : "s have", (ull)n_vcpus);
	return VERDICT_PASS;
}

static bool has_shared_subnet(const struct host *h, struct finding *out)
{
	if (!h->net.has_shared_subnet.known || h->net.has_shared_subnet.v)
		return true;
	finding_say(out, "No two network cards of the host are in one subnet.");
	return false;
}

static enum verdict judge_arp_filter(const struct host *h, struct finding *out)
{
	const char *value = setting_value(&h->kernel.sysctls, "net.ipv4.conf.all.arp_filter");

	if (!value) {
		finding_say(out, "net.ipv4.conf.all.arp_filter is not known.");
		return VERDICT_UNKNOWN;
	}
	if (strcmp(value, "0") != 0) {
		finding_say(out,
			    "Two cards share a subnet, and each answers for its own addresses "
			    "(arp_filter is %s).",
			    value);
		return VERDICT_PASS;
	}
	finding_say(out, "Two cards of the host share a subnet and answer ARP for each other's "
			 "addresses (arp_filter is 0).");
	return VERDICT_ADVICE;
}

static const struct rule rules[] = {
	{
		.id = "net.bridge",
		.applies = guest_has_interface,
		.reads = READS(READ(domain.interfaces)),
		.judge = judge_bridge,
	},
	{
		.id = "net.model",
		.applies = guest_has_interface,
		.reads = READS(READ(domain.interfaces)),
		.judge = judge_model,
	},
	{
		.id = "net.sriov-detect",
		.reads = READS(READ(pci.functions)),
		.judge = judge_sriov,
	},
	{
		.id = "net.sriov-model",
		.applies = guest_has_interface,
		.reads = READS(READ(domain.interfaces)),
		.judge = judge_sriov_model,
	},
	{
		.id = "net.emulated-nic",
		.applies = guest_has_interface,
		.reads = READS(READ(domain.interfaces)),
		.judge = judge_emulated,
	},
	{
		.id = "net.multiqueue",
		.applies = guest_has_interface,
		.reads = READS(READ(domain.interfaces), READ(domain.n_vcpus)),
		.judge = judge_queues,
	},
	{
		.id = "net.arp-filter",
		.applies = has_shared_subnet,
		.reads = READS(READ(net.has_shared_subnet)),
		.judge = judge_arp_filter,
	},
};

const struct rule_set rules_nic = { rules, ARRAY_SIZE(rules) };
