/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/vocabulary.h"

#include <ctype.h>

/* Sorted, each line ends: vocabulary.S. */
extern const char report_vocabulary[], report_vocabulary_end[];

/* Like strcmp(); a line is in lower case. */
static int compare(struct text word, const char *line)
{
	for (size_t i = 0; i < word.len; i++) {
		const int c = tolower((unsigned char)word.at[i]);

		if (line[i] == '\n' || c != (unsigned char)line[i])
			return line[i] == '\n' ? 1 : c - (unsigned char)line[i];
	}
	return line[word.len] == '\n' ? 0 : -1;
}

bool vocabulary_has(struct text word)
{
	const char *low = report_vocabulary, *high = report_vocabulary_end;

	while (low < high) {
		const char *line = low + (high - low) / 2;
		int way;

		while (line > low && line[-1] != '\n')
			line--;
		way = compare(word, line);
		if (way == 0)
			return true;
		if (way < 0) {
			high = line;
			continue;
		}
		while (*line != '\n')
			line++;
		low = line + 1;
	}
	return false;
}
