/* SPDX-License-Identifier: GPL-2.0-or-later */
/* iommu.h - the IOMMU as it works now; what the kernel said of it at boot is in facts/log.h. */
#ifndef FACTS_IOMMU_H
#define FACTS_IOMMU_H

#include "facts/schema.h"

struct iommu_group {              /* An IOMMU group */
	struct fact_u64 group;    /* number */
	struct fact_str type;     /* default domain: identity, DMA, DMA-FQ, unmanaged … */
	struct fact_strs devices; /* PCI addresses */
	struct fact_strs
		reserved; /* reserved regions of type msi or direct, as in reserved_regions */
};

struct iommu_facts {
	struct fact_strs
		units; /* entries of /sys/class/iommu: dmar0, ivhd0 …; empty: no IOMMU works */
	struct fact_list groups;                  /* groups; empty: none; struct iommu_group */
	struct fact_bool has_dmar;                /* the firmware has a DMAR table (Intel) */
	struct fact_bool has_ivrs;                /* the firmware has an IVRS table (AMD) */
	struct fact_bool has_interrupt_remapping; /* interrupts are remapped */
	struct fact_str
		remapping_source; /* how that is known: interrupts (chips named IR-) or log */
	struct fact_bool has_posted_interrupts; /* VT-d capability register: posted interrupts */
	struct fact_bool has_iommufd;           /* /dev/iommu exists */
};

extern const struct schema iommu_group_schema, iommu_schema;

#endif
