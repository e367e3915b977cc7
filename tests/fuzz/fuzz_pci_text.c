/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <assert.h>

#include "probes/parse/pci_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct text all = text_make((const char *)data, size);
	struct text rest = all, line;
	struct pci_resource region;
	uint64_t v;
	int r = pci_text_speed(all, &v);

	assert(r == -ENODATA || r == -EBADMSG || (r == 0 && v <= 5000000));
	r = pci_text_correctable(all, &v);
	assert(r == 0 || r == -EBADMSG);
	assert(pci_text_base(all).len <= all.len);
	while (text_next_line(&rest, &line)) {
		if (pci_text_resource(line, &region) == 0)
			assert(region.start <= region.end);
	}
	return 0;
}
