/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <assert.h>
#include <string.h>

#include "probes/parse/boot_config.h"
#include "probes/parse/shell_vars.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct text t = text_make((const char *)data, size);
	struct shell_vars *vars = calloc(1, sizeof(*vars));
	auto_arena struct arena a = { 0 };

	assert(vars && shell_vars_parse(vars, &a, t) == 0);
	assert(vars->n <= SHELL_VARS_MAX);
	for (size_t i = 0; i < vars->n; i++)
		assert(*vars->v[i].name && strlen(vars->v[i].value) <= SHELL_VALUE_MAX);
	assert(boot_args_clean(&a, t));
	loader_info_name(t);
	free(vars);
	return 0;
}
