/* SPDX-License-Identifier: GPL-2.0-or-later */
/* recording_text.c - a recording that is text: two passes over it. */
#include <inttypes.h>

#include "probes/trace/recording_parts.h"
#include "probes/trace/text.h"

static const char *format_of(const struct trace_text_stats *s)
{
	static const char *const names[N_TRACE_LINE_FORMATS] = {
		[TRACE_FORMAT_FTRACE] = "ftrace",
		[TRACE_FORMAT_DUMP] = "ftrace",
		[TRACE_FORMAT_PERF] = "perf script",
		[TRACE_FORMAT_PERF_NO_CPU] = "perf script",
		[TRACE_FORMAT_PERF_NO_TASK] = "perf script",
	};
	size_t most = 0;

	for (size_t i = 1; i < N_TRACE_LINE_FORMATS; i++) {
		if (s->n_of_format[i] > s->n_of_format[most])
			most = i;
	}
	/* The first line of trace-cmd report says how many CPUs there are. */
	if (most == TRACE_FORMAT_FTRACE && s->n_of_class[TRACE_LINE_HEADER])
		return "trace-cmd report";
	return names[most] ? names[most] : "text";
}

static int find_members(struct recording *r, struct trace_text_stats *ret_stats)
{
	const struct trace_text_options all = { .wants_all = true };
	auto_trace_text struct trace_text *t = NULL;
	struct trace_event e;
	int error = trace_text_new(r->in, all, &t);

	while (error >= 0 && (error = trace_text_source(t)->next(trace_text_source(t), &e)) > 0)
		error = member_finder_event(&r->found, &e);
	if (error >= 0)
		*ret_stats = *trace_text_stats(t);
	return error;
}

static void add_notes(struct recording *r, const struct trace_text_stats *s)
{
	uint64_t n_unread = 0;

	for (size_t i = 0; i < N_TRACE_KINDS; i++)
		n_unread += s->n_unread[i];
	if (s->n_of_class[TRACE_LINE_OTHER])
		recording_add_note(r, "n_events", "%" PRIu64 " lines are no events",
				   s->n_of_class[TRACE_LINE_OTHER]);
	if (n_unread)
		recording_add_note(r, "n_events",
				   "%" PRIu64 " events are cut off or of a form "
				   "that is not known",
				   n_unread);
	if (s->n_too_long)
		recording_add_note(r, "n_events", "%" PRIu64 " lines are too long", s->n_too_long);
	if (r->found.n_unplaced)
		recording_add_note(r, "n_events", "%" PRIu64 " events tell no CPU or no time",
				   r->found.n_unplaced);
	if (s->n_backwards_cpu)
		recording_add_note(r, "window_ns",
				   "%" PRIu64 " times of events run back on their CPU: the text is "
				   "not in order, or of several recordings",
				   s->n_backwards_cpu);
	if (s->res_ns > 1)
		recording_add_note(r, "window_ns", "times have steps of %" PRIu64 " ns", s->res_ns);
	if (trace_text_is_shifted(s))
		recording_add_note(r, "vcpus",
				   "its kernel prints the states of tasks one letter "
				   "too far; this is undone");
}

static int check_events(const struct recording *r, const struct trace_text_stats *s, char **ret_why)
{
	if (!s->n_of_class[TRACE_LINE_EVENT])
		return recording_error(ret_why, -ENODATA,
				       "nothing in it is an event: expected a trace.dat, or the "
				       "text of ftrace, trace-cmd report or perf script");
	if (r->found.n_events != r->found.n_unplaced)
		return 0;
	if (cpus_is_empty(&s->cpus))
		return recording_error(ret_why, -ENODATA,
				       "its events do not say on which CPU they were: perf script "
				       "does with -F comm,tid,cpu,time,event,trace");
	return recording_error(ret_why, -ENODATA, "its events do not say when they were");
}

int recording_text_open(struct recording *r, char **ret_why)
{
	auto_free struct trace_text_stats *s = malloc(sizeof(*s));
	struct trace_text_options options = { 0 };
	int error = s ? find_members(r, s) : -ENOMEM;

	if (error == 0)
		error = check_events(r, s, ret_why);
	if (error < 0)
		return error;
	r->format = format_of(s);
	error = recording_settle(r, ret_why);
	if (error < 0)
		return error;
	add_notes(r, s);
	if (fseeko(r->in, 0, SEEK_SET) < 0)
		return neg_errno();
	options.is_shifted = trace_text_is_shifted(s);
	options.wants_all = !r->setup.has[TRACE_SWITCH];
	error = trace_text_new(r->in, options, &r->text);
	if (error == 0)
		r->source = trace_text_source(r->text);
	return error;
}

void recording_text_close(struct recording *r)
{
	trace_text_free(r->text);
	if (r->in)
		fclose(r->in);
}
