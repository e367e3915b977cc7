/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/net.h"

/* clang-format off */
#define F(member) FIELD(struct net_interface, member)
static const struct fact_field interface_fields[] = {
	{ F(name), FACT_STR, FACT_SETTING, "", "name; made up names of taps are left as they are", .pseudonym = "net" },
	{ F(kind), FACT_STR, FACT_SETTING, "", "physical wireless bridge tap macvtap bond vlan veth virtual", .privacy = FACT_OPEN },
	{ F(driver), FACT_STR, FACT_SETTING, "", "driver of a physical one", .privacy = FACT_OPEN },
	{ F(device), FACT_STR, FACT_SETTING, "", "PCI address", .privacy = FACT_OPEN },
	{ F(master), FACT_STR, FACT_SETTING, "", "bridge or bond it belongs to", .pseudonym = "net" },
	{ F(is_up), FACT_BOOL, FACT_SETTING, "", "it has a carrier" },
	{ F(mtu_bytes), FACT_U64, FACT_SETTING, "bytes", "MTU" },
	{ F(n_rx_queues), FACT_U64, FACT_SETTING, "", "receive queues" },
	{ F(rps_cpus), FACT_CPUS, FACT_SETTING, "", "receive packet steering: CPUs of all its queues" },
	{ F(xps_cpus), FACT_CPUS, FACT_SETTING, "", "transmit packet steering" },
};
#undef F
#define F(member) FIELD(struct net_facts, member)
static const struct fact_field fields[] = {
	{ F(interfaces), FACT_LIST, FACT_SETTING, "", "interfaces but loopback", &net_interface_schema },
	{ F(has_vhost_net), FACT_BOOL, FACT_SETTING, "", "/dev/vhost-net exists" },
	{ F(has_shared_subnet), FACT_BOOL, FACT_SETTING, "", "two cards have an address in one subnet" },
};
#undef F
/* clang-format on */

const struct schema net_interface_schema = { "interface", "A network interface of the host",
					     sizeof(struct net_interface), interface_fields,
					     ARRAY_SIZE(interface_fields) };
const struct schema net_schema = { "net", "Network of the host", sizeof(struct net_facts), fields,
				   ARRAY_SIZE(fields) };
