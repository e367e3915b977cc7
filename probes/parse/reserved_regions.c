/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/parse/reserved_regions.h"

static bool is_telling(struct text line)
{
	struct text start, end, type, more;
	uint64_t v;

	return text_next_word(&line, &start) && text_hex(start, &v) == 0 &&
	       text_next_word(&line, &end) && text_hex(end, &v) == 0 &&
	       text_next_word(&line, &type) && !text_next_word(&line, &more) &&
	       (text_equal(type, "msi") || text_equal(type, "direct"));
}

bool reserved_regions_next(struct text *rest, struct text *ret_line)
{
	struct text line;

	while (text_next_line(rest, &line)) {
		if (is_telling(line)) {
			*ret_line = text_trim(line);
			return true;
		}
	}
	return false;
}
