/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/parse/limits.h"

#include <string.h>

static int parse_limit(struct text word, uint64_t *ret_limit)
{
	uint64_t v;

	if (text_equal(word, "unlimited")) {
		*ret_limit = LIMIT_UNLIMITED;
		return 0;
	}
	if (text_u64(word, &v) < 0)
		return -EBADMSG;
	*ret_limit = v;
	return 0;
}

int limits_soft(struct text text, const char *name, uint64_t *ret_limit)
{
	const size_t n = strlen(name);
	struct text line, rest, word;

	while (text_next_line(&text, &line)) {
		if (!text_starts(line, name))
			continue;
		rest = text_make(line.at + n, line.len - n);
		/* The name must end here: "Max file size" is not "Max file s". */
		if (rest.len && rest.at[0] != ' ')
			continue;
		return text_next_word(&rest, &word) ? parse_limit(word, ret_limit) : -EBADMSG;
	}
	return -ENOENT;
}
