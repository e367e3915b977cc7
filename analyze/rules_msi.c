/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_msi.c - do passed-through devices interrupt by messages? */
#include "analyze/engine.h"
#include "analyze/guest_config.h"
#include "analyze/irqs.h"
#include "analyze/msi.h"

/* The line stands ready until a driver of the guest chooses messages: one that fired is used. */
static bool uses_line(const struct msi_signals *s)
{
	return s->intx && !s->is_shared && !s->has_messages && s->n_since_boot > 0;
}

static bool is_sound(const struct pci_function *f)
{
	return pci_subclass(f) == PCI_SUB_SOUND || pci_subclass(f) == PCI_SUB_HDA;
}

struct msi_sum {
	size_t n, n_messages, n_without, n_line, n_unknown, n_idle;
	uint64_t most_permille;
	const struct pci_function *first; /* of those that use a line */
	const char *keys;
};

static void add_function(const struct host *h, const struct pci_function *f, struct msi_sum *sum,
			 struct finding *out)
{
	const struct msi_signals s = msi_signals(h, f->address.v);

	sum->n++;
	if (s.has_messages) {
		sum->n_messages++;
	} else if (uses_line(&s) && msi_is_possible(f)) {
		sum->n_line++;
		sum->first = sum->first ? sum->first : f;
		sum->most_permille = u64_max(sum->most_permille, s.rate_permille);
		sum->keys = msi_add_key(out, sum->keys, f);
		if (irqs_are_measured(h))
			finding_item(out, "%s: IRQ %s, %s", pci_words(out, f), msi_label(s.intx),
				     irq_rate(out, s.rate_permille));
		else
			finding_item(out, "%s: IRQ %s, %llu since boot", pci_words(out, f),
				     s.intx->label.v, (unsigned long long)s.n_since_boot);
	} else if (uses_line(&s) && !msi_is_known(f)) {
		sum->n_unknown++;
	} else if (msi_is_known(f) && !msi_is_possible(f)) {
		sum->n_without++;
	} else {
		sum->n_idle++;
	}
}

static struct msi_sum sum_functions(const struct host *h, bool is_sound_only, struct finding *out)
{
	const struct pci_function *f;
	struct msi_sum sum = { .keys = "" };
	size_t at = 0;

	while ((f = pci_next_passed(h, &at))) {
		if (!is_sound_only || is_sound(f))
			add_function(h, f, &sum, out);
	}
	finding_fill(out, "msi_keys", "%s", sum.keys);
	if (guest_os_is(h, "linux"))
		finding_fix(
			out, NULL,
			"In the guest, for sound: echo 'options snd_hda_intel enable_msi=1' | sudo "
			"tee /etc/modprobe.d/msi.conf; other drivers choose messages by "
			"themselves, unless pci=nomsi is on its command line.",
			"In the guest: sudo rm /etc/modprobe.d/msi.conf");
	return sum;
}

/* Measured, when the run counted interrupts of such a line. */
static enum verdict say_lines(const struct host *h, const struct msi_sum *sum, const char *what,
			      struct finding *out)
{
	if (irqs_are_measured(h) && sum->most_permille) {
		finding_measured(out, 0);
		finding_say(
			out,
			"%zu of %zu %s could use messages but interrupt%s over a line: %s up to "
			"%s.",
			sum->n_line, sum->n, what, sum->n_line == 1 ? "s" : "",
			pci_words(out, sum->first), irq_rate(out, sum->most_permille));
	} else {
		finding_say(
			out,
			"%zu of %zu %s could use messages but interrupt%s over a line, %s first.",
			sum->n_line, sum->n, what, sum->n_line == 1 ? "s" : "",
			pci_words(out, sum->first));
	}
	return VERDICT_ADVICE;
}

static enum verdict judge_signals(const struct host *h, bool is_sound_only, struct finding *out)
{
	const char *what =
		is_sound_only ? "passed-through sound functions" : "passed-through functions";
	const struct msi_sum sum = sum_functions(h, is_sound_only, out);

	if (sum.n_line)
		return say_lines(h, &sum, what, out);
	if (sum.n_unknown) {
		finding_say(out,
			    "%zu of %zu %s interrupt over a line; whether they could use "
			    "messages is not known, because their configuration space was not "
			    "read as root.",
			    sum.n_unknown, sum.n, what);
		return VERDICT_UNKNOWN;
	}
	if (sum.n_messages) {
		finding_say(out, "%zu of %zu %s use messages; none that could uses a line.",
			    sum.n_messages, sum.n, what);
		return VERDICT_PASS;
	}
	if (sum.n_idle) {
		finding_say(out,
			    "No interrupt of %zu %s has come: the driver of the guest is not "
			    "there yet, or idle.",
			    sum.n, what);
		return VERDICT_UNKNOWN;
	}
	finding_say(out, "None of %zu %s has messages: leave them as they are.", sum.n, what);
	return VERDICT_NOT_APPLICABLE;
}

static enum verdict judge_msi(const struct host *h, struct finding *out)
{
	return judge_signals(h, false, out);
}

static bool has_sound_in_use(const struct host *h, struct finding *out)
{
	const struct pci_function *f;
	size_t at = 0;

	if (!msi_is_in_use(h, out))
		return false;
	while ((f = pci_next_passed(h, &at))) {
		if (is_sound(f))
			return true;
	}
	if (!h->pci.functions.known)
		return true;
	finding_say(out, "No sound function is passed through.");
	return false;
}

static enum verdict judge_sound(const struct host *h, struct finding *out)
{
	return judge_signals(h, true, out);
}

static enum verdict judge_supported(const struct host *h, struct finding *out)
{
	const struct pci_function *f;
	const char *without = "";
	size_t at = 0, n = 0, n_can = 0, n_without = 0;

	while ((f = pci_next_passed(h, &at))) {
		n++;
		if (msi_is_possible(f)) {
			n_can++;
			finding_item(out, "%s: %s", pci_words(out, f),
				     f->has_msix.known && f->has_msix.v ? "MSI-X" : "MSI");
		} else if (msi_is_known(f)) {
			n_without++;
			without = finding_text(out, "%s%s%s", without, *without ? ", " : "",
					       f->address.v);
			finding_item(out, "%s: neither MSI nor MSI-X", pci_words(out, f));
		}
	}
	if (n_can + n_without < n) {
		finding_say(out,
			    "Of %zu of %zu passed-through functions it is not known whether they "
			    "have messages: do not switch them on by hand.",
			    n - n_can - n_without, n);
		return VERDICT_UNKNOWN;
	}
	if (n_without)
		finding_say(out,
			    "%zu of %zu passed-through functions have messages; never switch "
			    "them on for %s.",
			    n_can, n, without);
	else
		finding_say(out, "All %zu passed-through functions have messages.", n);
	return VERDICT_PASS;
}

#define LINES READS(READ(irq.lines), READ(pci.functions))

static const struct rule rules[] = {
	{ "msi.enabled", false, msi_is_in_use, LINES, judge_msi },
	{ "msi.unsupported-danger", false, passthrough_has_functions, READS(READ(pci.functions)),
	  judge_supported },
	{ "msi.audio-claim", false, has_sound_in_use, LINES, judge_sound },
};

const struct rule_set rules_msi = { rules, ARRAY_SIZE(rules) };
