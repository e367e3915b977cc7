/* SPDX-License-Identifier: GPL-2.0-or-later */
/* iommu - whether an IOMMU works, how it maps, and what it does with interrupts. */
#include "facts/iommu.h"

#include "probes/iommu_parts.h"

static int measure(struct probe_env *env, void *facts)
{
	const int r = iommu_read_hardware(env, facts);

	return r < 0 ? r : iommu_read_groups(env, facts);
}

int main(int argc, char **argv)
{
	return probe_main(argc, argv, "iommu", measure);
}
