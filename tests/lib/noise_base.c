/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <ctype.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>

#include "tests/lib/noise.h"

int noise_pin(unsigned cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	return sched_setaffinity(0, sizeof(set), &set) ? neg_errno() : 0;
}

int noise_become(const char *name, unsigned cpu)
{
	if (prctl(PR_SET_NAME, name))
		return neg_errno();
	return noise_pin(cpu);
}

int noise_become_fifo(const char *name, unsigned cpu)
{
	const struct sched_param param = { .sched_priority = 50 };

	if (sched_setscheduler(0, SCHED_FIFO, &param))
		return neg_errno();
	return noise_become(name, cpu);
}

static uint64_t clock_ns(clockid_t id)
{
	struct timespec t = { 0 };

	clock_gettime(id, &t);
	return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

uint64_t noise_now_ns(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

uint64_t noise_used_ns(void)
{
	return clock_ns(CLOCK_THREAD_CPUTIME_ID);
}

void noise_sleep_until(uint64_t t_ns)
{
	const struct timespec t = { (time_t)(t_ns / NS_PER_S), (long)(t_ns % NS_PER_S) };

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) == EINTR)
		;
}

int noise_thread(pid_t tid, struct noise_amount *ret_amount)
{
	auto_free char *path = NULL;
	auto_file FILE *f = NULL;

	if (asprintf(&path, "/proc/%d/schedstat", tid) < 0)
		return -ENOMEM;
	f = fopen(path, "re");
	if (!f)
		return neg_errno();
	if (fscanf(f, "%" SCNu64 " %*u %" SCNu64, &ret_amount->ns, &ret_amount->n) != 2)
		return -EINVAL;
	return 0;
}

int noise_write(const char *path, const char *text)
{
	auto_fd int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		return neg_errno();
	return 0;
}

int noise_number(const char *text, uint64_t *ret_n)
{
	char *end;

	if (!text || !isdigit((unsigned char)*text))
		return -EINVAL;
	*ret_n = strtoull(text, &end, 10);
	return *end ? -EINVAL : 0;
}
