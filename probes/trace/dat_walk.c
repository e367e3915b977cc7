/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dat_walk.c - reading a trace.dat from its start on; documented in dat_layout_parts.h. */
#include <string.h>

#include "core/cpus.h"
#include "probes/trace/dat_layout_parts.h"

bool dat_fail(struct dat_walk *w, int error)
{
	if (!w->error)
		w->error = error;
	return false;
}

/* Most of what is asked for lies behind what was asked for last. */
static bool load(struct dat_walk *w)
{
	ssize_t n;

	if (w->at >= w->piece_at && w->at - w->piece_at < w->piece_len)
		return true;
	do {
		n = pread(w->fd, w->piece, sizeof(w->piece), (off_t)w->at);
	} while (n < 0 && errno == EINTR);
	if (n <= 0)
		return dat_fail(w, n < 0 ? neg_errno() : -EBADMSG);
	w->piece_at = w->at;
	w->piece_len = (size_t)n;
	return true;
}

bool dat_take(struct dat_walk *w, void *into, size_t n)
{
	char *at = into;

	if (w->error)
		return false;
	if (n > w->end - w->at)
		return dat_fail(w, -EBADMSG);
	while (n) {
		size_t from, got;

		if (!load(w))
			return false;
		from = (size_t)(w->at - w->piece_at);
		got = (size_t)u64_min(n, w->piece_len - from);
		memcpy(at, w->piece + from, got);
		at += got;
		n -= got;
		w->at += got;
	}
	return true;
}

uint64_t dat_take_number(struct dat_walk *w, size_t n)
{
	unsigned char bytes[8];
	uint64_t v = 0;

	if (!dat_take(w, bytes, n))
		return 0;
	for (size_t i = 0; i < n; i++)
		v = v << 8 | bytes[w->layout->is_big_endian ? i : n - 1 - i];
	return v;
}

void dat_skip(struct dat_walk *w, uint64_t n)
{
	if (w->error)
		return;
	if (n > w->end - w->at)
		dat_fail(w, -EBADMSG);
	else
		w->at += n;
}

uint64_t dat_take_count(struct dat_walk *w, size_t n, uint64_t max)
{
	const uint64_t count = dat_take_number(w, n);

	return count <= max ? count : (uint64_t)dat_fail(w, -EBADMSG);
}

void dat_take_word(struct dat_walk *w, char *word, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		if (!dat_take(w, &word[i], 1) || !word[i])
			break;
		if (i + 1 == size)
			dat_fail(w, -EBADMSG);
	}
	if (w->error)
		*word = '\0';
}

void dat_set_clock(struct dat_layout *l, struct text t)
{
	struct text word;

	while (text_next_word(&t, &word)) {
		const bool is_chosen = text_starts(word, "[") && text_ends(word, "]");

		if (is_chosen)
			word = text_make(word.at + 1, word.len - 2);
		else if (text_trim(t).len || *l->clock)
			continue;
		if (word.len < sizeof(l->clock))
			text_clean(word, l->clock, sizeof(l->clock));
	}
}

/* The lines of per_cpu/cpu<N>/stats that count what is gone. */
static void add_overrun(struct dat_layout *l, struct text t)
{
	struct text line, key, value;
	uint64_t n;

	while (text_next_line(&t, &line)) {
		if (text_key_value(line, ':', &key, &value) &&
		    (text_equal(key, "overrun") || text_equal(key, "dropped events")) &&
		    text_u64(value, &n) == 0 &&
		    __builtin_add_overflow(l->n_overrun, n, &l->n_overrun))
			l->n_overrun = UINT64_MAX;
	}
}

static void take_text(struct dat_walk *w, uint64_t size,
		      void (*use)(struct dat_layout *l, struct text t))
{
	char text[DAT_TEXT_MAX];
	const size_t n = (size_t)u64_min(size, sizeof(text));

	if (dat_take(w, text, n))
		use(w->layout, text_make(text, strnlen(text, n)));
	dat_skip(w, size - n);
}

void dat_check_data(struct dat_walk *w, uint64_t offset, uint64_t size)
{
	if (!w->error && (offset > w->end || size > w->end - offset))
		dat_fail(w, -EBADMSG);
}

void dat_add_cpus(struct dat_walk *w, uint64_t n)
{
	if (!w->error && n > w->layout->n_cpus)
		w->layout->n_cpus = (uint32_t)n;
}

uint64_t dat_take_cpus(struct dat_walk *w)
{
	const uint64_t n = dat_take_count(w, 4, CPUS_MAX);

	dat_add_cpus(w, n);
	return n;
}

void dat_add_buffer(struct dat_walk *w)
{
	if (++w->layout->n_buffers > DAT_BUFFERS_MAX)
		dat_fail(w, -EBADMSG);
}

bool dat_count_option(struct dat_walk *w)
{
	w->part = "the options";
	return ++w->n_options <= DAT_OPTIONS_MAX || dat_fail(w, -EBADMSG);
}

void dat_walk_option(struct dat_walk *w, uint64_t id, uint64_t size)
{
	if (id == DAT_OPTION_CPUSTAT)
		take_text(w, size, add_overrun);
	else if (id == DAT_OPTION_TRACECLOCK)
		take_text(w, size, dat_set_clock);
	else
		dat_skip(w, size);
	if (id == DAT_OPTION_TSC2NSEC)
		w->layout->has_rate = true;
}
