/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bundle_read.c - text to entries. Version 1 is written by hand and has no end; version 2 has one,
 * and white space at the end of its lines means nothing.
 */
#include <ctype.h>
#include <string.h>

#include "core/bundle_reader.h"
#include "core/bundle_text.h"

#define NUMBERS_MAX 8192u /* of one list in a path */
#define LISTS_MAX   4u    /* in one path */

static const struct bundle_verb verbs[] = {
	{ "line", BUNDLE_FILE, 1, NULL, false, true },
	{ "file", BUNDLE_FILE, 1, bundle_body_lines, false, false },
	{ "script", BUNDLE_SCRIPT, 1, bundle_body_lines, false, false },
	{ "args", BUNDLE_FILE, 1, bundle_body_args, false, false },
	{ "link", BUNDLE_LINK, 1, NULL, true, false },
	{ "dir", BUNDLE_DIR, 1, NULL, false, false },
	{ "quote", BUNDLE_FILE, 2, bundle_body_quote, false, false },
	{ "hex", BUNDLE_FILE, 2, bundle_body_hex, false, false },
	{ "error", BUNDLE_ERROR, 2, NULL, true, false },
};

static const struct bundle_verb *find_verb(const struct bundle_reader *rd, struct text name)
{
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++) {
		if (text_equal(name, verbs[i].name) && verbs[i].since <= rd->b->version)
			return &verbs[i];
	}
	return NULL;
}

/* A word with its %XX resolved, at most so long; neither NUL nor a control byte comes out of it. */
static int unescape(struct bundle_reader *rd, struct text word, char *buf, size_t size)
{
	size_t n = 0;

	for (size_t i = 0; i < word.len; i++) {
		const unsigned char c = (unsigned char)word.at[i];
		int byte = c;

		if (c == '%') {
			byte = bundle_hex_byte(text_make(word.at + i + 1, word.len - i - 1));
			i += 2;
		} else if (!isalnum(c) && !strchr("/._:@+,=\\-~#()", c)) {
			byte = -1;
		}
		if (byte <= 0 || n + 1 >= size)
			return bundle_fail(rd, -EBADMSG, "%.*s: not a path",
					   (int)(word.len < 100 ? word.len : 100), word.at);
		buf[n++] = (char)byte;
	}
	buf[n] = '\0';
	return 0;
}

static int add_entry(struct bundle_reader *rd, struct text path)
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
		return bundle_fail(rd, -EFBIG, "more than %u MiB come out of it",
				   BUNDLE_CONTENT_MAX / (unsigned)MIB);
	r = bundle_add(rd->b, rd->verb->kind, buf, bytes, len);
	if (r == -EINVAL)
		return bundle_fail(rd, -EBADMSG,
				   "%.100s: not a path, or nothing a link can point to", buf);
	return r == -EFBIG ? bundle_fail(rd, r, "more than %u files", BUNDLE_ENTRIES_MAX) : r;
}

static int expand(struct bundle_reader *rd, struct text path, unsigned depth);

/* The path with one number in the place of the list. */
static int expand_one(struct bundle_reader *rd, struct text before, uint64_t number,
		      struct text after, unsigned depth)
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

static int expand_list(struct bundle_reader *rd, struct text before, struct text list,
		       struct text after, unsigned depth)
{
	size_t n = 0;
	struct text item, rest = list;

	while (text_next_piece(&rest, ',', &item)) {
		uint64_t first, last;

		if (take_range(item, &first, &last) < 0)
			return bundle_fail(rd, -EBADMSG, "[%.*s]: not a list of numbers",
					   (int)list.len, list.at);
		for (uint64_t v = first; v <= last; v++) {
			int r;

			if (++n > NUMBERS_MAX)
				return bundle_fail(rd, -EFBIG, "more than %u numbers in a list",
						   NUMBERS_MAX);
			r = expand_one(rd, before, v, after, depth);
			if (r < 0)
				return r;
		}
	}
	return n ? 0 : bundle_fail(rd, -EBADMSG, "[]: not a list of numbers");
}

/* An entry for each path that "cpu[0-3]/x" stands for. */
static int expand(struct bundle_reader *rd, struct text path, unsigned depth)
{
	const char *open = path.len ? memchr(path.at, '[', path.len) : NULL;
	const char *close = open ? memchr(open, ']', path.len - (size_t)(open - path.at)) : NULL;

	if (!close)
		return add_entry(rd, path);
	if (depth == LISTS_MAX)
		return bundle_fail(rd, -EFBIG, "more than %u lists in a path", LISTS_MAX);
	return expand_list(rd, text_make(path.at, (size_t)(open - path.at)),
			   text_make(open + 1, (size_t)(close - open) - 1),
			   text_make(close + 1, path.len - (size_t)(close + 1 - path.at)), depth);
}

