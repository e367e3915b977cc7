/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <assert.h>

#include "core/cpus.h"
#include "probes/parse/cpu_times.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text rest = text_make((const char *)data, size);
	struct cpu_times t;

	while (cpu_times_next(&rest, &t))
		assert(t.cpu < CPUS_MAX && t.steal <= t.busy);
	return 0;
}
