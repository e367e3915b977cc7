/* SPDX-License-Identifier: GPL-2.0-or-later */
/* log - typed lines of the kernel's log; the table of kinds is in parse/klog_lines.c. */
#include "facts/log.h"

#include <string.h>

#include "probes/parse/klog_lines.h"
#include "probes/parse/personal.h"
#include "probes/probe.h"

/* The different values of an event, one after the other. */
static int set_values(struct probe_env *env, struct fact_str *f, const struct klog_event *e)
{
	const char *all = NULL;

	for (size_t i = 0; i < e->n_values; i++) {
		const char *value = personal_hide(env->arena, e->values[i]);

		if (!value)
			return -ENOMEM;
		all = all ? arena_printf(env->arena, "%s, %s", all, value) : value;
		if (!all)
			return -ENOMEM;
	}
	return fact_set_str(f, env->arena, all);
}

static int add_event(struct probe_env *env, struct log_facts *f, const struct klog_event *e)
{
	struct log_event *event = fact_add_item(&f->events, env->arena, sizeof(*event));
	int r;

	if (!event)
		return -ENOMEM;
	fact_set_u64(&event->n, e->n);
	if (e->has_time) {
		fact_set_u64(&event->first_us, e->first_us);
		fact_set_u64(&event->last_us, e->last_us);
	}
	r = fact_set_str(&event->kind, env->arena, e->kind);
	if (r == 0 && *e->device)
		r = fact_set_str(&event->device, env->arena, e->device);
	if (r == 0)
		r = set_values(env, &event->value, e);
	if (r == 0)
		r = fact_set_str(&event->text, env->arena, personal_hide(env->arena, e->line));
	return r;
}

static int measure(struct probe_env *env, void *facts)
{
	struct log_facts *f = facts;
	struct klog_lines *lines = arena_alloc(env->arena, sizeof(*lines));
	struct text log;
	int r;

	if (!lines)
		return -ENOMEM;
	r = probe_kernel_log(env, &log, "events");
	if (r < 0 || !log.at)
		return r;
	klog_lines_parse(log, lines);
	fact_set_bool(&f->is_complete, lines->is_complete);
	f->events.known = true;
	for (size_t i = 0; r == 0 && i < lines->n_events; i++)
		r = add_event(env, f, &lines->events[i]);
	return r;
}

int main(int argc, char **argv)
{
	return probe_main(argc, argv, "log", measure);
}
