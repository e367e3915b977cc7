/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <assert.h>

#include "probes/parse/release.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text rest = text_make((const char *)data, size);
	struct text release, version;

	if (proc_version_parse(rest, &release, &version))
		assert(release.len > 0 && version.len > 0);
	if (os_release_value(rest, "ID", &release))
		assert(release.len > 0);
	return 0;
}
