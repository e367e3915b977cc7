/* SPDX-License-Identifier: GPL-2.0-or-later */
/* qemu_disks.c - QEMU's -drive, -blockdev and -device as disks. */
#include <string.h>

#include "probes/parse/qemu_parts.h"

#define DISKS_MAX 4096u
#define CHAIN_MAX 8u

/* A -drive, or a -blockdev and the ones it refers to as its "file". */
struct chain {
	const struct qemu_options *node[CHAIN_MAX];
	size_t n;
	bool is_drive;
};

static bool is_in(const char *name, const char *const *names)
{
	while (name && *names && strcmp(name, *names) != 0)
		names++;
	return name && *names;
}

/* Drivers that keep no format but reach the data (qapi/block-core.json, BlockdevDriver). */
static const char *const block_drivers[] = { "host_device", "host_cdrom", NULL };
static const char *const network_drivers[] = { "nbd",  "rbd", "iscsi", "http",    "https", "ftp",
					       "ftps", "ssh", "nfs",   "gluster", NULL };
static const char *const filters[] = { "throttle",     "copy-on-read", "blkdebug",
				       "blklogwrites", "blkverify",    "preallocate",
				       "quorum",       "raw",          NULL };

static bool is_protocol(const char *driver)
{
	static const char *const local[] = { "file",     "nvme",  "null-co",
					     "null-aio", "vvfat", "virtio-blk-vhost-vdpa",
					     NULL };

	return is_in(driver, local) || is_in(driver, block_drivers) ||
	       is_in(driver, network_drivers);
}

static void follow(const struct qemu_reader *r, const struct qemu_options *first,
		   struct chain *chain)
{
	const struct qemu_options *node = first;

	while (node && chain->n < CHAIN_MAX) {
		chain->node[chain->n++] = node;
		node = qemu_find(r, "-blockdev", qemu_option(node, "file"));
	}
}

/* A key of the nodes themselves, or of what is written out below their "file". */
static const char *chain_option(const struct chain *chain, const char *key, const char *file_key)
{
	for (size_t i = 0; i < chain->n; i++) {
		const char *value = qemu_option(chain->node[i], key);

		if (!value)
			value = qemu_option(chain->node[i], file_key);
		if (value)
			return value;
	}
	return NULL;
}

static const char *chain_format(const struct chain *chain)
{
	const char *raw = NULL;

	for (size_t i = 0; i < chain->n; i++) {
		const char *format = chain->is_drive ? qemu_option(chain->node[i], "format") : NULL;

		if (!format)
			format = qemu_option(chain->node[i], "driver");
		if (!format || is_protocol(format))
			continue;
		if (!is_in(format, filters))
			return format;
		if (!strcmp(format, "raw"))
			raw = format;
	}
	return raw;
}

static const char *chain_protocol(const struct chain *chain)
{
	for (size_t i = 0; i < chain->n; i++) {
		const char *inner = qemu_option(chain->node[i], "file.driver");
		const char *own = qemu_option(chain->node[i], "driver");

		if (inner)
			return inner;
		if (is_protocol(own))
			return own;
	}
	return NULL;
}

static const char *chain_source(const struct chain *chain)
{
	const char *source = chain_option(chain, "filename", "file.filename");

	if (source || !chain->n || !chain->is_drive)
		return source;
	return qemu_option(chain->node[0], "file");
}

static const char *type_by_path(struct text path)
{
	static const char *const remote[] = { "rbd:", "nbd:", "iscsi:", "sheepdog:" };

	if (text_find(path, "://"))
		return "network";
	for (size_t i = 0; i < ARRAY_SIZE(remote); i++) {
		if (text_starts(path, remote[i]))
			return "network";
	}
	if (text_starts(path, "/dev/") && !text_starts(path, "/dev/shm/"))
		return "block";
	return "file";
}

static const char *chain_type(const struct chain *chain, const char *source)
{
	const char *protocol = chain_protocol(chain);

	if (is_in(protocol, block_drivers))
		return "block";
	if (is_in(protocol, network_drivers))
		return "network";
	if (protocol && !strcmp(protocol, "nvme"))
		return "nvme";
	return source ? type_by_path(text_of(source)) : NULL;
}

