/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bundle_read.c - text to entries. Version 1 is written by hand and has no end; version 2 has one,
 * and white space at the end of its lines means nothing.
 */
#include <ctype.h>
#include <stdarg.h>
#include <string.h>

#include "core/bundle.h"
#include "core/bundle_text.h"

#define NUMBERS_MAX 8192u /* of one list in a path */
#define LISTS_MAX   4u    /* in one path */

struct reader;

/* How the lines behind a tab become bytes. */
typedef int body_fn(struct reader *rd, struct text line);

struct verb {
	const char *name;
	enum bundle_kind kind;
	unsigned since;
	body_fn *body; /* NULL: it has no lines */
	bool has_word; /* the path is followed by one more word, or */
	bool has_text; /* by the rest of the line */
};

struct reader {
	struct bundle *b;
	struct bundle_error *error;
	unsigned long line;
	uint32_t sum;
	size_t n_verbs;
	bool has_end;
	/* the entry that is being read */
	const struct verb *verb;
	struct text path;
	char *bytes;
	size_t len, size, total;
};

static int fail(struct reader *rd, int error, const char *fmt, ...) FORMAT_PRINTF(3, 4);

static int fail(struct reader *rd, int error, const char *fmt, ...)
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

static int add_bytes(struct reader *rd, const char *bytes, size_t n)
{
	if (rd->len + n + 1 > rd->size) {
		const size_t size =
			rd->size * 2 > rd->len + n + 1 ? rd->size * 2 : rd->len + n + 4096;
		char *moved;

		if (rd->len + n > BUNDLE_CONTENT_MAX)
			return fail(rd, -EFBIG, "a file is larger than all may be together");
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

static int body_lines(struct reader *rd, struct text line)
{
	const int r = add_bytes(rd, line.at, line.len);

	return r < 0 ? r : add_bytes(rd, "\n", 1);
}

static int body_args(struct reader *rd, struct text line)
{
	const int r = add_bytes(rd, line.at, line.len);

	return r < 0 ? r : add_bytes(rd, "", 1);
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Two digits; -1: they are none. */
static int hex_byte(struct text t)
{
	const int high = t.len >= 2 ? hex_digit(t.at[0]) : -1;
	const int low = t.len >= 2 ? hex_digit(t.at[1]) : -1;

	return high < 0 || low < 0 ? -1 : high << 4 | low;
}

/* "1f0: 00 80"; what no line is about is zero. */
static int body_hex(struct reader *rd, struct text line)
{
	struct text word;
	uint64_t at;

	if (!text_next_word(&line, &word) || !text_ends(word, ":") ||
	    text_hex(text_make(word.at, word.len - 1), &at) < 0 || at < rd->len ||
	    at > BUNDLE_CONTENT_MAX)
		return fail(rd, -EBADMSG,
			    "an offset in base 16 is expected, larger than the one before");
	while (rd->len < at) {
		static const char zeros[256];
		const int r = add_bytes(rd, zeros, (size_t)u64_min(at - rd->len, sizeof(zeros)));

		if (r < 0)
			return r;
	}
	while (text_next_word(&line, &word)) {
		const int byte = word.len == 2 ? hex_byte(word) : -1;
		const char c = (char)byte;
		int r;

		if (byte < 0)
			return fail(rd, -EBADMSG, "bytes in base 16 are expected");
		r = add_bytes(rd, &c, 1);
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
		const int byte = hex_byte(text_make(t.at + 1, t.len - 1));

		*ret_c = (char)byte;
		return byte < 0 ? -1 : 3;
	}
	return -1;
}

/* A backslash at the end joins lines. */
static int body_quote(struct reader *rd, struct text line)
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
				return fail(rd, -EBADMSG, "not an escape: \\%c", line.at[i + 1]);
			i += (size_t)n;
		}
		r = is_byte ? add_bytes(rd, &c, 1) : 0;
		if (r < 0)
			return r;
	}
	return add_bytes(rd, "\n", 1);
}

static const struct verb verbs[] = {
	{ "line", BUNDLE_FILE, 1, NULL, false, true },
	{ "file", BUNDLE_FILE, 1, body_lines, false, false },
	{ "script", BUNDLE_SCRIPT, 1, body_lines, false, false },
	{ "args", BUNDLE_FILE, 1, body_args, false, false },
	{ "link", BUNDLE_LINK, 1, NULL, true, false },
	{ "dir", BUNDLE_DIR, 1, NULL, false, false },
	{ "quote", BUNDLE_FILE, 2, body_quote, false, false },
	{ "hex", BUNDLE_FILE, 2, body_hex, false, false },
	{ "error", BUNDLE_ERROR, 2, NULL, true, false },
};

static const struct verb *find_verb(const struct reader *rd, struct text name)
{
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++) {
		if (text_equal(name, verbs[i].name) && verbs[i].since <= rd->b->version)
			return &verbs[i];
	}
	return NULL;
}

