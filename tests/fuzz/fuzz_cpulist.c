/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What cpus_parse_list() and cpus_parse_mask() accept is the same set after a way out and back. */
#include "core/cpus.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_round_trip(const struct cpus *set)
{
	auto_free char *list = cpus_list_new(set);
	auto_free char *mask = cpus_mask_new(set);
	struct cpus from_list, from_mask;

	if (!list || !mask)
		abort();
	if (cpus_parse_list(text_of(list), &from_list) < 0 || !cpus_equal(set, &from_list))
		abort();
	if (cpus_parse_mask(text_of(mask), &from_mask) < 0 || !cpus_equal(set, &from_mask))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text t = text_make((const char *)data, size);
	struct cpus set;

	if (cpus_parse_list(t, &set) == 0)
		check_round_trip(&set);
	if (cpus_parse_mask(t, &set) == 0)
		check_round_trip(&set);
	return 0;
}
