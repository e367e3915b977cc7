/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/bundle_text.h"

#define CRC_POLYNOMIAL 0xedb88320u

static uint32_t add_byte(uint32_t sum, unsigned char byte)
{
	sum ^= byte;
	for (int bit = 0; bit < 8; bit++)
		sum = sum & 1 ? sum >> 1 ^ CRC_POLYNOMIAL : sum >> 1;
	return sum;
}

uint32_t bundle_sum_line(uint32_t sum, struct text line)
{
	sum = ~sum;
	for (size_t i = 0; i < line.len; i++)
		sum = add_byte(sum, (unsigned char)line.at[i]);
	return ~add_byte(sum, '\n');
}

struct text bundle_trim_end(struct text line)
{
	while (line.len && (line.at[line.len - 1] == ' ' || line.at[line.len - 1] == '\t' ||
			    line.at[line.len - 1] == '\r'))
		line.len--;
	return line;
}

bool bundle_is_blank(struct text line)
{
	return !line.len || line.at[0] == '#';
}
