/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/parse/swaps.h"

static int parse_area(struct text line, struct text path, struct swaps_area *ret_area)
{
	struct swaps_area area = { .path = path };
	struct text size, used, priority;

	if (!text_next_word(&line, &area.type) || !text_next_word(&line, &size) ||
	    !text_next_word(&line, &used) || !text_next_word(&line, &priority) ||
	    text_u64(size, &area.size_kib) < 0 || text_u64(used, &area.used_kib) < 0 ||
	    text_i64(priority, &area.priority) < 0 || area.size_kib > INT64_MAX ||
	    area.used_kib > INT64_MAX)
		return -EBADMSG;
	*ret_area = area;
	return 1;
}

int swaps_next(struct text *rest, struct swaps_area *ret_area)
{
	struct text line, path;

	while (text_next_line(rest, &line)) {
		if (!text_next_word(&line, &path) || text_equal(path, "Filename"))
			continue;
		return parse_area(line, path, ret_area);
	}
	return 0;
}
