/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * route.h - /proc/net/route, the IPv4 routes: a header, then a line per route with the interface,
 *and destination, gateway and mask as eight hexadecimal digits.
 *
 *	Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask MTU … eth0
 *0001A8C0	00000000	0001	0	0	0	00FFFFFF	0 …
 *
 * Source: net/ipv4/fib_trie.c fib_route_seq_show(); flags: include/uapi/linux/route.h.
 */
#ifndef PROBES_PARSE_ROUTE_H
#define PROBES_PARSE_ROUTE_H

#include "core/text.h"

struct route {
	struct text interface; /* a view */
	uint32_t destination, mask;
	/* Its addresses are reached without a gateway: the interface has an address in this subnet.
	 * A single address or everything is no subnet. */
	bool is_subnet;
};

/* Cuts lines off the front of *rest up to the next route; false: there is none left. */
bool route_next(struct text *rest, struct route *ret_route);

#endif
