/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <assert.h>
#include <string.h>

#include "probes/parse/qemu_name.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct text cmdline = text_make((const char *)data, size);
	auto_free char *name = NULL;

	qemu_is_emulator(cmdline, cmdline);
	if (qemu_guest_name(cmdline, &name) == 0)
		assert(strlen(name) <= size);
	return 0;
}
