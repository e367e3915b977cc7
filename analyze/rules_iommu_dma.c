/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_iommu_dma.c - whether the IOMMU works, and what translation costs the host. */
#include <string.h>

#include "analyze/engine.h"
#include "analyze/guest_config.h"
#include "analyze/passthrough.h"
#include "analyze/told.h"

static bool is_known_on(const struct fact_bool *f)
{
	return f->known && f->v;
}

/* The words that keep the IOMMU off, to be taken away. */
static bool drop_off_words(const struct host *h, struct finding *out)
{
	static const char *const keys[] = { "iommu", "intel_iommu", "amd_iommu" };
	bool is_off = false;

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		const char *value = cmdline_value(h, out, keys[i]);

		if (!has_item(value, "off"))
			continue;
		is_off = true;
		finding_change(out, CHANGE_BOOT, "-%s=%s", keys[i], value);
	}
	return is_off;
}

static bool is_intel(const struct host *h)
{
	return is_known_on(&h->iommu.has_dmar) || fact_is(&h->cpu.vendor, "GenuineIntel");
}

static void fix_enabled(const struct host *h, struct finding *out)
{
	const bool has_table = is_known_on(&h->iommu.has_dmar) || is_known_on(&h->iommu.has_ivrs);

	if (drop_off_words(h, out))
		return;
	/* What a firmware's setup switches on is the machine's below. */
	if (!has_table && is_known_on(&h->cpu.is_virtual)) {
		finding_fix(out, NULL,
			    "This host is a virtual machine: the one who runs it has to give it an "
			    "IOMMU (QEMU: -machine q35,kernel-irqchip=split -device "
			    "intel-iommu,intremap=on,caching-mode=on; libvirt: <iommu "
			    "model='intel'>; Proxmox: viommu=intel in machine). Few clouds do.",
			    NULL);
		return;
	}
	if (has_table && is_intel(h))
		finding_change(out, CHANGE_BOOT, "intel_iommu=on");
	else if (is_intel(h))
		finding_fix(out, NULL,
			    "In the firmware's setup switch on VT-d. Where the kernel does not "
			    "switch it on by itself: intel_iommu=on on its command line.",
			    NULL);
	else
		finding_fix(
			out, NULL,
			"In the firmware's setup switch on IOMMU (AMD-Vi) and SVM; not \"Auto\". "
			"No kernel argument does it.",
			NULL);
}

static enum verdict judge_enabled(const struct host *h, struct finding *out)
{
	const size_t n = h->iommu.groups.n;
	const char *why = "";

	if (n) {
		finding_say(out, "The IOMMU works: %zu group%s.", n, n == 1 ? "" : "s");
		return VERDICT_PASS;
	}
	/* A tree that holds no devices at all says nothing about its IOMMU. */
	if (!h->pci.functions.n) {
		finding_say(out, "No IOMMU group and no PCI function of this host is known.");
		return VERDICT_UNKNOWN;
	}
	fix_enabled(h, out);
	if (is_known_on(&h->iommu.has_dmar) || is_known_on(&h->iommu.has_ivrs))
		why = ", though the firmware describes an IOMMU";
	else if (h->iommu.has_dmar.known && h->iommu.has_ivrs.known)
		why = ", and the firmware describes none";
	finding_say(out, "There is no IOMMU group%s: no device can be passed through.", why);
	return guest_passes_through_pci(h) ? VERDICT_PROBLEM : VERDICT_ADVICE;
}

/* How the groups of devices that the host keeps are translated. */
struct translation {
	size_t n_identity, n_strict, n_lazy;
};

static bool is_of_host(const struct host *h, const struct iommu_group *g)
{
	for (size_t i = 0; i < g->devices.n; i++) {
		const struct pci_function *f = pci_find(h, g->devices.v[i]);

		if (f ? pci_is_passed(h, f)
		      : guest_list_has(&h->domain.host_devices, g->devices.v[i]))
			return false;
	}
	return true;
}

static struct translation count_translation(const struct host *h)
{
	const struct iommu_group *g = h->iommu.groups.v;
	struct translation t = { 0 };

	for (size_t i = 0; i < h->iommu.groups.n; i++) {
		if (!g[i].type.known || !is_of_host(h, &g[i]))
			continue;
		t.n_identity += fact_is(&g[i].type, "identity");
		t.n_strict += fact_is(&g[i].type, "DMA");
		t.n_lazy += fact_is(&g[i].type, "DMA-FQ");
	}
	return t;
}

static bool works(const struct host *h, struct finding *out)
{
	if (!h->iommu.groups.known || h->iommu.groups.n)
		return true;
	finding_say(out, "No IOMMU works on this host.");
	return false;
}

static bool asks_for_passthrough(const struct host *h, struct finding *out)
{
	const char *passthrough = cmdline_value(h, out, "iommu.passthrough");

	return has_item(cmdline_value(h, out, "iommu"), "pt") ||
	       (passthrough && is_switched_on(passthrough));
}

static enum verdict judge_passthrough(const struct host *h, struct finding *out)
{
	const struct translation t = count_translation(h);
	const size_t n_translated = t.n_strict + t.n_lazy;

