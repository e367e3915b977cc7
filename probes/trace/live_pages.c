/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/trace/live_pages.h"

#include <kbuffer.h>
#include <string.h>

#include "core/text.h"
#include "core/timebase.h"
#include "probes/trace/text_scan.h"

enum {
	PAGE_MIN = 64,
	PAGE_MAX = 1 << 20,
	SLACK = 64,                   /* kbuffer may look at a length behind the last record */
	HEAD_SIZE = 8 + sizeof(long), /* time stamp, commit */
	COMMIT_MASK = (1 << 27) - 1   /* RB_MISSED_* are above */
};

struct live_pages {
	int fd, spool_fd;
	uint64_t *spool_left; /* NULL: no limit */
	struct kbuffer *kbuf;
	size_t page_size;
	struct live_pages_stats stats;
	size_t end; /* of its records, in the page that is loaded */
	bool is_loaded, is_begun;
	bool is_damaged; /* something could not be read since the last record */
	uint64_t lost;   /* of the page that is loaded, until told */
	unsigned char page[];
};

size_t live_page_size(const char *header_page)
{
	struct text rest = text_of(header_page), line;

	while (text_next_line(&rest, &line)) {
		uint64_t offset, size;

		if (!text_find(line, " data;"))
			continue;
		if (scan_number(line, "offset:", &offset) && scan_number(line, "size:", &size) &&
		    offset == HEAD_SIZE && size <= PAGE_MAX && offset + size >= PAGE_MIN)
			return (size_t)(offset + size);
	}
	return 0;
}

int live_pages_new(int fd, int spool_fd, size_t page_size, struct live_pages **ret_pages)
{
	struct live_pages *p = NULL;

	if (page_size >= PAGE_MIN && page_size <= PAGE_MAX)
		p = calloc(1, sizeof(*p) + page_size + SLACK);
	if (p)
		p->kbuf = kbuffer_alloc(KBUFFER_LSIZE_SAME_AS_HOST, KBUFFER_ENDIAN_SAME_AS_HOST);
	if (!p || !p->kbuf) {
		free(p);
		close(fd);
		if (spool_fd >= 0)
			close(spool_fd);
		return -ENOMEM;
	}
	p->fd = fd;
	p->spool_fd = spool_fd;
	p->page_size = page_size;
	*ret_pages = p;
	return 0;
}

void live_pages_free(struct live_pages *p)
{
	if (!p)
		return;
	close(p->fd);
	if (p->spool_fd >= 0)
		close(p->spool_fd);
	kbuffer_free(p->kbuf);
	free(p);
}

bool live_pages_is_damaged(const struct live_pages *p)
{
	return p->is_damaged;
}

const struct live_pages_stats *live_pages_stats(const struct live_pages *p)
{
	return &p->stats;
}

void live_pages_limit_spool(struct live_pages *p, uint64_t *left)
{
	p->spool_left = left;
}

static void end_spool(struct live_pages *p, int error)
{
	p->stats.spool_error = error;
	close(p->spool_fd);
	p->spool_fd = -1;
}

static bool has_room(const struct live_pages *p)
{
	if (!p->spool_left)
		return true;
	if (*p->spool_left < p->page_size) {
		/* The other CPUs, too: half of a moment is no recording. */
		*p->spool_left = 0;
		return false;
	}
	*p->spool_left -= p->page_size;
	return true;
}

/* Pages keep their place, so that what is written is what trace_pipe_raw gave. */
static void spool(struct live_pages *p)
{
	size_t done = 0;

	if (p->spool_fd >= 0 && !has_room(p))
		end_spool(p, -EFBIG);
	while (p->spool_fd >= 0 && done < p->page_size) {
		const ssize_t n = write(p->spool_fd, p->page + done, p->page_size - done);

		if (n > 0) {
			done += (size_t)n;
		} else if (n == 0 || errno != EINTR) {
			end_spool(p, n ? neg_errno() : -ENOSPC);
		}
	}
}

static ssize_t read_page(struct live_pages *p)
{
	const struct timebase *time = timebase_monotonic();
	const uint64_t start_ns = timebase_now(time);
	ssize_t n;

	do {
		n = read(p->fd, p->page, p->page_size);
	} while (n < 0 && errno == EINTR);
	p->stats.read_ns += timebase_now(time) - start_ns;
	if (n < 0)
		return errno == EAGAIN ? 0 : neg_errno();
	return n;
}

static int skip_damaged(struct live_pages *p)
{
	p->stats.n_broken++;
	p->is_damaged = true;
	return -EBADMSG;
}

/* 1: a page is loaded. */
static int load(struct live_pages *p)
{
	const ssize_t n = read_page(p);
	unsigned long commit;
	int missed;

	if (n <= 0)
		return (int)n;
	if ((size_t)n < HEAD_SIZE)
		return skip_damaged(p);
	if ((size_t)n < p->page_size)
		memset(p->page + n, 0, p->page_size - (size_t)n);
	p->stats.n_bytes += (uint64_t)n;
	spool(p);
	memcpy(&commit, p->page + 8, sizeof(commit));
	if ((commit & COMMIT_MASK) > p->page_size - HEAD_SIZE ||
	    kbuffer_load_subbuffer(p->kbuf, p->page) < 0)
		return skip_damaged(p);
	p->end = HEAD_SIZE + (commit & COMMIT_MASK);
	missed = kbuffer_missed_events(p->kbuf);
	p->lost = missed < 0 ? UINT64_MAX : (uint64_t)missed;
	p->stats.n_lost += missed < 0 ? 1 : (uint64_t)missed;
	p->stats.n_unknown += missed < 0;
	p->is_loaded = true;
	p->is_begun = false;
	return 1;
}

/* kbuffer trusts the lengths in the page: one that leads out of it ends the page. */
static bool is_inside(const struct live_pages *p, const unsigned char *at, int size)
{
	return at >= p->page + HEAD_SIZE && at <= p->page + p->end && size >= 0 &&
	       (size_t)size <= (size_t)(p->page + p->end - at);
}

/* What was lost up to now, as the page says or as it could not be read. */
static uint64_t take_lost(struct live_pages *p)
{
	const uint64_t lost = p->is_damaged ? UINT64_MAX : p->lost;

	p->is_damaged = false;
	p->lost = 0;
	return lost;
}

/* Onto the next record of the page, or its first; false: at its end. */
static bool look(struct live_pages *p, struct live_record *ret_record)
{
	unsigned long long t;
	void *at = p->is_begun ? kbuffer_next_event(p->kbuf, &t) : kbuffer_read_event(p->kbuf, &t);
	const int size = at ? kbuffer_event_size(p->kbuf) : 0;

	p->is_begun = true;
	if (!at || !is_inside(p, at, size)) {
		p->is_loaded = false;
		if (at) {
			/* The next record tells of it, whenever it comes. */
			skip_damaged(p);
			p->lost = 0;
		}
		return false;
	}
	*ret_record = (struct live_record){
		.t = t, .lost = take_lost(p), .at = at, .size = (size_t)size
	};
	p->stats.n_records++;
	return true;
}

int live_pages_next(struct live_pages *p, struct live_record *ret_record)
{
	for (;;) {
		int r;

		if (p->is_loaded && look(p, ret_record))
			return 1;
		/* nothing but a loss in it */
		if (p->lost) {
			*ret_record = (struct live_record){ .t = kbuffer_timestamp(p->kbuf),
							    .lost = take_lost(p) };
			return 1;
		}
		r = load(p);
		if (r <= 0)
			return r;
	}
}
