/* SPDX-License-Identifier: GPL-2.0-or-later */
/* domain_host.c - rows of the domain XML about devices of the host that are passed through. */
#include <string.h>

#include "probes/parse/domain_rows.h"
#include "probes/parse/pci_address.h"

static int read_domain(struct domain_reader *r, const xmlNode *node)
{
	(void)node;
	r->facts->hostdevs.known = true;
	r->facts->host_devices.known = true;
	return 0;
}

/* "0x0a" or "10"; libvirt takes both. */
static bool parse_part(const char *text, uint64_t max, uint64_t *ret_value)
{
	uint64_t v;
	const bool is_hex = text && (!strncmp(text, "0x", 2) || !strncmp(text, "0X", 2));

	if (!text || (is_hex ? text_hex(text_of(text), &v) : text_u64(text_of(text), &v)) < 0 ||
	    v > max)
		return false;
	*ret_value = v;
	return true;
}

/* *ret_name NULL with 0: there is no valid address, noted. */
static int read_address(struct domain_reader *r, const xmlNode *node, const char **ret_name)
{
	const xmlNode *address = domain_child(domain_child(node, "source"), "address");
	static const char *const names[] = { "domain", "bus", "slot", "function" };
	static const uint64_t max[] = { UINT32_MAX, 255, 31, 7 };
	uint64_t part[ARRAY_SIZE(names)] = { 0 };
	char name[PCI_ADDRESS_SIZE];

	*ret_name = NULL;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const char *text;
		int e = domain_get(r, address, names[i], &text);

		if (e < 0)
			return e;
		/* Without a domain it is the first. */
		if (!(i == 0 && !text) && !parse_part(text, max[i], &part[i]))
			return domain_note(r, "host_devices", node, "<%s> has no valid PCI address",
					   (const char *)node->name);
	}
	pci_address_format(&(struct pci_address){ .domain = (uint32_t)part[0],
						  .bus = (uint8_t)part[1],
						  .device = (uint8_t)part[2],
						  .function = (uint8_t)part[3] },
			   name);
	*ret_name = arena_strdup(r->arena, name);
	return *ret_name ? 0 : -ENOMEM;
}

/* <driver name='vfio'/>, since libvirt 11 <driver iommufd='yes'/>. */
static int read_driver(struct domain_reader *r, struct domain_hostdev *item, const xmlNode *driver)
{
	if (domain_attribute_is(driver, "iommufd", "yes"))
		return fact_set_str(&item->driver, r->arena, "iommufd");
	return domain_set_str(r, &item->driver, driver, "name");
}

static int add_device(struct domain_reader *r, const xmlNode *node, const char *type,
		      const char *address)
{
	struct domain_hostdev *item;
	int e = domain_add(r, &r->facts->hostdevs, sizeof(*item), "hostdevs", node, &item);

	if (!item)
		return e;
	item->type = (struct fact_str){ type, type };
	item->address = (struct fact_str){ address, address };
	e = domain_set_switch(r, &item->is_managed, "hostdevs", node, "managed");
	/* libvirt's word for what is not told */
	if (!item->is_managed.known && type && !strcmp(type, "pci"))
		fact_set_bool(&item->is_managed, false);
	return e < 0 ? e : read_driver(r, item, domain_child(node, "driver"));
}

int domain_add_pci(struct domain_reader *r, const xmlNode *node)
{
	const size_t n = r->facts->hostdevs.n;
	const char *address;
	int e = read_address(r, node, &address);

	if (e == 0)
		e = add_device(r, node, "pci", address);
	if (e < 0 || !address || r->facts->hostdevs.n == n)
		return e;
	return fact_add_str(&r->facts->host_devices, r->arena, address);
}

static int read_hostdev(struct domain_reader *r, const xmlNode *node)
{
	const char *type;
	int e;

	if (domain_attribute_is(node, "type", "pci"))
		return domain_add_pci(r, node);
	e = domain_get(r, node, "type", &type);
	return e < 0 ? e : add_device(r, node, type, NULL);
}

const struct domain_row domain_host_rows[] = {
	{ "", read_domain },
	{ "devices/hostdev", read_hostdev },
	{ NULL, NULL },
};
