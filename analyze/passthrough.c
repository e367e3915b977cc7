/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/passthrough.h"

#include <string.h>

#include "analyze/engine.h"
#include "analyze/guest_config.h"
#include "analyze/told.h"

unsigned pci_subclass(const struct pci_function *f)
{
	return f->class_code.known ? (unsigned)(f->class_code.v >> 8 & 0xffff) : 0;
}

const struct pci_function *pci_find(const struct host *h, const char *address)
{
	const struct pci_function *f = h->pci.functions.v;

	for (size_t i = 0; i < h->pci.functions.n; i++) {
		if (fact_is(&f[i].address, address))
			return &f[i];
	}
	return NULL;
}

bool pci_is_held(const struct pci_function *f)
{
	return f->driver.known && strstr(f->driver.v, "vfio") != NULL;
}

const struct domain_hostdev *pci_hostdev(const struct host *h, const char *address)
{
	const struct domain_hostdev *d = h->domain.hostdevs.v;

	for (size_t i = 0; i < h->domain.hostdevs.n; i++) {
		if (fact_is(&d[i].type, "pci") && fact_is(&d[i].address, address))
			return &d[i];
	}
	return NULL;
}

bool pci_is_of_guest(const struct host *h, const struct pci_function *f)
{
	return f->address.known && (guest_list_has(&h->domain.host_devices, f->address.v) ||
				    pci_hostdev(h, f->address.v) != NULL);
}

bool pci_is_passed(const struct host *h, const struct pci_function *f)
{
	return pci_is_held(f) || pci_is_of_guest(h, f);
}

const struct pci_function *pci_next_passed(const struct host *h, size_t *i)
{
	const struct pci_function *f = h->pci.functions.v;

	while (*i < h->pci.functions.n) {
		const struct pci_function *one = &f[(*i)++];

		if (one->address.known && pci_is_passed(h, one))
			return one;
	}
	return NULL;
}

bool pci_is_same_slot(const struct pci_function *a, const struct pci_function *b)
{
	const char *dot = a->address.known ? strrchr(a->address.v, '.') : NULL;

	return dot && b->address.known &&
	       !strncmp(a->address.v, b->address.v, (size_t)(dot - a->address.v) + 1);
}

const char *pci_words(struct finding *out, const struct pci_function *f)
{
	const char *address = f->address.known ? f->address.v : "?";

	return f->name.known ? finding_text(out, "%s (%s)", address, f->name.v) : address;
}

static bool has_vfio_irq(const struct host *h)
{
	const struct irq_line *line = h->irq.lines.v;

	for (size_t i = 0; i < h->irq.lines.n; i++) {
		if (line[i].actions.known && strstr(line[i].actions.v, "vfio-"))
			return true;
	}
	return false;
}

bool passthrough_runs(const struct host *h)
{
	return has_vfio_irq(h) || (host_runs_domain(h) && guest_passes_through_pci(h));
}

static bool has_held_function(const struct host *h)
{
	const struct pci_function *f = h->pci.functions.v;

	for (size_t i = 0; i < h->pci.functions.n; i++) {
		if (pci_is_held(&f[i]))
			return true;
	}
	return false;
}

/* VFIO itself has said something about a device. */
static bool has_vfio_line(const struct host *h)
{
	static const char *const kinds[] = { "remapping-unsupported", "remapping-unsafe",
					     "vfio-reset-fail",       "vfio-bar",
					     "vfio-probe-fail",       "vfio-rmrr",
					     "dma-entry-limit" };

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (log_find(h, kinds[i]))
			return true;
	}
	return false;
}

/* Ids of VFIO, or a program in place of loading it. */
static bool is_kept_by_words(const struct host *h, struct finding *out)
{
	const char *ids = setting_value(&h->kernel.params, "vfio_pci.ids");

	return cmdline_value(h, out, "vfio_pci.ids") || (ids && *ids && *ids != '(') ||
	       modprobe_option(h, out, "vfio_pci", "ids", NULL) ||
	       modprobe_find(h, "install", "vfio_pci");
}

bool passthrough_is_wanted(const struct host *h, struct finding *out)
{
	if (guest_passes_through_pci(h) || has_held_function(h) || has_vfio_irq(h) ||
	    has_vfio_line(h) || is_kept_by_words(h, out))
		return true;
	finding_say(out, "No PCI device is known to be passed through or kept for a guest.");
	return false;
}

bool passthrough_has_functions(const struct host *h, struct finding *out)
{
	size_t i = 0;

	if (!passthrough_is_wanted(h, out))
		return false;
	/* Without a list of functions the rule's own inputs say why. */
	if (!h->pci.functions.known || pci_next_passed(h, &i))
		return true;
	finding_say(out, "None of the devices that are passed through is on this host now.");
	return false;
}
