/* SPDX-License-Identifier: GPL-2.0-or-later */
/* iommu_parts.h - what the files of the probe "iommu" give one another. */
#ifndef PROBES_IOMMU_PARTS_H
#define PROBES_IOMMU_PARTS_H

#include "facts/iommu.h"
#include "probes/probe.h"

/* Both: 0 or -ENOMEM. */
int iommu_read_hardware(struct probe_env *env, struct iommu_facts *f) MUST_CHECK;
int iommu_read_groups(struct probe_env *env, struct iommu_facts *f) MUST_CHECK;

#endif
