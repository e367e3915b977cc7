/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bundle_body.c - the lines of an entry become its bytes. */
#include <stdarg.h>
#include <string.h>

#include "core/bundle_reader.h"

int bundle_fail(struct bundle_reader *rd, int error, const char *fmt, ...)
{
	char words[sizeof(rd->error->message)];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(words, sizeof(words), fmt, ap);
	va_end(ap);
	rd->error->line = rd->line;
	text_clean(text_of(words), rd->error->message, sizeof(rd->error->message));
	return error;
}

int bundle_add_bytes(struct bundle_reader *rd, const char *bytes, size_t n)
{
	if (rd->len + n + 1 > rd->size) {
		const size_t size =
			rd->size * 2 > rd->len + n + 1 ? rd->size * 2 : rd->len + n + 4096;
		char *moved;

		if (rd->len + n > BUNDLE_CONTENT_MAX)
			return bundle_fail(rd, -EFBIG, "a file is larger than all may be together");
		moved = realloc(rd->bytes, size);
		if (!moved)
			return -ENOMEM;
		rd->bytes = moved;
		rd->size = size;
	}
	if (n)
		memcpy(rd->bytes + rd->len, bytes, n);
	rd->len += n;
	return 0;
}

int bundle_body_lines(struct bundle_reader *rd, struct text line)
{
	const int r = bundle_add_bytes(rd, line.at, line.len);

	return r < 0 ? r : bundle_add_bytes(rd, "\n", 1);
}

int bundle_body_args(struct bundle_reader *rd, struct text line)
{
	const int r = bundle_add_bytes(rd, line.at, line.len);

	return r < 0 ? r : bundle_add_bytes(rd, "", 1);
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

int bundle_hex_byte(struct text t)
{
	const int high = t.len >= 2 ? hex_digit(t.at[0]) : -1;
	const int low = t.len >= 2 ? hex_digit(t.at[1]) : -1;

	return high < 0 || low < 0 ? -1 : high << 4 | low;
}

/* "1f0: 00 80"; what no line is about is zero. */
int bundle_body_hex(struct bundle_reader *rd, struct text line)
{
	struct text word;
	uint64_t at;

	if (!text_next_word(&line, &word) || !text_ends(word, ":") ||
	    text_hex(text_make(word.at, word.len - 1), &at) < 0 || at < rd->len ||
	    at > BUNDLE_CONTENT_MAX)
		return bundle_fail(rd, -EBADMSG,
				   "an offset in base 16 is expected, larger than the one before");
	while (rd->len < at) {
		static const char zeros[256];
		const int r =
			bundle_add_bytes(rd, zeros, (size_t)u64_min(at - rd->len, sizeof(zeros)));

		if (r < 0)
			return r;
	}
	while (text_next_word(&line, &word)) {
		const int byte = word.len == 2 ? bundle_hex_byte(word) : -1;
		const char c = (char)byte;
		int r;

		if (byte < 0)
			return bundle_fail(rd, -EBADMSG, "bytes in base 16 are expected");
		r = bundle_add_bytes(rd, &c, 1);
		if (r < 0)
			return r;
	}
	return 0;
}

/* Behind a backslash: itself, "xHH", '&' for nothing. Bytes taken, or -1. */
static int unquote(struct text t, char *ret_c, bool *ret_is_byte)
{
	*ret_is_byte = true;
	if (t.len >= 1 && t.at[0] == '\\') {
		*ret_c = '\\';
		return 1;
	}
	if (t.len >= 1 && t.at[0] == '&') {
		*ret_is_byte = false;
		return 1;
	}
	if (t.len >= 3 && t.at[0] == 'x') {
		const int byte = bundle_hex_byte(text_make(t.at + 1, t.len - 1));

		*ret_c = (char)byte;
		return byte < 0 ? -1 : 3;
	}
	return -1;
}

/* A backslash at the end joins lines. */
int bundle_body_quote(struct bundle_reader *rd, struct text line)
{
	for (size_t i = 0; i < line.len; i++) {
		char c = line.at[i];
		bool is_byte = true;
		int r;

		if (c == '\\') {
			int n;

			if (i + 1 == line.len)
				return 0;
			n = unquote(text_make(line.at + i + 1, line.len - i - 1), &c, &is_byte);
			if (n < 0)
				return bundle_fail(rd, -EBADMSG, "not an escape: \\%c",
						   line.at[i + 1]);
			i += (size_t)n;
		}
		r = is_byte ? bundle_add_bytes(rd, &c, 1) : 0;
		if (r < 0)
			return r;
	}
	return bundle_add_bytes(rd, "\n", 1);
}
