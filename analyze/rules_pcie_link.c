/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_pcie_link.c - width and speed of the links of passed-through devices. */
#include <string.h>

#include "analyze/engine.h"
#include "analyze/irqs.h"
#include "analyze/measures.h"
#include "analyze/passthrough.h"

/* Interrupts a second with which a device is at work: a display that is drawn does 60. */
#define BUSY_PERMILLE (60ull * 1000)
/* A graphics card with fewer lanes is short of them, whatever the reason. */
#define DISPLAY_LANES 8

static uint64_t irq_rate_of(const struct host *h, const char *address)
{
	const struct activity_irq *a = h->activity.irqs.v;
	uint64_t n = 0;

	for (size_t i = 0; i < h->activity.irqs.n; i++) {
		if (!a[i].actions.known || !strstr(a[i].actions.v, "vfio-") ||
		    !strstr(a[i].actions.v, address))
			continue;
		for (size_t k = 0; k < a[i].counts.n; k++)
			n += a[i].counts.v[k].value;
	}
	return rate_permille(h, n);
}

/* It worked while the link was looked at, as far as one look can tell. */
static bool is_busy(const struct host *h, const struct pci_function *f)
{
	return host_has_running_guest(h) && fact_is(&f->runtime_status, "active") &&
	       irqs_are_measured(h) && irq_rate_of(h, f->address.v) >= BUSY_PERMILLE;
}

/* "8 GT/s", "2.5 GT/s" */
static const char *speed_words(struct finding *out, uint64_t mts)
{
	if (mts % 1000)
		return finding_text(out, "%llu.%llu GT/s", (unsigned long long)(mts / 1000),
				    (unsigned long long)(mts % 1000 / 100));
	return finding_text(out, "%llu GT/s", (unsigned long long)(mts / 1000));
}

struct link {
	uint64_t width; /* of the narrowest link on the way, 0: not known */
	uint64_t path;  /* that the whole way can do; 0: not known */
	uint64_t own;   /* that the function can do; 0: not known */
};

/* Virtual functions have the link of their physical one. A port below which nothing is has x0. */
static struct link link_of(const struct host *h, const struct pci_function *f)
{
	const struct pci_function *port = f;
	struct link link = { 0 };

	if (!f->link_width.known || !f->link_width.v || f->physical_function.known)
		return link;
	link.width = f->link_width.v;
	link.path = f->path_width.known ? f->path_width.v : 0;
	link.own = f->max_link_width.known ? f->max_link_width.v : 0;
	for (size_t depth = 0; depth < h->pci.functions.n && port->parent.known; depth++) {
		port = pci_find(h, port->parent.v);
		if (!port)
			break;
		if (port->link_width.known && port->link_width.v)
			link.width = u64_min(link.width, port->link_width.v);
	}
	return link;
}

enum trouble { TROUBLE_NONE, TROUBLE_SPEED, TROUBLE_SLOT, TROUBLE_WIDTH };

static enum trouble trouble_of(const struct host *h, const struct pci_function *f,
			       const struct link *link)
{
	const bool is_display = pci_subclass(f) >> 8 == PCI_BASE_DISPLAY;

	if (link->path && link->width < link->path)
		return TROUBLE_WIDTH;
	if (is_display && link->width < link->own && link->width < DISPLAY_LANES)
		return TROUBLE_SLOT;
	if (f->link_speed_mts.known && f->path_speed_mts.known &&
	    f->link_speed_mts.v < f->path_speed_mts.v && is_busy(h, f))
		return TROUBLE_SPEED;
	return TROUBLE_NONE;
}

static void describe_link(struct finding *out, const struct pci_function *f,
			  const struct link *link)
{
	finding_item(out, "%s: x%llu%s%s, the way to it can do x%s%s%s", pci_words(out, f),
		     (unsigned long long)link->width, f->link_speed_mts.known ? " at " : "",
		     f->link_speed_mts.known ? speed_words(out, f->link_speed_mts.v) : "",
		     link->path ? finding_text(out, "%llu", (unsigned long long)link->path) : "?",
		     f->path_speed_mts.known ? " at " : "",
		     f->path_speed_mts.known ? speed_words(out, f->path_speed_mts.v) : "");
	if (link->path && link->path < link->own)
		finding_item(out, "%s could do x%llu, its slot or a bridge above only x%llu",
			     pci_words(out, f), (unsigned long long)link->own,
			     (unsigned long long)link->path);
}

static void say_trouble(const struct host *h, enum trouble trouble, const struct pci_function *f,
			struct finding *out)
{
	const struct link link = link_of(h, f);

	finding_fill(out, "dev", "%s", f->address.v);
	if (trouble == TROUBLE_WIDTH)
		finding_say(out, "The link of %s is x%llu where x%llu is possible.",
			    pci_words(out, f), (unsigned long long)link.width,
			    (unsigned long long)link.path);
	else if (trouble == TROUBLE_SLOT)
		finding_say(out, "The link of %s is x%llu, the card can do x%llu: %s.",
			    pci_words(out, f), (unsigned long long)link.width,
			    (unsigned long long)link.own,
			    link.path ? "its slot has no more lanes"
				      : "its slot has no more lanes, or the link is bad");
	else
		finding_say(out,
			    "The link of %s was at %s while the device worked (%s), and %s is "
			    "possible. It was looked at once: look again under load.",
			    pci_words(out, f), speed_words(out, f->link_speed_mts.v),
			    irq_rate(out, irq_rate_of(h, f->address.v)),
			    speed_words(out, f->path_speed_mts.v));
}

static enum verdict judge_link(const struct host *h, struct finding *out)
{
	enum trouble worst = TROUBLE_NONE;
	const struct pci_function *f, *first = NULL;
	size_t at = 0, n = 0;

	while ((f = pci_next_passed(h, &at))) {
		const struct link link = link_of(h, f);
		const enum trouble trouble = trouble_of(h, f, &link);

		if (!link.width || (!link.path && !link.own))
			continue;
		n++;
		if (trouble != TROUBLE_NONE || (link.path && link.path < link.own))
			describe_link(out, f, &link);
		if (trouble > worst) {
			worst = trouble;
			first = f;
		}
	}
	if (!n) {
		finding_say(out, "The links of the passed-through functions are not known.");
		return VERDICT_UNKNOWN;
	}
	if (!first) {
		finding_say(out,
			    "The links of %zu passed-through functions are as wide as the way to "
			    "them allows.",
			    n);
		return VERDICT_PASS;
	}
	say_trouble(h, worst, first, out);
	return VERDICT_ADVICE;
}

static const struct rule rules[] = {
	{ "pcie.link", false, passthrough_has_functions, READS(READ(pci.functions)), judge_link },
};

const struct rule_set rules_pcie_link = { rules, ARRAY_SIZE(rules) };
