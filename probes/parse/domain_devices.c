/* SPDX-License-Identifier: GPL-2.0-or-later */
/* domain_devices.c - rows of the domain XML about disks and controllers. */
#include <string.h>

#include "probes/parse/domain_rows.h"

static int read_domain(struct domain_reader *r, const xmlNode *node)
{
	(void)node;
	r->facts->disks.known = true;
	r->facts->controllers.known = true;
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

int domain_find_controller(struct domain_reader *r, const xmlNode *device, const char *type,
			   const xmlNode **ret_node)
{
	const xmlNode *node = domain_child(domain_child(r->domain, "devices"), "controller");
	struct fact_u64 wanted = { 0 };
	int e = domain_set_u64(r, &wanted, "controllers", domain_child(device, "address"),
			       "controller");

	*ret_node = NULL;
	for (; e == 0 && node && !*ret_node; node = domain_next(node, "controller")) {
		struct fact_u64 index = { 0 };

		if (!domain_attribute_is(node, "type", type))
			continue;
		e = domain_set_u64(r, &index, "controllers", node, "index");
		/* The first of its kind has no number in what people write by hand. */
		if ((index.known ? index.v : 0) == (wanted.known ? wanted.v : 0))
			*ret_node = node;
	}
	return e;
}

/* The controller that a SCSI disk hangs on: iothread and queues are told there. */
static int read_controller(struct domain_reader *r, struct domain_disk *disk, const xmlNode *node)
{
	const xmlNode *controller, *driver;
	int e = domain_find_controller(r, node, "scsi", &controller);

	if (!disk->controller.known)
		fact_set_u64(&disk->controller, 0);
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
	if (e == 0)
		e = domain_set_u64(r, &disk->controller, "disks", domain_child(node, "address"),
				   "controller");
	if (e == 0 && fact_is(&disk->bus, "scsi"))
		e = read_controller(r, disk, node);
	return e;
}

static int read_controller_element(struct domain_reader *r, const xmlNode *node)
{
	const xmlNode *driver = domain_child(node, "driver");
	struct domain_controller *item;
	int e = domain_add(r, &r->facts->controllers, sizeof(*item), "controllers", node, &item);

	if (!item)
		return e;
	e = domain_set_str(r, &item->type, node, "type");
	if (e == 0)
		e = domain_set_str(r, &item->model, node, "model");
	if (e == 0)
		e = domain_set_u64(r, &item->index, "controllers", node, "index");
	if (e == 0)
		e = domain_set_u64(r, &item->n_queues, "controllers", driver, "queues");
	return e < 0 ? e : domain_set_u64(r, &item->iothread, "controllers", driver, "iothread");
}

const struct domain_row domain_device_rows[] = {
	{ "", read_domain },
	{ "devices/disk", read_disk },
	{ "devices/controller", read_controller_element },
	{ NULL, NULL },
};
