/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/outlet.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <time.h>

#include "core/timebase.h"

#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

/* A pipe that poll(2) calls writable takes as much as PIPE_BUF at once. */
enum { CHUNK = 4096 };

#define PATIENCE_NS (20 * NS_PER_MS)

int outlet_add(struct outlet *o, const char *text, size_t n)
{
	char *grown;

	if (o->error || !n)
		return 0;
	if (o->n_sent) {
		memmove(o->text, o->text + o->n_sent, outlet_left(o));
		o->n -= o->n_sent;
		o->n_sent = 0;
	}
	grown = realloc(o->text, o->n + n);
	if (!grown)
		return -ENOMEM;
	memcpy(grown + o->n, text, n);
	o->text = grown;
	o->n += n;
	return 0;
}

void outlet_release(struct outlet *o)
{
	free(o->text);
	o->text = NULL;
	o->n = o->n_sent = 0;
}

static void fail(struct outlet *o, int error)
{
	outlet_release(o);
	o->error = error;
}

/*
 * Writable is not enough: a terminal that has room for one byte sleeps until it took all. A signal
 * that does nothing ends that sleep; it comes again and again, as the first may be too early.
 */
struct alarm {
	timer_t timer;
	sigset_t before;
};

static void do_nothing(int sig)
{
	(void)sig;
}

static int alarm_begin(struct alarm *a)
{
	/* Without SA_RESTART. Who else would use it: the handler can stay. */
	const struct sigaction action = { .sa_handler = do_nothing };
	const struct timespec every = { .tv_nsec = PATIENCE_NS };
	const struct itimerspec when = { .it_interval = every, .it_value = every };
	struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGRTMIN };
	sigset_t set;

	event.sigev_notify_thread_id = gettid();
	if (sigaction(SIGRTMIN, &action, NULL) < 0 ||
	    timer_create(CLOCK_MONOTONIC, &event, &a->timer) < 0)
		return neg_errno();
	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN);
	pthread_sigmask(SIG_UNBLOCK, &set, &a->before);
	timer_settime(a->timer, 0, &when, NULL);
	return 0;
}

static void alarm_end(struct alarm *a)
{
	timer_delete(a->timer);
	pthread_sigmask(SIG_SETMASK, &a->before, NULL);
}

static bool is_writable(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };

	return poll(&p, 1, 0) > 0;
}

void outlet_push(struct outlet *o)
{
	struct alarm alarm;
	int r;

	if (!outlet_left(o) || !is_writable(o->fd))
		return;
	r = alarm_begin(&alarm);
	if (r < 0) {
		fail(o, r);
		return;
	}
	do {
		const size_t left = outlet_left(o), n = left < CHUNK ? left : CHUNK;
		const ssize_t taken = write(o->fd, o->text + o->n_sent, n);

		r = taken < 0 ? neg_errno() : 0;
		if (taken > 0)
			o->n_sent += (size_t)taken;
		if (taken != (ssize_t)n)
			break;
	} while (outlet_left(o) && is_writable(o->fd));
	alarm_end(&alarm);
	/* Writable, and takes nothing all the same: whoever waits for it is not to wait busily. */
	if (r == -EAGAIN)
		poll(NULL, 0, PATIENCE_NS / NS_PER_MS);
	if (r < 0 && r != -EINTR && r != -EAGAIN)
		fail(o, r);
}

int outlet_drain(struct outlet *o, uint64_t limit_ns, int stop_fd)
{
	const struct timebase *time = timebase_monotonic();
	uint64_t taken_ns = timebase_now(time);
	size_t left = outlet_left(o);

	/* At once what is taken at once, also when it is to stop. */
	for (outlet_push(o); outlet_left(o); outlet_push(o)) {
		struct pollfd fds[] = { { .fd = stop_fd, .events = POLLIN },
					{ .fd = o->fd, .events = POLLOUT } };
		const uint64_t now_ns = timebase_now(time);
		struct timespec wait;

		if (outlet_left(o) < left)
			taken_ns = now_ns;
		left = outlet_left(o);
		if (now_ns - taken_ns >= limit_ns)
			return -ETIMEDOUT;
		wait.tv_sec = (time_t)((taken_ns + limit_ns - now_ns) / NS_PER_S);
		wait.tv_nsec = (long)((taken_ns + limit_ns - now_ns) % NS_PER_S);
		if (ppoll(fds, ARRAY_SIZE(fds), &wait, NULL) > 0 && fds[0].revents)
			return -EINTR;
	}
	return o->error;
}
