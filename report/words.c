/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/words.h"

#include <inttypes.h>
#include <string.h>

#include "core/text.h"

struct unit {
	const char *name;
	uint64_t size;
};

/* a / b, to the nearest whole number. */
static uint64_t nearest(uint64_t a, uint64_t b)
{
	return a / b + (a % b >= b - a % b);
}

/* What rounds up to a thousand of one unit is one of the next larger. */
static const struct unit *unit_of(uint64_t v, const struct unit *units, size_t n_units)
{
	for (size_t i = 0; i + 1 < n_units; i++) {
		if (v >= units[i].size - units[i + 1].size / 2)
			return &units[i];
	}
	return &units[n_units - 1];
}

/* Three significant digits in the largest unit that leaves a digit before the point. */
static void words_of(uint64_t v, const struct unit *units, size_t n_units, char *buf, size_t size)
{
	static const struct {
		uint64_t parts;
		int digits;
	} steps[] = { { 100, 2 }, { 10, 1 } };
	const struct unit *u = unit_of(v, units, n_units);
	const uint64_t whole = v / u->size, rest = v % u->size;

	for (size_t i = 0; u->size > 1 && whole < 1000 && i < ARRAY_SIZE(steps); i++) {
		const uint64_t parts = steps[i].parts;
		const uint64_t n = whole * parts + nearest(rest * parts, u->size);

		if (n >= 1000)
			continue;
		snprintf(buf, size, "%" PRIu64 ".%0*" PRIu64 " %s", n / parts, steps[i].digits,
			 n % parts, u->name);
		return;
	}
	snprintf(buf, size, "%" PRIu64 " %s", whole + (u->size > 1 && rest >= u->size - rest),
		 u->name);
}

void words_of_ns(uint64_t ns, char *buf, size_t size)
{
	static const struct unit units[] = {
		{ "s", NS_PER_S }, { "ms", NS_PER_MS }, { "us", NS_PER_US }, { "ns", 1 }
	};

	words_of(ns, units, ARRAY_SIZE(units), buf, size);
}

void words_of_kib(uint64_t kib, char *buf, size_t size)
{
	static const struct unit units[] = {
		{ "TiB", GIB }, { "GiB", MIB }, { "MiB", KIB }, { "KiB", 1 }
	};

	words_of(kib, units, ARRAY_SIZE(units), buf, size);
}

void words_of_permille(uint64_t permille, char *buf, size_t size)
{
	snprintf(buf, size, "%" PRIu64 ".%" PRIu64 " %%", permille / 10, permille % 10);
}

void words_of_share(uint64_t part, uint64_t whole, char *buf, size_t size)
{
	uint64_t bp; /* hundredths of a percent */

	while (part > UINT64_MAX / 10000) {
		part /= 2;
		whole /= 2;
	}
	bp = whole ? part * 10000 / whole : 0;
	if (bp == 0)
		snprintf(buf, size, part && whole ? "<0.01 %%" : "0 %%");
	else if (bp < 1000)
		snprintf(buf, size, "%" PRIu64 ".%02" PRIu64 " %%", bp / 100, bp % 100);
	else if (bp < 10000)
		snprintf(buf, size, "%" PRIu64 ".%" PRIu64 " %%", bp / 100, bp % 100 / 10);
	else
		snprintf(buf, size, "%" PRIu64 " %%", bp / 100);
}

void words_of_time(uint64_t unix_ns, char *buf, size_t size)
{
	const uint64_t us = unix_ns / NS_PER_US % (UINT64_C(86400) * 1000000), s = us / 1000000;

	snprintf(buf, size, "%02" PRIu64 ":%02" PRIu64 ":%02" PRIu64 ".%06" PRIu64, s / 3600,
		 s / 60 % 60, s % 60, us % 1000000);
}

