/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_iommu.c - security of the IOMMU: interrupts that are remapped, groups that are real. */
#include <string.h>

#include "analyze/change.h"
#include "analyze/engine.h"
#include "analyze/guest_config.h"
#include "analyze/passthrough.h"
#include "analyze/told.h"

static const struct unsafe_place {
	const char *param, *module, *path;
} unsafe_places[] = {
	{ "vfio_iommu_type1.allow_unsafe_interrupts", "vfio_iommu_type1",
	  "/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts" },
	{ "iommufd.allow_unsafe_interrupts", "iommufd",
	  "/sys/module/iommufd/parameters/allow_unsafe_interrupts" },
};

struct unsafe_state {
	const struct unsafe_place *place;  /* NULL: not allowed in any */
	const struct setup_modprobe *line; /* that asks for it */
	bool is_asked_at_boot, is_in_effect;
};

static struct unsafe_state find_unsafe(const struct host *h, struct finding *out)
{
	struct unsafe_state s = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(unsafe_places) && !s.place; i++) {
		const struct unsafe_place *p = &unsafe_places[i];
		const struct setup_modprobe *line = NULL;

		if (is_switched_on(
			    modprobe_option(h, out, p->module, "allow_unsafe_interrupts", &line)))
			s.line = line;
		s.is_asked_at_boot = is_switched_on(cmdline_value(h, out, p->param));
		s.is_in_effect = host_param_is_on(h, p->param);
		if (s.line || s.is_asked_at_boot || s.is_in_effect)
			s.place = p;
	}
	return s;
}

/* Where it is asked for decides what is to be edited. */
static void fix_unsafe(const struct host *h, const struct unsafe_state *s, struct finding *out)
{
	finding_fill(out, "unsafe_parameter", "%s", s->place->path);
	finding_change(out, CHANGE_BOOT, NULL);
	if (s->is_asked_at_boot)
		finding_change(out, CHANGE_BOOT, "-%s", s->place->param);
	if (!s->is_in_effect)
		finding_fix(out, "", NULL, "");
	if (s->line && s->line->path.known) {
		finding_fill_quoted(out, "file", s->line->path.v);
		finding_fix(
			out, NULL,
			finding_text(out,
				     "sudo sed -i -e 's/ *allow_unsafe_interrupts=[^ ]*//' "
				     "-e '/^options *[a-z0-9_-]* *$/d' {file}\n%s%s%s",
				     host_initramfs_command(h),
				     s->is_asked_at_boot ? "\nkernel command line: remove " : "",
				     s->is_asked_at_boot ? s->place->param : ""),
			NULL);
	}
}

static enum verdict judge_unsafe(const struct host *h, struct finding *out)
{
	const struct unsafe_state s = find_unsafe(h, out);
	const struct fact_bool *remapping = &h->iommu.has_interrupt_remapping;

	if (!s.place && !h->kernel.params.known && !h->kernel.cmdline.known) {
		finding_say(out, "Neither the parameters of VFIO nor the command line are known.");
		return VERDICT_UNKNOWN;
	}
	if (!s.place) {
		finding_say(out, "Interrupts that are not remapped are not allowed.");
		return VERDICT_PASS;
	}
	fix_unsafe(h, &s, out);
	if (!s.is_in_effect)
		finding_say(out,
			    "%s=1 is asked for: a guest could then forge interrupts of the host%s.",
			    s.place->param,
			    h->kernel.params.known ? "; it is not in effect now" : "");
	else if (remapping->known && remapping->v)
		finding_say(out,
			    "Unsafe interrupts are allowed although this host remaps interrupts: "
			    "nothing needs them.");
	else
		finding_say(out, "Unsafe interrupts are allowed: a guest with a passed-through "
				 "device can forge interrupts of the host and so escape.");
	return VERDICT_ADVICE;
}

static enum verdict judge_acs(const struct host *h, struct finding *out)
{
	const char *value = cmdline_value(h, out, "pcie_acs_override");
	const struct log_event *said = log_find(h, "acs-override");

