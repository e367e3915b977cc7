/* SPDX-License-Identifier: GPL-2.0-or-later */
/* trace.h - events of a text in memory, for tests. */
#ifndef TESTS_LIB_TRACE_H
#define TESTS_LIB_TRACE_H

#include "probes/trace/text.h"
#include "tests/lib/check.h"

/* A source over a text; the event points into it until the next one. */
struct reader {
	FILE *in;
	struct trace_text *text;
};

static inline struct reader reader_of(const char *all, size_t n, struct trace_text_options options)
{
	struct reader r = { .in = fmemopen((void *)(uintptr_t)all, n, "r") };

	assert_non_null(r.in);
	assert_int_equal(trace_text_new(r.in, options, &r.text), 0);
	return r;
}

static inline int next(struct reader *r, struct trace_event *e)
{
	return trace_text_source(r->text)->next(trace_text_source(r->text), e);
}

static inline void reader_release(struct reader *r)
{
	trace_text_free(r->text);
	fclose(r->in);
}

#endif
