/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bundle_write.c - entries as text: each in the plainest form that loses nothing. */
#include <ctype.h>
#include <string.h>

#include "core/bundle.h"
#include "core/bundle_text.h"
#include "core/save.h"

/* RFC 5322, 2.1.1 allows 998 bytes; with room for "> > " of those who answer. */
#define LINE_MAX_SIZE 900u
#define HEX_PER_LINE  16u

struct writer {
	FILE *out;
	uint32_t sum;
	char *line; /* of open_memstream */
	size_t size;
	FILE *to; /* the line that is being made */
};

static void end_line(struct writer *w)
{
	fputc('\0', w->to);
	fflush(w->to);
	if (w->line) {
		const struct text line = text_of(w->line);

		w->sum = bundle_sum_line(w->sum, bundle_trim_end(line));
		fprintf(w->out, "%s\n", w->line);
	}
	rewind(w->to);
}

/* Paths: bytes that could end the word or the line, or begin a list of numbers, as %XX. */
static void put_path(struct writer *w, const char *path)
{
	for (; *path; path++) {
		const unsigned char c = (unsigned char)*path;

		if (isalnum(c) || strchr("/._:@+,=\\-~#()", c))
			fputc(c, w->to);
		else
			fprintf(w->to, "%%%02x", c);
	}
}

static void put_head(struct writer *w, const char *verb, const char *path)
{
	fprintf(w->to, "%s ", verb);
	put_path(w, path);
}

static bool is_plain(unsigned char c)
{
	return (c >= 0x20 && c < 0x7f) || c == '\t';
}

/* May stand behind a tab as it is: nothing mail could change, no empty line. */
static bool is_plain_line(struct text line)
{
	for (size_t i = 0; i < line.len; i++) {
		if (!is_plain((unsigned char)line.at[i]))
			return false;
	}
	return line.len && line.len < LINE_MAX_SIZE && bundle_trim_end(line).len == line.len;
}

static bool are_plain_lines(struct text text, char end)
{
	struct text line;

	if (text.len && text.at[text.len - 1] != end)
		return false;
	while (text_next_piece(&text, end, &line)) {
		if (!is_plain_line(line))
			return false;
	}
	return true;
}

static void put_lines(struct writer *w, struct text text, char end)
{
	struct text line;

	while (text_next_piece(&text, end, &line)) {
		fprintf(w->to, "\t%.*s", (int)line.len, line.at);
		end_line(w);
	}
}

static bool is_binary(struct text text)
{
	size_t n_odd = 0;

	for (size_t i = 0; i < text.len; i++)
		n_odd += !is_plain((unsigned char)text.at[i]) && text.at[i] != '\n' && text.at[i];
	return n_odd > text.len / 8;
}

/* As hexdump: lines of zeros are left out, the last line is the size. */
static void put_hex(struct writer *w, struct text bytes)
{
	static const char zeros[HEX_PER_LINE];

	for (size_t at = 0; at < bytes.len; at += HEX_PER_LINE) {
		const size_t n = (size_t)u64_min(bytes.len - at, HEX_PER_LINE);

		if (!memcmp(bytes.at + at, zeros, n))
			continue;
		fprintf(w->to, "\t%03zx:", at);
		for (size_t i = 0; i < n; i++)
			fprintf(w->to, " %02x", (unsigned char)bytes.at[at + i]);
		end_line(w);
	}
	fprintf(w->to, "\t%03zx:", bytes.len);
	end_line(w);
}

/* Returns how many columns it takes. */
static size_t put_quoted(struct writer *w, unsigned char c, bool is_last)
{
	if (c == '\\') {
		fputs("\\\\", w->to);
		return 2;
	}
	if (is_plain(c) && !(is_last && (c == ' ' || c == '\t'))) {
		fputc(c, w->to);
		return 1;
	}
	fprintf(w->to, "\\x%02x", c);
	return 4;
}

