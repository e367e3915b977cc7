/* SPDX-License-Identifier: GPL-2.0-or-later */
/* noise_task.c - threads that take the CPU: all they use there is theirs. */
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "tests/lib/noise.h"

enum { BURST_MS = 5, PERIOD_MS = 100, SLEEP_US = 100 };

int noise_burner(const struct noise *noise, struct noise_amount *ret_amount)
{
	const int r = noise_become_fifo("noise-burner", noise->cpu);
	const uint64_t used_ns = noise_used_ns(), start_ns = noise_now_ns();
	uint64_t n = 0;

	if (r < 0)
		return r;
	while (noise_now_ns() - start_ns < noise->duration_ns) {
		const uint64_t end_ns = noise_used_ns() + BURST_MS * NS_PER_MS;

		while (noise_used_ns() < end_ns)
			;
		noise_sleep_until(start_ns + ++n * PERIOD_MS * NS_PER_MS);
	}
	*ret_amount = (struct noise_amount){ noise_used_ns() - used_ns, UINT64_MAX };
	return noise_pin(noise->host_cpu);
}

int noise_hog(const struct noise *noise, struct noise_amount *ret_amount)
{
	const int r = noise_become("noise-hog", noise->cpu);
	const uint64_t used_ns = noise_used_ns(), start_ns = noise_now_ns();

	if (r < 0)
		return r;
	while (noise_now_ns() - start_ns < noise->duration_ns)
		;
	*ret_amount = (struct noise_amount){ noise_used_ns() - used_ns, UINT64_MAX };
	return noise_pin(noise->host_cpu);
}

/*
 * No account of its time: the scheduler charges a thread that preempts from its wake-up on, in the
 * middle of the timer's interrupt (RQCF_REQ_SKIP in kernel/sched/core.c).
 */
int noise_sleeper(const struct noise *noise, struct noise_amount *ret_amount)
{
	const int r = noise_become_fifo("noise-sleeper", noise->cpu);
	const uint64_t start_ns = noise_now_ns();
	uint64_t now_ns = start_ns, n = 0;

	if (r < 0)
		return r;
	while (now_ns - start_ns < noise->duration_ns) {
		noise_sleep_until(now_ns + SLEEP_US * NS_PER_US);
		now_ns = noise_now_ns();
		n++;
	}
	*ret_amount = (struct noise_amount){ UINT64_MAX, n };
	return noise_pin(noise->host_cpu);
}

int noise_files(const struct noise *noise, struct noise_amount *ret_amount)
{
	const int r = noise_become("noise-files", noise->cpu);
	const uint64_t used_ns = noise_used_ns(), start_ns = noise_now_ns();

	if (r < 0)
		return r;
	while (noise_now_ns() - start_ns < noise->duration_ns) {
		for (int i = 0; i < 64; i++) {
			auto_fd int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

			if (fd < 0)
				return neg_errno();
		}
		noise_sleep_until(noise_now_ns() + NS_PER_MS);
	}
	*ret_amount = (struct noise_amount){ noise_used_ns() - used_ns, UINT64_MAX };
	return noise_pin(noise->host_cpu);
}

/* A receive with a limit of time has a timer of the wheel. */
int noise_timers(const struct noise *noise, struct noise_amount *ret_amount)
{
	const struct timeval limit = { .tv_usec = 1000 };
	auto_fd int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	const uint64_t start_ns = noise_now_ns();
	uint64_t n = 0;
	char byte;
	int r;

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)))
		return neg_errno();
	r = noise_become("noise-timers", noise->cpu);
	for (; r >= 0 && noise_now_ns() - start_ns < noise->duration_ns; n++) {
		if (recv(fd, &byte, sizeof(byte), 0) < 0 && errno != EAGAIN)
			r = neg_errno();
	}
	if (r < 0)
		return r;
	*ret_amount = (struct noise_amount){ UINT64_MAX, n };
	return noise_pin(noise->host_cpu);
}

static void compact(const struct noise *noise)
{
	int r = noise_become("noise-compact", noise->cpu);

	while (r >= 0)
		r = noise_write("/proc/sys/vm/compact_memory", "1");
	_exit(1);
}

/* One round takes as long as it takes: a child, so that it can be ended in the middle. */
int noise_compact(const struct noise *noise, struct noise_amount *ret_amount)
{
	const uint64_t start_ns = noise_now_ns();
	const pid_t pid = fork();
	siginfo_t info;
	struct noise_amount used;
	int r;

	if (pid < 0)
		return neg_errno();
	if (!pid)
		compact(noise);
	noise_sleep_until(start_ns + noise->duration_ns);
	kill(pid, SIGKILL);
	if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT))
		return neg_errno();
	/* What is left of it still tells. */
	r = noise_thread(pid, &used);
	waitpid(pid, NULL, 0);
	if (info.si_code != CLD_KILLED)
		return -ECHILD;
	if (r >= 0)
		*ret_amount = (struct noise_amount){ used.ns, UINT64_MAX };
	return r;
}
