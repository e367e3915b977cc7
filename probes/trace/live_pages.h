/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * live_pages.h - records of one CPU, from the pages of its trace_pipe_raw: read without waiting,
 * or of a file of such pages.
 *
 * Source: Documentation/trace/ring-buffer-design.rst, events/header_page, libtraceevent's
 * kbuffer(3).
 */
#ifndef PROBES_TRACE_LIVE_PAGES_H
#define PROBES_TRACE_LIVE_PAGES_H

#include "core/base.h"

struct live_pages;

struct live_record {
	uint64_t t;     /* of the trace clock */
	uint64_t lost;  /* events lost right before it; UINT64_MAX: some */
	const void *at; /* until the next call; NULL: only the loss is told */
	size_t size;
};

/*
 * fd: O_NONBLOCK, then its own; spool_fd: pages are copied there, or -1; its own too. page_size: of
 * the kernel that wrote the pages, which has the order of bytes and size of a long of this one.
 * -ENOMEM; both are closed then, too.
 */
int live_pages_new(int fd, int spool_fd, size_t page_size,
		   struct live_pages **ret_pages) MUST_CHECK;
/* *left: bytes that may be copied, shared by CPUs that all end then; it outlives p. NULL: all. */
void live_pages_limit_spool(struct live_pages *p, uint64_t *left);
void live_pages_free(struct live_pages *p); /* NULL is fine */
/*
 * 1; 0: nothing there now; -errno of read(2); -EBADMSG: a damaged page, skipped. The record behind
 * it, or behind a page that breaks off, has "some" lost.
 */
int live_pages_next(struct live_pages *p, struct live_record *ret_record) MUST_CHECK;

struct live_pages_stats {
	uint64_t n_bytes, n_records;
	uint64_t n_lost;    /* at least: a full page has no room for their number */
	uint64_t n_unknown; /* such pages, each of them one of n_lost */
	uint64_t read_ns;   /* in read(2) */
	uint64_t n_broken;  /* pages that were damaged, or broke off: not in n_lost */
	int spool_error;    /* 0, or why the spool ends early; -EFBIG: its limit */
};

const struct live_pages_stats *live_pages_stats(const struct live_pages *p);
/* Something could not be read behind the last record. */
bool live_pages_is_damaged(const struct live_pages *p);
/* "field: char data;  offset:16; size:4080;" of events/header_page: size of a page; 0: not told. */
size_t live_page_size(const char *header_page);

#endif
