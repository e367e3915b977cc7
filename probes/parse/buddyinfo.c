/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/parse/buddyinfo.h"

/* Cuts the word off the front of *rest. */
static bool take_word(struct text *rest, const char *want)
{
	struct text word;

	return text_next_word(rest, &word) && text_equal(word, want);
}

static bool parse_line(struct text line, struct buddyinfo_zone *ret_zone)
{
	struct text node, word;

	*ret_zone = (struct buddyinfo_zone){ 0 };
	if (!take_word(&line, "Node") || !text_next_piece(&line, ',', &node) ||
	    text_u64(node, &ret_zone->node) < 0 || !take_word(&line, "zone") ||
	    !text_next_word(&line, &ret_zone->zone))
		return false;
	while (text_next_word(&line, &word)) {
		if (ret_zone->n_orders == BUDDYINFO_ORDERS_MAX ||
		    text_u64(word, &ret_zone->free[ret_zone->n_orders]) < 0)
			return false;
		ret_zone->n_orders++;
	}
	return ret_zone->n_orders > 0;
}

bool buddyinfo_next(struct text *rest, struct buddyinfo_zone *ret_zone)
{
	struct text line;

	while (text_next_line(rest, &line)) {
		if (parse_line(line, ret_zone))
			return true;
	}
	return false;
}
