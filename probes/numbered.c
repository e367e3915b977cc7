/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/numbered.h"

#include <string.h>

int numbered_entries(const struct sysroot *root, const char *dir, const char *prefix,
		     struct cpus *ret_numbers)
{
	const size_t n_prefix = strlen(prefix);
	struct cpus set = { 0 };
	char **names;
	size_t n;
	int r = sysroot_list(root, &names, &n, "%s", dir);

	if (r < 0)
		return r;
	for (size_t i = 0; i < n; i++) {
		uint64_t number;
		int taken;

		if (strncmp(names[i], prefix, n_prefix) != 0)
			continue;
		taken = text_u64(text_of(names[i] + n_prefix), &number);
		if (taken == 0 && number < CPUS_MAX)
			cpus_add(&set, (unsigned)number);
		else if (taken == 0 || taken == -ERANGE)
			r = -ERANGE;
	}
	names_free(names, n);
	if (r == 0)
		*ret_numbers = set;
	return r;
}
