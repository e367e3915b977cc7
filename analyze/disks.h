/* SPDX-License-Identifier: GPL-2.0-or-later */
/* disks.h - the disks and network cards of a guest, as rules look at them. */
#ifndef ANALYZE_DISKS_H
#define ANALYZE_DISKS_H

#include "analyze/rule.h"

/* h->domain.disks.n of them. */
static inline const struct domain_disk *disks_of(const struct host *h)
{
	return h->domain.disks.v;
}

/* A disk that the guest keeps data on: no CD or floppy, no installation image, not empty. */
bool disk_is_data(const struct domain_disk *d);
/* On a controller made of registers: SATA, IDE, USB; false when the bus is not told. */
bool disk_is_emulated(const struct domain_disk *d);
/* virtio-blk, or SCSI on a virtio-scsi controller: one that an iothread can serve. */
bool disk_is_virtio(const struct host *h, const struct domain_disk *d);
/* QEMU reaches the data through a file or device of the host, by one of its kinds of AIO. */
bool disk_has_host_io(const struct domain_disk *d);
/* cache none or directsync: past the page cache of the host. */
bool disk_is_direct(const struct domain_disk *d);
/* Controller of a SCSI disk; NULL: it is not told, or libvirt is to make one. */
const struct domain_controller *disk_controller(const struct host *h, const struct domain_disk *d);
/* For 'applies': there is such a disk, else false with the reason said. */
bool guest_has_data_disk(const struct host *h, struct finding *out);
/* "disk 2 (/dev/sdb)", by its place in the configuration. */
const char *disk_words(const struct host *h, size_t i, struct finding *out);
/* "1 of 2 disks is", "2 of 3 disks are" */
const char *disks_are_words(struct finding *out, size_t n, size_t n_all);
/* An io= that suits it here: native for a device, io_uring or native for an image. */
const char *disk_best_io(const struct host *h, const struct domain_disk *d);

/* "network card 1 (br0)" */
const char *interface_words(const struct host *h, size_t i, struct finding *out);
/* Of the virtio family by any of its names, or given no model by QEMU's or libvirt's. */
bool interface_is_virtio(const struct domain_interface *n);
/* For 'applies': a network card is configured, else false with the reason said. */
bool guest_has_interface(const struct host *h, struct finding *out);

#endif
