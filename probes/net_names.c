/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * net_names.c - names of interfaces that give an address away.
 * Source: systemd.net-naming-scheme(7): "x" and the address in hexadecimal.
 */
#include <ctype.h>
#include <string.h>

#include "probes/net_parts.h"

#define N_PREFIX  3u
#define N_ADDRESS 12u

static bool is_address(const char *name)
{
	static const char *const prefixes[] = { "enx", "wlx", "wwx", "slx", "ibx" };
	bool is_prefix = false;

	for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++)
		is_prefix |= !strncmp(name, prefixes[i], N_PREFIX);
	if (!is_prefix)
		return false;
	for (size_t i = 0; i < N_ADDRESS; i++) {
		if (!isxdigit((unsigned char)name[N_PREFIX + i]))
			return false;
	}
	return true;
}

const char *net_name(struct arena *a, char *const *names, size_t n, size_t i)
{
	size_t place = 1;

	if (!is_address(names[i]))
		return arena_strdup(a, names[i]);
	for (size_t j = 0; j < n && j < i; j++)
		place += is_address(names[j]);
	/* A VLAN on it may have more behind the address. */
	return arena_printf(a, "%.*s-%zu%s", (int)N_PREFIX, names[i], place,
			    names[i] + N_PREFIX + N_ADDRESS);
}
