/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/bench/lib/ping_pong.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <string.h>

#include "core/timebase.h"
#include "probes/pin.h"
#include "probes/trace/live.h"

#define POLL_NS (10 * NS_PER_MS)

struct ping_pong {
	sem_t turn[2];
	pthread_t thread[2];
	uint64_t n_handovers; /* two switches each */
	uint64_t ns;          /* what they took, once is_done */
	atomic_bool is_done;
};

static void take_turn(sem_t *turn)
{
	while (sem_wait(turn) < 0)
		;
}

static void *ping_main(void *arg)
{
	struct ping_pong *p = arg;
	const struct timebase *time = timebase_monotonic();
	uint64_t start_ns;

	take_turn(&p->turn[0]);
	start_ns = timebase_now(time);
	for (uint64_t i = 0; i < p->n_handovers; i++) {
		sem_post(&p->turn[1]);
		take_turn(&p->turn[0]);
	}
	p->ns = timebase_now(time) - start_ns;
	atomic_store(&p->is_done, true);
	return NULL;
}

static void *pong_main(void *arg)
{
	struct ping_pong *p = arg;

	for (uint64_t i = 0; i < p->n_handovers; i++) {
		take_turn(&p->turn[1]);
		sem_post(&p->turn[0]);
	}
	return NULL;
}

/* The threads wait for their start. */
static int set_up(struct ping_pong *p, unsigned cpu)
{
	static void *(*const mains[2])(void *) = { ping_main, pong_main };
	/* Of one priority: waking the other does not yet give it the CPU. */
	const struct sched_param param = { .sched_priority = 1 };
	int r = 0;

	for (size_t i = 0; i < 2; i++)
		sem_init(&p->turn[i], 0, 0);
	for (size_t i = 0; r == 0 && i < 2; i++) {
		r = pin_thread_new(cpu, 0, mains[i], p, &p->thread[i]);
		if (r == 0)
			r = -pthread_setschedparam(p->thread[i], SCHED_FIFO, &param);
	}
	return r;
}

static int drain(struct live *live)
{
	struct trace_source *source = live_source(live);
	struct trace_event e;
	int r = live_poll(live);

	while (r == 0 && (r = source->next(source, &e)) > 0)
		r = 0;
	return r;
}

static int run(struct ping_pong *p, struct live *live)
{
	const struct timebase *time = timebase_monotonic();
	int r = live ? live_start(live) : 0;

	sem_post(&p->turn[0]);
	while (!atomic_load(&p->is_done)) {
		time->sleep_until_ns(time->self, timebase_now(time) + POLL_NS);
		if (r == 0 && live)
			r = drain(live);
	}
	for (size_t i = 0; i < 2; i++) {
		pthread_join(p->thread[i], NULL);
		sem_destroy(&p->turn[i]);
	}
	if (r == 0 && live)
		r = live_stop(live);
	return r == 0 && live ? drain(live) : r;
}

int ping_pong_run(unsigned cpu, uint64_t n_handovers, bool is_traced, struct ping_pong_result *ret)
{
	struct live_options options = { .spool_dir = -1 };
	struct ping_pong p = { .n_handovers = n_handovers };
	auto_free char *why = NULL;
	struct live *live = NULL;
	struct live_stats stats = { 0 };
	int r = 0;

	cpus_add(&options.cpus, cpu);
	if (is_traced)
		r = live_new(&options, &live, &why);
	if (r == 0)
		r = set_up(&p, cpu);
	if (r == 0)
		r = run(&p, live);
	if (r == 0 && live)
		stats = live_stats(live);
	if (r < 0)
		printf("%s\n", why ? why : strerror(-r));
	else
		*ret = (struct ping_pong_result){ p.ns / (2 * n_handovers),
						  stats.n_events * 1000 / (2 * n_handovers),
						  stats.n_lost };
	live_free(live);
	return r;
}
