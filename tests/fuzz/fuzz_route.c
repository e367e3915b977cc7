/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <assert.h>

#include "probes/parse/route.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text rest = text_make((const char *)data, size);
	struct route route;

	while (route_next(&rest, &route)) {
		assert(route.interface.len > 0 && route.interface.len <= size);
		assert(!route.is_subnet || (route.mask != 0 && route.mask != UINT32_MAX));
	}
	return 0;
}
