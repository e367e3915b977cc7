/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/say.h"

#include <stdarg.h>
#include <string.h>

#include "core/outlet.h"
#include "core/text.h"

/* Set before there are threads; the one thing every message needs and nobody owns. */
static struct {
	const char *program;
	bool is_quiet;
	uint64_t limit_ns;
} setup = { .program = "vfiobench" };

void say_setup(const char *program, bool is_quiet)
{
	setup.program = program;
	setup.is_quiet = is_quiet;
}

void say_no_longer_than(uint64_t limit_ns)
{
	setup.limit_ns = limit_ns;
}

static struct text without_newlines(const char *s)
{
	size_t len = strlen(s);

	while (len > 0 && s[len - 1] == '\n')
		len--;
	return text_make(s, len);
}

static void print_line(const char *line)
{
	struct outlet o = { .fd = STDERR_FILENO };
	char *all = NULL;
	int n;

	if (!setup.limit_ns) {
		fprintf(stderr, "%s: %s\n", setup.program, line);
		return;
	}
	n = asprintf(&all, "%s: %s\n", setup.program, line);
	if (n < 0)
		return;
	if (outlet_add(&o, all, (size_t)n) == 0)
		outlet_drain(&o, setup.limit_ns, -1);
	outlet_release(&o);
	free(all);
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
	print_line(line ? line : "out of memory");
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
