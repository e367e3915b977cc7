/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_vfio.c - passed-through devices while they work: reset, sleep, limits of VFIO. */
#include <string.h>

#include "analyze/engine.h"
#include "analyze/guest_config.h"
#include "analyze/passthrough.h"
#include "analyze/told.h"

#define DEFAULT_DMA_ENTRIES 65535ull /* U16_MAX, drivers/vfio/vfio_iommu_type1.c */
#define MORE_ENTRIES        4

static enum verdict judge_class(const struct host *h, struct finding *out)
{
	if (h->iommu.units.n) {
		finding_say(out, "%zu IOMMU unit%s in /sys/class/iommu, %s first.",
			    h->iommu.units.n, h->iommu.units.n == 1 ? "" : "s",
			    h->iommu.units.v[0]);
		return VERDICT_PASS;
	}
	if (!h->pci.functions.n) {
		finding_say(out, "Neither an IOMMU nor a PCI function of this host is known.");
		return VERDICT_UNKNOWN;
	}
	if (h->iommu.groups.known && !h->iommu.groups.n) {
		finding_fix(out, NULL, "", NULL);
		finding_say(out, "/sys/class/iommu is empty too: see iommu.enabled.");
		return VERDICT_ADVICE;
	}
	finding_say(out, "/sys/class/iommu is empty: no IOMMU works, and VFIO gets no device.");
	return guest_passes_through_pci(h) ? VERDICT_PROBLEM : VERDICT_ADVICE;
}

/* Resets of a function alone that leave it as after power-on. */
static bool has_good_reset(const struct pci_function *f)
{
	static const char *const good[] = { "device_specific", "acpi", "flr",
					    "af_flr",          "bus",  "cxl_bus" };

	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		if (guest_list_has(&f->reset_methods, good[i]))
			return true;
	}
	return false;
}

/*
 * VFIO resets the bus below a port when all that is on it is the guest's: then no function needs a
 * way of its own. Bus 0 cannot be reset.
 */
static bool has_bus_for_itself(const struct host *h, const struct pci_function *f)
{
	const struct pci_function *other = h->pci.functions.v;

	if (!f->parent.known)
		return false;
	for (size_t i = 0; i < h->pci.functions.n; i++) {
		if (fact_is(&other[i].parent, f->parent.v) && !pci_is_passed(h, &other[i]))
			return false;
	}
	return true;
}

static enum verdict judge_failed_reset(const struct host *h, struct finding *out)
{
	const struct log_event *e = h->log.events.v;
	size_t n = 0;

	for (size_t i = 0; i < h->log.events.n; i++) {
		if (!fact_is(&e[i].kind, "vfio-reset-fail") ||
		    fact_is(&e[i].value, "stuck in its power state"))
			continue;
		finding_item(out, "%s: %s", e[i].device.known ? e[i].device.v : "a device",
			     e[i].text.known ? e[i].text.v : "reset failed");
		if (!n)
			finding_fill(out, "dev", "%s",
				     e[i].device.known ? e[i].device.v : "DEVICE");
		n++;
	}
	if (!n)
		return VERDICT_PASS;
	finding_say(out, "Resets of passed-through devices have failed: %s.", out->items[0]);
	return VERDICT_PROBLEM;
}

static enum verdict judge_reset(const struct host *h, struct finding *out)
{
	const struct pci_function *f;
	size_t at = 0, n = 0, n_known = 0, n_bad = 0;

	if (judge_failed_reset(h, out) == VERDICT_PROBLEM)
		return VERDICT_PROBLEM;
	while ((f = pci_next_passed(h, &at))) {
		n++;
		if (!f->reset_methods.known)
			continue;
		n_known++;
		if (has_good_reset(f) || has_bus_for_itself(h, f))
			continue;
		finding_item(out, "%s: %s", pci_words(out, f),
			     f->reset_methods.n ? "only by sleeping and waking (pm)" : "none");
		if (!n_bad++)
			finding_fill(out, "dev", "%s", f->address.v);
	}
	if (n_bad) {
		finding_say(out,
			    "%zu of %zu passed-through functions have no reset that clears them, "
			    "and share their bus: the guest may not start a second time.",
			    n_bad, n);
		return VERDICT_ADVICE;
	}
	if (!n_known) {
		finding_say(out, "Which resets the passed-through functions have is not known.");
		return VERDICT_UNKNOWN;
	}
	finding_say(out,
		    "Each of %zu passed-through functions can be reset, by itself or with its "
		    "bus.",
		    n_known);
	return VERDICT_PASS;
}

/* A line that a device of VFIO did not change its power state. */
static const struct log_event *find_stuck(const struct host *h)
{
	const struct log_event *e = h->log.events.v;

	for (size_t i = 0; i < h->log.events.n; i++) {
		if (fact_is(&e[i].kind, "vfio-reset-fail") && e[i].value.known &&
		    strstr(e[i].value.v, "stuck in its power state"))
			return &e[i];
	}
	return NULL;
}

static enum verdict judge_d3(const struct host *h, struct finding *out)
{
	const bool is_kept_awake = host_param_is_on(h, "vfio_pci.disable_idle_d3") ||
				   host_param_is_on(h, "vfio_pci_core.disable_idle_d3");
	const struct log_event *stuck = find_stuck(h);
	const struct pci_function *f;
	size_t at = 0, n_asleep = 0, n = 0;

