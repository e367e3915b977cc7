/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <assert.h>

#include "probes/trace/pairs.h"
#include "probes/trace/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct trace_text *t)
{
	const struct trace_text_stats *s = trace_text_stats(t);
	uint64_t n = 0, n_events = 0, n_named = 0;

	for (size_t i = 0; i < N_TRACE_LINE_CLASSES; i++)
		n += s->n_of_class[i];
	assert(n == s->n_lines);
	for (size_t i = 0; i < N_TRACE_LINE_FORMATS; i++)
		n_events += s->n_of_format[i];
	assert(n_events == s->n_of_class[TRACE_LINE_EVENT]);
	for (size_t i = 0; trace_text_name(t, i, &n); i++)
		n_named += n;
	assert(n_named + s->n_unnamed == n_events);
}

static void read_all(FILE *in, struct trace_text_options options, const struct cpus *traced)
{
	auto_trace_pairs struct trace_pairs pairs = { 0 };
	auto_trace_text struct trace_text *text = NULL;
	struct trace_event e;

	rewind(in);
	if (trace_text_new(in, options, &text) < 0 || trace_pairs_init(&pairs, traced) < 0)
		return;
	while (trace_text_source(text)->next(trace_text_source(text), &e) > 0) {
		assert(e.cpu >= -1 && e.cpu < (int)CPUS_MAX && e.pid >= -1);
		assert(e.kind < N_TRACE_KINDS);
		assert(options.wants_all || (e.kind != TRACE_OTHER && e.t_ns != UINT64_MAX));
		if (trace_pairs_add(&pairs, &e) < 0)
			return;
	}
	check(text);
	assert(pairs.sched.top.n <= PAIRS_TOP);
}

/* Pasted traces, through the reader and the pairs. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_file FILE *in = fmemopen((void *)(uintptr_t)data, size, "r");
	struct trace_text_stats scan;

	if (!in || trace_text_scan(in, &scan) < 0)
		return 0;
	read_all(in, (struct trace_text_options){ .is_shifted = trace_text_is_shifted(&scan) },
		 &scan.switch_cpus);
	read_all(in, (struct trace_text_options){ .wants_all = true }, NULL);
	return 0;
}
