/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/escape.h"

#include "core/text.h"

static const char *entity_of(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

static void escape_line(FILE *out, struct text line)
{
	auto_free char *clean = malloc(line.len * 3 + 1);

	if (!clean)
		return;
	text_clean(line, clean, line.len * 3 + 1);
	for (const char *p = clean; *p; p++) {
		const char *entity = entity_of(*p);

		if (entity)
			fputs(entity, out);
		else
			putc(*p, out);
	}
}

void escape_html(FILE *out, const char *text)
{
	struct text rest = text_of(text), line;
	bool is_first = true;

	/* Cleaning replaces control bytes, so newlines are kept apart. */
	while (text_next_line(&rest, &line)) {
		if (!is_first)
			putc('\n', out);
		escape_line(out, line);
		is_first = false;
	}
}
