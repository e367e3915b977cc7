/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <assert.h>

#include "probes/parse/cmdline.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text rest = text_make((const char *)data, size);
	struct cmdline_word word;
	struct text value, list;
	struct cpus set;
	unsigned flags;

	if (cmdline_last(rest, "tsc", &value))
		assert(value.len <= size);
	while (cmdline_next(&rest, &word)) {
		cmdline_isolcpus(word.value, &flags, &list);
		if (cmdline_cpus(list, 16, &set) == 0)
			assert(cpus_count(&set) <= CPUS_MAX);
	}
	return 0;
}
