/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/trace/dat_layout.h"

#include <inttypes.h>
#include <string.h>

#include "core/cpus.h"
#include "core/text.h"

/* Far more than any kernel has; what a file may cost before it is found out. */
enum {
	FORMATS_MAX = 1 << 14,
	OPTIONS_MAX = 1 << 16,
	SECTIONS_MAX = 1 << 10,
	BUFFERS_MAX = 64,
	TEXT_MAX = 4096,
	WORD_MAX = 64,
};

enum { /* options of both versions */
       OPTION_DONE,
       OPTION_CPUSTAT = 2,
       OPTION_BUFFER,
       OPTION_TRACECLOCK,
       OPTION_TSC2NSEC = 14,
       OPTION_HEADER_INFO = 16, /* the first of those that say where a section is */
       OPTION_BUFFER_TEXT = 22,
};

enum { SECTION_IS_COMPRESSED = 1 };

struct walk {
	int fd;
	uint64_t at, end;
	struct dat_layout *layout;
	const char *part; /* where it is, for people */
	uint64_t n_options;
	int error; /* the first one; all reads fail from there on */
};

static bool fail(struct walk *w, int error)
{
	if (!w->error)
		w->error = error;
	return false;
}

static bool take(struct walk *w, void *into, size_t n)
{
	char *at = into;

	if (w->error)
		return false;
	if (n > w->end - w->at)
		return fail(w, -EBADMSG);
	while (n) {
		const ssize_t got = pread(w->fd, at, n, (off_t)w->at);

		if (got <= 0)
			return fail(w, got < 0 ? neg_errno() : -EBADMSG);
		at += got;
		n -= (size_t)got;
		w->at += (size_t)got;
	}
	return true;
}

static uint64_t take_number(struct walk *w, size_t n)
{
	unsigned char bytes[8];
	uint64_t v = 0;

	if (!take(w, bytes, n))
		return 0;
	for (size_t i = 0; i < n; i++)
		v = v << 8 | bytes[w->layout->is_big_endian ? i : n - 1 - i];
	return v;
}

static void skip(struct walk *w, uint64_t n)
{
	if (w->error)
		return;
	if (n > w->end - w->at)
		fail(w, -EBADMSG);
	else
		w->at += n;
}

/* A number of things, of which there are no more than max. */
static uint64_t take_count(struct walk *w, size_t n, uint64_t max)
{
	const uint64_t count = take_number(w, n);

	return count <= max ? count : (uint64_t)fail(w, -EBADMSG);
}

/* Text up to its NUL; what does not fit is an error. */
static void take_word(struct walk *w, char *word, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		if (!take(w, &word[i], 1) || !word[i])
			break;
		if (i + 1 == size)
			fail(w, -EBADMSG);
	}
	if (w->error)
		*word = '\0';
}

/* "local global [mono] boot": the one in brackets, or the only one. */
static void set_clock(struct dat_layout *l, struct text t)
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

static void take_text(struct walk *w, uint64_t size,
		      void (*use)(struct dat_layout *l, struct text t))
{
	char text[TEXT_MAX];
	const size_t n = (size_t)u64_min(size, sizeof(text));

	if (take(w, text, n))
		use(w->layout, text_make(text, strnlen(text, n)));
	skip(w, size - n);
}

/* Where the data of a CPU lies. */
static void check_data(struct walk *w, uint64_t offset, uint64_t size)
{
	if (!w->error && (offset > w->end || size > w->end - offset))
		fail(w, -EBADMSG);
}

static void walk_data(struct walk *w, uint64_t n_cpus)
{
	w->part = "the table of CPUs";
	for (uint64_t cpu = 0; cpu < n_cpus && !w->error; cpu++) {
		const uint64_t offset = take_number(w, 8), size = take_number(w, 8);

		w->part = "the events";
		check_data(w, offset, size);
	}
}

static uint64_t take_cpus(struct walk *w)
{
	const uint64_t n = take_count(w, 4, CPUS_MAX);

	if (!w->error && n > w->layout->n_cpus)
		w->layout->n_cpus = (uint32_t)n;
	return n;
}

static void add_buffer(struct walk *w)
{
	if (++w->layout->n_buffers > BUFFERS_MAX)
		fail(w, -EBADMSG);
}

