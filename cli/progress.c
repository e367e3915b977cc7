/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/progress.h"

#include <inttypes.h>
#include <time.h>

static void print_line(const struct progress *p, uint64_t elapsed_s)
{
	if (elapsed_s < p->total_s)
		fprintf(stderr, "\r%s: %" PRIu64 " s left \033[K", p->what, p->total_s - elapsed_s);
	else
		fprintf(stderr, "\r%s: finishing \033[K", p->what);
}

static void *run(void *arg)
{
	struct progress *p = arg;
	struct timespec next;

	clock_gettime(CLOCK_MONOTONIC, &next);
	pthread_mutex_lock(&p->lock);
	for (uint64_t elapsed_s = 0; !p->is_done; elapsed_s++) {
		print_line(p, elapsed_s);
		next.tv_sec++;
		while (!p->is_done && pthread_cond_timedwait(&p->wake, &p->lock, &next) == 0)
			;
	}
	pthread_mutex_unlock(&p->lock);
	fputs("\r\033[K", stderr);
	return NULL;
}

void progress_start(struct progress *p, const char *what, uint64_t total_ns, bool is_quiet)
{
	pthread_condattr_t monotonic;

	*p = (struct progress){ .what = what, .total_s = total_ns / NS_PER_S };
	if (is_quiet || !isatty(STDERR_FILENO))
		return;
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&p->wake, &monotonic);
	pthread_condattr_destroy(&monotonic);
	pthread_mutex_init(&p->lock, NULL);
	p->is_running = pthread_create(&p->thread, NULL, run, p) == 0;
}

void progress_stop(struct progress *p)
{
	if (!p->is_running)
		return;
	pthread_mutex_lock(&p->lock);
	p->is_done = true;
	pthread_cond_signal(&p->wake);
	pthread_mutex_unlock(&p->lock);
	pthread_join(p->thread, NULL);
	pthread_cond_destroy(&p->wake);
	pthread_mutex_destroy(&p->lock);
	p->is_running = false;
}
