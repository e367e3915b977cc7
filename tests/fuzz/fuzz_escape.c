/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <assert.h>
#include <string.h>

#include "core/text.h"
#include "report/escape.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever goes in, text for a page comes out: nothing to clean, nothing that is mark-up. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *in = strndup((const char *)data, size), *out = NULL, *clean;
	size_t n = 0;
	FILE *stream = open_memstream(&out, &n);

	assert(in && stream);
	escape_html(stream, in);
	fclose(stream);
	assert(!strpbrk(out, "<>\"'"));
	clean = malloc(n + 1);
	assert(clean);
	for (size_t i = 0; i < n; i++) {
		if (out[i] == '\n' || out[i] == '\t')
			out[i] = ' ';
	}
	assert(text_clean(text_make(out, n), clean, n + 1) == n && !memcmp(clean, out, n));
	free(clean);
	free(out);
	free(in);
	return 0;
}