static bool chain_flag(const struct chain *chain, const char *key, const char *file_key,
		       bool *ret_is_on)
{
	const struct qemu_pair pair = { "x", chain_option(chain, key, file_key) };
	const struct qemu_options options = { 1, (struct qemu_pair[]){ pair } };

	*ret_is_on = pair.value && qemu_option_is_on(&options, "x");
	return pair.value != NULL;
}

/* The names of libvirt and of -drive cache=, from the flags they stand for (qemu(1), "cache="). */
static const char *chain_cache(const struct chain *chain, const struct qemu_options *device)
{
	const bool is_through = device && qemu_option_is_off(device, "write-cache");
	const char *name = chain_option(chain, "cache", "cache");
	bool is_direct, is_unsafe, is_told;

	if (name)
		return name;
	is_told = chain_flag(chain, "cache.direct", "file.cache.direct", &is_direct);
	is_told |= chain_flag(chain, "cache.no-flush", "file.cache.no-flush", &is_unsafe);
	if (!is_told)
		return NULL;
	if (is_unsafe)
		return "unsafe";
	if (is_direct)
		return is_through ? "directsync" : "none";
	return is_through ? "writethrough" : "writeback";
}

/* "on" and "off" are other names of -drive for the same. */
static const char *chain_discard(const struct chain *chain)
{
	const char *discard = chain_option(chain, "discard", "file.discard");

	if (discard && !strcmp(discard, "on"))
		return "unmap";
	return discard && !strcmp(discard, "off") ? "ignore" : discard;
}

static int set_medium(struct qemu_reader *r, const struct chain *chain,
		      const struct qemu_options *device, struct domain_disk *disk)
{
	const char *source = chain_source(chain);
	const struct {
		struct fact_str *fact;
		const char *value;
	} values[] = {
		{ &disk->type, chain_type(chain, source) },
		{ &disk->format, chain_format(chain) },
		{ &disk->source, source && *source ? source : NULL },
		{ &disk->cache, chain_cache(chain, device) },
		{ &disk->io, chain_option(chain, "aio", "file.aio") },
		{ &disk->discard, chain_discard(chain) },
	};
	int e = 0;

	for (size_t i = 0; i < ARRAY_SIZE(values) && e == 0; i++)
		e = qemu_set_str(r, values[i].fact, values[i].value);
	return e;
}

static int set_queues(struct qemu_reader *r, const struct qemu_options *device,
		      struct domain_disk *disk)
{
	qemu_set_iothread(r, &disk->iothread, qemu_option(device, "iothread"));
	if (disk->n_queues.known)
		return 0;
	return qemu_set_u64(r, &disk->n_queues, "disks", qemu_option(device, "num-queues"));
}

/* The buses of machine types without AHCI are called "ide.0" too, but q35 has no others. */
static const char *ide_or_sata(const struct qemu_reader *r, const char *bus)
{
	return qemu_is_q35(r) || (bus && !text_starts(text_of(bus), "ide.")) ? "sata" : "ide";
}

static const struct {
	const char *driver, *bus, *device; /* bus NULL: IDE or SATA; driver with '-' is a prefix */
} disk_drivers[] = {
	{ "virtio-blk", "virtio", "disk" }, { "virtio-blk-", "virtio", "disk" },
	{ "scsi-hd", "scsi", "disk" },      { "scsi-disk", "scsi", "disk" },
	{ "scsi-cd", "scsi", "cdrom" },     { "scsi-block", "scsi", "lun" },
	{ "scsi-generic", "scsi", "lun" },  { "ide-hd", NULL, "disk" },
	{ "ide-drive", NULL, "disk" },      { "ide-cd", NULL, "cdrom" },
	{ "usb-storage", "usb", "disk" },   { "nvme", "nvme", "disk" },
	{ "nvme-ns", "nvme", "disk" },      { "floppy", "fdc", "floppy" },
};

/* Index in disk_drivers, ARRAY_SIZE(disk_drivers): not a disk. */
static size_t find_driver(const char *driver)
{
	size_t i = 0;

	for (; i < ARRAY_SIZE(disk_drivers); i++) {
		const struct text name = text_of(disk_drivers[i].driver);

		if (text_equal(name, driver) ||
		    (text_ends(name, "-") && text_starts(text_of(driver), name.at)))
			break;
	}
	return i;
}

