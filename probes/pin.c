/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/pin.h"

#include <sched.h>

/*
 * The kernel takes the mask as words of unsigned long, lowest CPU first; on 64-bit machines that is
 * what struct cpus holds.
 */
static cpu_set_t *mask_of(struct cpus *set)
{
	return (cpu_set_t *)(void *)set->word;
}

int pin_get(pid_t tid, struct cpus *ret_set)
{
	struct cpus set = { 0 };

	if (sched_getaffinity(tid, sizeof(set), mask_of(&set)) < 0)
		return neg_errno();
	*ret_set = set;
	return 0;
}

int pin_self(const struct cpus *set)
{
	struct cpus copy = *set;

	return sched_setaffinity(0, sizeof(copy), mask_of(&copy)) < 0 ? neg_errno() : 0;
}

bool pin_may(unsigned cpu)
{
	struct cpus before, there = { 0 };

	cpus_add(&there, cpu);
	if (cpus_is_empty(&there) || pin_get(0, &before) < 0 || pin_self(&there) < 0)
		return false;
	return pin_self(&before) == 0;
}

int pin_off(const struct cpus *avoid, const struct cpus *online)
{
	struct cpus allowed = { 0 }, rest;
	int r = pin_get(0, &allowed);

	if (r < 0)
		return r;
	rest = cpus_minus(&allowed, avoid);
	if (!cpus_is_empty(&rest))
		return pin_self(&rest);
	rest = cpus_minus(online, avoid);
	if (cpus_is_empty(&rest))
		return -ENOSPC;
	r = pin_self(&rest);
	return r == -EINVAL ? -ENOSPC : r;
}

int pin_thread_new(unsigned cpu, size_t stack_size, void *(*fn)(void *arg), void *arg,
		   pthread_t *ret_thread)
{
	struct cpus set = { 0 };
	pthread_attr_t attr;
	int e;

	cpus_add(&set, cpu);
	if (cpus_is_empty(&set))
		return -EINVAL;
	e = pthread_attr_init(&attr);
	if (e != 0)
		return -e;
	if (stack_size != 0)
		e = pthread_attr_setstacksize(&attr, stack_size);
	if (e == 0)
		e = pthread_attr_setaffinity_np(&attr, sizeof(set), mask_of(&set));
	if (e == 0)
		e = pthread_create(ret_thread, &attr, fn, arg);
	pthread_attr_destroy(&attr);
	return -e;
}
