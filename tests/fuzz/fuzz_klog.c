/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <assert.h>

#include "probes/parse/klog.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text rest = text_make((const char *)data, size);
	struct klog_clock clock;

	klog_clock_parse(rest, &clock);
	assert(clock.n_verdicts <= KLOG_VERDICTS_MAX);
	return 0;
}