	if (t.n_identity + n_translated == 0) {
		finding_say(out, "How the host's devices are translated is not known%s.",
			    asks_for_passthrough(h, out) ? "; iommu=pt is asked for" : "");
		return VERDICT_UNKNOWN;
	}
	/* Devices that the firmware calls untrusted are translated in any case. */
	if (t.n_identity) {
		finding_say(out, "%zu of %zu groups of the host's devices are not translated.",
			    t.n_identity, t.n_identity + n_translated);
		return VERDICT_PASS;
	}
	if (asks_for_passthrough(h, out)) {
		finding_say(out,
			    "iommu=pt is on the command line, but all %zu groups of the host's "
			    "devices are translated.",
			    n_translated);
		finding_fix(
			out, NULL,
			"Look for a later iommu= or iommu.passthrough=0 that takes it back, and "
			"at the lines about the default domain type:\nsudo dmesg | grep -i "
			"'default domain type'",
			"");
		return VERDICT_ADVICE;
	}
	if (t.n_strict > t.n_lazy) {
		finding_say(out,
			    "%zu of %zu groups of the host's devices are translated strictly: each "
			    "transfer of its disks and network cards maps and unmaps.",
			    t.n_strict, n_translated);
		return VERDICT_ADVICE;
	}
	finding_say(out,
		    "The %zu groups of the host's devices are translated, and lazily: it costs "
		    "little and protects the host.",
		    n_translated);
	return VERDICT_PASS;
}

/* Words of the command line that switch large pages off, one by one. */
static size_t find_small_pages(const struct host *h, struct finding *out)
{
	static const struct {
		const char *key, *item;
	} words[] = {
		{ "intel_iommu", "sp_off" },
		{ "amd_iommu", "nohugepages" },
	};
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		const char *value = cmdline_value(h, out, words[i].key), *kept = "";
		struct text rest = text_of(value ? value : ""), piece;

		if (!has_item(value, words[i].item))
			continue;
		while (text_next_piece(&rest, ',', &piece)) {
			if (!text_equal(piece, words[i].item))
				kept = finding_text(out, "%s%s%.*s", kept, *kept ? "," : "",
						    (int)piece.len, piece.at);
		}
		if (*kept)
			finding_change(out, CHANGE_BOOT, "%s=%s", words[i].key, kept);
		else
			finding_change(out, CHANGE_BOOT, "-%s=%s", words[i].key, value);
		finding_item(out, "%s=%s on the command line", words[i].key, value);
		n++;
	}
	return n;
}

static enum verdict judge_superpages(const struct host *h, struct finding *out)
{
	size_t n = find_small_pages(h, out);

	if (host_param_is_on(h, "vfio_iommu_type1.disable_hugepages")) {
		finding_item(out, "parameter disable_hugepages of vfio_iommu_type1");
		finding_change(out, CHANGE_MODPROBE,
			       "options vfio_iommu_type1 disable_hugepages=N");
		n++;
	}
	if (!n) {
		finding_say(out, "Nothing keeps the IOMMU from large pages.");
		return VERDICT_PASS;
	}
	finding_say(out,
		    "The IOMMU may not use large pages (%s): it misses its cache more often, and "
		    "guests with huge pages start slower.",
		    out->items[0]);
	return VERDICT_ADVICE;
}

static const char *policy(const struct host *h, const struct translation *t)
{
	const struct log_event *said = log_find(h, "iommu-invalidation");

	if (t->n_strict + t->n_lazy)
		return t->n_strict > t->n_lazy ? "strict" : "lazy";
	return said && said->value.known ? said->value.v : NULL;
}

/* Strict because someone said so: takes the words away. */
static size_t drop_strict_words(const struct host *h, struct finding *out)
{
	static const struct {
		const char *key, *item;
	} words[] = {
		{ "iommu.strict", "1" },
		{ "intel_iommu", "strict" },
		{ "amd_iommu", "fullflush" },
	};
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		const char *value = cmdline_value(h, out, words[i].key);

		if (!has_item(value, words[i].item))
			continue;
		finding_item(out, "%s=%s on the command line", words[i].key, value);
		if (!strcmp(value, words[i].item))
			finding_change(out, CHANGE_BOOT, "-%s=%s", words[i].key, value);
		else
			finding_change(out, CHANGE_BOOT, "iommu.strict=0");
		n++;
	}
	return n;
}

static enum verdict judge_strict(const struct host *h, struct finding *out)
{
	const struct translation t = count_translation(h);
	const char *how = policy(h, &t);

	if (t.n_identity && !t.n_strict && !t.n_lazy) {
		finding_say(out, "The host's devices are not translated: there is nothing to take "
				 "back.");
		return VERDICT_NOT_APPLICABLE;
	}
	if (!how) {
		finding_say(out, "How mappings of the host are taken back is not known.");
		return VERDICT_UNKNOWN;
	}
	if (!strcmp(how, "strict") && drop_strict_words(h, out)) {
		finding_say(out,
			    "Mappings of the host are taken back after each transfer because "
			    "of %s.",
			    out->items[0]);
		return VERDICT_ADVICE;
	}
	finding_say(out, "Mappings of the host are taken back %s, which is the kernel's choice.",
		    !strcmp(how, "strict") ? "after each transfer" : "in batches");
	return VERDICT_PASS;
}

static const struct rule rules[] = {
	{ "iommu.enabled", false, passthrough_is_wanted, READS(READ(iommu.groups)), judge_enabled },
	{ "iommu.passthrough-mode", false, works, READS(READ(iommu.groups)), judge_passthrough },
	{ "iommu.superpages", false, works, READS(READ(kernel.cmdline)), judge_superpages },
	{ "iommu.strict", false, works, READS(READ(iommu.groups)), judge_strict },
};

const struct rule_set rules_iommu_dma = { rules, ARRAY_SIZE(rules) };
