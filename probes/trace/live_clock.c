/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/trace/live_clock.h"

#include <string.h>

#include "core/text.h"

/* The offsets are those of children, which may be in another one. */
static bool is_of_children(const struct sysroot *root)
{
	auto_free char *own = NULL;
	auto_free char *children = NULL;

	return sysroot_readlink(root, &own, "/proc/self/ns/time") == 0 &&
	       sysroot_readlink(root, &children, "/proc/self/ns/time_for_children") == 0 &&
	       !strcmp(own, children);
}

/* "monotonic  -5  999999999": seconds, and nanoseconds after them. */
static bool read_line(struct text line, uint64_t *ret_ns)
{
	struct text word;
	int64_t s, ns;

	if (!text_next_word(&line, &word) || !text_equal(word, "monotonic") ||
	    !text_next_word(&line, &word) || text_i64(word, &s) < 0 ||
	    !text_next_word(&line, &word) || text_i64(word, &ns) < 0)
		return false;
	*ret_ns = (uint64_t)s * NS_PER_S + (uint64_t)ns;
	return true;
}

uint64_t live_clock_shift_ns(const struct sysroot *root)
{
	auto_free char *file = NULL;
	struct text rest, line;
	uint64_t ns;
	size_t len;

	if (!is_of_children(root) ||
	    sysroot_read(root, &file, &len, "/proc/self/timens_offsets") < 0)
		return 0;
	rest = text_make(file, len);
	while (text_next_line(&rest, &line)) {
		if (read_line(line, &ns))
			return ns;
	}
	return 0;
}
