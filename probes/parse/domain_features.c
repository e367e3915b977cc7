/* SPDX-License-Identifier: GPL-2.0-or-later */
/* domain_features.c - rows of the domain XML about features of the machine and of its CPUs. */
#include <string.h>

#include "probes/parse/domain_rows.h"

static int read_domain(struct domain_reader *r, const xmlNode *node)
{
	(void)node;
	r->facts->features.known = true;
	r->facts->cpu_features.known = true;
	return 0;
}

static int add(struct domain_reader *r, const xmlNode *node, const char *name, const char *value)
{
	return domain_add_setting(r, &r->facts->features, "features", node, name, value);
}

/* Attributes and elements that are settings of a feature: "spinlocks" + "retries". */
static const struct part {
	const char *feature;   /* with the group: "hyperv.spinlocks" */
	const char *child;     /* an element, whose attribute it is; NULL: of the feature itself */
	const char *attribute; /* and the end of the name, if there is no element */
} details[] = {
	{ "apic", NULL, "eoi" },
	{ "ioapic", NULL, "driver" },
	{ "gic", NULL, "version" },
	{ "smm", "tseg", NULL },
	{ "msrs", NULL, "unknown" },
	{ "capabilities", NULL, "policy" },
	{ "hyperv.spinlocks", NULL, "retries" },
	{ "hyperv.vendor_id", NULL, "value" },
	{ "hyperv.stimer", "direct", "state" },
	{ "hyperv.tlbflush", "direct", "state" },
	{ "hyperv.tlbflush", "extended", "state" },
	{ "kvm.dirty-ring", NULL, "size" },
};

static int add_details(struct domain_reader *r, const xmlNode *node, const char *feature)
{
	int e = 0;

	for (size_t i = 0; e == 0 && i < ARRAY_SIZE(details); i++) {
		const struct part *d = &details[i];
		const char *value, *name;

		if (strcmp(d->feature, feature) != 0)
			continue;
		e = domain_get(r, d->child ? domain_child(node, d->child) : node, d->attribute,
			       &value);
		name = arena_printf(r->arena, "%s.%s", feature, d->child ? d->child : d->attribute);
		if (!name)
			return -ENOMEM;
		if (e == 0)
			e = add(r, node, name, value);
	}
	return e;
}

/*
 * Being there is being on for some, whatever state= says; for others state= may be left out; a
 * group's feature has to have it, or libvirt refuses the domain (virDomainFeaturesDefParse).
 */
static int add_feature(struct domain_reader *r, const xmlNode *node, const char *feature,
		       bool needs_state)
{
	static const char *const always[] = { "acpi", "apic", "pae", "viridian", "privnet" };
	const char *state;
	int e = domain_get(r, node, "state", &state);

	for (size_t i = 0; i < ARRAY_SIZE(always); i++) {
		if (!strcmp(feature, always[i]))
			state = "on";
	}
	if (e == 0 && !state && needs_state)
		e = domain_note(r, "features", node,
				"<%s> lacks its state=", (const char *)node->name);
	if (e == 0)
		e = add(r, node, feature, state || needs_state ? state : "on");
	return e < 0 ? e : add_details(r, node, feature);
}

static int read_group(struct domain_reader *r, const xmlNode *group)
{
	int e = 0;

	for (const xmlNode *node = group->children; e == 0 && node; node = node->next) {
		const char *name;

		if (node->type != XML_ELEMENT_NODE)
			continue;
		name = arena_printf(r->arena, "%s.%s", (const char *)group->name,
				    (const char *)node->name);
		e = name ? add_feature(r, node, name, true) : -ENOMEM;
	}
	return e;
}

static int read_hyperv(struct domain_reader *r, const xmlNode *node)
{
	struct fact_str *mode = &r->facts->hyperv_mode;
	int e = domain_set_str(r, mode, node, "mode");

	if (e == 0 && !mode->known)
		e = fact_set_str(mode, r->arena, "custom");
	return e < 0 ? e : read_group(r, node);
}

static int read_features(struct domain_reader *r, const xmlNode *features)
{
	static const char *const groups[] = { "kvm", "xen", "tcg" };
	int e = 0;

	for (const xmlNode *node = features->children; e == 0 && node; node = node->next) {
		const char *name = (const char *)node->name;
		bool is_group = false;

		if (node->type != XML_ELEMENT_NODE)
			continue;
		for (size_t i = 0; i < ARRAY_SIZE(groups); i++)
			is_group |= !strcmp(name, groups[i]);
		if (!strcmp(name, "hyperv"))
			e = read_hyperv(r, node);
		else
			e = is_group ? read_group(r, node) : add_feature(r, node, name, false);
	}
	return e;
}

static int read_cpu(struct domain_reader *r, const xmlNode *node)
{
	struct domain_facts *f = r->facts;
	int e = domain_set_strs(r,
				(const struct domain_attribute[]){
					{ &f->cpu_mode, "mode" },
					{ &f->cpu_check, "check" },
				},
				2, node);

	if (e == 0)
		e = domain_set_switch(r, &f->is_migratable, "is_migratable", node, "migratable");
	if (e == 0)
		e = domain_set_str(r, &f->cpu_model, domain_child(node, "model"), NULL);
	/* A model without a mode is one of mode custom. */
	if (e == 0 && f->cpu_model.known && !f->cpu_mode.known)
		e = fact_set_str(&f->cpu_mode, r->arena, "custom");
	return e < 0 ? e : domain_set_str(r, &f->cpu_cache, domain_child(node, "cache"), "mode");
}

/* A feature that tells no policy is required. */
static int read_cpu_feature(struct domain_reader *r, const xmlNode *node)
{
	const char *name, *policy;
	int e = domain_get(r, node, "name", &name);

	if (e == 0)
		e = domain_get(r, node, "policy", &policy);
	if (e < 0 || !name)
		return e;
	return domain_add_setting(r, &r->facts->cpu_features, "cpu_features", node, name,
				  policy ? policy : "require");
}

const struct domain_row domain_feature_rows[] = {
	{ "", read_domain }, { "features", read_features },
	{ "cpu", read_cpu }, { "cpu/feature", read_cpu_feature },
	{ NULL, NULL },
};
