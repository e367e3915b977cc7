/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/xml_put.h"

#include <inttypes.h>
#include <string.h>

#include "core/text.h"
#include "report/escape.h"

enum { ATTRIBUTE_MAX = 2000 };

static bool is_forbidden(const char *at)
{
	return !strncmp(at, "\xef\xbf\xbe", 3) || !strncmp(at, "\xef\xbf\xbf", 3);
}

void xml_put(FILE *out, const char *text, size_t max)
{
	auto_free char *copy = text ? strdup(text) : NULL;
	char *to = copy;

	if (!copy)
		return;
	while (*text) {
		const bool is_bad = is_forbidden(text);

		*to++ = is_bad ? '?' : *text;
		text += is_bad ? 3 : 1;
	}
	*to = '\0';
	escape_cut(out, copy, max);
}

void xml_put_attribute(FILE *out, const char *name, const char *text)
{
	fprintf(out, " %s=\"", name);
	/* Readers collapse white space: of nothing else nothing would be left. */
	xml_put(out, text && text_trim(text_of(text)).len ? text : "-", ATTRIBUTE_MAX);
	putc('"', out);
}

void xml_put_number(FILE *out, const char *name, uint64_t n)
{
	fprintf(out, " %s=\"%" PRIu64 "\"", name, n);
}