/* A word with its %XX resolved, at most so long; neither NUL nor a control byte comes out of it. */
static int unescape(struct reader *rd, struct text word, char *buf, size_t size)
{
	size_t n = 0;

	for (size_t i = 0; i < word.len; i++) {
		const unsigned char c = (unsigned char)word.at[i];
		int byte = c;

		if (c == '%') {
			byte = hex_byte(text_make(word.at + i + 1, word.len - i - 1));
			i += 2;
		} else if (!isalnum(c) && !strchr("/._:@+,=\\-~#()", c)) {
			byte = -1;
		}
		if (byte <= 0 || n + 1 >= size)
			return fail(rd, -EBADMSG, "%.*s: not a path",
				    (int)(word.len < 100 ? word.len : 100), word.at);
		buf[n++] = (char)byte;
	}
	buf[n] = '\0';
	return 0;
}

static int add_entry(struct reader *rd, struct text path)
{
	char buf[BUNDLE_PATH_MAX + 1], target[BUNDLE_PATH_MAX + 1];
	const char *bytes = rd->len ? rd->bytes : "";
	size_t len = rd->len;
	int r = unescape(rd, path, buf, sizeof(buf));

	if (r == 0 && rd->verb->has_word) {
		r = unescape(rd, text_make(rd->bytes, rd->len), target, sizeof(target));
		bytes = target;
		len = r < 0 ? 0 : strlen(target);
	}
	if (r < 0)
		return r;
	rd->total += len;
	if (rd->total > BUNDLE_CONTENT_MAX)
		return fail(rd, -EFBIG, "more than %u MiB come out of it",
			    BUNDLE_CONTENT_MAX / (unsigned)MIB);
	r = bundle_add(rd->b, rd->verb->kind, buf, bytes, len);
	if (r == -EINVAL)
		return fail(rd, -EBADMSG, "%.100s: not a path, or nothing a link can point to",
			    buf);
	return r == -EFBIG ? fail(rd, r, "more than %u files", BUNDLE_ENTRIES_MAX) : r;
}

static int expand(struct reader *rd, struct text path, unsigned depth);

/* The path with one number in the place of the list. */
static int expand_one(struct reader *rd, struct text before, uint64_t number, struct text after,
		      unsigned depth)
{
	auto_free char *path = NULL;

	if (asprintf(&path, "%.*s%llu%.*s", (int)before.len, before.at, (unsigned long long)number,
		     (int)after.len, after.at) < 0) {
		path = NULL;
		return -ENOMEM;
	}
	return expand(rd, text_of(path), depth + 1);
}

/* "0-3": 0 and 3. */
static int take_range(struct text item, uint64_t *ret_first, uint64_t *ret_last)
{
	uint64_t first, last;

	if (text_take_u64(&item, &first) < 0)
		return -EINVAL;
	last = first;
	if (text_starts(item, "-")) {
		item = text_make(item.at + 1, item.len - 1);
		if (text_take_u64(&item, &last) < 0)
			return -EINVAL;
	}
	if (item.len || last < first || last - first >= NUMBERS_MAX)
		return -EINVAL;
	*ret_first = first;
	*ret_last = last;
	return 0;
}

static int expand_list(struct reader *rd, struct text before, struct text list, struct text after,
		       unsigned depth)
{
	size_t n = 0;
	struct text item, rest = list;

	while (text_next_piece(&rest, ',', &item)) {
		uint64_t first, last;

		if (take_range(item, &first, &last) < 0)
			return fail(rd, -EBADMSG, "[%.*s]: not a list of numbers", (int)list.len,
				    list.at);
		for (uint64_t v = first; v <= last; v++) {
			int r;

			if (++n > NUMBERS_MAX)
				return fail(rd, -EFBIG, "more than %u numbers in a list",
					    NUMBERS_MAX);
			r = expand_one(rd, before, v, after, depth);
			if (r < 0)
				return r;
		}
	}
	return n ? 0 : fail(rd, -EBADMSG, "[]: not a list of numbers");
}

/* An entry for each path that "cpu[0-3]/x" stands for. */
static int expand(struct reader *rd, struct text path, unsigned depth)
{
	const char *open = path.len ? memchr(path.at, '[', path.len) : NULL;
	const char *close = open ? memchr(open, ']', path.len - (size_t)(open - path.at)) : NULL;

	if (!close)
		return add_entry(rd, path);
	if (depth == LISTS_MAX)
		return fail(rd, -EFBIG, "more than %u lists in a path", LISTS_MAX);
	return expand_list(rd, text_make(path.at, (size_t)(open - path.at)),
			   text_make(open + 1, (size_t)(close - open) - 1),
			   text_make(close + 1, path.len - (size_t)(close + 1 - path.at)), depth);
}

static int finish_entry(struct reader *rd)
{
	int r;

	if (!rd->verb)
		return 0;
	r = expand(rd, rd->path, 0);
	rd->verb = NULL;
	return r;
}

