/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * boot_pages.h - huge pages that the kernel command line asks for.
 *
 * hugepages=N belongs to the hugepagesz= in front of it, else to the default size; "0:2,1:3" asks
 * per NUMA node. Source: Documentation/admin-guide/mm/hugetlbpage.rst, mm/hugetlb.c.
 */
#ifndef PROBES_PARSE_BOOT_PAGES_H
#define PROBES_PARSE_BOOT_PAGES_H

#include "core/text.h"

struct boot_pages {
	uint64_t page_kib; /* 0: the default size */
	uint64_t n_pages;  /* of all nodes together */
};

struct boot_pages_scan { /* begin with { .rest = cmdline } */
	struct text rest;
	uint64_t page_kib;
	bool has_odd_size, is_repeated;
};

/* The next request that the kernel would take; false: there is none left. */
bool boot_pages_next(struct boot_pages_scan *scan, struct boot_pages *ret_pages);
/* default_hugepagesz=: false when it is not there, or no size. */
bool boot_pages_default(struct text cmdline, uint64_t *ret_page_kib);

#endif
