/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <assert.h>

#include "probes/parse/boot_pages.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct boot_pages_scan scan = { .rest = text_make((const char *)data, size) };
	struct boot_pages pages;
	uint64_t kib;

	while (boot_pages_next(&scan, &pages))
		assert(pages.n_pages <= INT64_MAX && pages.page_kib <= UINT64_MAX / KIB);
	assert(!boot_pages_default(text_make((const char *)data, size), &kib) || kib);
	return 0;
}
