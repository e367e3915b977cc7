/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <assert.h>
#include <string.h>

#include "report/plot_svg.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A reference is one of its own. */
static void check_tag(const char *tag)
{
	bool is_quoted = false;

	for (const char *at = tag; *at && (is_quoted || *at != '>'); at++) {
		if (*at != '"')
			continue;
		is_quoted = !is_quoted;
		assert(!is_quoted || strncmp(at - 6, " href=", 6) || at[1] == '#');
	}
}

/* What is let through holds no element or address that a page must not have. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct svg_names names = { "f", "t", "a" };
	char *svg = NULL;

	if (svg_clean(text_make((const char *)data, size), &names, &svg) < 0)
		return 0;
	assert(svg && !strncmp(svg, "<svg", 4));
	assert(!strstr(svg, "<script") && !strstr(svg, "<style") && !strstr(svg, "<!"));
	for (const char *at = svg; (at = strchr(at, '<')); at++)
		check_tag(at);
	free(svg);
	return 0;
}
