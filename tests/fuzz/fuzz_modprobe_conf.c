/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <assert.h>
#include <string.h>

#include "core/arena.h"
#include "probes/parse/modprobe_conf.h"
#include "probes/parse/personal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text rest = text_make((const char *)data, size);
	auto_arena struct arena a = { 0 };
	struct modprobe_line line;

	while (modprobe_conf_next(&rest, &line)) {
		const char *copy = modprobe_rest(&a, line.rest);

		assert(line.command.len > 0 && line.module.len > 0);
		assert(copy && strlen(copy) <= line.rest.len);
		assert(modprobe_name(&a, line.module) && personal_hide(&a, line.rest));
	}
	return 0;
}
