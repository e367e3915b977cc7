/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_vfio_ids.c - the ids by which vfio-pci takes devices. */
#include <string.h>
#include <strings.h>

#include "analyze/change.h"
#include "analyze/engine.h"
#include "analyze/passthrough.h"
#include "analyze/told.h"

/* "10de:1b81" of a list of ids; false: it is none, or it has more parts. */
static bool parse_id(struct text id, uint64_t *ret_vendor, uint64_t *ret_device)
{
	struct text vendor, device;

	return text_next_piece(&id, ':', &vendor) && text_next_piece(&id, ':', &device) &&
	       text_hex(vendor, ret_vendor) == 0 && text_hex(device, ret_device) == 0;
}

/* What one id of the list finds on this host. */
struct id_hits {
	size_t n, n_of_host; /* n_of_host: bound to a driver of the host, and not for the guest */
};

static struct id_hits find_id(const struct host *h, uint64_t vendor, uint64_t device,
			      const char *id, struct finding *out)
{
	const struct pci_function *f = h->pci.functions.v;
	struct id_hits hits = { 0 };
	bool is_for_guest = false;

	for (size_t i = 0; i < h->pci.functions.n; i++) {
		if (f[i].vendor_id.known && f[i].vendor_id.v == vendor && f[i].device_id.known &&
		    f[i].device_id.v == device) {
			hits.n++;
			is_for_guest |= pci_is_passed(h, &f[i]);
		}
	}
	for (size_t i = 0; hits.n > 1 && is_for_guest && i < h->pci.functions.n; i++) {
		if (!f[i].vendor_id.known || f[i].vendor_id.v != vendor || !f[i].device_id.known ||
		    f[i].device_id.v != device || !f[i].driver.known || pci_is_passed(h, &f[i]))
			continue;
		hits.n_of_host++;
		finding_item(out, "%s is also that of %s, which %s drives for the host", id,
			     pci_words(out, &f[i]), f[i].driver.v);
	}
	if (!hits.n)
		finding_item(out, "%s is on no bus of this host", id);
	return hits;
}

/* The ids VFIO was given: in effect, else by the command line, else by modprobe.d. */
static const char *vfio_ids(const struct host *h, struct finding *out, const char **ret_from)
{
	const char *ids = setting_value(&h->kernel.params, "vfio_pci.ids");

	*ret_from = "of the loaded module";
	if (ids && *ids && *ids != '(')
		return ids;
	ids = cmdline_value(h, out, "vfio_pci.ids");
	*ret_from = "on the kernel command line";
	if (ids && *ids)
		return ids;
	*ret_from = "in modprobe.d";
	return modprobe_option(h, out, "vfio_pci", "ids", NULL);
}

static bool has_ids(const struct host *h, struct finding *out)
{
	const char *from, *ids = vfio_ids(h, out, &from);

	if (ids && *ids)
		return true;
	finding_say(out, "No ids are given to vfio-pci.");
	return false;
}

static void fix_ids(const struct host *h, const char *kept, struct finding *out)
{
	const struct setup_modprobe *line = NULL;

	if (cmdline_value(h, out, "vfio_pci.ids")) {
		finding_change(out, CHANGE_BOOT, *kept ? "vfio-pci.ids=%s" : "-vfio-pci.ids", kept);
		return;
	}
	modprobe_option(h, out, "vfio_pci", "ids", &line);
	finding_fill_quoted(out, "file",
			    line && line->path.known ? line->path.v : "/etc/modprobe.d/vfio.conf");
	finding_fix(out, NULL,
		    finding_text(out,
				 "sudo sed -i -E 's/(options +vfio[-_]pci .*ids=)[^ ]*/\\1%s/' "
				 "{file}\n%s",
				 kept, host_initramfs_command(h)),
		    NULL);
}

static enum verdict judge_ids(const struct host *h, struct finding *out)
{
	const char *from, *ids = vfio_ids(h, out, &from), *kept = "";
	struct text rest = text_of(ids), id;
	size_t n = 0, n_absent = 0, n_twins = 0;

