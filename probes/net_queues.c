/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * net_queues.c - receive queues, and the CPUs to which packets are steered.
 * Source: Documentation/networking/scaling.rst; Documentation/ABI/testing/sysfs-class-net-queues.
 */
#include <string.h>

#include "probes/net_parts.h"

/* Adds the CPUs of one queue; -ENOENT is no trouble: see net_read_queues(). */
static int add_cpus(struct net_look *x, struct fact_cpus *f, const char *field, const char *queue,
		    const char *file)
{
	struct cpus set;
	const int r = sysroot_read_mask(&x->dir, &set, "/queues/%s/%s", queue, file);

	if (r == -ENOENT)
		return 0;
	if (r < 0)
		return net_trouble(x, field, file, r);
	set = cpus_or(&set, &f->v);
	fact_set_cpus(f, &set);
	return 0;
}

/*
 * Kernels without CONFIG_RPS have no rps_cpus, and an interface with one queue for sending has no
 * xps_cpus (the file is there, reading it gives ENOENT): then nothing is steered, and the set is
 * not known rather than empty.
 */
int net_read_queues(struct net_look *x)
{
	uint64_t n_rx = 0;
	char **names;
	size_t n;
	int r = sysroot_list(&x->dir, &names, &n, "/queues");

	if (r < 0)
		return net_trouble(x, "interfaces.n_rx_queues", "queues", r);
	for (size_t i = 0; i < n && r == 0; i++) {
		const bool is_rx = !strncmp(names[i], "rx-", 3);

		n_rx += is_rx;
		if (i >= NET_QUEUES_MAX)
			continue;
		if (is_rx)
			r = add_cpus(x, &x->f->rps_cpus, "interfaces.rps_cpus", names[i],
				     "rps_cpus");
		else if (!strncmp(names[i], "tx-", 3))
			r = add_cpus(x, &x->f->xps_cpus, "interfaces.xps_cpus", names[i],
				     "xps_cpus");
	}
	names_free(names, n);
	fact_set_u64(&x->f->n_rx_queues, n_rx);
	return r;
}
