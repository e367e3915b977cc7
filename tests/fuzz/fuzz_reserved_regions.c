/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <assert.h>

#include "probes/parse/reserved_regions.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text rest = text_make((const char *)data, size), line;

	while (reserved_regions_next(&rest, &line))
		assert(line.len <= size && (text_ends(line, "msi") || text_ends(line, "direct")));
	return 0;
}
