/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/parse/maps.h"

/* The sixth field and what follows it. */
static struct text path_of(struct text line)
{
	struct text word;

	for (int i = 0; i < 5; i++) {
		if (!text_next_word(&line, &word))
			return text_make(NULL, 0);
	}
	return text_trim(line);
}

size_t maps_count(struct text maps, const char *path)
{
	static const char deleted[] = " (deleted)";
	struct text line;
	size_t n = 0;

	while (text_next_line(&maps, &line)) {
		struct text file = path_of(line);

		if (text_ends(file, deleted))
			file.len -= sizeof(deleted) - 1;
		n += text_equal(file, path);
	}
	return n;
}
