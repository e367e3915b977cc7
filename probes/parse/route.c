/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/parse/route.h"

enum { COLUMN_DESTINATION, COLUMN_GATEWAY, COLUMN_FLAGS, COLUMN_MASK = 6, N_COLUMNS };

#define FLAG_UP      0x1u
#define FLAG_GATEWAY 0x2u
#define FLAG_HOST    0x4u

/* The columns between flags and mask are decimal; read as hexadecimal they do no harm. */
static bool parse_line(struct text line, struct route *ret_route)
{
	uint64_t v[N_COLUMNS];
	struct text word;

	if (!text_next_word(&line, &ret_route->interface))
		return false;
	for (size_t i = 0; i < N_COLUMNS; i++) {
		if (!text_next_word(&line, &word) || text_hex(word, &v[i]) < 0)
			return false;
	}
	if (v[COLUMN_DESTINATION] > UINT32_MAX || v[COLUMN_MASK] > UINT32_MAX)
		return false;
	ret_route->destination = (uint32_t)v[COLUMN_DESTINATION];
	ret_route->mask = (uint32_t)v[COLUMN_MASK];
	ret_route->is_subnet =
		(v[COLUMN_FLAGS] & (FLAG_UP | FLAG_GATEWAY | FLAG_HOST)) == FLAG_UP &&
		v[COLUMN_GATEWAY] == 0 && ret_route->mask != 0 && ret_route->mask != UINT32_MAX;
	return true;
}

bool route_next(struct text *rest, struct route *ret_route)
{
	struct text line;

	while (text_next_line(rest, &line)) {
		if (parse_line(line, ret_route))
			return true;
	}
	return false;
}
