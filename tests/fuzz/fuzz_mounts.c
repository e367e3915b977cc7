/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <assert.h>
#include <string.h>

#include "probes/parse/mounts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text rest = text_make((const char *)data, size);
	struct mount_line mount;
	uint64_t bytes;

	while (mounts_next(&rest, &mount)) {
		auto_free char *path = mounts_unescape(mount.target);

		assert(!path || strlen(path) <= mount.target.len);
		assert(mounts_page_size(mount.options, &bytes) <= 0);
	}
	return 0;
}
