/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * net - interfaces of the host, how they hang together, and where their packets are handled.
 * Addresses are looked at only to see whether two cards share a subnet; none is kept.
 * Source: Documentation/ABI/testing/sysfs-class-net.
 */
#include "facts/net.h"

#include "probes/net_parts.h"

/* Few captures hold /dev: one that does has /dev/null. */
static int read_vhost(struct probe_env *env, struct net_facts *f)
{
	const int r = sysroot_exists(env->root, "/dev/vhost-net");

	if (r < 0 && (r != -ENOENT || sysroot_exists(env->root, "/dev/null") < 0))
		return r == -ENOMEM ? r : probe_gap(env, "has_vhost_net", "/dev/vhost-net", r);
	fact_set_bool(&f->has_vhost_net, r == 0);
	return 0;
}

static int measure(struct probe_env *env, void *facts)
{
	static int (*const steps[])(struct probe_env *, struct net_facts *) = {
		net_read_interfaces,
		read_vhost,
		net_read_subnets,
	};
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(steps) && r == 0; i++)
		r = steps[i](env, facts);
	return r;
}

int main(int argc, char **argv)
{
	return probe_main(argc, argv, "net", measure);
}
