/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pin.h - CPUs that threads of a timed probe may run on: sched_setaffinity(2) for struct cpus.
 *
 * Nothing of a probe but its measuring threads may run on a measured CPU. cyclictest gets that
 * wrong unless told: its main thread follows the measuring ones.
 */
#ifndef PROBES_PIN_H
#define PROBES_PIN_H

#include <pthread.h>
#include <sys/types.h>

#include "core/cpus.h"

/* CPUs a thread may run on; tid 0: the caller. -ESRCH: it is gone. */
int pin_get(pid_t tid, struct cpus *ret_set) MUST_CHECK;
/* Moves the caller. -EINVAL: no CPU of the set is online and in its cpuset. */
int pin_self(const struct cpus *set) MUST_CHECK;
/*
 * Whether a thread of the caller can be put on this CPU: it is online and in the cpuset. What the
 * caller may run on now does not matter. Tried by going there and back.
 */
bool pin_may(unsigned cpu);
/*
 * Moves the caller off these CPUs: to the others it may run on now, else to the others that are
 * online. -ENOSPC: there is no other CPU, and it stays where it is.
 */
int pin_off(const struct cpus *avoid, const struct cpus *online) MUST_CHECK;
/*
 * A thread that starts on this CPU and is on no other before. -EINVAL: the CPU is offline or
 * outside of the caller's cpuset. stack_size: bytes, 0 for the default.
 */
int pin_thread_new(unsigned cpu, size_t stack_size, void *(*fn)(void *arg), void *arg,
		   pthread_t *ret_thread) MUST_CHECK;

#endif
