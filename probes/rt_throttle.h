/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rt_throttle.h - can the kernel's limit for real-time tasks be in what the wake probe measures?
 *
 * sched_rt_runtime_us of every sched_rt_period_us (950 ms of 1 s unless changed) is what real-time
 * tasks of a CPU may use together; beyond it none of them runs until the period is over, whatever
 * its priority. Source: Documentation/scheduler/sched-rt-group.rst.
 *
 * The probe sleeps nearly all the time, so alone it cannot come near the limit, at any priority.
 * What can is another real-time thread that spins on the same CPU, and on a host of guests that is
 * a vCPU under SCHED_FIFO or SCHED_RR: it uses up the budget, and the probe is held back with it,
 * up to 50 ms. Those waits are real, the guest has them too, but they are no latency of the timer.
 */
#ifndef PROBES_RT_THROTTLE_H
#define PROBES_RT_THROTTLE_H

#include "probes/probe.h"

/* Notes a gap when threads of env->guest_pid could throttle these CPUs. 0 or -ENOMEM. */
int rt_throttle_check(struct probe_env *env, const struct cpus *measured,
		      const char *field) MUST_CHECK;

#endif
