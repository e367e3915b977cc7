/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/disks.h"

#include <string.h>

#include "analyze/guest_config.h"
#include "core/text.h"

bool disk_is_data(const struct domain_disk *d)
{
	static const char *const removable[] = { "cdrom", "floppy", NULL };

	if (fact_is_one_of(&d->device, removable))
		return false;
	if (!d->source.known)
		return fact_is(&d->type, "network") || fact_is(&d->type, "nvme");
	return !text_ends(text_of(d->source.v), ".iso") && !text_ends(text_of(d->source.v), ".ISO");
}

bool disk_is_emulated(const struct domain_disk *d)
{
	static const char *const buses[] = { "sata", "ide", "usb", "fdc", "sd", NULL };

	return fact_is_one_of(&d->bus, buses);
}

const struct domain_controller *disk_controller(const struct host *h, const struct domain_disk *d)
{
	const struct domain_controller *c = h->domain.controllers.v;
	const uint64_t wanted = d->controller.known ? d->controller.v : 0;

	for (size_t i = 0; fact_is(&d->bus, "scsi") && i < h->domain.controllers.n; i++) {
		if (fact_is(&c[i].type, "scsi") && (c[i].index.known ? c[i].index.v : 0) == wanted)
			return &c[i];
	}
	return NULL;
}

bool disk_is_virtio(const struct host *h, const struct domain_disk *d)
{
	const struct domain_controller *c = disk_controller(h, d);

	if (fact_is(&d->bus, "virtio"))
		return true;
	return fact_is(&d->bus, "scsi") &&
	       (!c || !c->model.known || !strncmp(c->model.v, "virtio", 6));
}

bool disk_has_host_io(const struct domain_disk *d)
{
	static const char *const elsewhere[] = { "network",   "nvme", "vhostuser",
						 "vhostvdpa", "dir",  NULL };

	return !fact_is_one_of(&d->type, elsewhere);
}

bool disk_is_direct(const struct domain_disk *d)
{
	return fact_is(&d->cache, "none") || fact_is(&d->cache, "directsync");
}

bool guest_has_data_disk(const struct host *h, struct finding *out)
{
	const struct domain_disk *d = h->domain.disks.v;

	if (!guest_is_known(h, out))
		return false;
	for (size_t i = 0; i < h->domain.disks.n; i++) {
		if (disk_is_data(&d[i]))
			return true;
	}
	/* What was not read is for the rule's reads. */
	if (!h->domain.disks.known)
		return true;
	finding_say(out, "No disk is configured but removable media; a controller that is passed "
			 "through brings its own.");
	return false;
}

const char *disk_words(const struct host *h, size_t i, struct finding *out)
{
	const struct domain_disk *d = (const struct domain_disk *)h->domain.disks.v + i;

	if (!d->source.known)
		return finding_text(out, "disk %zu", i + 1);
	return finding_text(out, "disk %zu (%s)", i + 1, d->source.v);
}

const char *disks_are_words(struct finding *out, size_t n, size_t n_all)
{
	return finding_text(out, "%zu of %zu disk%s %s", n, n_all, n_all == 1 ? "" : "s",
			    n == 1 ? "is" : "are");
}

const char *disk_best_io(const struct host *h, const struct domain_disk *d)
{
	const char *disabled = setting_value(&h->kernel.sysctls, "kernel.io_uring_disabled");
	const bool is_full = d->size_kib.known && d->allocated_kib.known &&
			     d->allocated_kib.v / 99 >= d->size_kib.v / 100;

	if (fact_is(&d->type, "block") || (fact_is(&d->format, "raw") && is_full))
		return "native";
	if (version_is_older(&h->setup.libvirt_version, "6.3") ||
	    version_is_older(&h->setup.qemu_version, "5.0") ||
	    (disabled && strcmp(disabled, "0") != 0))
		return "native";
	return "io_uring";
}

const char *interface_words(const struct host *h, size_t i, struct finding *out)
{
	const struct domain_interface *n = (const struct domain_interface *)h->domain.interfaces.v;

	if (!n[i].source.known)
		return finding_text(out, "network card %zu", i + 1);
	return finding_text(out, "network card %zu (%s)", i + 1, n[i].source.v);
}

bool interface_is_virtio(const struct domain_interface *n)
{
	return n->model.known && !strncmp(n->model.v, "virtio", 6);
}

bool guest_has_interface(const struct host *h, struct finding *out)
{
	if (!guest_is_known(h, out))
		return false;
	if (h->domain.interfaces.n || !h->domain.interfaces.known)
		return true;
	finding_say(out, "The guest has no network card of its own.");
	return false;
}
