/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dat_layout_parts.h - what the walks over the versions of a trace.dat share. */
#ifndef PROBES_TRACE_DAT_LAYOUT_PARTS_H
#define PROBES_TRACE_DAT_LAYOUT_PARTS_H

#include "core/text.h"
#include "probes/trace/dat_layout.h"

/* Far more than any kernel has; what a file may cost before it is found out. */
enum {
	DAT_FORMATS_MAX = 1 << 14,
	DAT_OPTIONS_MAX = 1 << 16,
	DAT_SECTIONS_MAX = 1 << 10,
	DAT_BUFFERS_MAX = 64,
	DAT_TEXT_MAX = 4096,
	DAT_WORD_MAX = 64,
};

enum { /* options of both versions */
       DAT_OPTION_DONE,
       DAT_OPTION_CPUSTAT = 2,
       DAT_OPTION_BUFFER,
       DAT_OPTION_TRACECLOCK,
       DAT_OPTION_TSC2NSEC = 14,
       DAT_OPTION_HEADER_INFO = 16, /* the first of those that say where a section is */
       DAT_OPTION_BUFFER_TEXT = 22,
};

struct dat_walk {
	int fd;
	uint64_t at, end;
	struct dat_layout *layout;
	const char *part; /* where it is, for people */
	uint64_t n_options;
	int error;         /* the first one; all reads fail from there on */
	uint64_t piece_at; /* what is in piece */
	size_t piece_len;
	unsigned char piece[1 << 14];
};

/* Notes the first error; false. */
bool dat_fail(struct dat_walk *w, int error);
/* The next n bytes; false: there are not so many. */
bool dat_take(struct dat_walk *w, void *into, size_t n);
/* In the order of bytes of the file; n <= 8. 0 on an error, too. */
uint64_t dat_take_number(struct dat_walk *w, size_t n);
/* A number of things, of which there are no more than max. */
uint64_t dat_take_count(struct dat_walk *w, size_t n, uint64_t max);
/* Text up to its NUL; what does not fit is an error. */
void dat_take_word(struct dat_walk *w, char *word, size_t size);
void dat_skip(struct dat_walk *w, uint64_t n);

/* The number of CPUs of a buffer, whose data lies there. */
uint64_t dat_take_cpus(struct dat_walk *w);
void dat_add_cpus(struct dat_walk *w, uint64_t n);
void dat_check_data(struct dat_walk *w, uint64_t offset, uint64_t size);
void dat_add_buffer(struct dat_walk *w);
/* One more option; false: there are too many. */
bool dat_count_option(struct dat_walk *w);
/* Its content, where both versions have the same. */
void dat_walk_option(struct dat_walk *w, uint64_t id, uint64_t size);
/* "local global [mono] boot": the one in brackets, or the only one. */
void dat_set_clock(struct dat_layout *l, struct text t);

/* What is behind the start of the file. */
void dat_walk_v6(struct dat_walk *w);
void dat_walk_v7(struct dat_walk *w);

#endif
