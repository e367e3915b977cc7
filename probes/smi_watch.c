/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/smi_watch.h"

#include <string.h>

#include "facts/gap.h"
#include "probes/smi.h"

struct smi_counter {
	unsigned cpu;
	int fd;
	uint64_t n_before;
};

static int no_counter(struct probe_env *env, unsigned cpu, int error)
{
	return probe_gap_words(env, "smis", "perf_event_open(2)", "CPU %u: %s", cpu,
			       strerror(-error));
}

static int add_counter(struct smi_watch *w, struct probe_env *env, const struct smi_event *event,
		       unsigned cpu)
{
	struct smi_counter c = { .cpu = cpu, .fd = smi_open(event, cpu) };
	int r = c.fd < 0 ? c.fd : smi_read(c.fd, &c.n_before);

	if (r < 0) {
		if (c.fd >= 0)
			close(c.fd);
		return no_counter(env, cpu, r);
	}
	w->counters[w->n++] = c;
	return 0;
}

int smi_watch_begin(struct smi_watch *w, struct probe_env *env, const struct cpus *cpus)
{
	struct smi_event event;
	int r = smi_event_find(env->root, &event);

	if (r == -ENOENT)
		return probe_gap_words(env, "smis", "/sys/bus/event_source/devices/msr/events/smi",
				       "this processor has no counter of them that the kernel "
				       "knows");
	if (r < 0)
		return probe_gap(env, "smis", "/sys/bus/event_source/devices/msr/events/smi", r);
	w->counters = calloc(cpus_count(cpus), sizeof(*w->counters));
	if (!w->counters)
		return -ENOMEM;
	for (int c = cpus_next(cpus, 0); r == 0 && c >= 0; c = cpus_next(cpus, (unsigned)c + 1))
		r = add_counter(w, env, &event, (unsigned)c);
	return r;
}

int smi_watch_end(struct smi_watch *w, struct probe_env *env, struct fact_list *smis)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < w->n; i++) {
		const struct smi_counter *c = &w->counters[i];
		struct gap_smi *f;
		uint64_t n = 0;

		r = smi_read(c->fd, &n);
		if (r < 0) {
			r = no_counter(env, c->cpu, r);
			continue;
		}
		f = fact_add_item(smis, env->arena, sizeof(*f));
		if (!f)
			return -ENOMEM;
		fact_set_u64(&f->cpu, c->cpu);
		fact_set_u64(&f->n, n - c->n_before);
	}
	return r;
}

void smi_watch_release(struct smi_watch *w)
{
	for (size_t i = 0; i < w->n; i++)
		close(w->counters[i].fd);
	free(w->counters);
	*w = (struct smi_watch){ 0 };
}
