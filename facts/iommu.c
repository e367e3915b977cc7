/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/iommu.h"

/* clang-format off */
#define F(member) FIELD(struct iommu_group, member)
static const struct fact_field group_fields[] = {
	{ F(group), FACT_U64, FACT_SETTING, "", "number" },
	{ F(type), FACT_STR, FACT_SETTING, "", "default domain: identity, DMA, DMA-FQ, unmanaged …", .privacy = FACT_OPEN },
	{ F(devices), FACT_STRS, FACT_SETTING, "", "PCI addresses", .privacy = FACT_OPEN },
	{ F(reserved), FACT_STRS, FACT_NOT_COMPARED, "", "reserved regions of type msi or direct, as in reserved_regions", .privacy = FACT_OPEN },
};
#undef F
#define F(member) FIELD(struct iommu_facts, member)
static const struct fact_field fields[] = {
	{ F(units), FACT_STRS, FACT_SETTING, "", "entries of /sys/class/iommu: dmar0, ivhd0 …; empty: no IOMMU works", .privacy = FACT_OPEN },
	{ F(groups), FACT_LIST, FACT_SETTING, "", "groups; empty: none", &iommu_group_schema },
	{ F(has_dmar), FACT_BOOL, FACT_SETTING, "", "the firmware has a DMAR table (Intel)" },
	{ F(has_ivrs), FACT_BOOL, FACT_SETTING, "", "the firmware has an IVRS table (AMD)" },
	{ F(has_interrupt_remapping), FACT_BOOL, FACT_SETTING, "", "interrupts are remapped" },
	{ F(remapping_source), FACT_STR, FACT_NOT_COMPARED, "", "how that is known: interrupts (chips named IR-) or log", .privacy = FACT_OPEN },
	{ F(has_posted_interrupts), FACT_BOOL, FACT_SETTING, "", "VT-d capability register: posted interrupts" },
	{ F(has_iommufd), FACT_BOOL, FACT_SETTING, "", "/dev/iommu exists" },
};
#undef F
/* clang-format on */

const struct schema iommu_group_schema = { "group", "An IOMMU group", sizeof(struct iommu_group),
					   group_fields, ARRAY_SIZE(group_fields) };
const struct schema iommu_schema = { "iommu", "IOMMU: groups, units, remapping",
				     sizeof(struct iommu_facts), fields, ARRAY_SIZE(fields) };