	if (!value && !said) {
		if (!h->kernel.cmdline.known && !log_is_whole(h)) {
			finding_say(out, "The kernel command line is not known.");
			return VERDICT_UNKNOWN;
		}
		finding_say(out,
			    "No override of access control is in force: IOMMU groups are what the "
			    "hardware keeps apart.");
		return VERDICT_PASS;
	}
	if (value && !said && log_is_whole(h))
		finding_say(out,
			    "pcie_acs_override=%s is asked for, but this kernel does not have the "
			    "patch: it changes nothing.",
			    value);
	else
		finding_say(out,
			    "pcie_acs_override%s%s splits IOMMU groups that the hardware does not "
			    "keep apart: the guest's devices may reach memory of the host's.",
			    value ? "=" : "", value ? value : "");
	return VERDICT_ADVICE;
}

/* Entries of /sys/class/iommu of units that could remap: dmar0, ivhd0. */
static bool has_x86_unit(const struct host *h)
{
	for (size_t i = 0; i < h->iommu.units.n; i++) {
		if (!strncmp(h->iommu.units.v[i], "dmar", 4) ||
		    !strncmp(h->iommu.units.v[i], "ivhd", 4))
			return true;
	}
	return false;
}

static bool remapping_matters(const struct host *h, struct finding *out)
{
	if (h->iommu.units.known && !h->iommu.units.n) {
		finding_say(out, "No IOMMU works, so there is nothing that could remap.");
		return false;
	}
	if (h->iommu.units.known && !has_x86_unit(h)) {
		finding_say(out, "The IOMMU is neither Intel's nor AMD's.");
		return false;
	}
	return passthrough_is_wanted(h, out);
}

/* intremap= without one of its words; "": nothing is left. */
static const char *without_item(struct finding *out, const char *list, const char *item)
{
	struct text rest = text_of(list), piece;
	const char *kept = "";

	while (text_next_piece(&rest, ',', &piece)) {
		if (!text_equal(piece, item))
			kept = finding_text(out, "%s%s%.*s", kept, *kept ? "," : "", (int)piece.len,
					    piece.at);
	}
	return kept;
}

static void fix_intremap(struct finding *out, const char *value, const char *item)
{
	const char *kept = without_item(out, value, item);

	finding_fix(out, NULL, "", NULL);
	if (*kept)
		finding_change(out, CHANGE_BOOT, "intremap=%s", kept);
	else
		finding_change(out, CHANGE_BOOT, "-intremap=%s", value);
}

static enum verdict judge_no_remapping(const struct host *h, struct finding *out, bool is_off)
{
	const bool is_allowed = find_unsafe(h, out).place != NULL;

	if (is_allowed || passthrough_runs(h)) {
		finding_say(out,
			    "Interrupts are not remapped%s: a guest with a passed-through "
			    "device can forge those of the host.",
			    is_off ? " (intremap=off)" : "");
		return VERDICT_ADVICE;
	}
	finding_say(out,
		    "Interrupts are not remapped%s: VFIO refuses devices, so that no guest with "
		    "one can start.",
		    is_off ? " (intremap=off)" : "");
	return h->kernel.params.known && guest_passes_through_pci(h) ? VERDICT_PROBLEM
								     : VERDICT_ADVICE;
}

static enum verdict judge_remapping(const struct host *h, struct finding *out)
{
	const char *intremap = cmdline_value(h, out, "intremap");
	const bool is_off = has_item(intremap, "off");

	if (!h->iommu.has_interrupt_remapping.v) {
		if (is_off)
			fix_intremap(out, intremap, "off");
		return judge_no_remapping(h, out, is_off);
	}
	if (has_item(intremap, "nopost")) {
		fix_intremap(out, intremap, "nopost");
		finding_say(out,
			    "Interrupts are remapped, but intremap=%s forbids to post them to "
			    "vCPUs: the host handles each one.",
			    intremap);
		return VERDICT_ADVICE;
	}
	finding_say(out, "Interrupts are remapped.");
	return VERDICT_PASS;
}

static enum verdict judge_dmesg(const struct host *h, struct finding *out)
{
	const bool is_allowed = find_unsafe(h, out).place != NULL;
	const struct log_event *refused = log_find(h, "remapping-unsupported");
	const struct log_event *unsafe = log_find(h, "remapping-unsafe");