	while (text_next_piece(&rest, ',', &id)) {
		uint64_t vendor, device;
		struct id_hits hits;
		const char *word;

		id = text_trim(id);
		if (!parse_id(id, &vendor, &device))
			continue;
		n++;
		word = finding_text(out, "%.*s", (int)id.len, id.at);
		hits = find_id(h, vendor, device, word, out);
		n_absent += hits.n == 0;
		n_twins += hits.n_of_host > 0;
		if (hits.n && !hits.n_of_host)
			kept = finding_text(out, "%s%s%s", kept, *kept ? "," : "", word);
	}
	if (!n) {
		finding_say(out, "The ids %s are none that can be read: %s.", from, ids);
		return VERDICT_UNKNOWN;
	}
	if (n_twins || n_absent)
		fix_ids(h, kept, out);
	if (n_twins) {
		finding_say(out,
			    "%zu of %zu ids %s fit a device of the host as well: vfio-pci takes "
			    "both. Only driver_override tells twins apart.",
			    n_twins, n, from);
		return VERDICT_ADVICE;
	}
	if (n_absent) {
		finding_say(out, "%zu of %zu ids %s are of no device of this host.", n_absent, n,
			    from);
		return VERDICT_ADVICE;
	}
	finding_say(out,
		    "Each of the %zu ids %s is of a device of this host, and of none that the "
		    "host needs.",
		    n, from);
	return VERDICT_PASS;
}

static bool is_same_id(struct text a, struct text b)
{
	a = text_trim(a);
	b = text_trim(b);
	return a.len == b.len && !strncasecmp(a.at, b.at, a.len);
}

/* Whether each id of one list is in the other one. */
static bool is_same_ids(const char *a, const char *b)
{
	struct text rest = text_of(a), id;
	size_t n = 0, n_b = 0;

	while (text_next_piece(&rest, ',', &id)) {
		struct text other = text_of(b), one;
		bool is_there = false;

		n++;
		n_b = 0;
		while (text_next_piece(&other, ',', &one)) {
			is_there |= is_same_id(id, one);
			n_b++;
		}
		if (!is_there)
			return false;
	}
	return n == n_b;
}

static enum verdict judge_ids_twice(const struct host *h, struct finding *out)
{
	const char *boot = cmdline_value(h, out, "vfio_pci.ids");
	const char *conf = modprobe_option(h, out, "vfio_pci", "ids", NULL);
	const char *live = setting_value(&h->kernel.params, "vfio_pci.ids");

	if (boot && conf && !is_same_ids(boot, conf)) {
		finding_say(out,
			    "The command line gives vfio-pci the ids %s, modprobe.d gives it "
			    "%s.",
			    boot, conf);
		finding_change(out, CHANGE_BOOT, "-vfio-pci.ids");
		return VERDICT_ADVICE;
	}
	if (live && *live && *live != '(' && (boot || conf) &&
	    !is_same_ids(live, boot ? boot : conf)) {
		finding_say(out, "vfio-pci was loaded with the ids %s, but %s asks for %s.", live,
			    boot ? "the command line" : "modprobe.d", boot ? boot : conf);
		finding_fix(out, NULL, finding_text(out, "%s\nreboot", host_initramfs_command(h)),
			    "");
		return VERDICT_ADVICE;
	}
	if (boot && conf)
		finding_say(out,
			    "The ids stand on the command line and in modprobe.d, and they are "
			    "the same: one place would do.");
	else
		finding_say(out, "The ids of vfio-pci stand in one place.");
	return VERDICT_PASS;
}

static const struct rule rules[] = {
	{ "vfio.pci-ids", false, has_ids, READS(READ(pci.functions)), judge_ids },
	{ "vfio.ids-cmdline", false, has_ids, NULL, judge_ids_twice },
};

const struct rule_set rules_vfio_ids = { rules, ARRAY_SIZE(rules) };
