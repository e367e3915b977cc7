/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/trace/dat_layout.h"

#include <inttypes.h>
#include <string.h>

#include "probes/trace/dat_layout_parts.h"

static bool is_page_size(uint32_t n)
{
	return n >= 1024 && n <= DAT_PAGE_MAX && (n & (n - 1)) == 0;
}

static void walk_start(struct dat_walk *w)
{
	char magic[10], version[DAT_WORD_MAX];
	struct dat_layout *l = w->layout;
	uint64_t n, order, long_size;

	w->part = "its start";
	dat_take(w, magic, sizeof(magic));
	dat_take_word(w, version, sizeof(version));
	order = dat_take_number(w, 1);
	long_size = dat_take_number(w, 1);
	l->is_big_endian = order == 1;
	l->page_size = (uint32_t)dat_take_number(w, 4);
	if (w->error)
		return;
	if (memcmp(magic, "\x17\x08\x44tracing", sizeof(magic)) || order > 1 ||
	    (long_size != 4 && long_size != 8) || !is_page_size(l->page_size) ||
	    text_u64(text_of(version), &n) < 0) {
		dat_fail(w, -EBADMSG);
	} else if (n != 6 && n != 7) {
		w->part = NULL;
		l->version = (unsigned)u64_min(n, UINT32_MAX);
		dat_fail(w, -ENOTSUP);
	} else {
		l->version = (unsigned)n;
	}
}

static int describe(const struct dat_walk *w, char **ret_why)
{
	int n = 0;

	if (w->error == -EBADMSG)
		n = asprintf(ret_why, "a trace.dat that is damaged or cut off, in %s", w->part);
	else if (w->error == -ENOTSUP && !w->part)
		n = asprintf(ret_why, "a trace.dat of version %u: versions 6 and 7 are read",
			     w->layout->version);
	else if (w->error == -ENOTSUP)
		n = asprintf(ret_why, "a trace.dat of a latency tracer: it holds text, no events");
	if (n < 0) {
		*ret_why = NULL;
		return -ENOMEM;
	}
	return w->error;
}

int dat_layout_read(int fd, struct dat_layout *ret_layout, char **ret_why)
{
	struct dat_layout layout = { 0 };
	struct dat_walk w = { .fd = fd, .layout = &layout };
	const off_t end = lseek(fd, 0, SEEK_END);

	*ret_why = NULL;
	if (end < 0)
		return neg_errno();
	w.end = (uint64_t)end;
	walk_start(&w);
	if (!w.error && layout.version == 6)
		dat_walk_v6(&w);
	else if (!w.error)
		dat_walk_v7(&w);
	if (w.error)
		return describe(&w, ret_why);
	*ret_layout = layout;
	return 0;
}
