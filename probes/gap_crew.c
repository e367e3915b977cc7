/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/gap_crew.h"

#include <semaphore.h>
#include <string.h>
#include <sys/mman.h>

#include "probes/pin.h"
#include "probes/stop.h"

#define STACK_SIZE (256 * KIB)
/* A thread that is later than this does not come: something holds the CPU. */
#define GRACE_NS       (10 * NS_PER_S)
#define GRACE_ASKED_NS (2 * NS_PER_S)

struct gap_thread {
	struct gap_crew *crew;
	unsigned cpu;
	pthread_t id;
	atomic_int tid; /* 0: not known yet */
	sem_t go;
	bool ends;
	struct gap_lane *lane;
	uint64_t p999_ticks;
	atomic_bool is_done;
};

static void report_done(struct gap_thread *t)
{
	const pthread_t owner = t->crew->owner;

	atomic_store(&t->is_done, true);
	if (atomic_fetch_sub(&t->crew->n_busy, 1) == 1)
		stop_nudge(owner);
}

/* Mapped and first touched here, so that it is memory of this CPU's node. */
static void prepare(struct gap_thread *t)
{
	void *p = mmap(NULL, sizeof(*t->lane), PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	pthread_setname_np(pthread_self(), GAP_THREAD_NAME);
	atomic_store(&t->tid, gettid());
	if (p == MAP_FAILED)
		return;
	t->lane = p;
	t->p999_ticks = gap_loop_p999(NULL);
}

static void *thread_main(void *arg)
{
	struct gap_thread *t = arg;

	prepare(t);
	report_done(t);
	for (;;) {
		while (sem_wait(&t->go) < 0)
			;
		if (t->ends)
			break;
		gap_loop_run(&t->crew->plan, &t->crew->stop, t->lane);
		report_done(t);
	}
	if (t->lane)
		munmap(t->lane, sizeof(*t->lane));
	return NULL;
}

void gap_crew_init(struct gap_crew *crew, const struct timebase *time)
{
	memset(crew, 0, sizeof(*crew));
	crew->time = time;
	crew->owner = pthread_self();
}

int gap_crew_add(struct gap_crew *crew, unsigned cpu)
{
	struct gap_thread **bigger = reallocarray(crew->threads, crew->n + 1, sizeof(*bigger));
	auto_free struct gap_thread *t = NULL;
	int r;

	if (!bigger)
		return -ENOMEM;
	crew->threads = bigger;
	t = calloc(1, sizeof(*t));
	if (!t)
		return -ENOMEM;
	t->crew = crew;
	t->cpu = cpu;
	sem_init(&t->go, 0, 0);
	atomic_fetch_add(&crew->n_busy, 1);
	r = pin_thread_new(cpu, STACK_SIZE, thread_main, t, &t->id);
	if (r < 0) {
		atomic_fetch_sub(&crew->n_busy, 1);
		sem_destroy(&t->go);
		return r;
	}
	crew->threads[crew->n++] = t;
	t = NULL;
	return 0;
}

void gap_crew_prepare(struct gap_crew *crew)
{
	crew->limit_ns = timebase_now(crew->time) + GRACE_NS;
}

void gap_crew_start(struct gap_crew *crew, const struct gap_plan *plan, uint64_t duration_ns)
{
	crew->plan = *plan;
	crew->limit_ns = timebase_now(crew->time) + duration_ns + GRACE_NS;
	atomic_store(&crew->n_busy, crew->n);
	for (size_t i = 0; i < crew->n; i++) {
		struct gap_thread *t = crew->threads[i];

		atomic_store(&t->is_done, false);
		atomic_store(&t->lane->start_tsc, 0);
		atomic_store(&t->lane->seen_tsc, 0);
		sem_post(&t->go);
	}
}

static void ask_to_end(struct gap_crew *crew)
{
	if (!crew->is_asked)
		crew->limit_ns = timebase_now(crew->time) + GRACE_ASKED_NS;
	crew->is_asked = true;
	atomic_store(&crew->stop, true);
}

int gap_crew_wait(struct gap_crew *crew, uint64_t until_ns)
{
	while (atomic_load(&crew->n_busy) > 0) {
		switch (stop_wait(crew->time, u64_min(until_ns, crew->limit_ns))) {
		case STOP_NUDGED:
			continue;
		case STOP_ASKED:
			ask_to_end(crew);
			continue;
		case STOP_TIME:
			break;
		}
		if (timebase_now(crew->time) < crew->limit_ns)
			return 1;
		atomic_store(&crew->stop, true);
		crew->is_stuck = atomic_load(&crew->n_busy) > 0;
		return crew->is_stuck ? -ETIMEDOUT : 0;
	}
	return 0;
}

struct gap_member gap_crew_member(const struct gap_crew *crew, size_t i)
{
	const struct gap_thread *t = crew->threads[i];
	struct gap_member m = { .cpu = t->cpu, .tid = atomic_load(&t->tid) };

	m.is_done = atomic_load(&t->is_done);
	m.lane = t->lane;
	m.p999_ticks = t->p999_ticks;
	return m;
}

void gap_crew_release(struct gap_crew *crew)
{
	if (crew->is_stuck)
		return;
	for (size_t i = 0; i < crew->n; i++) {
		struct gap_thread *t = crew->threads[i];

		t->ends = true;
		sem_post(&t->go);
		pthread_join(t->id, NULL);
		sem_destroy(&t->go);
		free(t);
	}
	free(crew->threads);
}
