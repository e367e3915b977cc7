/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_pcie.c - sleep, windows, errors and packets of the links of passed-through devices. */
#include <string.h>

#include "analyze/engine.h"
#include "analyze/passthrough.h"
#include "analyze/told.h"

/* Corrected errors since boot that are worth a word. */
#define FEW_ERRORS 100

#define REBAR_SMALL_KIB (256 * 1024ull)
#define SMALLEST_MPS    128

static enum verdict judge_aspm(const struct host *h, struct finding *out)
{
	const struct pci_function *f;
	const char *devs = "";
	size_t at = 0, n = 0, n_l1 = 0, n_deep = 0;

	while ((f = pci_next_passed(h, &at))) {
		if (!f->aspm.known || f->physical_function.known)
			continue;
		n++;
		n_l1 += strstr(f->aspm.v, "l1") != NULL;
		if (!f->has_l1_substates.known || !f->has_l1_substates.v ||
		    !strstr(f->aspm.v, "l1"))
			continue;
		finding_item(out, "%s: L1 with its substates", pci_words(out, f));
		devs = finding_text(out, "%s%s%s", devs, *devs ? " " : "", f->address.v);
		n_deep++;
	}
	finding_fill(out, "devs", "%s", devs);
	if (!n) {
		finding_say(out, "Which states the links may sleep in is not known.");
		return VERDICT_UNKNOWN;
	}
	if (n_deep) {
		finding_say(out,
			    "%zu of %zu links of passed-through functions may sleep in substates "
			    "of L1, from which they wake slowest.",
			    n_deep, n);
		return VERDICT_ADVICE;
	}
	finding_say(out,
		    "None of %zu links of passed-through functions may sleep deeper than L1%s.", n,
		    n_l1 ? "" : ", or at all");
	return VERDICT_PASS;
}

/* Bit of resourceN_resize: 0 is 1 MiB. */
static unsigned size_bit(uint64_t kib)
{
	unsigned bit = 0;

	while (kib >> bit > 1024)
		bit++;
	return bit;
}

static const struct pci_bar *small_bar(const struct pci_function *f)
{
	const struct pci_bar *bar = f->bars.v;

	for (size_t i = 0; i < f->bars.n; i++) {
		if (bar[i].size_kib.known && bar[i].max_kib.known &&
		    bar[i].size_kib.v <= REBAR_SMALL_KIB && bar[i].max_kib.v > REBAR_SMALL_KIB)
			return &bar[i];
	}
	return NULL;
}

static bool has_display(const struct host *h, struct finding *out)
{
	const struct pci_function *f;
	size_t at = 0;

	if (!passthrough_has_functions(h, out))
		return false;
	while (h->pci.functions.known && (f = pci_next_passed(h, &at))) {
		if (pci_subclass(f) >> 8 == PCI_BASE_DISPLAY)
			return true;
	}
	if (!h->pci.functions.known)
		return true;
	finding_say(out, "No graphics card is passed through.");
	return false;
}

static enum verdict judge_rebar(const struct host *h, struct finding *out)
{
	const struct pci_function *f;
	bool is_known = false;
	size_t at = 0;

	while ((f = pci_next_passed(h, &at))) {
		const struct pci_bar *bar = small_bar(f);

		if (pci_subclass(f) >> 8 != PCI_BASE_DISPLAY)
			continue;
		is_known |= f->bars.known;
		if (!bar)
			continue;
		finding_fill(out, "dev", "%s", f->address.v);
		finding_fill(out, "bar", "%llu", (unsigned long long)bar->index.v);
		finding_fill(out, "bit", "%u", size_bit(bar->max_kib.v));
		finding_say(out,
			    "The window into the memory of %s is %llu MiB, it could be %llu MiB.",
			    pci_words(out, f), (unsigned long long)bar->size_kib.v / 1024,
			    (unsigned long long)bar->max_kib.v / 1024);
		return VERDICT_ADVICE;
	}
	if (!is_known) {
		finding_say(out, "The windows of the passed-through graphics card are not known.");
		return VERDICT_UNKNOWN;
	}
	finding_say(out,
		    "No window of the passed-through graphics card is smaller than it needs to "
		    "be.");
	return VERDICT_PASS;
}

/* Errors that were logged about a function and could not be corrected. */
static bool has_uncorrected(const struct host *h, const struct pci_function *f)
{
	const struct log_event *e = h->log.events.v;

	for (size_t i = 0; i < h->log.events.n; i++) {
		if (fact_is(&e[i].kind, "pcie-aer") && fact_is(&e[i].value, "uncorrected") &&
		    fact_is(&e[i].device, f->address.v))
			return true;
	}
	return false;
}

