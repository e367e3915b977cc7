/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_xml.c - the form of the guest's XML, and whether it is what runs. */
#include <string.h>

#include "analyze/change.h"
#include "analyze/engine.h"
#include "analyze/guest_config.h"

/* Elements that are written without their end in many a guide. */
static const struct {
	const char *name, *right;
} unclosed[] = {
	{ "apic", "<apic/> or <apic eoi='on'/>" },
	{ "hidden", "<hidden state='on'/>" },
	{ "acpi", "<acpi/>" },
	{ "pae", "<pae/>" },
	{ "locked", "<locked/>" },
	{ "nosharepages", "<nosharepages/>" },
	{ "ioapic", "<ioapic driver='kvm'/>" },
	{ "vmport", "<vmport state='off'/>" },
	{ "smm", "<smm state='on'/>" },
};

/* "<apic>" and "<apic eoi=…>", not "<apicfoo>"; the rest of the line from there, or nothing. */
static struct text find_start(const char *line, const char *name)
{
	const struct text none = { 0 };
	const char *at = line;

	while ((at = strchr(at, '<'))) {
		const size_t n = strlen(name);

		at++;
		if (!strncmp(at, name, n) && strchr(" \t/>", at[n]))
			return text_of(at);
	}
	return none;
}

/* Line of an element that neither ends in itself nor anywhere below; 0: there is none. */
static size_t find_unclosed(const struct fact_strs *xml, const char *name, struct finding *out)
{
	const char *end = finding_text(out, "</%s", name);
	size_t at = 0;

	for (size_t i = 0; i < xml->n; i++) {
		const struct text start = find_start(xml->v[i], name);
		const char *close = start.at ? memchr(start.at, '>', start.len) : NULL;

		if (strstr(xml->v[i], end))
			return 0;
		if (!at && close && close > start.at && close[-1] != '/')
			at = i + 1;
	}
	return at;
}

static bool has_xml(const struct host *h, struct finding *out)
{
	const struct domain_facts *d = &h->domain;

	if (!guest_is_known(h, out))
		return false;
	if (d->xml_error.known || d->xml.known || !fact_is(&d->source, "argv"))
		return true;
	finding_say(out, "The guest is known by its arguments, not by XML.");
	return false;
}

static enum verdict judge_wellformed(const struct host *h, struct finding *out)
{
	const struct domain_facts *d = &h->domain;
	const char *forms = "", *line;

	if (!d->xml_error.known && !d->xml.known) {
		finding_say(out, "The XML itself is not known.");
		return VERDICT_UNKNOWN;
	}
	if (!d->xml_error.known) {
		finding_say(out, "The XML is well-formed.");
		return VERDICT_PASS;
	}
	for (size_t i = 0; i < ARRAY_SIZE(unclosed); i++) {
		const size_t at = find_unclosed(&d->xml, unclosed[i].name, out);

		if (!at)
			continue;
		forms = finding_text(out, "%s%sline %zu: write %s", forms, *forms ? "\n" : "", at,
				     unclosed[i].right);
		finding_item(out, "line %zu: <%s> is never closed; right is %s", at,
			     unclosed[i].name, unclosed[i].right);
	}
	line = d->xml_error_line.known
		       ? finding_text(out, ", line %llu", (unsigned long long)d->xml_error_line.v)
		       : "";
	finding_fill(
		out, "right_forms", "%s",
		*forms ? forms
		       : "Close each element: <name/> or <name>…</name>, in the order in which "
			 "they were opened.");
	finding_say(out, "The XML is not well-formed%s: %s%s%s.", line, d->xml_error.v,
		    out->n_items ? "; " : "", out->n_items ? out->items[0] : "");
	return VERDICT_PROBLEM;
}

static bool has_wellformed_xml(const struct host *h, struct finding *out)
{
	if (!has_xml(h, out))
		return false;
	if (!h->domain.xml_error.known)
		return true;
	finding_say(out, "The XML is not well-formed.");
	return false;
}

static enum verdict judge_valid(const struct host *h, struct finding *out)
{
	const struct domain_facts *d = &h->domain;

	if (d->is_schema_valid.v) {
		finding_say(out, "libvirt's schema accepts the XML.");
		return VERDICT_PASS;
	}
	if (h->setup.libvirt_version.known)
		finding_fill(out, "version", " (%s)", h->setup.libvirt_version.v);
	else
		finding_fill(out, "version", "%s", "");
	if (d->schema_error_line.known)
		finding_say(out,
			    "libvirt's schema does not accept line %llu: %s. It is newer than the "
			    "libvirt that is installed, or wrong.",
			    (unsigned long long)d->schema_error_line.v,
			    d->schema_error.known ? d->schema_error.v : "no reason is given");
	else
		finding_say(out,
			    "libvirt's schema does not accept the XML: %s. It is newer than the "
			    "libvirt that is installed, or wrong.",
			    d->schema_error.known ? d->schema_error.v : "no reason is given");
	return VERDICT_ADVICE;
}

static bool runs(const struct host *h, struct finding *out)
{
	if (!h->running) {
		finding_say_open(out, "Needs a running guest.");
		return false;
	}
	return has_wellformed_xml(h, out);
}

static enum verdict judge_live(const struct host *h, struct finding *out)
{
	static const char *const restarts[] = {
		[MANAGER_LIBVIRT] = "sudo virsh shutdown {guest}\nsudo virsh start {guest}",
		[MANAGER_PROXMOX] = "sudo qm shutdown {vmid} && sudo qm start {vmid}",
		[MANAGER_PLAIN] = "End QEMU and start it again.",
	};
	const struct fact_strs *differs = &h->domain.live_differs;

	if (!differs->n) {
		finding_say(out, "The running guest is what its configuration says.");
		return VERDICT_PASS;
	}
	for (size_t i = 0; i < differs->n; i++)
		finding_item(out, "%s", differs->v[i]);
	finding_fix(out, restarts[host_manager(h)], NULL, NULL);
	finding_say(out,
		    "%zu setting%s of the running guest differ%s from its configuration: %s%s.",
		    differs->n, differs->n == 1 ? "" : "s", differs->n == 1 ? "s" : "",
		    differs->v[0], differs->n == 1 ? "" : " …");
	return VERDICT_ADVICE;
}

static const struct rule rules[] = {
	{ .id = "xml.wellformed", .applies = has_xml, .judge = judge_wellformed },
	{ "xml.validate", false, has_wellformed_xml, READS(READ(domain.is_schema_valid)),
	  judge_valid },
	{ "xml.live-vs-file", false, runs, READS(READ(domain.live_differs)), judge_live },
};

const struct rule_set rules_xml = { rules, ARRAY_SIZE(rules) };
