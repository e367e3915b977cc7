/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tracer_steal.c - time that a hypervisor below took, as /proc/stat counts it; documented in
 * tracer_parts.h. Source: Documentation/filesystems/proc.rst, "steal".
 */
#include <string.h>

#include "probes/parse/cpu_times.h"
#include "probes/parse/tasks.h"
#include "probes/trace/tracer_parts.h"

#define TICK_NS (NS_PER_S / TASK_TICKS_PER_S)

/* 0, -ENOMEM; where it cannot be read nothing is counted. */
static int read_ticks(struct tracer *t, uint64_t *ret_ticks, bool *ret_has)
{
	auto_free char *text = NULL;
	struct cpu_times times;
	struct text rest;
	size_t len;
	int r = sysroot_read(t->options.root, &text, &len, "/proc/stat");

	*ret_has = r == 0;
	if (r < 0)
		return r == -ENOMEM ? r : 0;
	rest = text_make(text, len);
	while (cpu_times_next(&rest, &times)) {
		if (times.cpu < CPUS_MAX)
			ret_ticks[times.cpu] = times.steal;
	}
	return 0;
}

int tracer_steal_begin(struct tracer *t)
{
	if (!t->steal.ticks)
		t->steal.ticks = calloc(CPUS_MAX, sizeof(*t->steal.ticks));
	return t->steal.ticks ? read_ticks(t, t->steal.ticks, &t->steal.has_read) : -ENOMEM;
}

int tracer_steal_put(struct tracer *t)
{
	auto_free uint64_t *now = calloc(CPUS_MAX, sizeof(*now));
	bool has_read;
	int r;

	if (!now || !t->steal.ticks)
		return -ENOMEM;
	memcpy(now, t->steal.ticks, CPUS_MAX * sizeof(*now));
	r = read_ticks(t, now, &has_read);
	if (r < 0)
		return r;
	for (int c = cpus_next(&t->traced, 0); t->steal.has_read && has_read && c >= 0;
	     c = cpus_next(&t->traced, (unsigned)c + 1)) {
		const uint64_t before = t->steal.ticks[c];

		/* The counter has been seen to step back by a tick on some kernels. */
		if (now[c] > before)
			trace_machine_add_steal(t->machine, (unsigned)c, now[c] - before,
						(now[c] - before) * TICK_NS);
	}
	memcpy(t->steal.ticks, now, CPUS_MAX * sizeof(*now));
	t->steal.has_read = has_read;
	return 0;
}