/* What is behind the number of CPUs: the table of their data, if there are no options. */
static void walk_table_v6(struct walk *w, const char kind[10], uint64_t n_cpus)
{
	if (w->error)
		return;
	if (!memcmp(kind, "flyrecord", 10))
		walk_data(w, n_cpus);
	else
		fail(w, memcmp(kind, "latency  ", 10) ? -EBADMSG : -ENOTSUP);
}

/* A further buffer: its place in the file, and its name. */
static void walk_buffer_v6(struct walk *w, uint64_t size, uint64_t n_cpus)
{
	const uint64_t next = w->at + size;
	char kind[10];

	if (size > w->end - w->at) {
		fail(w, -EBADMSG);
		return;
	}
	add_buffer(w);
	w->at = u64_min(take_number(w, 8), w->end);
	if (take(w, kind, sizeof(kind)))
		walk_table_v6(w, kind, n_cpus);
	w->at = next;
}

static void walk_option(struct walk *w, uint64_t id, uint64_t size)
{
	w->part = "the options";
	if (++w->n_options > OPTIONS_MAX)
		fail(w, -EBADMSG);
	else if (id == OPTION_CPUSTAT)
		take_text(w, size, add_overrun);
	else if (id == OPTION_TRACECLOCK)
		take_text(w, size, set_clock);
	else
		skip(w, size);
	if (id == OPTION_TSC2NSEC)
		w->layout->has_rate = true;
}

static void walk_options_v6(struct walk *w, uint64_t n_cpus)
{
	uint64_t id;

	while ((id = take_number(w, 2)) != OPTION_DONE && !w->error) {
		const uint64_t size = take_number(w, 4);

		if (id == OPTION_BUFFER)
			walk_buffer_v6(w, size, n_cpus);
		else
			walk_option(w, id, size);
	}
}

static void walk_rest_v6(struct walk *w, uint64_t n_cpus)
{
	char kind[10] = "";

	w->part = "the kind of data";
	take(w, kind, sizeof(kind));
	if (!w->error && !memcmp(kind, "options  ", sizeof(kind))) {
		walk_options_v6(w, n_cpus);
		w->part = "the kind of data";
		take(w, kind, sizeof(kind));
	}
	walk_table_v6(w, kind, n_cpus);
}

static void walk_formats(struct walk *w, uint64_t n)
{
	for (uint64_t i = 0; i < n && !w->error; i++)
		skip(w, take_number(w, 8));
}

static void walk_header_page(struct walk *w)
{
	char word[WORD_MAX];

	w->part = "the headers";
	take_word(w, word, sizeof(word));
	if (!w->error && strcmp(word, "header_page"))
		fail(w, -EBADMSG);
	skip(w, take_number(w, 8));
	take_word(w, word, sizeof(word));
	if (!w->error && strcmp(word, "header_event"))
		fail(w, -EBADMSG);
	skip(w, take_number(w, 8));
}

static void walk_v6(struct walk *w)
{
	uint64_t n;

	walk_header_page(w);
	w->part = "the formats of events";
	walk_formats(w, take_count(w, 4, FORMATS_MAX));
	n = take_count(w, 4, FORMATS_MAX);
	for (uint64_t i = 0; i < n && !w->error; i++) {
		char system[WORD_MAX];

		take_word(w, system, sizeof(system));
		walk_formats(w, take_count(w, 4, FORMATS_MAX));
	}
	w->part = "the names of functions";
	skip(w, take_number(w, 4));
	w->part = "the texts of trace_printk";
	skip(w, take_number(w, 4));
	w->part = "the names of tasks";
	skip(w, take_number(w, 8));
	add_buffer(w);
	walk_rest_v6(w, take_cpus(w));
}

/* The header of a section; returns where it ends. */
static uint64_t take_section(struct walk *w, bool *ret_is_compressed)
{
	uint64_t size;

	take_number(w, 2);
	*ret_is_compressed = take_number(w, 2) & SECTION_IS_COMPRESSED;
	take_number(w, 4);
	size = take_number(w, 8);
	if (!w->error && size > w->end - w->at)
		fail(w, -EBADMSG);
	return w->error ? 0 : w->at + size;
}

static void check_section(struct walk *w, uint64_t offset)
{
	const uint64_t back = w->at;
	bool is_compressed;

	if (w->error || offset > w->end) {
		fail(w, -EBADMSG);
		return;
	}
	w->at = offset;
	take_section(w, &is_compressed);
	w->at = back;
}

