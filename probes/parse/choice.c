/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/parse/choice.h"

static bool is_chosen(struct text word)
{
	return word.len >= 3 && ((text_starts(word, "[") && text_ends(word, "]")) ||
				 (text_starts(word, "(") && text_ends(word, ")")));
}

bool choice_parse(struct text text, struct text *ret_word)
{
	struct text word, found = { 0 };

	while (text_next_word(&text, &word)) {
		if (!is_chosen(word))
			continue;
		if (found.at)
			return false;
		found = text_make(word.at + 1, word.len - 2);
	}
	if (!found.at)
		return false;
	*ret_word = found;
	return true;
}
