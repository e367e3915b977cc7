/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/screen.h"

#include <sys/ioctl.h>

void screen_open(struct screen *s)
{
	struct termios raw;

	*s = (struct screen){ .is_open = true };
	/* Alternate screen, no cursor. */
	fputs("\033[?1049h\033[?25l", stdout);
	fflush(stdout);
	if (tcgetattr(STDIN_FILENO, &s->before) < 0)
		return;
	raw = s->before;
	/* Signals of the keyboard stay: Ctrl-C ends a watch as it ends all else. */
	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	s->reads_keys = tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0;
}

void screen_close(struct screen *s)
{
	if (!s->is_open)
		return;
	if (s->reads_keys)
		tcsetattr(STDIN_FILENO, TCSANOW, &s->before);
	fputs("\033[?25h\033[?1049l", stdout);
	fflush(stdout);
	s->is_open = false;
}

void screen_size(unsigned *ret_columns, unsigned *ret_lines)
{
	struct winsize size = { 0 };

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || !size.ws_col || !size.ws_row)
		size = (struct winsize){ .ws_col = 80, .ws_row = 24 };
	*ret_columns = size.ws_col;
	*ret_lines = size.ws_row;
}

void screen_show(const char *page, size_t len)
{
	/* To the corner, the page, and away with what is left below it. */
	fputs("\033[H", stdout);
	fwrite(page, 1, len, stdout);
	fputs("\033[J", stdout);
	fflush(stdout);
}
