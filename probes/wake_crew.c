/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/wake_crew.h"

#include <sched.h>
#include <semaphore.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>

#include "probes/pin.h"
#include "probes/stop.h"

#define STACK_SIZE    (256 * KIB)
#define PREFAULT_SIZE (64 * KIB)
/* For waking and starting the threads before the first deadline can come. */
#define LEAD_NS (5 * NS_PER_MS)
/* A wake-up that is later than this beyond the end does not come: something holds the CPU. */
#define GRACE_NS       (10 * NS_PER_S)
#define GRACE_ASKED_NS (2 * NS_PER_S)

struct wake_thread {
	struct wake_crew *crew;
	unsigned cpu;
	pthread_t id;
	pid_t tid;
	sem_t go;
	struct wake_plan plan; /* n_expected 0: end */
	struct wake_series *series;
	uint64_t cpu_time_ns;
	int error;
	atomic_bool is_done;
};

static uint64_t thread_cpu_time_ns(void)
{
	struct timespec ts = { 0 };

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
	return (uint64_t)ts.tv_sec * NS_PER_S + (uint64_t)ts.tv_nsec;
}

/* The pages of the stack that the loop and the kernel's signal frames could ever reach. */
static __attribute__((noinline)) void prefault_stack(void)
{
	volatile char pages[PREFAULT_SIZE];

	for (size_t i = 0; i < sizeof(pages); i += 1024)
		pages[i] = 0;
}

static void report_done(struct wake_thread *t)
{
	const pthread_t owner = t->crew->owner;

	atomic_store(&t->is_done, true);
	if (atomic_fetch_sub(&t->crew->n_busy, 1) == 1)
		stop_nudge(owner);
}

/* Mapped and first touched here, so that it is memory of this CPU's node. */
static void map_series(struct wake_thread *t)
{
	void *p = mmap(NULL, sizeof(*t->series), PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	if (p == MAP_FAILED)
		t->error = neg_errno();
	else
		t->series = p;
}

static void *thread_main(void *arg)
{
	struct wake_thread *t = arg;

	t->tid = gettid();
	prefault_stack();
	map_series(t);
	/* For ordinary threads only: others have none. */
	prctl(PR_SET_TIMERSLACK, 1ul, 0ul, 0ul, 0ul);
	/* So that a trace of the guest's CPUs tells it from others. */
	prctl(PR_SET_NAME, (unsigned long)"vfiobench-wake", 0ul, 0ul, 0ul);
	report_done(t);
	for (;;) {
		uint64_t before_ns;

		while (sem_wait(&t->go) < 0)
			;
		if (t->plan.n_expected == 0)
			break;
		before_ns = thread_cpu_time_ns();
		t->error = wake_loop_run(t->crew->time, &t->plan, &t->crew->stop, t->series);
		t->cpu_time_ns = thread_cpu_time_ns() - before_ns;
		report_done(t);
	}
	if (t->series)
		munmap(t->series, sizeof(*t->series));
	return NULL;
}

void wake_crew_init(struct wake_crew *crew, const struct timebase *time)
{
	memset(crew, 0, sizeof(*crew));
	crew->time = time;
	crew->owner = pthread_self();
}

int wake_crew_add(struct wake_crew *crew, unsigned cpu)
{
	struct wake_thread **bigger = reallocarray(crew->threads, crew->n + 1, sizeof(*bigger));
	auto_free struct wake_thread *t = NULL;
	int r;

	if (!bigger)
		return -ENOMEM;
	crew->threads = bigger;
	t = aligned_alloc(128, (sizeof(*t) + 127) / 128 * 128);
	if (!t)
		return -ENOMEM;
	memset(t, 0, sizeof(*t));
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

/*
 * Sleeps until no thread is busy. asked: was the probe asked to end? Threads see crew->stop at
 * their next deadline.
 */
static int wait_until_done(struct wake_crew *crew, uint64_t limit_ns)
{
	bool is_asked = false;

	while (atomic_load(&crew->n_busy) > 0) {
		switch (stop_wait(crew->time, limit_ns)) {
		case STOP_NUDGED:
			break;
		case STOP_ASKED:
			if (!is_asked)
				limit_ns = timebase_now(crew->time) + GRACE_ASKED_NS;
			is_asked = true;
			atomic_store(&crew->stop, true);
			break;
		case STOP_TIME:
			atomic_store(&crew->stop, true);
			crew->is_stuck = atomic_load(&crew->n_busy) > 0;
			return crew->is_stuck ? -ETIMEDOUT : 0;
		}
	}
	return is_asked ? -EINTR : 0;
}

static int set_policy(struct wake_crew *crew, int policy, int priority)
{
	const struct sched_param param = { .sched_priority = priority };

	for (size_t i = 0; i < crew->n; i++) {
		if (sched_setscheduler(crew->threads[i]->tid, policy, &param) < 0)
			return neg_errno();
	}
	return 0;
}

int wake_crew_set_fifo(struct wake_crew *crew, int priority)
{
	int r = wait_until_done(crew, timebase_now(crew->time) + GRACE_NS);

	for (size_t i = 0; r == 0 && i < crew->n; i++)
		r = crew->threads[i]->error;
	if (r < 0)
		return r;
	r = set_policy(crew, SCHED_FIFO, priority);
	if (r < 0 && set_policy(crew, SCHED_OTHER, 0) < 0)
		return -EPERM;
	return r;
}

int wake_crew_run(struct wake_crew *crew, uint64_t interval_ns, uint64_t n_expected, uint64_t rep)
{
	const uint64_t start_ns = timebase_now(crew->time) + LEAD_NS;
	const uint64_t limit_ns = start_ns + (n_expected + 2) * interval_ns + GRACE_NS;
	/* The phase counts from whole intervals of the clock, as the tick of the kernel does. */
	const uint64_t whole_ns = (start_ns / interval_ns + 1) * interval_ns;

	atomic_store(&crew->n_busy, crew->n);
	for (size_t i = 0; i < crew->n; i++) {
		struct wake_thread *t = crew->threads[i];

		t->plan.start_ns = whole_ns + wake_phase_ns(interval_ns, rep, i, crew->n);
		t->plan.interval_ns = interval_ns;
		t->plan.n_expected = n_expected;
		atomic_store(&t->is_done, false);
		sem_post(&t->go);
	}
	return wait_until_done(crew, limit_ns);
}

struct wake_result wake_crew_result(const struct wake_crew *crew, size_t i)
{
	const struct wake_thread *t = crew->threads[i];
	struct wake_result result = { .cpu = t->cpu };

	if (!atomic_load(&t->is_done))
		return result;
	result.is_done = true;
	result.series = t->series;
	result.cpu_time_ns = t->cpu_time_ns;
	result.error = t->error;
	return result;
}

void wake_crew_release(struct wake_crew *crew)
{
	if (crew->is_stuck)
		return;
	for (size_t i = 0; i < crew->n; i++) {
		struct wake_thread *t = crew->threads[i];

		t->plan.n_expected = 0;
		sem_post(&t->go);
		pthread_join(t->id, NULL);
		sem_destroy(&t->go);
		free(t);
	}
	free(crew->threads);
}