/* One line of the file, on as many lines as it takes; has_end: a newline follows it. */
static void put_quoted_line(struct writer *w, struct text line, bool has_end)
{
	size_t width = 0;

	fputc('\t', w->to);
	if (!line.len && has_end)
		fputs("\\&", w->to);
	for (size_t i = 0; i < line.len; i++) {
		/* A blank is no end of a line either. */
		const bool is_last = i + 1 == line.len || width > LINE_MAX_SIZE;

		width += put_quoted(w, (unsigned char)line.at[i], is_last);
		if (width > LINE_MAX_SIZE && i + 1 < line.len) {
			fputc('\\', w->to);
			end_line(w);
			fputc('\t', w->to);
			width = 0;
		}
	}
	if (!has_end)
		fputc('\\', w->to);
	end_line(w);
}

static void put_quote(struct writer *w, struct text text)
{
	while (text.len) {
		const char *newline = memchr(text.at, '\n', text.len);
		const size_t n = newline ? (size_t)(newline - text.at) : text.len;

		put_quoted_line(w, text_make(text.at, n), newline);
		text = text_make(text.at + n + (newline != NULL), text.len - n - (newline != NULL));
	}
}

static void put_file(struct writer *w, const struct bundle_entry *e)
{
	const struct text text = text_make(e->bytes, e->len);
	const bool is_args = memchr(e->bytes, '\0', e->len) && are_plain_lines(text, '\0');
	const bool is_plain_text = !is_args && are_plain_lines(text, '\n');
	const char *newline = memchr(e->bytes, '\n', e->len);

	if (is_plain_text && newline == e->bytes + e->len - 1 && *e->bytes != ' ' &&
	    *e->bytes != '\t') {
		put_head(w, "line", e->path);
		fprintf(w->to, " %.*s", (int)e->len - 1, e->bytes);
		end_line(w);
		return;
	}
	put_head(w,
		 is_args           ? "args"
		 : is_plain_text   ? "file"
		 : is_binary(text) ? "hex"
				   : "quote",
		 e->path);
	end_line(w);
	if (is_args || is_plain_text)
		put_lines(w, text, is_args ? '\0' : '\n');
	else if (is_binary(text))
		put_hex(w, text);
	else
		put_quote(w, text);
}

static void put_script(struct writer *w, const struct bundle_entry *e)
{
	/* What is in it does not matter to the probes, only that it may run. */
	put_head(w, "script", e->path);
	end_line(w);
	if (are_plain_lines(text_make(e->bytes, e->len), '\n'))
		put_lines(w, text_make(e->bytes, e->len), '\n');
}

static void put_pair(struct writer *w, const char *verb, const struct bundle_entry *e)
{
	put_head(w, verb, e->path);
	fputc(' ', w->to);
	put_path(w, e->bytes);
	end_line(w);
}

static void put_entry(struct writer *w, const struct bundle_entry *e)
{
	switch (e->kind) {
	case BUNDLE_FILE:
		put_file(w, e);
		return;
	case BUNDLE_SCRIPT:
		put_script(w, e);
		return;
	case BUNDLE_DIR:
		put_head(w, "dir", e->path);
		end_line(w);
		return;
	case BUNDLE_LINK:
		put_pair(w, "link", e);
		return;
	case BUNDLE_ERROR:
		put_pair(w, "error", e);
		return;
	}
}

int bundle_write(FILE *out, const struct bundle *b, const char *comment)
{
	struct writer w = { .out = out };
	struct text rest = text_of(comment), line;
	int r;

	w.to = open_memstream(&w.line, &w.size);
	if (!w.to)
		return -ENOMEM;
	fprintf(w.to, BUNDLE_HEADER " %u", BUNDLE_VERSION);
	end_line(&w);
	while (text_next_line(&rest, &line))
		fprintf(out, "#%s%.*s\n", line.len ? " " : "", (int)line.len, line.at);
	for (size_t i = 0; i < b->n; i++)
		put_entry(&w, &b->v[i]);
	fprintf(out, "end %zu %08x\n", b->n, w.sum);
	r = save_error(out);
	if (ferror(w.to))
		r = -ENOMEM;
	fclose(w.to);
	free(w.line);
	return r;
}
