/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/parse/pressure.h"

/* "12.34": 123 */
static int parse_percent(struct text value, uint64_t *ret_permille)
{
	struct text digits;
	uint64_t whole, hundredths;

	if (text_take_u64(&value, &whole) < 0 || whole > 100 || value.len != 3 ||
	    value.at[0] != '.')
		return -EBADMSG;
	digits = text_make(value.at + 1, 2);
	if (text_take_u64(&digits, &hundredths) < 0 || digits.len)
		return -EBADMSG;
	*ret_permille = (whole * 100 + hundredths + 5) / 10;
	return 0;
}

int pressure_avg10(struct text text, const char *name, uint64_t *ret_permille)
{
	struct text line, word, key, value;

	while (text_next_line(&text, &line)) {
		if (!text_next_word(&line, &word) || !text_equal(word, name))
			continue;
		while (text_next_word(&line, &word)) {
			if (text_key_value(word, '=', &key, &value) && text_equal(key, "avg10"))
				return parse_percent(value, ret_permille);
		}
		return -EBADMSG;
	}
	return -ENOENT;
}
