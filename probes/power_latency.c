/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * power_latency.c - the limit of wake-up latency of the whole machine, and who asks for it.
 *
 * Reading /dev/cpu_dma_latency gives the limit that holds: 32 bits, microseconds. Opening it adds a
 * request of PM_QOS_CPU_LATENCY_DEFAULT_VALUE, which is no limit and changes nothing, until it is
 * written to; we never write. Sources: Documentation/power/pm_qos_interface.rst,
 * cpu_latency_qos_open() and cpu_latency_qos_read() in kernel/power/qos.c.
 */
#include <fcntl.h>

#include "probes/power_parts.h"
#include "probes/processes.h"

#define DEVICE "/dev/cpu_dma_latency"

/* PM_QOS_CPU_LATENCY_DEFAULT_VALUE, in us. */
#define NO_LIMIT_US 2000000000

static int read_limit(const struct sysroot *root, int32_t *ret_us)
{
	auto_fd int fd = sysroot_open_file(root, O_RDONLY, DEVICE);
	int32_t us;
	ssize_t n;

	if (fd < 0)
		return fd;
	n = read(fd, &us, sizeof(us));
	if (n < 0)
		return neg_errno();
	if (n != (ssize_t)sizeof(us))
		return -EBADMSG;
	*ret_us = us;
	return 0;
}

/* -ENOMEM, 0: no, 1: yes. A process that has ended, or is not ours to look at, does not. */
static int holds_device(const struct sysroot *root, uint32_t pid)
{
	auto_processes struct processes fds = { 0 };
	auto_free char *dir = NULL;
	int r;

	if (asprintf(&dir, "/proc/%u/fd", pid) < 0)
		return -ENOMEM;
	r = processes_list(root, dir, &fds);
	for (size_t i = 0; r == 0 && i < fds.n; i++) {
		auto_free char *target = NULL;

		r = sysroot_readlink(root, &target, "%s/%u", dir, fds.pids[i]);
		if (r == 0 && text_equal(text_of(target), DEVICE))
			return 1;
		if (r != -ENOMEM)
			r = 0;
	}
	return r == -ENOMEM ? r : 0;
}

static int add_holder(struct probe_env *env, struct fact_list *holders, uint32_t pid)
{
	struct power_holder *holder = fact_add_item(holders, env->arena, sizeof(*holder));
	auto_free char *comm = NULL;
	int r;

	if (!holder)
		return -ENOMEM;
	fact_set_u64(&holder->pid, pid);
	r = sysroot_read_line(env->root, &comm, "/proc/%u/comm", pid);
	if (r < 0)
		return r == -ENOMEM ? r : 0;
	return fact_set_str(&holder->comm, env->arena, comm);
}

/* Looks at every open file of every process, so only where there is a limit. */
static int find_holders(struct probe_env *env, struct fact_list *holders)
{
	auto_processes struct processes list = { 0 };
	int r = processes_list(env->root, "/proc", &list);

	if (r < 0)
		return r == -ENOMEM ? r : probe_gap(env, "holders", "/proc", r);
	holders->known = true;
	for (size_t i = 0; r == 0 && i < list.n; i++) {
		r = holds_device(env->root, list.pids[i]);
		if (r == 1)
			r = add_holder(env, holders, list.pids[i]);
	}
	if (r == 0 && list.is_partial)
		r = probe_gap_words(env, "holders", "/proc", "processes of other users are hidden");
	return r;
}

int power_read_latency(struct probe_env *env, struct power_facts *f)
{
	int32_t us = 0;
	int r;

	if (!env->root->is_whole)
		return probe_gap_words(env, "dma_latency_us", DEVICE,
				       "only a running host tells: this is a captured tree");
	r = read_limit(env->root, &us);
	if (r < 0) {
		r = probe_gap(env, "dma_latency_us", DEVICE, r);
		return r < 0 ? r
			     : probe_gap_words(env, "holders", DEVICE, "its value is not known");
	}
	if (us >= NO_LIMIT_US) {
		f->holders.known = true;
		return 0;
	}
	fact_set_i64(&f->dma_latency_us, us);
	return find_holders(env, &f->holders);
}
