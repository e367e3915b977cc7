/* SPDX-License-Identifier: GPL-2.0-or-later */
/* domain_network.c - rows of the domain XML about network cards. */
#include "probes/parse/domain_rows.h"

static int read_domain(struct domain_reader *r, const xmlNode *node)
{
	(void)node;
	r->facts->interfaces.known = true;
	return 0;
}

/* By the type of the card it is one of these. */
static int read_source(struct domain_reader *r, struct domain_interface *item,
		       const xmlNode *source)
{
	static const char *const attributes[] = { "bridge", "network", "dev", "path" };
	int e = 0;

	for (size_t i = 0; e == 0 && !item->source.known && i < ARRAY_SIZE(attributes); i++)
		e = domain_set_str(r, &item->source, source, attributes[i]);
	return e;
}

static int read_interface(struct domain_reader *r, const xmlNode *node)
{
	const xmlNode *driver = domain_child(node, "driver");
	const bool is_hostdev = domain_attribute_is(node, "type", "hostdev");
	struct domain_interface *item;
	int e = domain_add(r, &r->facts->interfaces, sizeof(*item), "interfaces", node, &item);

	if (!item)
		return e;
	e = domain_set_str(r, &item->type, node, "type");
	if (e == 0)
		e = domain_set_str(r, &item->model, domain_child(node, "model"), "type");
	if (e == 0)
		e = read_source(r, item, domain_child(node, "source"));
	if (e == 0 && !is_hostdev)
		e = domain_set_str(r, &item->driver, driver, "name");
	if (e == 0)
		e = domain_set_u64(r, &item->n_queues, "interfaces", driver, "queues");
	return e == 0 && is_hostdev ? domain_add_pci(r, node) : e;
}

const struct domain_row domain_network_rows[] = {
	{ "", read_domain },
	{ "devices/interface", read_interface },
	{ NULL, NULL },
};
