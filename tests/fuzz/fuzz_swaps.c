/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <assert.h>

#include "probes/parse/pressure.h"
#include "probes/parse/swaps.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Two small tables of /proc: swaps and pressure. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text rest = text_make((const char *)data, size);
	struct swaps_area area;
	uint64_t permille;

	if (pressure_avg10(rest, "some", &permille) == 0)
		assert(permille <= 1010);
	while (swaps_next(&rest, &area) > 0) {
		assert(area.path.len > 0 && area.type.len > 0);
		assert(area.size_kib <= INT64_MAX && area.used_kib <= INT64_MAX);
	}
	return 0;
}