static int add_disk(struct qemu_reader *r, const struct domain_disk *disk)
{
	struct domain_disk *item;

	if (r->facts->disks.n == DISKS_MAX)
		return 0;
	item = fact_add_item(&r->facts->disks, r->arena, sizeof(*item));
	if (!item)
		return -ENOMEM;
	*item = *disk;
	return 0;
}

static int add_device(struct qemu_reader *r, const struct qemu_options *device)
{
	const char *driver = qemu_option(device, "driver"), *id = qemu_option(device, "drive");
	const char *at_bus = qemu_option(device, "bus");
	const size_t row = find_driver(driver ? driver : "");
	const struct qemu_options *drive = qemu_find(r, "-drive", id);
	struct chain chain = { .is_drive = drive != NULL };
	struct domain_disk disk = { 0 };
	const char *kind, *bus;
	int e;

	if (row == ARRAY_SIZE(disk_drivers) || !id)
		return 0;
	follow(r, drive ? drive : qemu_find(r, "-blockdev", id), &chain);
	bus = disk_drivers[row].bus;
	kind = drive && qemu_option_is(drive, "media", "cdrom") ? "cdrom"
								: disk_drivers[row].device;
	e = qemu_set_str(r, &disk.bus, bus ? bus : ide_or_sata(r, at_bus));
	if (e == 0)
		e = qemu_set_str(r, &disk.device, kind);
	if (e == 0)
		e = set_medium(r, &chain, device, &disk);
	if (e == 0)
		e = set_queues(r, device, &disk);
	if (e == 0 && bus && !strcmp(bus, "scsi")) {
		const struct qemu_entry *controller = qemu_scsi_controller(r, at_bus);

		if (controller)
			fact_set_u64(&disk.controller, qemu_controller_index(r, controller));
		e = controller ? set_queues(r, &controller->values, &disk) : 0;
	}
	return e < 0 ? e : add_disk(r, &disk);
}

/* if=none is for a -device; firmware and memory cards are no disks. */
static const char *interface_bus(const struct qemu_reader *r, const char *interface)
{
	static const char *const same[] = { "virtio", "scsi", NULL };

	if (!interface || !strcmp(interface, "ide"))
		return ide_or_sata(r, NULL);
	if (!strcmp(interface, "floppy"))
		return "fdc";
	return is_in(interface, same) ? interface : NULL;
}

static int add_drive(struct qemu_reader *r, const struct qemu_options *drive)
{
	const char *bus = interface_bus(r, qemu_option(drive, "if"));
	struct chain chain = { .is_drive = true };
	struct domain_disk disk = { 0 };
	const char *kind = "disk";
	int e;

	if (!bus)
		return 0;
	if (qemu_option_is(drive, "media", "cdrom"))
		kind = "cdrom";
	else if (!strcmp(bus, "fdc"))
		kind = "floppy";
	follow(r, drive, &chain);
	e = qemu_set_str(r, &disk.bus, bus);
	if (e == 0)
		e = qemu_set_str(r, &disk.device, kind);
	if (e == 0)
		e = set_medium(r, &chain, NULL, &disk);
	return e < 0 ? e : add_disk(r, &disk);
}

/* -hda FILE and its like: short for -drive. */
static int add_plain(struct qemu_reader *r, const struct qemu_entry *entry)
{
	const bool is_floppy = text_starts(text_of(entry->option), "-fd");
	const bool is_cdrom = !strcmp(entry->option, "-cdrom");
	struct qemu_pair pairs[] = {
		{ "file", qemu_option(&entry->values, "path") },
		{ "if", is_floppy ? "floppy" : "ide" },
		{ "media", is_cdrom ? "cdrom" : "disk" },
	};
	const struct qemu_options drive = { ARRAY_SIZE(pairs), pairs };

	return add_drive(r, &drive);
}

int qemu_read_disks(struct qemu_reader *r)
{
	static const char *const plain[] = { "-hda", "-hdb", "-hdc",   "-hdd",
					     "-fda", "-fdb", "-cdrom", NULL };
	int e = 0;

	r->facts->disks.known = true;
	for (size_t i = 0; i < r->n && e == 0; i++) {
		const struct qemu_entry *entry = &r->entries[i];

		if (!strcmp(entry->option, "-device"))
			e = add_device(r, &entry->values);
		else if (!strcmp(entry->option, "-drive"))
			e = add_drive(r, &entry->values);
		else if (is_in(entry->option, plain))
			e = add_plain(r, entry);
	}
	return e;
}
