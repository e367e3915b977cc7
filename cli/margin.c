/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/margin.h"

#include "core/text.h"

#define PERMILLE_MAX 10000

uint32_t margin_parse(struct argp_state *state, const char *percent)
{
	struct text rest = text_of(percent);
	uint64_t whole = 0, tenths = 0;
	int r = text_take_u64(&rest, &whole);

	if (r == 0 && rest.len >= 2 && rest.at[0] == '.') {
		const size_t digits = rest.len - 1;

		rest = text_make(rest.at + 1, digits);
		r = text_take_u64(&rest, &tenths);
		if (digits - rest.len != 1)
			r = -EINVAL;
	}
	if (r < 0 || (rest.len && !text_equal(rest, "%")) || whole > PERMILLE_MAX / 10 ||
	    whole * 10 + tenths < 1 || whole * 10 + tenths > PERMILLE_MAX)
		argp_error(state, "--margin=%s: expected percent from 0.1 to 1000", percent);
	return (uint32_t)(whole * 10 + tenths);
}
