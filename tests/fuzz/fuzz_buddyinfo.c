/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <assert.h>

#include "probes/parse/buddyinfo.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text rest = text_make((const char *)data, size);
	struct buddyinfo_zone zone;

	while (buddyinfo_next(&rest, &zone))
		assert(zone.n_orders > 0 && zone.n_orders <= BUDDYINFO_ORDERS_MAX);
	return 0;
}
