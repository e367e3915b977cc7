/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/say.h"

#include <stdarg.h>
#include <string.h>

#include "core/text.h"

/* Set once by main, before there are threads; the one thing every message needs and nobody owns. */
static struct {
	const char *program;
	bool is_quiet;
} setup = { .program = "vfiobench" };

void say_setup(const char *program, bool is_quiet)
{
	setup.program = program;
	setup.is_quiet = is_quiet;
}

static struct text without_newlines(const char *s)
{
	size_t len = strlen(s);

	while (len > 0 && s[len - 1] == '\n')
		len--;
	return text_make(s, len);
}

static FORMAT_PRINTF(2, 0) void say(enum say_level level, const char *fmt, va_list ap)
{
	int saved_errno = errno;
	char *message = NULL, *line;

	if (level == SAY_NOTE && setup.is_quiet)
		return;
	if (vasprintf(&message, fmt, ap) < 0)
		message = NULL;
	/* text_clean never makes a text longer. */
	line = message ? malloc(strlen(message) + 1) : NULL;
	if (line)
		text_clean(without_newlines(message), line, strlen(message) + 1);
	fprintf(stderr, "%s: %s\n", setup.program, line ? line : "out of memory");
	free(line);
	free(message);
	errno = saved_errno;
}

void say_error(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(SAY_ERROR, fmt, ap);
	va_end(ap);
}

void say_warning(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(SAY_WARNING, fmt, ap);
	va_end(ap);
}

void say_note(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(SAY_NOTE, fmt, ap);
	va_end(ap);
}
