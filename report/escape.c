/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/escape.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "core/text.h"

enum { CHUNK = 512, UTF8_MAX = 4 };

static const char *entity_of(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

static bool is_continuation(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* Where to cut text of 'len' bytes so that at most 'max' are left and no character is split. */
static size_t cut_at(const char *text, size_t len, size_t max)
{
	size_t cut = max;

	if (len <= max)
		return len;
	while (cut > 0 && max - cut < UTF8_MAX && is_continuation(text[cut]))
		cut--;
	/* More continuations in a row than a character has: not UTF-8 anyway. */
	return cut == 0 || is_continuation(text[cut]) ? max : cut;
}

/* A run without newlines and tabs, of at most CHUNK bytes. */
static void escape_run(FILE *out, struct text run)
{
	char clean[CHUNK + 1];

	text_clean(run, clean, sizeof(clean));
	for (const char *p = clean; *p; p++) {
		const char *entity = entity_of(*p);

		if (entity)
			fputs(entity, out);
		else
			putc(*p, out);
	}
}

static void escape_bytes(FILE *out, const char *text, size_t len)
{
	while (len) {
		size_t n = 0;

		/* Cleaning replaces control bytes: those that lay text out go around it. */
		if (*text == '\n' || *text == '\t') {
			putc(*text, out);
			n = 1;
		} else {
			while (n < len && text[n] != '\n' && text[n] != '\t')
				n++;
			n = cut_at(text, n, CHUNK);
			escape_run(out, text_make(text, n));
		}
		text += n;
		len -= n;
	}
}

void escape_html(FILE *out, const char *text)
{
	if (text)
		escape_bytes(out, text, strlen(text));
}

/* How many of the first bytes fit: of hardly anything but entities less than max. */
static size_t fitting(const char *text, size_t len, size_t max)
{
	size_t n = 0, written = 0;

	while (n < len && n < max) {
		const char *entity = entity_of(text[n]);

		written += entity ? strlen(entity) : 1;
		if (written > 2 * max + 16)
			break;
		n++;
	}
	return n;
}

void escape_cut(FILE *out, const char *text, size_t max)
{
	const size_t len = text ? strlen(text) : 0;
	const size_t n = fitting(text, len, max);

	if (len == 0)
		return;
	escape_bytes(out, text, cut_at(text, len, n));
	if (len > n)
		fputs("…", out);
}

/* Prints the value of the conversion that starts after '%'; returns what follows it. */
static const char *put_value(FILE *out, const char *fmt, va_list *ap)
{
	unsigned n_long = 0;
	bool is_size = false;

	for (; *fmt == 'l' || *fmt == 'z'; fmt++) {
		n_long += *fmt == 'l';
		is_size |= *fmt == 'z';
	}
	switch (*fmt) {
	case 's':
		escape_cut(out, va_arg(*ap, const char *), HTML_VALUE_MAX);
		break;
	case 'u':
		if (is_size)
			fprintf(out, "%zu", va_arg(*ap, size_t));
		else if (n_long == 2)
			fprintf(out, "%llu", va_arg(*ap, unsigned long long));
		else if (n_long == 1)
			fprintf(out, "%lu", va_arg(*ap, unsigned long));
		else
			fprintf(out, "%u", va_arg(*ap, unsigned));
		break;
	case 'd':
		if (n_long == 2)
			fprintf(out, "%lld", va_arg(*ap, long long));
		else if (n_long == 1)
			fprintf(out, "%ld", va_arg(*ap, long));
		else
			fprintf(out, "%d", va_arg(*ap, int));
		break;
	case '%':
		putc('%', out);
		break;
	case '\0':
		return fmt;
	default:
		break;
	}
	return fmt + 1;
}

void html_put(FILE *out, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	while (*fmt) {
		const size_t n = strcspn(fmt, "%");

		fwrite(fmt, 1, n, out);
		fmt += n;
		if (*fmt == '%')
			fmt = put_value(out, fmt + 1, &ap);
	}
	va_end(ap);
}
