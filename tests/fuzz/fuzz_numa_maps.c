/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <assert.h>

#include "probes/parse/numa_maps.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Sums of any text stay numbers that a document can hold. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct numa_maps maps;

	if (numa_maps_parse(text_make((const char *)data, size), &maps) == 0) {
		for (size_t i = 0; i < NUMA_MAPS_N_NODES; i++)
			assert(maps.node_kib[i] <= INT64_MAX);
	}
	return 0;
}
