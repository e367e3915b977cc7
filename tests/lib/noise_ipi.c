/* SPDX-License-Identifier: GPL-2.0-or-later */
/* noise_ipi.c - interrupts from one CPU to another. */
#include <linux/membarrier.h>
#include <linux/perf_event.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "tests/lib/noise.h"

enum { PACE_US = 200 };

/* A counter of one CPU is read there: by an interrupt, unless the reader is there itself. */
int noise_call(const struct noise *noise, struct noise_amount *ret_amount)
{
	struct perf_event_attr attr = { .type = PERF_TYPE_SOFTWARE,
					.size = sizeof(attr),
					.config = PERF_COUNT_SW_DUMMY };
	auto_fd int fd =
		(int)syscall(SYS_perf_event_open, &attr, -1, noise->cpu, -1, PERF_FLAG_FD_CLOEXEC);
	const uint64_t start_ns = noise_now_ns();
	uint64_t now_ns = start_ns, value, n = 0;

	if (fd < 0)
		return neg_errno();
	while (now_ns - start_ns < noise->duration_ns) {
		if (read(fd, &value, sizeof(value)) != sizeof(value))
			return neg_errno();
		n++;
		noise_sleep_until(now_ns + PACE_US * NS_PER_US);
		now_ns = noise_now_ns();
	}
	*ret_amount = (struct noise_amount){ UINT64_MAX, n };
	return 0;
}

/* A thread there that shares our memory: only where such a thread runs an interrupt is needed. */
struct other {
	const struct noise *noise;
	const char *name;
	volatile char *page;
	_Atomic bool is_there, is_over;
	uint64_t used_ns;
	int r;
};

static void *run_other(void *arg)
{
	struct other *o = arg;
	uint64_t used_ns;

	o->r = noise_become(o->name, o->noise->cpu);
	used_ns = noise_used_ns();
	o->is_there = true;
	while (o->r >= 0 && !o->is_over)
		(void)*o->page;
	o->used_ns = noise_used_ns() - used_ns;
	return NULL;
}

static int use_barrier(struct other *o)
{
	(void)o;
	return syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0) ? neg_errno() : 0;
}

static int use_page(struct other *o)
{
	char *page = (char *)o->page;

	/* Less is allowed: no CPU may go on by its old translation. */
	if (mprotect(page, 1, PROT_READ | PROT_WRITE))
		return neg_errno();
	*page = 1;
	return mprotect(page, 1, PROT_READ) ? neg_errno() : 0;
}

static int storm(struct other *o, int (*use)(struct other *o))
{
	const uint64_t start_ns = noise_now_ns();
	uint64_t now_ns = start_ns;
	int r = 0;

	while (r >= 0 && now_ns - start_ns < o->noise->duration_ns) {
		r = use(o);
		noise_sleep_until(now_ns + PACE_US * NS_PER_US);
		now_ns = noise_now_ns();
	}
	return r;
}

static int against_thread(const struct noise *noise, const char *name, int (*use)(struct other *o),
			  struct noise_amount *ret_amount)
{
	struct other o = { .noise = noise, .name = name };
	pthread_t thread;
	void *page;
	int r;

	if (syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0))
		return neg_errno();
	page = mmap(NULL, 1, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (page == MAP_FAILED)
		return neg_errno();
	o.page = page;
	r = -pthread_create(&thread, NULL, run_other, &o);
	if (r < 0)
		return r;
	while (!o.is_there)
		noise_sleep_until(noise_now_ns() + NS_PER_MS);
	r = storm(&o, use);
	o.is_over = true;
	pthread_join(thread, NULL);
	if (r >= 0)
		r = o.r;
	if (r >= 0)
		*ret_amount = (struct noise_amount){ o.used_ns, UINT64_MAX };
	return r;
}

int noise_barrier(const struct noise *noise, struct noise_amount *ret_amount)
{
	return against_thread(noise, "noise-barrier", use_barrier, ret_amount);
}

int noise_tlb(const struct noise *noise, struct noise_amount *ret_amount)
{
	return against_thread(noise, "noise-tlb", use_page, ret_amount);
}
