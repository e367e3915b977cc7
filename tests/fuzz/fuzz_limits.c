/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <assert.h>

#include "probes/parse/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint64_t v;

	assert(limits_soft(text_make((const char *)data, size), "Max locked memory", &v) <= 0);
	return 0;
}