struct error_sum {
	uint64_t most;
	const struct pci_function *worst, *uncorrected;
	size_t n_known;
};

static void add_errors(const struct host *h, const struct pci_function *f, struct error_sum *sum)
{
	if (!f)
		return;
	sum->n_known += f->n_correctable.known;
	if (f->n_correctable.known && f->n_correctable.v > sum->most) {
		sum->most = f->n_correctable.v;
		sum->worst = f;
	}
	if (has_uncorrected(h, f))
		sum->uncorrected = f;
}

static enum verdict judge_errors(const struct host *h, struct finding *out)
{
	const struct pci_function *f;
	struct error_sum sum = { 0 };
	size_t at = 0;

	while ((f = pci_next_passed(h, &at))) {
		add_errors(h, f, &sum);
		add_errors(h, f->parent.known ? pci_find(h, f->parent.v) : NULL, &sum);
	}
	f = sum.uncorrected ? sum.uncorrected : sum.worst;
	if (f)
		finding_fill(out, "dev", "%s", f->address.v);
	if (sum.uncorrected) {
		finding_say(out,
			    "The kernel's log holds errors of the link of %s that could not be "
			    "corrected.",
			    pci_words(out, f));
		return VERDICT_PROBLEM;
	}
	if (!sum.n_known) {
		finding_say(out, "Errors of the passed-through functions are not counted here.");
		return VERDICT_UNKNOWN;
	}
	if (sum.most > FEW_ERRORS) {
		finding_say(out, "%llu corrected errors on the link of %s since boot.",
			    (unsigned long long)sum.most, pci_words(out, f));
		return VERDICT_ADVICE;
	}
	finding_say(out,
		    "At most %llu corrected errors on a link of the passed-through functions "
		    "since boot.",
		    (unsigned long long)sum.most);
	return VERDICT_PASS;
}

/* The packet size that the function and all bridges above it can do; 0: not known. */
static uint64_t path_payload(const struct host *h, const struct pci_function *f)
{
	uint64_t bytes = UINT64_MAX;

	for (size_t depth = 0; f && depth < h->pci.functions.n; depth++) {
		if (!f->max_payload_supported_bytes.known)
			return 0;
		bytes = u64_min(bytes, f->max_payload_supported_bytes.v);
		f = f->parent.known ? pci_find(h, f->parent.v) : NULL;
	}
	return bytes == UINT64_MAX ? 0 : bytes;
}

static enum verdict judge_mps(const struct host *h, struct finding *out)
{
	const char *pci = cmdline_value(h, out, "pci");
	const struct pci_function *f;
	size_t at = 0, n = 0;

	while ((f = pci_next_passed(h, &at))) {
		const uint64_t can = path_payload(h, f);

		if (!f->max_payload_bytes.known || !can || !f->parent.known)
			continue;
		n++;
		if (f->max_payload_bytes.v > SMALLEST_MPS || can <= f->max_payload_bytes.v)
			continue;
		finding_item(out, "%s: %llu bytes, %llu possible", pci_words(out, f),
			     (unsigned long long)f->max_payload_bytes.v, (unsigned long long)can);
	}
	if (!n) {
		finding_say(out, "Packet sizes of the passed-through functions are not known.");
		return VERDICT_UNKNOWN;
	}
	if (!out->n_items) {
		finding_say(out,
			    "Packets of the passed-through functions are as large as the way to "
			    "them allows, or larger than %d bytes.",
			    SMALLEST_MPS);
		return VERDICT_PASS;
	}
	if (pci && *pci)
		finding_change(out, CHANGE_BOOT, "pci=%s,pcie_bus_perf", pci);
	finding_say(out, "Packets are smaller than they could be: %s.", out->items[0]);
	return VERDICT_ADVICE;
}

#define FUNCTIONS READS(READ(pci.functions))

static const struct rule rules[] = {
	{ "pcie.aspm", false, passthrough_has_functions, FUNCTIONS, judge_aspm },
	{ "pcie.rebar", false, has_display, FUNCTIONS, judge_rebar },
	{ "pcie.errors", false, passthrough_has_functions, FUNCTIONS, judge_errors },
	{ "pcie.mps", false, passthrough_has_functions, FUNCTIONS, judge_mps },
};

const struct rule_set rules_pcie = { rules, ARRAY_SIZE(rules) };
