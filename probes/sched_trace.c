/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sched_trace.c - the preemption model, and tracing that someone left on.
 * Sources: Documentation/trace/{ftrace,events,kprobes}.rst; sched/preempt: kernel/sched/debug.c.
 */
#include "probes/parse/choice.h"
#include "probes/sched_parts.h"

/* Not the old place below debugfs: looking there would mount it. */
#define TRACEFS "/sys/kernel/tracing"
#define DEBUGFS "/sys/kernel/debug"

/* Only kernels with PREEMPT_DYNAMIC have the file; others are told by their configuration. */
static int read_preempt(struct probe_env *env, struct fact_str *f)
{
	static const char path[] = DEBUGFS "/sched/preempt", field[] = "preempt";
	struct text text, word;
	int r = probe_read_text(env, &text, field, path);

	if (r < 0 || !text.at)
		return r;
	if (!choice_parse(text, &word))
		return probe_gap_words(env, field, path, "names no model in brackets");
	return fact_set_text(f, env->arena, word);
}

/* Lines that are not empty and do not hold the words. */
static int count_lines(struct probe_env *env, struct fact_u64 *f, const char *field,
		       const char *path, const char *without)
{
	struct text text, line;
	uint64_t n = 0;
	int r = probe_read_text(env, &text, field, path);

	if (r < 0 || !text.at)
		return r;
	while (text_next_line(&text, &line)) {
		line = text_trim(line);
		n += line.len && !(without && text_find(line, without));
	}
	fact_set_u64(f, n);
	return 0;
}

int sched_read_trace(struct probe_env *env, struct sched_facts *f)
{
	int r = read_preempt(env, &f->preempt);

	if (r == 0)
		r = probe_read_str(env, &f->tracer, "tracer", TRACEFS "/current_tracer");
	if (r == 0)
		r = count_lines(env, &f->n_trace_events, "n_trace_events", TRACEFS "/set_event",
				NULL);
	return r < 0 ? r
		     : count_lines(env, &f->n_kprobes, "n_kprobes", DEBUGFS "/kprobes/list",
				   "[DISABLED]");
}
