/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/part.h"

int part_write(part_fn *put, const void *arg, char **ret_text, size_t *ret_size)
{
	auto_free char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	int r;

	if (!out)
		return -ENOMEM;
	r = put(out, arg);
	if (fclose(out) == EOF && r == 0)
		r = -ENOMEM;
	if (r < 0)
		return r;
	*ret_text = text;
	text = NULL;
	*ret_size = size;
	return 0;
}
