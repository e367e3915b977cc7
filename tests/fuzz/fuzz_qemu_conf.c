/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <assert.h>

#include "probes/parse/qemu_conf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct text all = text_make((const char *)data, size);
	struct text rest = all, item;
	struct qemu_conf_setting s;

	while (qemu_conf_next(&rest, &s)) {
		assert(s.name.len > 0 && s.value.at >= all.at);
		assert(s.value.at + s.value.len <= all.at + all.len);
		while (s.is_list && qemu_conf_item(&s.value, &item))
			assert(item.at >= all.at && item.at + item.len <= all.at + all.len);
	}
	return 0;
}
