/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * net_subnets.c - cards that share a subnet: Linux answers for the addresses of both on each of
 * them. Source: Documentation/networking/ip-sysctl.rst, arp_filter.
 */
#include <string.h>

#include "probes/net_parts.h"
#include "probes/parse/route.h"

#define ROUTES       "/proc/net/route"
#define N_ROUTES_MAX 1024u

/* A card has a device behind it, in the same sense as the kind "physical" or "wireless". */
static bool is_card(const struct probe_env *env, struct text name)
{
	return sysroot_exists(env->root, NET_CLASS "/%.*s/device", (int)name.len, name.at) == 0;
}

static bool share_subnet(const struct route *a, const struct route *b)
{
	return a->destination == b->destination && a->mask == b->mask &&
	       (a->interface.len != b->interface.len ||
		memcmp(a->interface.at, b->interface.at, a->interface.len) != 0);
}

static size_t find_subnets(const struct probe_env *env, struct text routes, struct route *subnets)
{
	size_t n = 0;

	while (n < N_ROUTES_MAX && route_next(&routes, &subnets[n])) {
		if (subnets[n].is_subnet && is_card(env, subnets[n].interface))
			n++;
	}
	return n;
}

int net_read_subnets(struct probe_env *env, struct net_facts *f)
{
	auto_free struct route *subnets = calloc(N_ROUTES_MAX, sizeof(*subnets));
	auto_free char *text = NULL;
	bool is_shared = false;
	size_t len, n;
	const int r = sysroot_read(env->root, &text, &len, ROUTES);

	if (!subnets || r == -ENOMEM)
		return -ENOMEM;
	/* Which of them are cards is told by the interfaces. */
	if (r < 0 || !f->interfaces.known)
		return probe_gap(env, "has_shared_subnet", ROUTES, r < 0 ? r : -ENOENT);
	n = find_subnets(env, text_make(text, len), subnets);
	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < i; j++)
			is_shared |= share_subnet(&subnets[i], &subnets[j]);
	}
	fact_set_bool(&f->has_shared_subnet, is_shared);
	return 0;
}
