/* SPDX-License-Identifier: GPL-2.0-or-later */
/* qemu_split.c - the text of a file as arguments; documented in qemu_args.h. */
#include <string.h>

#include "probes/parse/qemu_args.h"
#include "probes/parse/qemu_name.h"
#include "probes/parse/qemu_shell.h"

static int add_arg(struct fact_strs *args, struct arena *a, struct text arg)
{
	const char *copy = arena_strndup(a, arg.at, arg.len);

	return copy ? fact_add_str(args, a, copy) : -ENOMEM;
}

static int split_nul(struct text t, struct arena *a, struct fact_strs *args)
{
	struct text arg;
	int r = 0;

	while (r == 0 && text_next_piece(&t, '\0', &arg))
		r = add_arg(args, a, arg);
	return r;
}

static int split_lines(struct text t, struct arena *a, struct fact_strs *args)
{
	struct text line;
	int r = 0;

	while (r == 0 && text_next_line(&t, &line)) {
		if (text_trim(line).len)
			r = add_arg(args, a, line);
	}
	return r;
}

/* The emulator and an option in one line, a line that goes on in the next, the beginning of an
 * array. */
static bool is_shell_line(struct text line)
{
	struct text word;

	if (text_ends(line, "\\") || text_ends(line, "=("))
		return true;
	while (text_next_word(&line, &word)) {
		if (qemu_is_program(word))
			break;
	}
	line = text_trim(line);
	return line.len && strchr("-$\"'", *line.at);
}

/* Such a line, a comment in the first one, or several words there: written for a shell. */
static bool is_shell(struct text t)
{
	struct text line, word, first = { 0 };

	while (text_next_line(&t, &line)) {
		line = text_trim(line);
		if (is_shell_line(line))
			return true;
		if (!first.len)
			first = line;
	}
	return text_starts(first, "#") || (text_next_word(&first, &word) && text_trim(first).len);
}

int qemu_args_split(struct text t, struct arena *a, struct fact_strs *ret_args)
{
	struct fact_strs args = { .known = true };
	int r;

	if (t.len > QEMU_ARGS_MAX)
		return -EFBIG;
	if (t.len && memchr(t.at, '\0', t.len))
		r = split_nul(t, a, &args);
	else if (is_shell(t))
		r = qemu_shell_split(t, a, &args);
	else
		r = split_lines(t, a, &args);
	if (r == 0)
		*ret_args = args;
	return r;
}
