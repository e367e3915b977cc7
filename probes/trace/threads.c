/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/trace/threads.h"

#include <string.h>

#include "probes/trace/names.h"

#define N_SLOTS    (2 * THREADS_MAX)
#define SLOT_SHIFT 18 /* 32 - log2(N_SLOTS) */
/* How many are looked at for one that can be forgotten. */
#define HAND_MAX 64

_Static_assert(N_SLOTS == 1u << (32 - SLOT_SHIFT), "the hash takes all slots");

static uint32_t slot_of(int pid)
{
	/* Knuth's multiplicative hash: ids that follow each other spread. */
	return (uint32_t)pid * 2654435761u >> SLOT_SHIFT;
}

int threads_init(struct threads *t)
{
	*t = (struct threads){
		.pool = calloc(THREADS_MAX, sizeof(*t->pool)),
		.slot = calloc(N_SLOTS, sizeof(*t->slot)),
		.free = calloc(THREADS_MAX, sizeof(*t->free)),
		.n_free = THREADS_MAX,
	};
	if (!t->pool || !t->slot || !t->free) {
		threads_release(t);
		return -ENOMEM;
	}
	for (size_t i = 0; i < THREADS_MAX; i++)
		t->free[i] = (uint16_t)(THREADS_MAX - 1 - i);
	return 0;
}

void threads_release(struct threads *t)
{
	free(t->pool);
	free(t->slot);
	free(t->free);
	*t = (struct threads){ 0 };
}

struct thread *threads_find(const struct threads *t, int pid)
{
	for (uint32_t i = slot_of(pid); t->slot[i]; i = (i + 1) % N_SLOTS) {
		struct thread *thread = &t->pool[t->slot[i] - 1];

		if (thread->pid == pid)
			return thread;
	}
	return NULL;
}

/* Linear probing needs no gaps: who stands behind one and belongs before it moves up. */
static void close_gap(struct threads *t, uint32_t gap)
{
	for (uint32_t i = (gap + 1) % N_SLOTS; t->slot[i]; i = (i + 1) % N_SLOTS) {
		const uint32_t home = slot_of(t->pool[t->slot[i] - 1].pid);

		if ((i - home) % N_SLOTS < (i - gap) % N_SLOTS)
			continue;
		t->slot[gap] = t->slot[i];
		gap = i;
	}
	t->slot[gap] = 0;
}

void threads_forget(struct threads *t, struct thread *thread)
{
	const uint16_t number = (uint16_t)(thread - t->pool);
	uint32_t i = slot_of(thread->pid);

	while (t->slot[i] != number + 1)
		i = (i + 1) % N_SLOTS;
	close_gap(t, i);
	memset(thread, 0, sizeof(*thread));
	t->free[t->n_free++] = number;
}

static void forget_one(struct threads *t)
{
	for (unsigned i = 0; i < HAND_MAX; i++) {
		struct thread *thread = &t->pool[t->hand];

		t->hand = (t->hand + 1) % THREADS_MAX;
		if (thread->pid && !thread->is_held) {
			threads_forget(t, thread);
			return;
		}
	}
}

struct thread *threads_get(struct threads *t, int pid)
{
	struct thread *thread = threads_find(t, pid);
	uint32_t i = slot_of(pid);
	uint16_t number;

	if (thread)
		return thread;
	if (!t->n_free)
		forget_one(t);
	if (!t->n_free)
		return NULL;
	number = t->free[--t->n_free];
	thread = &t->pool[number];
	*thread = (struct thread){ .pid = pid,
				   .woken.cpu = -1,
				   .waker.cpu = -1,
				   .task_id = NAME_NONE,
				   .work_id = NAME_NONE,
				   .softirq_id = NAME_NONE };
	while (t->slot[i])
		i = (i + 1) % N_SLOTS;
	t->slot[i] = (uint16_t)(number + 1);
	return thread;
}

bool thread_rename(struct thread *thread, const char *comm)
{
	if (!comm || !*comm || !strcmp(comm, "<...>") ||
	    !strncmp(thread->comm, comm, THREAD_COMM_SIZE - 1))
		return false;
	memset(thread->comm, 0, sizeof(thread->comm));
	memcpy(thread->comm, comm, strnlen(comm, THREAD_COMM_SIZE - 1));
	return true;
}
