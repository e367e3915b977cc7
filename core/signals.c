/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/signals.h"

#include <sys/signalfd.h>

void signals_that_end(sigset_t *ret_set)
{
	static const int signals[] = {
		SIGINT,  SIGTERM,   SIGHUP,  SIGQUIT, SIGUSR1, SIGUSR2,   SIGALRM,
		SIGPROF, SIGVTALRM, SIGXCPU, SIGPOLL, SIGPWR,  SIGSTKFLT,
	};

	sigemptyset(ret_set);
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		sigaddset(ret_set, signals[i]);
}

static bool is_ours(int sig, const sigset_t *before)
{
	struct sigaction act;

	return !sigismember(before, sig) && sigaction(sig, NULL, &act) == 0 &&
	       act.sa_handler != SIG_IGN;
}

int calm_begin(struct calm *c)
{
	sigset_t ending, held;

	signals_that_end(&ending);
	sigprocmask(SIG_BLOCK, NULL, &c->before);
	sigemptyset(&held);
	for (int sig = 1; sig < SIGRTMIN; sig++) {
		if (sigismember(&ending, sig) == 1 && is_ours(sig, &c->before))
			sigaddset(&held, sig);
	}
	c->fd = signalfd(-1, &held, SFD_CLOEXEC | SFD_NONBLOCK);
	if (c->fd < 0)
		return neg_errno();
	return sigprocmask(SIG_BLOCK, &held, NULL) < 0 ? neg_errno() : 0;
}

void calm_end(struct calm *c)
{
	if (c->fd < 0)
		return;
	cleanup_fd(&c->fd);
	c->fd = -1;
	sigprocmask(SIG_SETMASK, &c->before, NULL);
}
