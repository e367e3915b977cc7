/* SPDX-License-Identifier: GPL-2.0-or-later */
/* domain_devices.c - rows of the domain XML about disks and devices passed through. */
#include <string.h>

#include "probes/parse/domain_rows.h"
#include "probes/parse/pci_address.h"

#define HOST_DEVICES_MAX 4096u

static int read_domain(struct domain_reader *r, const xmlNode *node)
{
	(void)node;
	r->facts->disks.known = true;
	r->facts->host_devices.known = true;
	return 0;
}

/* Where the medium is, by the type of the disk; none of these: no medium. */
static int read_source(struct domain_reader *r, struct domain_disk *disk, const xmlNode *source)
{
	static const char *const attributes[] = { "file", "dev", "dir", "name", "volume" };
	int e = 0;

	for (size_t i = 0; e == 0 && !disk->source.known && i < ARRAY_SIZE(attributes); i++)
		e = domain_set_str(r, &disk->source, source, attributes[i]);
	return e;
}

static int read_driver(struct domain_reader *r, struct domain_disk *disk, const xmlNode *driver)
{
	const struct {
		struct fact_str *fact;
		const char *name;
	} attributes[] = {
		{ &disk->format, "type" },
		{ &disk->cache, "cache" },
		{ &disk->io, "io" },
		{ &disk->discard, "discard" },
	};
	int e = 0;

	for (size_t i = 0; e == 0 && i < ARRAY_SIZE(attributes); i++)
		e = domain_set_str(r, attributes[i].fact, driver, attributes[i].name);
	if (e == 0 && !disk->iothread.known)
		e = domain_set_u64(r, &disk->iothread, "disks", driver, "iothread");
	if (e == 0 && !disk->n_queues.known)
		e = domain_set_u64(r, &disk->n_queues, "disks", driver, "queues");
	return e;
}

/* The controller that a SCSI disk hangs on: iothread and queues are told there. */
static int find_controller(struct domain_reader *r, const xmlNode *disk, const xmlNode **ret_node)
{
	const xmlNode *devices = domain_child(r->domain, "devices");
	const xmlNode *node = domain_child(devices, "controller");
	struct fact_u64 wanted = { 0 };
	int e = domain_set_u64(r, &wanted, "disks", domain_child(disk, "address"), "controller");

	*ret_node = NULL;
	for (; e == 0 && node && !*ret_node; node = domain_next(node, "controller")) {
		struct fact_u64 index = { 0 };

		if (!domain_attribute_is(node, "type", "scsi"))
			continue;
		e = domain_set_u64(r, &index, "disks", node, "index");
		/* The first of its kind has no number in what people write by hand. */
		if ((index.known ? index.v : 0) == (wanted.known ? wanted.v : 0))
			*ret_node = node;
	}
	return e;
}

static int read_controller(struct domain_reader *r, struct domain_disk *disk, const xmlNode *node)
{
	const xmlNode *controller, *driver;
	int e = find_controller(r, node, &controller);

	if (e < 0 || !controller)
		return e;
	driver = domain_child(controller, "driver");
	if (!disk->iothread.known)
		e = domain_set_u64(r, &disk->iothread, "disks", driver, "iothread");
	if (e == 0 && !disk->n_queues.known)
		e = domain_set_u64(r, &disk->n_queues, "disks", driver, "queues");
	return e;
}

static int read_disk(struct domain_reader *r, const xmlNode *node)
{
	struct domain_disk *disk;
	int e = domain_add(r, &r->facts->disks, sizeof(*disk), "disks", node, &disk);

	if (!disk)
		return e;
	e = domain_set_str(r, &disk->device, node, "device");
	if (e == 0 && !disk->device.known)
		e = fact_set_str(&disk->device, r->arena, "disk");
	if (e == 0)
		e = domain_set_str(r, &disk->type, node, "type");
	if (e == 0)
		e = domain_set_str(r, &disk->bus, domain_child(node, "target"), "bus");
	if (e == 0)
		e = read_source(r, disk, domain_child(node, "source"));
	if (e == 0)
		e = read_driver(r, disk, domain_child(node, "driver"));
	if (e == 0 && fact_is(&disk->bus, "scsi"))
		e = read_controller(r, disk, node);
	return e;
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

static int add_host_device(struct domain_reader *r, const xmlNode *node)
{
	const xmlNode *address = domain_child(domain_child(node, "source"), "address");
	static const char *const names[] = { "domain", "bus", "slot", "function" };
	static const uint64_t max[] = { UINT32_MAX, 255, 31, 7 };
	uint64_t part[ARRAY_SIZE(names)] = { 0 };
	char name[PCI_ADDRESS_SIZE];

	if (r->facts->host_devices.n == HOST_DEVICES_MAX)
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const char *text;
		int e = domain_get(r, address, names[i], &text);

		if (e < 0)
			return e;
		/* Without a domain it is the first. */
		if (!(i == 0 && !text) && !parse_part(text, max[i], &part[i]))
			return domain_note(r, "host_devices", node,
					   "<hostdev> has no valid PCI address");
	}
	pci_address_format(&(struct pci_address){ .domain = (uint32_t)part[0],
						  .bus = (uint8_t)part[1],
						  .device = (uint8_t)part[2],
						  .function = (uint8_t)part[3] },
			   name);
	return fact_add_str(&r->facts->host_devices, r->arena, name);
}

static int read_host_device(struct domain_reader *r, const xmlNode *node)
{
	return domain_attribute_is(node, "type", "pci") ? add_host_device(r, node) : 0;
}

static int read_interface(struct domain_reader *r, const xmlNode *node)
{
	return domain_attribute_is(node, "type", "hostdev") ? add_host_device(r, node) : 0;
}

const struct domain_row domain_device_rows[] = {
	{ "", read_domain },
	{ "devices/disk", read_disk },
	{ "devices/hostdev", read_host_device },
	{ "devices/interface", read_interface },
	{ NULL, NULL },
};
