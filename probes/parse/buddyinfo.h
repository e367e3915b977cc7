/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * buddyinfo.h - free blocks per zone: "Node 0, zone   Normal    10     3     1 …", one number per
 * order. Source: Documentation/filesystems/proc.rst.
 */
#ifndef PROBES_PARSE_BUDDYINFO_H
#define PROBES_PARSE_BUDDYINFO_H

#include "core/text.h"

/* Kernels have 11 orders, or 14 and 16 with large base pages. */
#define BUDDYINFO_ORDERS_MAX 64

struct buddyinfo_zone {
	uint64_t node;
	struct text zone; /* "DMA32", "Normal" */
	size_t n_orders;
	uint64_t free[BUDDYINFO_ORDERS_MAX]; /* [order]: blocks of 2^order base pages */
};

/* Cuts lines off the front of *rest up to one that is a zone; false: there is none left. */
bool buddyinfo_next(struct text *rest, struct buddyinfo_zone *ret_zone);

#endif
