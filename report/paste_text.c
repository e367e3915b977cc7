/* SPDX-License-Identifier: GPL-2.0-or-later */
/* paste_text.c - lines of a paste: ASCII, and broken to its width. */
#include <string.h>

#include "core/text.h"
#include "report/paste_parts.h"
#include "report/words.h"

/* Characters that reports have, as ASCII has them. */
static const struct {
	const char *utf8, *ascii;
} spellings[] = {
	{ "“", "\"" }, { "”", "\"" }, { "‘", "'" },  { "’", "'" },        { "…", "..." },
	{ "–", "-" },  { "—", "-" },  { "µ", "u" },  { "μ", "u" },        { "×", "x" },
	{ "→", "->" }, { "≥", ">=" }, { "≤", "<=" }, { "\xc2\xa0", " " },
};

static const char *spelling(const char *at, size_t *ret_len)
{
	size_t len = 1;

	for (size_t i = 0; i < ARRAY_SIZE(spellings); i++) {
		*ret_len = strlen(spellings[i].utf8);
		if (!strncmp(at, spellings[i].utf8, *ret_len))
			return spellings[i].ascii;
	}
	while (((unsigned char)at[len] & 0xc0) == 0x80)
		len++;
	*ret_len = len;
	return "?";
}

/* One line, clean; NULL: no memory. Caller frees. */
static char *ascii(struct text line)
{
	auto_free char *clean = malloc(line.len + 1);
	char *text = NULL;
	size_t size = 0, len = 1;
	FILE *out = clean ? open_memstream(&text, &size) : NULL;

	if (!out)
		return NULL;
	text_clean(line, clean, line.len + 1);
	for (const char *p = clean; *p; p += len) {
		len = 1;
		if ((unsigned char)*p < 0x80)
			putc(*p, out);
		else
			fputs(spelling(p, &len), out);
	}
	if (fclose(out) == EOF) {
		free(text);
		return NULL;
	}
	return text;
}

/* How much of it goes on a line: up to a blank where there is one. */
static size_t piece_len(const char *text, size_t room)
{
	size_t n = room;

	if (strlen(text) <= room)
		return strlen(text);
	while (n > room / 2 && text[n] != ' ')
		n--;
	return text[n] == ' ' ? n : room;
}

/* Lines of at most PASTE_COLUMNS; lead before the first, as many blanks before the others. */
static void put_folded(FILE *out, const char *lead, const char *rest, size_t max_lines)
{
	const size_t indent = u64_min(strlen(lead), PASTE_COLUMNS / 2);
	const size_t room = PASTE_COLUMNS - indent;

	for (size_t i = 0; *rest && i < max_lines; i++) {
		const bool is_cut = i + 1 == max_lines && strlen(rest) > room;
		const size_t n = piece_len(rest, is_cut ? room - strlen("...") : room);

		fprintf(out, "%-*.*s%.*s%s\n", (int)indent, (int)indent, i ? "" : lead, (int)n,
			rest, is_cut ? "..." : "");
		rest += n;
		rest += *rest == ' ';
	}
}

void paste_prose(FILE *out, const char *lead, const char *text, size_t max_lines)
{
	auto_free char *line = ascii(text_of(text));

	if (line)
		put_folded(out, lead, line, max_lines);
}

void paste_lines(FILE *out, const char *text)
{
	struct text rest = text_of(text), line;

	while (text_next_line(&rest, &line)) {
		auto_free char *clean = ascii(line);
		const size_t blanks = clean ? strspn(clean, " ") : 0;
		char indent[16];

		if (!clean)
			return;
		if (!clean[blanks]) {
			putc('\n', out);
			continue;
		}
		snprintf(indent, sizeof(indent), "%.*s", (int)u64_min(blanks, sizeof(indent) - 1),
			 clean);
		put_folded(out, strlen(clean) > PASTE_COLUMNS ? indent : "",
			   strlen(clean) > PASTE_COLUMNS ? clean + blanks : clean, SIZE_MAX);
	}
}

static bool is_command(const char *line)
{
	static const char *const programs[] = { "sudo ",   "virsh ", "echo ",      "printf ",
						"taskset", "for ",   "systemctl ", "cat " };

	line += strspn(line, " ");
	for (size_t i = 0; i < ARRAY_SIZE(programs); i++) {
		if (!strncmp(line, programs[i], strlen(programs[i])))
			return !strstr(line, "<<");
	}
	return false;
}

/*
 * The last blank of the first room characters that is in no quotes and not escaped: where a
 * backslash and the end of the line may stand for it. 0: there is none.
 */
static size_t command_len(const char *line, size_t room)
{
	size_t last = 0;
	char quote = '\0';

	for (size_t i = 0; line[i] && i <= room; i++) {
		const char c = line[i];

		if (c == '\\' && quote != '\'') {
			i += line[i + 1] != '\0';
			continue;
		}
		if (quote)
			quote = c == quote ? '\0' : quote;
		else if (c == '\'' || c == '"' || c == '`')
			quote = c;
		else if (c == '#')
			break;
		else if (c == ' ' && i > strspn(line, " "))
			last = i;
	}
	return last;
}

static void put_command(FILE *out, const char *indent, const char *line)
{
	const size_t room = PASTE_COLUMNS - strlen(indent) - strlen("   \\");
	const char *deeper = "";
	size_t n;

	if (is_command(line)) {
		while (strlen(line) > room + 2 && (n = command_len(line, room))) {
			fprintf(out, "%s%s%.*s \\\n", indent, deeper, (int)n, line);
			line += n + 1;
			deeper = "  ";
		}
	}
	fprintf(out, "%s%s%s\n", indent, deeper, line);
}

void paste_fix(FILE *out, const char *indent, const char *text, size_t max_lines)
{
	auto_free char *lines = NULL;
	struct text rest, line;
	size_t size = 0, n = 0;
	FILE *mem = open_memstream(&lines, &size);

	if (!mem)
		return;
	print_fix(mem, "", (unsigned)(PASTE_COLUMNS - strlen(indent)), text);
	if (fclose(mem) == EOF)
		return;
	rest = text_of(lines);
	while (text_next_line(&rest, &line)) {
		auto_free char *clean = ascii(line);

		if (clean && n++ < max_lines)
			put_command(out, indent, clean);
	}
	if (n > max_lines)
		fprintf(out, "%s(and %zu more line%s)\n", indent, n - max_lines,
			n - max_lines == 1 ? "" : "s");
}

int paste_text(FILE *out, part_fn *put, const void *arg)
{
	auto_free char *text = NULL;
	size_t size;
	const int r = part_write(put, arg, &text, &size);

	if (r == 0)
		paste_lines(out, text);
	return r;
}
