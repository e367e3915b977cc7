/* SPDX-License-Identifier: GPL-2.0-or-later */
/* net_parts.h - what the files of the probe "net" give one another. */
#ifndef PROBES_NET_PARTS_H
#define PROBES_NET_PARTS_H

#include "facts/net.h"
#include "probes/probe.h"
#include "probes/tally.h"

#define NET_CLASS          "/sys/class/net"
#define NET_INTERFACES_MAX 4096u
#define NET_QUEUES_MAX     1024u /* of one interface */

/* One interface that is being looked at. */
struct net_look {
	struct probe_env *env;
	struct tally *tally;
	struct sysroot dir; /* its own directory */
	const char *name;   /* in the tree, and in paths of gaps after net_name() */
	const char *shown;
	struct net_interface *f;
};

/* net_interfaces.c, net_subnets.c. The subnets need the interfaces. 0 or -ENOMEM. */
int net_read_interfaces(struct probe_env *env, struct net_facts *f) MUST_CHECK;
int net_read_subnets(struct probe_env *env, struct net_facts *f) MUST_CHECK;

/* Counts a trouble with a file of the interface. 0 or -ENOMEM. */
int net_trouble(struct net_look *x, const char *field, const char *file, int error) MUST_CHECK;
/* net_kind.c: kind, driver and place. net_queues.c: queues and steering. 0 or -ENOMEM. */
int net_read_kind(struct net_look *x) MUST_CHECK;
int net_read_queues(struct net_look *x) MUST_CHECK;

/* net_names.c: "enx00005e005301" is made of an address, which nobody needs to know: "enx-1", by its
 * place among the names. NULL: no memory. */
const char *net_name(struct arena *a, char *const *names, size_t n, size_t i);

#endif
