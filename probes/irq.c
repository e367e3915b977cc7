/* SPDX-License-Identifier: GPL-2.0-or-later */
/* irq - interrupts: what they are, how often, where they may and do go, and who places them. */
#include "facts/irq.h"

#include "probes/irq_parts.h"

#define DEFAULT_AFFINITY "/proc/irq/default_smp_affinity"

static int read_default_affinity(struct probe_env *env, struct irq_facts *f)
{
	struct cpus set;
	int r = sysroot_read_mask(env->root, &set, DEFAULT_AFFINITY);

	if (r < 0)
		return probe_gap(env, "default_affinity", DEFAULT_AFFINITY, r);
	fact_set_cpus(&f->default_affinity, &set);
	return 0;
}

static int measure(struct probe_env *env, void *facts)
{
	static int (*const parts[])(struct probe_env *, struct irq_facts *) = {
		irq_read_lines,        irq_read_affinity,   irq_find_devices,
		read_default_affinity, irq_read_irqbalance,
	};
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(parts) && r == 0; i++)
		r = parts[i](env, facts);
	return r;
}

int main(int argc, char **argv)
{
	return probe_main(argc, argv, "irq", measure);
}
