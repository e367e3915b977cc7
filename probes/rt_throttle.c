/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/rt_throttle.h"

#include <inttypes.h>
#include <sched.h>

#include "probes/pin.h"

#define RUNTIME_PATH "/proc/sys/kernel/sched_rt_runtime_us"
#define PERIOD_PATH  "/proc/sys/kernel/sched_rt_period_us"

/* -1: no limit. */
static int read_runtime_us(const struct sysroot *root, int64_t *ret_us)
{
	auto_free char *line = NULL;
	int r = sysroot_read_line(root, &line, RUNTIME_PATH);

	return r < 0 ? r : text_i64(text_of(line), ret_us);
}

static bool is_realtime_on(pid_t tid, const struct cpus *measured)
{
	const int policy = sched_getscheduler(tid);
	struct cpus set;

	if (policy != SCHED_FIFO && policy != SCHED_RR)
		return false;
	return pin_get(tid, &set) == 0 && cpus_intersects(&set, measured);
}

/* Real-time threads of the guest on these CPUs; 0 too when the guest is gone. */
static uint64_t count_threads(const struct probe_env *env, const struct cpus *measured,
			      pid_t *ret_tid)
{
	char **names = NULL;
	size_t n_names = 0;
	uint64_t n = 0, tid;

	if (sysroot_list(env->root, &names, &n_names, "/proc/%d/task", (int)env->guest_pid) < 0)
		return 0;
	for (size_t i = 0; i < n_names; i++) {
		if (text_u64(text_of(names[i]), &tid) < 0 || tid > INT32_MAX ||
		    !is_realtime_on((pid_t)tid, measured))
			continue;
		if (n++ == 0)
			*ret_tid = (pid_t)tid;
	}
	names_free(names, n_names);
	return n;
}

int rt_throttle_check(struct probe_env *env, const struct cpus *measured, const char *field)
{
	int64_t runtime_us = 0;
	uint64_t period_us = 0, n;
	pid_t tid = 0;

	if (env->guest_pid == 0)
		return 0;
	n = count_threads(env, measured, &tid);
	if (n == 0)
		return 0;
	if (read_runtime_us(env->root, &runtime_us) < 0 ||
	    sysroot_read_u64(env->root, &period_us, PERIOD_PATH) < 0)
		return probe_gap_words(env, field, RUNTIME_PATH,
				       "%" PRIu64
				       " real-time threads of the guest (first %d) are on "
				       "the measured CPUs, and whether the kernel limits them is "
				       "not known",
				       n, (int)tid);
	if (runtime_us < 0 || (uint64_t)runtime_us >= period_us)
		return 0;
	return probe_gap_words(
		env, field, RUNTIME_PATH,
		"%" PRIu64 " real-time threads of the guest (first %d) are on the "
		"measured CPUs: waits of up to %" PRIu64 " us can be the kernel's limit "
		"of %" PRId64 " us in %" PRIu64 " us",
		n, (int)tid, period_us - (uint64_t)runtime_us, runtime_us, period_us);
}
