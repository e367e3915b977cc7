/* SPDX-License-Identifier: GPL-2.0-or-later */
/* trace-cmd.dat.v6(5): one part behind the other, a table of CPUs at the end. */
#include <string.h>

#include "probes/trace/dat_layout_parts.h"

static void walk_data(struct dat_walk *w, uint64_t n_cpus)
{
	w->part = "the table of CPUs";
	for (uint64_t cpu = 0; cpu < n_cpus && !w->error; cpu++) {
		const uint64_t offset = dat_take_number(w, 8), size = dat_take_number(w, 8);

		w->part = "the events";
		dat_check_data(w, offset, size);
	}
}

/* What is behind the number of CPUs: the table of their data, if there are no options. */
static void walk_table_v6(struct dat_walk *w, const char kind[10], uint64_t n_cpus)
{
	if (w->error)
		return;
	if (!memcmp(kind, "flyrecord", 10))
		walk_data(w, n_cpus);
	else
		dat_fail(w, memcmp(kind, "latency  ", 10) ? -EBADMSG : -ENOTSUP);
}

/* A further buffer: its place in the file, and its name. */
static void walk_buffer_v6(struct dat_walk *w, uint64_t size, uint64_t n_cpus)
{
	const uint64_t next = w->at + size;
	char kind[10];

	if (size > w->end - w->at) {
		dat_fail(w, -EBADMSG);
		return;
	}
	dat_add_buffer(w);
	w->at = u64_min(dat_take_number(w, 8), w->end);
	if (dat_take(w, kind, sizeof(kind)))
		walk_table_v6(w, kind, n_cpus);
	w->at = next;
}

static void walk_options_v6(struct dat_walk *w, uint64_t n_cpus)
{
	uint64_t id;

	while ((id = dat_take_number(w, 2)) != DAT_OPTION_DONE && !w->error) {
		const uint64_t size = dat_take_number(w, 4);

		if (!dat_count_option(w))
			break;
		if (id == DAT_OPTION_BUFFER)
			walk_buffer_v6(w, size, n_cpus);
		else
			dat_walk_option(w, id, size);
	}
}

static void walk_rest_v6(struct dat_walk *w, uint64_t n_cpus)
{
	char kind[10] = "";

	w->part = "the kind of data";
	dat_take(w, kind, sizeof(kind));
	if (!w->error && !memcmp(kind, "options  ", sizeof(kind))) {
		walk_options_v6(w, n_cpus);
		w->part = "the kind of data";
		dat_take(w, kind, sizeof(kind));
	}
	walk_table_v6(w, kind, n_cpus);
}

static void walk_formats(struct dat_walk *w, uint64_t n)
{
	for (uint64_t i = 0; i < n && !w->error; i++)
		dat_skip(w, dat_take_number(w, 8));
}

static void walk_header_page(struct dat_walk *w)
{
	char word[DAT_WORD_MAX];

	w->part = "the headers";
	dat_take_word(w, word, sizeof(word));
	if (!w->error && strcmp(word, "header_page"))
		dat_fail(w, -EBADMSG);
	dat_skip(w, dat_take_number(w, 8));
	dat_take_word(w, word, sizeof(word));
	if (!w->error && strcmp(word, "header_event"))
		dat_fail(w, -EBADMSG);
	dat_skip(w, dat_take_number(w, 8));
}

void dat_walk_v6(struct dat_walk *w)
{
	uint64_t n;

	walk_header_page(w);
	w->part = "the formats of events";
	walk_formats(w, dat_take_count(w, 4, DAT_FORMATS_MAX));
	n = dat_take_count(w, 4, DAT_FORMATS_MAX);
	for (uint64_t i = 0; i < n && !w->error; i++) {
		char system[DAT_WORD_MAX];

		dat_take_word(w, system, sizeof(system));
		walk_formats(w, dat_take_count(w, 4, DAT_FORMATS_MAX));
	}
	w->part = "the names of functions";
	dat_skip(w, dat_take_number(w, 4));
	w->part = "the texts of trace_printk";
	dat_skip(w, dat_take_number(w, 4));
	w->part = "the names of tasks";
	dat_skip(w, dat_take_number(w, 8));
	dat_add_buffer(w);
	walk_rest_v6(w, dat_take_cpus(w));
}