/* "end edited", or "end ENTRIES CHECKSUM". */
static int read_end(struct reader *rd, struct text line)
{
	struct text word;
	uint64_t n, sum;

	rd->has_end = true;
	if (text_equal(line, "edited"))
		return 0;
	if (!text_next_word(&line, &word) || text_u64(word, &n) < 0 || text_hex(line, &sum) < 0)
		return fail(rd, -EBADMSG, "an end without number and checksum");
	if (n == rd->n_verbs && sum == rd->sum)
		return 0;
	return fail(rd, -EBADMSG,
		    n > rd->n_verbs ? "damaged: %zu entries of %llu are there"
				    : "damaged on its way: attach it as a file, or write \"end "
				      "edited\" if it was you (%zu entries, %llu are expected)",
		    rd->n_verbs, (unsigned long long)n);
}

static int begin_entry(struct reader *rd, struct text line)
{
	struct text name = { 0 }, rest = line;
	int r;

	if (!text_next_piece(&rest, ' ', &name))
		name = line;
	rd->verb = find_verb(rd, name);
	if (!rd->verb)
		return fail(rd, -EBADMSG, "\"%.*s\" begins no entry", (int)u64_min(name.len, 40),
			    name.at);
	rd->n_verbs++;
	rd->len = 0;
	if (!text_next_piece(&rest, ' ', &rd->path))
		return fail(rd, -EBADMSG, "no path");
	if (!rd->verb->has_text && !rd->verb->has_word && rest.len)
		return fail(rd, -EBADMSG, "text behind the path");
	if (rd->verb->has_word && !rest.len)
		return fail(rd, -EBADMSG, "nothing behind the path");
	r = rd->verb->has_text || rd->verb->has_word ? add_bytes(rd, rest.at, rest.len) : 0;
	return r == 0 && rd->verb->has_text ? add_bytes(rd, "\n", 1) : r;
}

static int read_line(struct reader *rd, struct text line)
{
	int r;

	if (rd->b->version >= 2)
		line = bundle_trim_end(line);
	if (bundle_is_blank(line))
		return 0;
	if (rd->b->version >= 2 && text_starts(line, "end ")) {
		r = finish_entry(rd);
		return r < 0 ? r : read_end(rd, text_make(line.at + 4, line.len - 4));
	}
	rd->sum = bundle_sum_line(rd->sum, line);
	if (line.at[0] == '\t') {
		if (!rd->verb || !rd->verb->body)
			return fail(rd, -EBADMSG, "text that belongs to no file");
		return rd->verb->body(rd, text_make(line.at + 1, line.len - 1));
	}
	r = finish_entry(rd);
	return r < 0 ? r : begin_entry(rd, line);
}

static int read_header(struct reader *rd, struct text line)
{
	struct text word;
	uint64_t version;

	line = bundle_trim_end(line);
	rd->sum = bundle_sum_line(rd->sum, line);
	if (!text_next_word(&line, &word) || !text_equal(word, BUNDLE_HEADER) ||
	    text_u64(line, &version) < 0 || version == 0)
		return fail(rd, -EBADMSG,
			    "not a bundle: the first line is not \"" BUNDLE_HEADER " N\"");
	if (version > BUNDLE_VERSION)
		return fail(rd, -ENOTSUP, "version %llu, this program reads up to %u",
			    (unsigned long long)version, BUNDLE_VERSION);
	rd->b->version = (unsigned)version;
	return 0;
}

/* Unlike text_next_line() it gives the last line also without a newline. */
static int read_all(struct reader *rd, struct text text)
{
	const char *path;
	struct text line;
	int r = 0;

	while (r == 0 && !rd->has_end && text_next_line(&text, &line)) {
		rd->line++;
		r = rd->line == 1 ? read_header(rd, line) : read_line(rd, line);
	}
	if (r == 0 && rd->line == 0)
		r = fail(rd, -EBADMSG, "empty");
	if (r == 0 && rd->b->version >= 2 && !rd->has_end)
		r = fail(rd, -EBADMSG, "cut short: its end is not there");
	if (r == 0)
		r = finish_entry(rd);
	if (r < 0)
		return r;
	r = bundle_settle(rd->b, &path);
	rd->line = 0;
	if (r == -EFBIG)
		return fail(rd, r, "more than %u files and folders", BUNDLE_PLACES_MAX);
	return r == -EEXIST ? fail(rd, -EBADMSG, "%.150s: twice, or in what is no folder", path)
			    : r;
}

int bundle_parse(struct bundle *b, struct text text, struct bundle_error *ret_error)
{
	struct reader rd = { .b = b, .error = ret_error };
	int r;

	*ret_error = (struct bundle_error){ .message = "no memory" };
	r = text.len > BUNDLE_TEXT_MAX
		    ? fail(&rd, -EFBIG, "more than %u MiB of text", BUNDLE_TEXT_MAX / (unsigned)MIB)
		    : read_all(&rd, text);
	free(rd.bytes);
	return r;
}