static int finish_entry(struct bundle_reader *rd)
{
	int r;

	if (!rd->verb)
		return 0;
	r = expand(rd, rd->path, 0);
	rd->verb = NULL;
	return r;
}

/* "end edited", or "end ENTRIES CHECKSUM". */
static int read_end(struct bundle_reader *rd, struct text line)
{
	struct text word;
	uint64_t n, sum;

	rd->has_end = true;
	if (text_equal(line, "edited"))
		return 0;
	if (!text_next_word(&line, &word) || text_u64(word, &n) < 0 || text_hex(line, &sum) < 0)
		return bundle_fail(rd, -EBADMSG, "an end without number and checksum");
	if (n == rd->n_verbs && sum == rd->sum)
		return 0;
	return bundle_fail(rd, -EBADMSG,
			   n > rd->n_verbs
				   ? "damaged: %zu entries of %llu are there"
				   : "damaged on its way: attach it as a file, or write \"end "
				     "edited\" if it was you (%zu entries, %llu are expected)",
			   rd->n_verbs, (unsigned long long)n);
}

static int begin_entry(struct bundle_reader *rd, struct text line)
{
	struct text name = { 0 }, rest = line;
	int r;

	if (!text_next_piece(&rest, ' ', &name))
		name = line;
	rd->verb = find_verb(rd, name);
	if (!rd->verb)
		return bundle_fail(rd, -EBADMSG, "\"%.*s\" begins no entry",
				   (int)u64_min(name.len, 40), name.at);
	rd->n_verbs++;
	rd->len = 0;
	if (!text_next_piece(&rest, ' ', &rd->path))
		return bundle_fail(rd, -EBADMSG, "no path");
	if (!rd->verb->has_text && !rd->verb->has_word && rest.len)
		return bundle_fail(rd, -EBADMSG, "text behind the path");
	if (rd->verb->has_word && !rest.len)
		return bundle_fail(rd, -EBADMSG, "nothing behind the path");
	r = rd->verb->has_text || rd->verb->has_word ? bundle_add_bytes(rd, rest.at, rest.len) : 0;
	return r == 0 && rd->verb->has_text ? bundle_add_bytes(rd, "\n", 1) : r;
}

static int read_line(struct bundle_reader *rd, struct text line)
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
			return bundle_fail(rd, -EBADMSG, "text that belongs to no file");
		return rd->verb->body(rd, text_make(line.at + 1, line.len - 1));
	}
	r = finish_entry(rd);
	return r < 0 ? r : begin_entry(rd, line);
}

static int read_header(struct bundle_reader *rd, struct text line)
{
	struct text word;
	uint64_t version;

	line = bundle_trim_end(line);
	rd->sum = bundle_sum_line(rd->sum, line);
	if (!text_next_word(&line, &word) || !text_equal(word, BUNDLE_HEADER) ||
	    text_u64(line, &version) < 0 || version == 0)
		return bundle_fail(rd, -EBADMSG,
				   "not a bundle: the first line is not \"" BUNDLE_HEADER " N\"");
	if (version > BUNDLE_VERSION)
		return bundle_fail(rd, -ENOTSUP, "version %llu, this program reads up to %u",
				   (unsigned long long)version, BUNDLE_VERSION);
	rd->b->version = (unsigned)version;
	return 0;
}

/* Unlike text_next_line() it gives the last line also without a newline. */
static int read_all(struct bundle_reader *rd, struct text text)
{
	const char *path;
	struct text line;
	int r = 0;

	while (r == 0 && !rd->has_end && text_next_line(&text, &line)) {
		rd->line++;
		r = rd->line == 1 ? read_header(rd, line) : read_line(rd, line);
	}
	if (r == 0 && rd->line == 0)
		r = bundle_fail(rd, -EBADMSG, "empty");
	if (r == 0 && rd->b->version >= 2 && !rd->has_end)
		r = bundle_fail(rd, -EBADMSG, "cut short: its end is not there");
	if (r == 0)
		r = finish_entry(rd);
	if (r < 0)
		return r;
	r = bundle_settle(rd->b, &path);
	rd->line = 0;
	if (r == -EFBIG)
		return bundle_fail(rd, r, "more than %u files and folders", BUNDLE_PLACES_MAX);
	return r == -EEXIST
		       ? bundle_fail(rd, -EBADMSG, "%.150s: twice, or in what is no folder", path)
		       : r;
}

int bundle_parse(struct bundle *b, struct text text, struct bundle_error *ret_error)
{
	struct bundle_reader rd = { .b = b, .error = ret_error };
	int r;

	*ret_error = (struct bundle_error){ .message = "no memory" };
	r = text.len > BUNDLE_TEXT_MAX ? bundle_fail(&rd, -EFBIG, "more than %u MiB of text",
						     BUNDLE_TEXT_MAX / (unsigned)MIB)
				       : read_all(&rd, text);
	free(rd.bytes);
	return r;
}
