/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/screen.h"

#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>

/* Half of it before, half of it after Ctrl-S is undone. */
#define CLOSE_LIMIT_NS NS_PER_S

static int put(struct screen *s, const char *text)
{
	return outlet_add(s->out, text, strlen(text));
}

static sigset_t of_job_control(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTSTP);
	sigaddset(&set, SIGCONT);
	return set;
}

static void take(struct screen *s)
{
	struct termios raw = s->before;

	/* Signals of the keyboard stay: Ctrl-C ends a watch as it ends all else. */
	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	/* First of all: in the background it stops us, before anything is written. */
	if (s->reads_keys)
		s->reads_keys = tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0;
	/* Alternate screen, no cursor. */
	if (put(s, "\033[?1049h\033[?25l") == 0)
		outlet_push(s->out);
}

/* As Ctrl-Q would; in the background it would stop us. */
static void undo_ctrl_s(void)
{
	if (tcgetpgrp(STDOUT_FILENO) != getpgrp())
		return;
	/* TCOON undoes nothing but TCOOFF, with all that stood still. */
	tcflow(STDOUT_FILENO, TCOOFF);
	tcflow(STDOUT_FILENO, TCOON);
}

static void give_back(struct screen *s)
{
	if (s->reads_keys)
		tcsetattr(STDIN_FILENO, TCSANOW, &s->before);
	if (put(s, "\033[?25h\033[?1049l") == 0 &&
	    outlet_drain(s->out, CLOSE_LIMIT_NS / 2, s->stop_fd) == -ETIMEDOUT) {
		undo_ctrl_s();
		outlet_drain(s->out, CLOSE_LIMIT_NS / 2, s->stop_fd);
	}
}

void screen_open(struct screen *s, struct outlet *out, int stop_fd)
{
	const sigset_t set = of_job_control();

	*s = (struct screen){ .is_open = true, .signal_fd = -1, .stop_fd = stop_fd, .out = out };
	if (sigprocmask(SIG_BLOCK, &set, NULL) == 0)
		s->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (s->signal_fd < 0)
		sigprocmask(SIG_UNBLOCK, &set, NULL);
	s->reads_keys = tcgetattr(STDIN_FILENO, &s->before) == 0;
	take(s);
}

void screen_heed(struct screen *s)
{
	struct signalfd_siginfo info;
	sigset_t stop;

	if (read(s->signal_fd, &info, sizeof(info)) != sizeof(info))
		return;
	if (info.ssi_signo == SIGTSTP) {
		give_back(s);
		/* Not SIGSTOP: where nobody could let us go on, the kernel does not stop us. */
		sigemptyset(&stop);
		sigaddset(&stop, SIGTSTP);
		raise(SIGTSTP);
		sigprocmask(SIG_UNBLOCK, &stop, NULL);
		sigprocmask(SIG_BLOCK, &stop, NULL);
	}
	/* Also when others stopped us: what they did to the terminal meanwhile is not known. */
	take(s);
}

void screen_close(struct screen *s)
{
	const sigset_t set = of_job_control();

	if (!s->is_open)
		return;
	give_back(s);
	if (s->signal_fd >= 0) {
		close(s->signal_fd);
		sigprocmask(SIG_UNBLOCK, &set, NULL);
	}
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

int screen_show(struct screen *s, const char *page, size_t len)
{
	int r;

	if (outlet_left(s->out))
		return 0;
	/* To the corner, the page, and away with what is left below it. */
	r = put(s, "\033[H");
	if (r == 0)
		r = outlet_add(s->out, page, len);
	if (r == 0)
		r = put(s, "\033[J");
	outlet_push(s->out);
	return r;
}