void words_of_count(uint64_t n, char *buf, size_t size)
{
	static const struct unit units[] = { { "G", 1000000000 }, { "M", 1000000 } };
	char *blank;

	if (n < 1000000) {
		snprintf(buf, size, "%" PRIu64, n);
		return;
	}
	words_of(n, units, ARRAY_SIZE(units), buf, size);
	blank = strchr(buf, ' ');
	if (blank)
		memmove(blank, blank + 1, strlen(blank));
}

void print_clean(FILE *out, const char *text, size_t len)
{
	/* text_clean never makes a text longer. */
	auto_free char *clean = malloc(len + 1);

	if (!clean)
		return;
	text_clean(text_make(text, len), clean, len + 1);
	fputs(clean, out);
}

/* Bytes of the text that fit the room: up to a line end, else a blank, else one long word. */
static size_t line_len(const char *text, size_t room)
{
	const size_t len = strcspn(text, "\n");
	size_t cut = room;

	if (len <= room)
		return len;
	/* "35 %" stays whole. */
	while (cut > 0 && (text[cut] != ' ' || text[cut + 1] == '%'))
		cut--;
	return cut ? cut : strcspn(text, " \n");
}

static size_t room_beside(const char *indent, unsigned width)
{
	return width > strlen(indent) + 20 ? width - strlen(indent) : 20;
}

void print_wrapped(FILE *out, const char *indent, unsigned width, const char *text)
{
	const size_t room = room_beside(indent, width);

	while (*text) {
		const size_t len = line_len(text, room);

		fputs(indent, out);
		print_clean(out, text, len);
		fputc('\n', out);
		text += len;
		if (*text == ' ' || *text == '\n')
			text++;
	}
}

void print_line(FILE *out, const char *lead, unsigned width, const char *text)
{
	auto_free char *clean = malloc(strlen(text) + 1);
	const size_t room = room_beside(lead, width);
	/* Beside a lead of a stranger's that fills lines, the others would be blank for the most.
	 */
	const int indent = (int)(strlen(lead) < width ? strlen(lead) : 4);
	const char *rest = clean;
	size_t len = 0;

	if (!clean)
		return;
	text_clean(text_of(text), clean, strlen(text) + 1);
	do {
		fprintf(out, "%*s", indent, rest == clean ? lead : "");
		len = line_len(rest, room);
		fprintf(out, "%.*s\n", (int)len, rest);
		rest += len;
		rest += *rest == ' ';
	} while (*rest);
}

/* A sentence begins with a capital letter and a small one, and has no command in it. */
static bool is_prose(struct text line)
{
	static const char *const commands[] = { "sudo ", "echo ", "printf ", "virsh ", "<" };
	const struct text trimmed = text_trim(line);
	struct text rest = line, word;

	if (trimmed.len < 2 || trimmed.at[0] < 'A' || trimmed.at[0] > 'Z' ||
	    !text_next_word(&rest, &word) || memchr(word.at, '=', word.len))
		return false;
	/* "A", "In", "VT-d": variables and units of a file are one word, or have a "=". */
	if (memchr(word.at, '_', word.len) || !memchr(trimmed.at, ' ', trimmed.len))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		if (memmem(line.at, line.len, commands[i], strlen(commands[i])))
			return false;
	}
	return true;
}

void print_fix(FILE *out, const char *indent, unsigned width, const char *text)
{
	struct text rest = text_of(text), line;

	while (text_next_line(&rest, &line)) {
		auto_free char *copy = is_prose(line) ? strndup(line.at, line.len) : NULL;

		if (copy) {
			print_line(out, indent, width, copy);
			continue;
		}
		fputs(indent, out);
		print_clean(out, line.at, line.len);
		fputc('\n', out);
	}
}

void print_moved(FILE *out, const char *lead, unsigned width, const char *moved)
{
	const size_t len = strlen(moved), name = strcspn(moved, ":");
	/* Lists and objects are no words. */
	const bool is_raw = strstr(moved, ": [") || strstr(moved, ": {") ||
			    strstr(moved, "then [") || strstr(moved, "then {");

	fputs(lead, out);
	print_clean(out, moved, is_raw || strlen(lead) + len > width ? name : len);
	fputc('\n', out);
}
