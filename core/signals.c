/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/signals.h"

#include "core/base.h"

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
