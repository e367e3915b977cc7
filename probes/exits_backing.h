/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * exits_backing.h - memory of one page size for a guest. Nothing is ever reserved for it: huge
 * pages are taken from those that are free, and are free again afterwards.
 */
#ifndef PROBES_EXITS_BACKING_H
#define PROBES_EXITS_BACKING_H

#include "core/base.h"
#include "core/sysroot.h"

struct exits_backing {
	uint8_t *at;
	size_t size; /* of the mapping: what the guest is given */
	size_t used; /* of it, what is to be walked */
	void *map;   /* to unmap; at is aligned inside */
	size_t map_size;
	bool is_hugetlb;
};

/*
 * Memory of that page size, written to: 4 KiB (never huge), 2 MiB (free hugetlb pages, else
 * transparent ones, proven so), 1 GiB (one free hugetlb page). 0, or a negative errno and in
 * *ret_why a static text of what is missing. size: a multiple of 2 MiB.
 */
int exits_backing_init(struct exits_backing *backing, const struct sysroot *root, uint64_t page_kib,
		       size_t size, const char **ret_why) MUST_CHECK;
void exits_backing_release(struct exits_backing *backing);

/*
 * How much may be walked: 64 MiB, less where that is more than a 16th of what is available. 0: not
 * even 32 MiB may. In bytes, a multiple of 2 MiB.
 */
size_t exits_backing_size(uint64_t available_kib);

#endif
