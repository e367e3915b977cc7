/* SPDX-License-Identifier: GPL-2.0-or-later */
/* net.h - network of the host: bridges, taps, cards, and packet steering onto CPUs. */
#ifndef FACTS_NET_H
#define FACTS_NET_H

#include "facts/schema.h"

struct net_interface {             /* A network interface of the host */
	struct fact_str name;      /* name; made up names of taps are left as they are */
	struct fact_str kind;      /* physical wireless bridge tap macvtap bond vlan veth virtual */
	struct fact_str driver;    /* driver of a physical one */
	struct fact_str device;    /* PCI address */
	struct fact_str master;    /* bridge or bond it belongs to */
	struct fact_bool is_up;    /* it has a carrier */
	struct fact_u64 mtu_bytes; /* bytes: MTU */
	struct fact_u64 n_rx_queues; /* receive queues */
	struct fact_cpus rps_cpus;   /* receive packet steering: CPUs of all its queues */
	struct fact_cpus xps_cpus;   /* transmit packet steering */
};

struct net_facts {
	struct fact_list interfaces;        /* interfaces but loopback; struct net_interface */
	struct fact_bool has_vhost_net;     /* /dev/vhost-net exists */
	struct fact_bool has_shared_subnet; /* two cards have an address in one subnet */
};

extern const struct schema net_interface_schema, net_schema;

#endif
