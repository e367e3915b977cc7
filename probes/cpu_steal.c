/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/cpu_steal.h"

#include "probes/parse/cpu_times.h"

int cpu_steal_read(const struct sysroot *root, const struct cpus *which, struct arena *a,
		   struct fact_pairs *ret_steal)
{
	const uint64_t tick_ns = NS_PER_S / (uint64_t)sysconf(_SC_CLK_TCK);
	auto_free char *text = NULL;
	struct cpu_times times;
	struct text rest;
	size_t len;

	*ret_steal = (struct fact_pairs){ 0 };
	if (sysroot_read(root, &text, &len, "/proc/stat") < 0)
		return 0;
	rest = text_make(text, len);
	while (cpu_times_next(&rest, &times)) {
		if (cpus_has(which, times.cpu) &&
		    fact_add_pair(ret_steal, a, times.cpu, times.steal * tick_ns) < 0)
			return -ENOMEM;
	}
	return 0;
}

void cpu_steal_between(const struct fact_pairs *before, const struct fact_pairs *after,
		       unsigned cpu, struct fact_u64 *f)
{
	const uint64_t before_ns = fact_pair_value(before, cpu);
	const uint64_t after_ns = fact_pair_value(after, cpu);

	/* The counter has been seen to step back by a tick on some kernels. */
	if (before->known && after->known)
		fact_set_u64(f, after_ns > before_ns ? after_ns - before_ns : 0);
}