	while ((f = pci_next_passed(h, &at))) {
		n++;
		n_asleep += fact_is(&f->power_state, "D3cold") || fact_is(&f->power_state, "D3hot");
	}
	if (stuck && !is_kept_awake) {
		finding_fill(out, "dev", "%s", stuck->device.known ? stuck->device.v : "DEVICE");
		finding_say(out, "%s did not wake from its sleep: %s.",
			    stuck->device.known ? stuck->device.v : "A device of VFIO",
			    stuck->text.known ? stuck->text.v : "stuck in its power state");
		return VERDICT_ADVICE;
	}
	if (is_kept_awake) {
		finding_say(out, "VFIO keeps its devices awake (disable_idle_d3).");
		return VERDICT_PASS;
	}
	if (!h->log.events.known) {
		finding_say(out,
			    "%zu of %zu passed-through functions sleep now; whether one failed "
			    "to wake, the kernel's log would tell.",
			    n_asleep, n);
		return VERDICT_UNKNOWN;
	}
	finding_say(out,
		    "%zu of %zu passed-through functions sleep now, and the kernel's log tells "
		    "of none that failed to wake.",
		    n_asleep, n);
	return VERDICT_PASS;
}

static enum verdict judge_nointxmask(const struct host *h, struct finding *out)
{
	const struct log_event *mismatch = log_find(h, "irq-mismatch");
	const bool is_on = host_param_is_on(h, "vfio_pci.nointxmask") ||
			   host_param_is_on(h, "vfio_pci_core.nointxmask");

	if (mismatch && mismatch->text.known && strstr(mismatch->text.v, "vfio")) {
		finding_say(out, "A passed-through device could not get its interrupt line: %s.",
			    mismatch->text.v);
		if (!is_on)
			finding_fix(
				out, NULL,
				"Let the guest use messages (MSI) for this device, or move the card "
				"to another slot.",
				"");
		return VERDICT_ADVICE;
	}
	if (is_on) {
		finding_say(out, "nointxmask=1: each passed-through device needs an interrupt line "
				 "that no other device uses.");
		return VERDICT_ADVICE;
	}
	finding_say(out, "Interrupt lines of passed-through devices may be shared and masked.");
	return VERDICT_PASS;
}

static bool wants_iommufd(const struct host *h)
{
	const struct domain_hostdev *d = h->domain.hostdevs.v;

	for (size_t i = 0; i < h->domain.hostdevs.n; i++) {
		if (fact_is(&d[i].driver, "iommufd"))
			return true;
	}
	return false;
}

static enum verdict judge_iommufd(const struct host *h, struct finding *out)
{
	if (!wants_iommufd(h)) {
		finding_say(
			out,
			"The guest uses the container of VFIO, which works as well as iommufd.");
		return VERDICT_PASS;
	}
	if (!h->iommu.has_iommufd.known) {
		finding_say(
			out,
			"The guest asks for iommufd; whether /dev/iommu is there is not known.");
		return VERDICT_UNKNOWN;
	}
	if (h->iommu.has_iommufd.v) {
		finding_say(out, "The guest uses iommufd, and /dev/iommu is there.");
		return VERDICT_PASS;
	}
	/* Loading the module may be left to the start of the guest. */
	finding_say(out, "The guest asks for iommufd, but /dev/iommu is not there.");
	return VERDICT_ADVICE;
}

static enum verdict judge_entries(const struct host *h, struct finding *out)
{
	const char *value = setting_value(&h->kernel.params, "vfio_iommu_type1.dma_entry_limit");
	const struct log_event *said = log_find(h, "dma-entry-limit");
	uint64_t limit = DEFAULT_DMA_ENTRIES;

	if (value && text_u64(text_of(value), &limit) < 0)
		limit = DEFAULT_DMA_ENTRIES;
	if (!said && !log_is_whole(h)) {
		finding_say(out, "What is left of the kernel's log does not tell of mappings that "
				 "failed.");
		return VERDICT_UNKNOWN;
	}
	if (!said) {
		finding_say(out,
			    "No mapping of a passed-through device failed for want of entries "
			    "(limit %llu).",
			    (unsigned long long)limit);
		return VERDICT_PASS;
	}
	if (limit > DEFAULT_DMA_ENTRIES) {
		finding_say(out,
			    "Entries for DMA mappings ran out since boot; the limit is %llu now, "
			    "and the next start shows whether it is enough.",
			    (unsigned long long)limit);
		return VERDICT_UNKNOWN;
	}
	finding_fill(out, "limit", "%llu", (unsigned long long)limit * MORE_ENTRIES);
	finding_fill(out, "old_limit", "%llu", (unsigned long long)limit);
	finding_say(out, "Entries for DMA mappings ran out (limit %llu): %s.",
		    (unsigned long long)limit, said->text.known ? said->text.v : "see the log");
	return VERDICT_PROBLEM;
}

static const struct rule rules[] = {
	{ "vfio.iommu-class-present", false, passthrough_is_wanted, READS(READ(iommu.units)),
	  judge_class },
	{ "vfio.reset", false, passthrough_has_functions, READS(READ(pci.functions)), judge_reset },
	{ "vfio.d3", false, passthrough_has_functions, READS(READ(pci.functions)), judge_d3 },
	{ "vfio.nointxmask", false, passthrough_is_wanted, READS(READ(kernel.params)),
	  judge_nointxmask },
	{ .id = "vfio.iommufd", .applies = guest_has_vfio, .judge = judge_iommufd },
	{ "vfio.dma-entry-limit", false, passthrough_is_wanted, READS(READ(log.events)),
	  judge_entries },
};

const struct rule_set rules_vfio = { rules, ARRAY_SIZE(rules) };
