/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <assert.h>

#include "probes/parse/gunzip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_free char *text = NULL;
	size_t len;

	if (gunzip(text_make((const char *)data, size), &text, &len) == 0)
		assert(len <= GUNZIP_MAX && text[len] == '\0');
	return 0;
}
