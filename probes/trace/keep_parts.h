/* SPDX-License-Identifier: GPL-2.0-or-later */
/* keep_parts.h - what the files that write a trace.dat share. */
#ifndef PROBES_TRACE_KEEP_PARTS_H
#define PROBES_TRACE_KEEP_PARTS_H

#include "core/text.h"
#include "probes/trace/index.h"
#include "probes/trace/keep.h"

static inline bool keep_is_stopped(const struct keep_source *s)
{
	return s->is_stopped && s->is_stopped(s->stop_arg);
}

struct keep_format { /* an events/SYSTEM/EVENT/format */
	char *system, *text;
	size_t len;
};

struct keep_formats {
	const char *folder; /* where tracefs is */
	char *header_page, *header_event;
	size_t header_page_len, header_event_len;
	size_t page_size;
	struct keep_format *v; /* by system */
	size_t n, n_ftrace;    /* those of the system "ftrace" come first */
};

enum { KEEP_NAME_SIZE = 16 /* TASK_COMM_LEN */ };

struct keep_function {
	uint64_t address;
	const char *name;
};

struct keep_content { /* what the events are and mention */
	struct cpus cpus;
	uint64_t n_events;
	uint64_t types[65536 / 64];
	struct trace_index pids;
	char (*names)[KEEP_NAME_SIZE]; /* by place in pids; "" not known */
	size_t n_names;
	struct kallsyms *symbols;
	struct trace_index addresses;
	struct keep_function *functions; /* by place in addresses */
	size_t n_functions;
};

static inline bool keep_has_type(const struct keep_content *c, uint64_t type)
{
	return type < 65536 && (c->types[type / 64] >> type % 64 & 1);
}

/* keep_formats.c: where tracefs is, and the sizes of its pages; 0, -ENOENT, -ENOMEM. */
int keep_formats_open(struct keep_formats *f, const struct sysroot *root) MUST_CHECK;
/* The formats of the events that there are. */
int keep_formats_read(struct keep_formats *f, const struct sysroot *root,
		      const struct keep_content *c) MUST_CHECK;
void keep_formats_release(struct keep_formats *f);

/* keep_content.c: the first pass over the pages, kinds of events and threads; then their names. */
int keep_content_scan(struct keep_content *c, const struct keep_source *source,
		      size_t page_size) MUST_CHECK;
int keep_content_name(struct keep_content *c, const struct keep_source *source,
		      const struct keep_formats *f) MUST_CHECK;
void keep_content_release(struct keep_content *c);

#endif
