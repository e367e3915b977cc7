/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <assert.h>

#include "probes/parse/cpuinfo.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text rest = text_make((const char *)data, size);
	struct cpuinfo info;

	cpuinfo_parse(rest, &info);
	assert(info.flags.len <= size);
	cpuinfo_has_flag(&info, "tsc");
	return 0;
}
