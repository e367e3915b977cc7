/* SPDX-License-Identifier: GPL-2.0-or-later */
/* trace-cmd.dat.v7(5): sections, and options that tell where they are. */
#include <string.h>

#include "core/cpus.h"
#include "probes/trace/dat_layout_parts.h"

enum { SECTION_IS_COMPRESSED = 1 };

/* The header of a section; returns where it ends. */
static uint64_t take_section(struct dat_walk *w, bool *ret_is_compressed)
{
	uint64_t size;

	dat_take_number(w, 2);
	*ret_is_compressed = dat_take_number(w, 2) & SECTION_IS_COMPRESSED;
	dat_take_number(w, 4);
	size = dat_take_number(w, 8);
	if (!w->error && size > w->end - w->at)
		dat_fail(w, -EBADMSG);
	return w->error ? 0 : w->at + size;
}

static void check_section(struct dat_walk *w, uint64_t offset)
{
	const uint64_t back = w->at;
	bool is_compressed;

	if (w->error || offset > w->end) {
		dat_fail(w, -EBADMSG);
		return;
	}
	w->at = offset;
	take_section(w, &is_compressed);
	w->at = back;
}

static void walk_buffer_v7(struct dat_walk *w, bool is_text)
{
	char word[DAT_TEXT_MAX];
	uint64_t n;

	w->part = "the events";
	check_section(w, dat_take_number(w, 8));
	dat_take_word(w, word, sizeof(word));
	dat_take_word(w, word, DAT_WORD_MAX);
	if (is_text || w->error)
		return;
	if (!*w->layout->clock)
		dat_set_clock(w->layout, text_of(word));
	dat_take_number(w, 4);
	dat_add_buffer(w);
	n = dat_take_cpus(w);
	for (uint64_t i = 0; i < n && !w->error; i++) {
		uint64_t offset, size;

		dat_add_cpus(w, dat_take_count(w, 4, CPUS_MAX - 1) + 1);
		offset = dat_take_number(w, 8);
		size = dat_take_number(w, 8);
		dat_check_data(w, offset, size);
	}
}

static void walk_option_v7(struct dat_walk *w, uint64_t id, uint64_t size)
{
	const uint64_t end = w->end, next = w->at + size;

	if (!dat_count_option(w))
		return;
	if (size > end - w->at) {
		dat_fail(w, -EBADMSG);
		return;
	}
	if (id == DAT_OPTION_BUFFER || id == DAT_OPTION_BUFFER_TEXT)
		walk_buffer_v7(w, id == DAT_OPTION_BUFFER_TEXT);
	else if (id >= DAT_OPTION_HEADER_INFO && id < DAT_OPTION_BUFFER_TEXT && size >= 8)
		check_section(w, dat_take_number(w, 8));
	else
		dat_walk_option(w, id, size);
	if (!w->error && w->at > next)
		dat_fail(w, -EBADMSG);
	w->at = next;
}

/* Returns where the next options are; 0: there are none. */
static uint64_t walk_options_v7(struct dat_walk *w, uint64_t end)
{
	while (!w->error && w->at < end) {
		const uint64_t id = dat_take_number(w, 2), size = dat_take_number(w, 4);

		w->part = "the options";
		if (id == DAT_OPTION_DONE)
			return size >= 8 ? dat_take_number(w, 8) : 0;
		walk_option_v7(w, id, size);
	}
	return 0;
}

/* One that leads back to itself. */
static bool is_among(const uint64_t *seen, size_t n, uint64_t at)
{
	for (size_t i = 0; i < n; i++) {
		if (seen[i] == at)
			return true;
	}
	return false;
}

void dat_walk_v7(struct dat_walk *w)
{
	uint64_t seen[DAT_SECTIONS_MAX];
	char word[DAT_WORD_MAX];
	bool is_compressed;
	uint64_t next;

	w->part = "the compression";
	dat_take_word(w, word, sizeof(word));
	dat_take_word(w, word, sizeof(word));
	next = dat_take_number(w, 8);
	for (size_t n = 0; next && !w->error; n++) {
		uint64_t end;

		w->part = "the options";
		if (next > w->end || n == DAT_SECTIONS_MAX || is_among(seen, n, next)) {
			dat_fail(w, -EBADMSG);
			break;
		}
		seen[n] = next;
		w->at = next;
		end = take_section(w, &is_compressed);
		/* What is packed is seen by the library alone. */
		if (is_compressed)
			dat_add_cpus(w, CPUS_MAX);
		next = is_compressed ? 0 : walk_options_v7(w, end);
	}
}
