/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/ab_toggle.h"

#include "core/program.h"
#include "core/say.h"
#include "core/text.h"

enum { LINE_MAX_SHOWN = 512 };

/* Each line with what it came from in front; the last one is returned in words. */
static void show(const char *option, const char *output, size_t n, bool is_shown, char *words,
		 size_t size)
{
	struct text rest = text_make(output, n), line;

	while (text_next_line(&rest, &line)) {
		if (!text_trim(line).len)
			continue;
		text_clean(text_trim(line), words, size);
		if (is_shown)
			say_note("%s: %s", option, words);
	}
}

static int run(const struct toggle *t, const char *option, const char *command, int stop_fd)
{
	const char *const argv[] = { "/bin/sh", "-c", command, NULL };
	struct program p = { .argv = argv, .limit_ns = t->limit_ns };
	char end[128], words[LINE_MAX_SHOWN] = "";
	bool is_good;
	int r = program_start(&p, t->time);

	r = r < 0 ? 0 : programs_wait(&p, 1, t->time, stop_fd);
	is_good = r == 0 && p.end == PROGRAM_EXITED && p.code == 0;
	show(option, p.out, p.n_out, is_good, words, sizeof(words));
	show(option, p.err, p.n_err, is_good, words, sizeof(words));
	if (!is_good && r != -EINTR) {
		program_describe_end(&p, end, sizeof(end));
		say_error("%s '%s': %s%s%s", option, command, end, *words ? ": " : "", words);
		r = -ECANCELED;
	}
	program_release(&p);
	return r;
}

int toggle_put(struct toggle *t, bool is_on, int stop_fd)
{
	const enum toggle_state wanted = is_on ? TOGGLE_ON : TOGGLE_OFF;
	const char *command = is_on ? t->on : t->off;
	int r;

	if (t->state == wanted)
		return 0;
	t->state = TOGGLE_UNKNOWN;
	t->has_run_on |= is_on;
	r = command ? run(t, is_on ? "--on" : "--off", command, stop_fd) : 0;
	t->has_off_failed = !is_on && r == -ECANCELED;
	if (r == 0)
		t->state = wanted;
	return r;
}

/* Where nothing is run nothing is left. */
static void say_left(const struct toggle *t)
{
	if (!t->on || !t->off)
		return;
	if (t->state == TOGGLE_UNKNOWN && !t->has_run_on)
		say_error("--on was never run: the setting is as --off left it when it failed");
	else if (t->state == TOGGLE_UNKNOWN)
		say_error("the setting may still be ON: run it yourself: %s", t->off);
	else
		say_note("the setting was left %s", t->state == TOGGLE_ON ? "ON" : "OFF");
}

int toggle_end(struct toggle *t, bool is_on)
{
	int r = 0;

	if (t->state == TOGGLE_FOUND)
		return 0;
	/* What failed once would leave things half done again. */
	if (is_on && t->state != TOGGLE_UNKNOWN)
		r = toggle_put(t, true, -1);
	if (!is_on || t->state == TOGGLE_UNKNOWN) {
		const int off = t->has_off_failed ? -ECANCELED : toggle_put(t, false, -1);

		r = r < 0 ? r : off;
	}
	say_left(t);
	return r;
}