static void walk_buffer_v7(struct walk *w, bool is_text)
{
	char word[TEXT_MAX];
	uint64_t n;

	w->part = "the events";
	check_section(w, take_number(w, 8));
	take_word(w, word, sizeof(word));
	take_word(w, word, WORD_MAX);
	if (is_text || w->error)
		return;
	if (!*w->layout->clock)
		set_clock(w->layout, text_of(word));
	take_number(w, 4);
	add_buffer(w);
	n = take_cpus(w);
	for (uint64_t i = 0; i < n && !w->error; i++) {
		uint64_t offset, size;

		take_count(w, 4, CPUS_MAX - 1);
		offset = take_number(w, 8);
		size = take_number(w, 8);
		check_data(w, offset, size);
	}
}

static void walk_option_v7(struct walk *w, uint64_t id, uint64_t size)
{
	const uint64_t end = w->end, next = w->at + size;

	if (size > end - w->at) {
		fail(w, -EBADMSG);
		return;
	}
	if (id == OPTION_BUFFER || id == OPTION_BUFFER_TEXT)
		walk_buffer_v7(w, id == OPTION_BUFFER_TEXT);
	else if (id >= OPTION_HEADER_INFO && id < OPTION_BUFFER_TEXT && size >= 8)
		check_section(w, take_number(w, 8));
	else
		walk_option(w, id, size);
	if (!w->error && w->at > next)
		fail(w, -EBADMSG);
	w->at = next;
}

/* Returns where the next options are; 0: there are none. */
static uint64_t walk_options_v7(struct walk *w, uint64_t end)
{
	while (!w->error && w->at < end) {
		const uint64_t id = take_number(w, 2), size = take_number(w, 4);

		w->part = "the options";
		if (id == OPTION_DONE)
			return size >= 8 ? take_number(w, 8) : 0;
		walk_option_v7(w, id, size);
	}
	return 0;
}

static void walk_v7(struct walk *w)
{
	char word[WORD_MAX];
	bool is_compressed;
	uint64_t next;

	w->part = "the compression";
	take_word(w, word, sizeof(word));
	take_word(w, word, sizeof(word));
	next = take_number(w, 8);
	for (size_t n = 0; next && !w->error; n++) {
		uint64_t end;

		w->part = "the options";
		if (next > w->end || n > SECTIONS_MAX) {
			fail(w, -EBADMSG);
			break;
		}
		w->at = next;
		end = take_section(w, &is_compressed);
		/* What is packed is seen by the library alone. */
		next = is_compressed ? 0 : walk_options_v7(w, end);
	}
}

static bool is_page_size(uint32_t n)
{
	return n >= 1024 && n <= DAT_PAGE_MAX && (n & (n - 1)) == 0;
}

static void walk_start(struct walk *w)
{
	char magic[10], version[WORD_MAX];
	struct dat_layout *l = w->layout;
	uint64_t n, order, long_size;

	w->part = "its start";
	take(w, magic, sizeof(magic));
	take_word(w, version, sizeof(version));
	order = take_number(w, 1);
	long_size = take_number(w, 1);
	l->is_big_endian = order == 1;
	l->page_size = (uint32_t)take_number(w, 4);
	if (w->error)
		return;
	if (memcmp(magic, "\x17\x08\x44tracing", sizeof(magic)) || order > 1 ||
	    (long_size != 4 && long_size != 8) || !is_page_size(l->page_size) ||
	    text_u64(text_of(version), &n) < 0) {
		fail(w, -EBADMSG);
	} else if (n != 6 && n != 7) {
		w->part = NULL;
		l->version = (unsigned)u64_min(n, UINT32_MAX);
		fail(w, -ENOTSUP);
	} else {
		l->version = (unsigned)n;
	}
}

static int describe(const struct walk *w, char **ret_why)
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
	struct walk w = { .fd = fd, .layout = &layout };
	const off_t end = lseek(fd, 0, SEEK_END);

	*ret_why = NULL;
	if (end < 0)
		return neg_errno();
	w.end = (uint64_t)end;
	walk_start(&w);
	if (!w.error && layout.version == 6)
		walk_v6(&w);
	else if (!w.error)
		walk_v7(&w);
	if (w.error)
		return describe(&w, ret_why);
	*ret_layout = layout;
	return 0;
}
