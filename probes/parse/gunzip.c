/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/parse/gunzip.h"

#include <limits.h>
#include <zlib.h>

#define FIRST_SIZE (256u << 10)

/* windowBits of zlib.h: the largest window, and a gzip header is asked for. */
#define GZIP_WINDOW (16 + MAX_WBITS)

static void cleanup_stream(z_stream *z)
{
	inflateEnd(z);
}

/* Inflates until the end of the data, doubling the room; 0 or as documented for gunzip(). */
static int inflate_all(z_stream *z, char **text)
{
	size_t size = 0;

	for (;;) {
		char *bigger;
		int r;

		if (size == GUNZIP_MAX)
			return -EFBIG;
		size = size ? 2 * size : FIRST_SIZE;
		bigger = realloc(*text, size + 1);
		if (!bigger)
			return -ENOMEM;
		*text = bigger;
		z->next_out = (unsigned char *)bigger + z->total_out;
		z->avail_out = (unsigned)(size - z->total_out);
		r = inflate(z, Z_NO_FLUSH);
		if (r == Z_STREAM_END)
			return 0;
		if (r == Z_MEM_ERROR)
			return -ENOMEM;
		if (r != Z_OK || z->avail_out != 0)
			return -EBADMSG;
	}
}

int gunzip(struct text data, char **ret_text, size_t *ret_len)
{
	auto_cleanup(cleanup_stream) z_stream z = { 0 };
	auto_free char *text = NULL;
	int r;

	if (data.len == 0 || data.len > UINT_MAX)
		return -EBADMSG;
	if (inflateInit2(&z, GZIP_WINDOW) != Z_OK)
		return -ENOMEM;
	z.next_in = (z_const unsigned char *)data.at;
	z.avail_in = (unsigned)data.len;
	r = inflate_all(&z, &text);
	if (r < 0)
		return r;
	text[z.total_out] = '\0';
	*ret_len = z.total_out;
	*ret_text = text;
	text = NULL;
	return 0;
}
