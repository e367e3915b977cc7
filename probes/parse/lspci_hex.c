/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/parse/lspci_hex.h"

#include <ctype.h>

/* "01:00.0 " at the start of a line. */
static bool parse_header(struct text line, struct pci_address *ret_address)
{
	struct text first;

	if (line.len == 0 || !isxdigit((unsigned char)line.at[0]))
		return false;
	return text_next_piece(&line, ' ', &first) && pci_address_parse(first, ret_address) == 0 &&
	       ret_address->domain <= LSPCI_DOMAIN_MAX;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* "10: 00 01 …": -EINVAL when the line is none of these; *ret_bytes begins behind the colon. */
static int parse_offset(struct text line, size_t *ret_offset, struct text *ret_bytes)
{
	size_t offset = 0, n = 0;

	for (; n < line.len && n < 4 && hex_digit(line.at[n]) >= 0; n++)
		offset = offset * 16 + (size_t)hex_digit(line.at[n]);
	if (n < 2 || n + 1 >= line.len || line.at[n] != ':' || line.at[n + 1] != ' ')
		return -EINVAL;
	*ret_offset = offset;
	*ret_bytes = text_make(line.at + n + 1, line.len - n - 1);
	return 0;
}

/* false: the line is broken, and nothing that follows has a known place. */
static bool take_bytes(struct text bytes, struct lspci_function *f)
{
	struct text word;

	while (text_next_word(&bytes, &word)) {
		int high, low;

		if (word.len != 2 || f->n == LSPCI_BYTES_MAX)
			return false;
		high = hex_digit(word.at[0]);
		low = hex_digit(word.at[1]);
		if (high < 0 || low < 0)
			return false;
		f->bytes[f->n++] = (uint8_t)(high * 16 + low);
	}
	return true;
}

bool lspci_hex_next(struct text *rest, struct lspci_function *ret_function)
{
	struct lspci_function *f = ret_function;
	bool is_whole = true;
	struct text line, bytes, ahead;
	struct pci_address address;
	size_t offset;

	do {
		if (!text_next_line(rest, &line))
			return false;
	} while (!parse_header(line, &f->address));
	f->n = 0;
	ahead = *rest;
	while (text_next_line(&ahead, &line)) {
		if (parse_header(line, &address))
			break;
		*rest = ahead;
		if (line.len == 0)
			break;
		if (is_whole && parse_offset(line, &offset, &bytes) == 0)
			is_whole = offset == f->n && take_bytes(bytes, f);
	}
	return true;
}
