/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <assert.h>
#include <string.h>

#include "probes/parse/secrets.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first line is the option, the rest its argument. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text rest = text_make((const char *)data, size), option = { 0 };
	auto_free char *hidden = NULL;

	text_next_line(&rest, &option);
	hidden = secrets_hide(option, rest);
	assert(hidden && strlen(hidden) <= 2 * rest.len);
	return 0;
}