	if (refused && refused->text.known)
		finding_item(out, "%s", refused->text.v);
	if (refused && !is_allowed && !passthrough_runs(h)) {
		finding_say(out, "VFIO has refused a device because this host does not remap "
				 "interrupts: its guest cannot start.");
		return VERDICT_PROBLEM;
	}
	if (refused || unsafe) {
		finding_say(out, "The kernel has said that interrupts of a passed-through device "
				 "are not safe here.");
		return VERDICT_ADVICE;
	}
	if (!log_is_whole(h) && !passthrough_runs(h)) {
		finding_say(out, "The kernel's log has no such line, but its beginning is lost.");
		return VERDICT_UNKNOWN;
	}
	finding_say(out, "The kernel does not complain about missing interrupt remapping.");
	return VERDICT_PASS;
}

static bool may_have_faults(const struct host *h, struct finding *out)
{
	if (!h->iommu.units.known || h->iommu.units.n || log_find(h, "amd-vi-event") ||
	    log_find(h, "dmar-fault") || log_find(h, "remapping-fault"))
		return true;
	finding_say(out, "No IOMMU works that could refuse something.");
	return false;
}

static bool is_passed_address(const struct host *h, const struct log_event *e)
{
	const struct pci_function *f = e->device.known ? pci_find(h, e->device.v) : NULL;

	if (e->text.known && text_starts(text_of(e->text.v), "vfio-pci"))
		return true;
	if (f)
		return pci_is_passed(h, f);
	return e->device.known && (guest_list_has(&h->domain.host_devices, e->device.v) ||
				   pci_hostdev(h, e->device.v));
}

static enum verdict judge_faults(const struct host *h, struct finding *out)
{
	static const char *const kinds[] = { "remapping-fault", "dmar-fault", "amd-vi-event" };
	const struct log_event *e = h->log.events.v;
	uint64_t n = 0, n_of_guest = 0;
	bool is_interrupt_lost = false;

	for (size_t i = 0; i < h->log.events.n; i++) {
		const uint64_t n_lines = e[i].n.known ? e[i].n.v : 1;

		for (size_t k = 0; k < ARRAY_SIZE(kinds); k++) {
			if (!fact_is(&e[i].kind, kinds[k]))
				continue;
			n += n_lines;
			if (is_passed_address(h, &e[i])) {
				n_of_guest += n_lines;
				is_interrupt_lost |= k == 0;
			}
			finding_item(out, "%s: %llu line%s, the last: %s",
				     e[i].device.known ? e[i].device.v : "no device",
				     (unsigned long long)n_lines, n_lines == 1 ? "" : "s",
				     e[i].text.known ? e[i].text.v : "?");
		}
	}
	if (!n) {
		finding_say(out, "The IOMMU has refused nothing%s.",
			    log_is_whole(h) ? " since boot" : " in what is left of the log");
		return VERDICT_PASS;
	}
	if (is_interrupt_lost)
		finding_say(
			out,
			"The IOMMU has refused interrupts of a passed-through device (lines of the "
			"kernel's log: %llu).",
			(unsigned long long)n_of_guest);
	else
		finding_say(out,
			    "The IOMMU has refused something (lines of the kernel's log: %llu, of "
			    "passed-through devices: %llu).",
			    (unsigned long long)n, (unsigned long long)n_of_guest);
	return is_interrupt_lost ? VERDICT_PROBLEM : VERDICT_ADVICE;
}

static const struct rule rules[] = {
	{ .id = "iommu.unsafe-interrupts", .judge = judge_unsafe },
	{ .id = "iommu.acs-override", .judge = judge_acs },
	{ "iommu.interrupt-remapping", false, remapping_matters,
	  READS(READ(iommu.units), READ(iommu.has_interrupt_remapping)), judge_remapping },
	{ "iommu.dmesg-advice", false, passthrough_is_wanted, READS(READ(log.events)),
	  judge_dmesg },
	{ "iommu.intr-remap-fault", false, may_have_faults, READS(READ(log.events)), judge_faults },
};

const struct rule_set rules_iommu = { rules, ARRAY_SIZE(rules) };
