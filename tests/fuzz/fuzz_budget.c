/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <assert.h>
#include <string.h>

#include "analyze/budget.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_arena struct arena a = { 0 };
	struct budgets b = { 0 };
	const char *why = NULL;
	const int r = budgets_parse(text_make((const char *)data, size), "fuzz", &a, &b, &why);

	if (r == -EINVAL) {
		assert(why && *why && !strchr(why, '\n') && strlen(why) < 1000);
		return 0;
	}
	assert(r == 0 && b.n_rules + b.n_waivers);
	for (size_t i = 0; i < b.n_rules; i++)
		assert(b.rules[i].id && b.rules[i].text && b.rules[i].line);
	for (size_t i = 0; i < b.n_waivers; i++)
		assert(b.waivers[i].id && *b.waivers[i].reason && b.waivers[i].until_unix_ns);
	return 0;
}
