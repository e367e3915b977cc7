/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/screen.h"

#include <signal.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>

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
	fputs("\033[?1049h\033[?25l", stdout);
	fflush(stdout);
}

static void give_back(const struct screen *s)
{
	if (s->reads_keys)
		tcsetattr(STDIN_FILENO, TCSANOW, &s->before);
	fputs("\033[?25h\033[?1049l", stdout);
	fflush(stdout);
}

void screen_open(struct screen *s)
{
	const sigset_t set = of_job_control();

	*s = (struct screen){ .is_open = true, .signal_fd = -1 };
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

void screen_show(const char *page, size_t len)
{
	/* To the corner, the page, and away with what is left below it. */
	fputs("\033[H", stdout);
	fwrite(page, 1, len, stdout);
	fputs("\033[J", stdout);
	fflush(stdout);
}
