/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <assert.h>

#include "probes/parse/meminfo.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text rest = text_make((const char *)data, size);
	uint64_t v;

	assert(meminfo_kib(rest, "MemTotal", &v) <= 0);
	assert(vmstat_value(rest, "compact_stall", &v) <= 0);
	return 0;
}
