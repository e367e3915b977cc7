/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/msi.h"

#include "analyze/irqs.h"
#include "analyze/measures.h"

uint64_t msi_rate(const struct host *h, const struct irq_line *line)
{
	const struct activity_irq *a = h->activity.irqs.v;
	uint64_t n = 0;

	for (size_t i = 0; i < h->activity.irqs.n; i++) {
		if (!a[i].irq.known || !line->irq.known || a[i].irq.v != line->irq.v)
			continue;
		for (size_t k = 0; k < a[i].counts.n; k++)
			n += a[i].counts.v[k].value;
	}
	return irqs_are_measured(h) ? rate_permille(h, n) : 0;
}

bool msi_is_line_shared(const struct irq_line *line)
{
	struct text rest = text_of(line->actions.known ? line->actions.v : ""), action;

	while (text_next_piece(&rest, ',', &action)) {
		action = text_trim(action);
		if (action.len && !text_starts(action, "vfio-"))
			return true;
	}
	return false;
}

struct msi_signals msi_signals(const struct host *h, const char *address)
{
	const struct irq_line *line = h->irq.lines.v;
	struct msi_signals s = { 0 };

	for (size_t i = 0; i < h->irq.lines.n; i++) {
		struct text rest = text_of(line[i].actions.known ? line[i].actions.v : ""), action;

		while (text_next_piece(&rest, ',', &action)) {
			action = text_trim(action);
			if (!text_find(action, address))
				continue;
			s.has_messages |= text_starts(action, "vfio-msi");
			if (text_starts(action, "vfio-intx"))
				s.intx = &line[i];
		}
	}
	for (size_t k = 0; s.intx && k < s.intx->counts.n; k++)
		s.n_since_boot += s.intx->counts.v[k].value;
	if (s.intx) {
		s.is_shared = msi_is_line_shared(s.intx);
		s.rate_permille = msi_rate(h, s.intx);
	}
	return s;
}

const char *msi_label(const struct irq_line *line)
{
	return line->label.known ? line->label.v : "?";
}

bool msi_is_in_use(const struct host *h, struct finding *out)
{
	if (!passthrough_has_functions(h, out))
		return false;
	if (passthrough_runs(h))
		return true;
	finding_say(out, "Needs a running guest with a passed-through device: only its driver "
			 "chooses.");
	return false;
}

bool msi_is_known(const struct pci_function *f)
{
	return f->has_msi.known && f->has_msix.known;
}

bool msi_is_possible(const struct pci_function *f)
{
	return (f->has_msi.known && f->has_msi.v) || (f->has_msix.known && f->has_msix.v);
}

const char *msi_add_key(struct finding *out, const char *lines, const struct pci_function *f)
{
	if (!f->vendor_id.known || !f->device_id.known)
		return lines;
	return finding_text(
		out,
		"%s%sGet-Item 'HKLM:\\SYSTEM\\CurrentControlSet\\Enum\\PCI\\VEN_%04llX&DEV_%04llX*\\*' "
		"| ForEach-Object { $k = \"$($_.PSPath)\\Device Parameters\\Interrupt "
		"Management\\MessageSignaledInterruptProperties\"; if (!(Test-Path $k)) { New-Item "
		"$k -Force | Out-Null }; Set-ItemProperty $k MSISupported 1 -Type DWord }",
		lines, *lines ? "\n" : "", (unsigned long long)f->vendor_id.v,
		(unsigned long long)f->device_id.v);
}
