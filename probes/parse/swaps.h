/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * swaps.h - /proc/swaps: below a header, a swap area per line: file or device (escapes as in
 * /proc/mounts), type, size and use in KiB, priority. Sources: proc(5), swap_show() in
 * mm/swapfile.c.
 */
#ifndef PROBES_PARSE_SWAPS_H
#define PROBES_PARSE_SWAPS_H

#include "core/text.h"

struct swaps_area { /* views into the text, escapes as written */
	struct text path, type;
	uint64_t size_kib, used_kib;
	int64_t priority;
};

/*
 * Cuts lines off the front of *rest up to one that is a swap area: 1; 0: there is none left;
 * -EBADMSG: a line that is neither header nor area.
 */
int swaps_next(struct text *rest, struct swaps_area *ret_area) MUST_CHECK;

#endif
