/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_irq_posted.c - interrupts that pass the host by, and lines that it has to share. */
#include <string.h>

#include "analyze/engine.h"
#include "analyze/guest_config.h"
#include "analyze/irqs.h"
#include "analyze/measures.h"
#include "analyze/msi.h"
#include "analyze/told.h"

/* Switched off by words of the host's owner. */
static const char *posting_is_off(const struct host *h, struct finding *out)
{
	static const struct {
		const char *param, *module, *option;
	} off[] = {
		{ "kvm_intel.enable_apicv", "kvm_intel", "enable_apicv" },
		{ "kvm_amd.avic", "kvm_amd", "avic" },
		{ "kvm.enable_device_posted_irqs", "kvm", "enable_device_posted_irqs" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(off); i++) {
		const char *live = setting_value(&h->kernel.params, off[i].param);
		const char *boot = cmdline_value(h, out, off[i].param);
		const char *conf = modprobe_option(h, out, off[i].module, off[i].option, NULL);
		const char *asked = boot ? boot : conf;

		if (!asked || is_switched_on(asked) || !live || host_param_is_on(h, off[i].param))
			continue;
		if (boot)
			finding_change(out, CHANGE_BOOT, "-%s=%s", off[i].param, boot);
		if (conf)
			finding_change(out, CHANGE_MODPROBE, "options %s %s=1", off[i].module,
				       off[i].option);
		return finding_text(out, "%s=%s", off[i].param, asked);
	}
	return NULL;
}

static uint64_t posted_rate(const struct host *h)
{
	const struct activity_irq *a = h->activity.irqs.v;
	uint64_t n = 0;

	for (size_t i = 0; i < h->activity.irqs.n; i++) {
		if (!fact_is(&a[i].label, "PIN") && !fact_is(&a[i].label, "PIW"))
			continue;
		for (size_t k = 0; k < a[i].counts.n; k++)
			n += a[i].counts.v[k].value;
	}
	return rate_permille(h, n);
}

static enum verdict judge_posted(const struct host *h, struct finding *out)
{
	const char *off = posting_is_off(h, out);

	if (off) {
		finding_say(out,
			    "%s switches posted interrupts off: the host handles each interrupt of "
			    "the passed-through devices.",
			    off);
		return VERDICT_ADVICE;
	}
	if (!irqs_are_measured(h)) {
		finding_say_open(out, "Only a run tells whether interrupts are posted.");
		return h->run.is_audit.known && h->run.is_audit.v ? VERDICT_NOT_APPLICABLE
								  : VERDICT_UNKNOWN;
	}
	if (posted_rate(h)) {
		finding_measured(out, 0);
		finding_say(out, "Interrupts are posted: %s notifications.",
			    irq_rate(out, posted_rate(h)));
		return VERDICT_PASS;
	}
	finding_say(out,
		    "No posted interrupt was seen: the devices were idle, or this CPU or IOMMU "
		    "does not post.");
	return VERDICT_UNKNOWN;
}

/* The other names on a line of vfio-intx; NULL: it is alone, or with other lines of VFIO. */
static const char *other_action(const struct irq_line *line, struct finding *out)
{
	struct text rest = text_of(line->actions.known ? line->actions.v : ""), action;
	const char *others = NULL;
	bool is_intx = false;

	while (text_next_piece(&rest, ',', &action)) {
		action = text_trim(action);
		if (text_starts(action, "vfio-"))
			is_intx |= text_starts(action, "vfio-intx");
		else if (action.len)
			others = finding_text(out, "%s%s%.*s", others ? others : "",
					      others ? ", " : "", (int)action.len, action.at);
	}
	return is_intx ? others : NULL;
}

static void add_keys_of_line(const struct host *h, const struct irq_line *line, const char **keys,
			     struct finding *out)
{
	const struct pci_function *f;
	size_t at = 0;

	while ((f = pci_next_passed(h, &at))) {
		if (strstr(line->actions.v, f->address.v) && msi_is_possible(f))
			*keys = msi_add_key(out, *keys, f);
	}
}

/* A line that two devices wanted for themselves: the second one did not get it. */
static const struct log_event *find_conflict(const struct host *h)
{
	const struct log_event *e = log_find(h, "irq-mismatch");

	return e && e->text.known && strstr(e->text.v, "vfio-intx") ? e : NULL;
}

static enum verdict say_conflict(const struct log_event *conflict, struct finding *out)
{
	finding_fill(out, "msi_keys", "%s", "");
	finding_say(out,
		    "Two devices want the same interrupt line for themselves, and a "
		    "passed-through one did not get it: %s.",
		    conflict->text.v);
	return VERDICT_PROBLEM;
}

static enum verdict judge_shared(const struct host *h, struct finding *out)
{
	const struct irq_line *line = h->irq.lines.v;
	const char *keys = "";
	uint64_t most_permille = 0;
	size_t n_intx = 0, n = 0;
	bool is_dead = false;

	if (find_conflict(h))
		return say_conflict(find_conflict(h), out);
	if (!h->irq.lines.known) {
		finding_say(out, "irq.lines is not known.");
		return VERDICT_UNKNOWN;
	}
	for (size_t i = 0; i < h->irq.lines.n; i++) {
		const char *others = other_action(&line[i], out);
		const bool is_intx =
			line[i].actions.known && strstr(line[i].actions.v, "vfio-intx");

		n_intx += is_intx;
		if (!is_intx || !others)
			continue;
		finding_item(out, "IRQ %s: %s beside %s of the host%s%s", msi_label(&line[i]),
			     line[i].actions.v, others, irqs_are_measured(h) ? ", " : "",
			     irqs_are_measured(h) ? irq_rate(out, msi_rate(h, &line[i])) : "");
		most_permille = u64_max(most_permille, msi_rate(h, &line[i]));
		is_dead |= log_find_device(h, "irq-nobody-cared",
					   finding_text(out, "irq%s", msi_label(&line[i]))) != NULL;
		add_keys_of_line(h, &line[i], &keys, out);
		n++;
	}
	finding_fill(out, "msi_keys", "%s", keys);
	if (!n_intx) {
		finding_say(out, "No passed-through device has an interrupt line.");
		return VERDICT_NOT_APPLICABLE;
	}
	if (!n) {
		finding_say(out,
			    "The %zu interrupt line%s of passed-through devices are not shared "
			    "with the host.",
			    n_intx, n_intx == 1 ? "" : "s");
		return VERDICT_PASS;
	}
	finding_say(out,
		    "%zu interrupt line%s of passed-through devices %s shared with the host%s: %s.",
		    n, n == 1 ? "" : "s", n == 1 ? "is" : "are",
		    is_dead ? ", and the kernel has switched one off" : "", out->items[0]);
	if (most_permille)
		finding_measured(out, 0);
	return is_dead || most_permille ? VERDICT_PROBLEM : VERDICT_ADVICE;
}

static const struct rule rules[] = {
	{ "irq.posted", false, msi_is_in_use, NULL, judge_posted },
	{ .id = "irq.shared-intx", .judge = judge_shared },
};

const struct rule_set rules_irq_posted = { rules, ARRAY_SIZE(rules) };
