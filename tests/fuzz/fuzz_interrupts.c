/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <assert.h>

#include "probes/parse/interrupts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_inside(struct text t, const uint8_t *data, size_t size)
{
	const uint8_t *at = (const uint8_t *)t.at;

	return !t.len || (at >= data && t.len <= size && at <= data + (size - t.len));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_interrupts struct interrupts it = { 0 };
	struct interrupts_line line;

	if (interrupts_init(&it, text_make((const char *)data, size)) < 0)
		return 0;
	while (interrupts_next(&it, &line)) {
		struct pci_address address;
		char buf[PCI_ADDRESS_SIZE];

		assert(is_inside(line.label, data, size) && is_inside(line.chip, data, size));
		assert(is_inside(line.hwirq, data, size) && is_inside(line.actions, data, size));
		if (interrupts_device(&line, &address))
			pci_address_format(&address, buf);
	}
	return 0;
}
