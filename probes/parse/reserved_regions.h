/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * reserved_regions.h - /sys/kernel/iommu_groups/N/reserved_regions: addresses that a device behind
 *the IOMMU cannot use freely.
 *
 *	0x00000000fee00000 0x00000000feefffff msi
 *	0x000000009d800000 0x000000009fffffff direct-relaxable
 *
 * Source: Documentation/ABI/testing/sysfs-kernel-iommu_groups; drivers/iommu/iommu.c.
 */
#ifndef PROBES_PARSE_RESERVED_REGIONS_H
#define PROBES_PARSE_RESERVED_REGIONS_H

#include "core/text.h"

/*
 * Cuts lines off the front of *rest up to the next one of type "msi" or "direct"; *ret_line is the
 * line. "direct" keeps a device from a guest; "direct-relaxable" and "reserved" do not. False: none
 * left.
 */
bool reserved_regions_next(struct text *rest, struct text *ret_line);

#endif
