/* SPDX-License-Identifier: GPL-2.0-or-later */
/* keep_content.c - what recorded events are, and the names that they need to be read. */
#include <dirent.h>
#include <event-parse.h>
#include <fcntl.h>
#include <string.h>

#include "probes/trace/decode.h"
#include "probes/trace/kallsyms.h"
#include "probes/trace/keep_parts.h"
#include "probes/trace/live_pages.h"

enum {
	PIDS_MAX = 1 << 16,
	FUNCTIONS_MAX = 1 << 12,
	ASK_EVERY = 1 << 14, /* records: some ms */
	COMMON_SIZE = 8      /* common_type, flags, preempt_count and pid begin every record */
};

/* For one record of a CPU. 0 or a negative errno. */
typedef int record_fn(struct keep_content *c, unsigned cpu, const struct live_record *record,
		      void *arg);

static int read_cpu(struct keep_content *c, const struct keep_source *source, unsigned cpu,
		    size_t page_size, record_fn *use, void *arg)
{
	struct live_pages *pages;
	struct live_record record;
	char name[32];
	uint64_t n = 0;
	int fd, r;

	snprintf(name, sizeof(name), "cpu%u", cpu);
	fd = openat(source->spool_dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return neg_errno();
	r = live_pages_new(fd, -1, page_size, &pages);
	if (r < 0)
		return r;
	while ((r = live_pages_next(pages, &record)) != 0) {
		if (n++ % ASK_EVERY == 0 && keep_is_stopped(source))
			r = -ECANCELED;
		if (r == -EBADMSG)
			continue;
		if (r > 0 && record.at && record.size >= COMMON_SIZE)
			r = use(c, cpu, &record, arg);
		if (r < 0)
			break;
	}
	live_pages_free(pages);
	return r < 0 ? r : 0;
}

static int read_all(struct keep_content *c, const struct keep_source *source, size_t page_size,
		    record_fn *use, void *arg)
{
	int r = 0;

	for (int cpu = cpus_next(&c->cpus, 0); r == 0 && cpu >= 0;
	     cpu = cpus_next(&c->cpus, (unsigned)cpu + 1))
		r = read_cpu(c, source, (unsigned)cpu, page_size, use, arg);
	return r;
}

static int find_cpus(struct keep_content *c, int spool_dir)
{
	const int fd = openat(spool_dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;

	if (!dir) {
		const int r = neg_errno();

		if (fd >= 0)
			close(fd);
		return r;
	}
	while ((entry = readdir(dir))) {
		const struct text name = text_of(entry->d_name);
		uint64_t cpu;

		if (text_starts(name, "cpu") &&
		    text_u64(text_make(name.at + 3, name.len - 3), &cpu) == 0 && cpu < CPUS_MAX)
			cpus_add(&c->cpus, (unsigned)cpu);
	}
	closedir(dir);
	return 0;
}

/* Place of a thread's name; -1: there are too many. */
static int add_pid(struct keep_content *c, int pid, ssize_t *ret_at)
{
	const ssize_t at = trace_index_add(&c->pids, (uint64_t)pid);

	*ret_at = -1;
	if (at < 0)
		return at == -ENOSPC ? 0 : -ENOMEM;
	if (trace_grow((void **)&c->names, &c->n_names, (size_t)at, KEEP_NAME_SIZE) < 0)
		return -ENOMEM;
	*ret_at = at;
	return 0;
}

static int note_record(struct keep_content *c, unsigned cpu, const struct live_record *record,
		       void *arg)
{
	uint16_t type;
	ssize_t at;
	int pid;

	(void)cpu;
	(void)arg;
	memcpy(&type, record->at, sizeof(type));
	memcpy(&pid, (const char *)record->at + 4, sizeof(pid));
	c->types[type / 64] |= UINT64_C(1) << type % 64;
	c->n_events++;
	return pid > 0 ? add_pid(c, pid, &at) : 0;
}

int keep_content_scan(struct keep_content *c, const struct keep_source *source, size_t page_size)
{
	int r;

	c->pids.max = PIDS_MAX;
	c->addresses.max = FUNCTIONS_MAX;
	r = find_cpus(c, source->spool_dir);
	return r < 0 ? r : read_all(c, source, page_size, note_record, NULL);
}

static void set_name(struct keep_content *c, ssize_t at, struct text name)
{
	/* A line of its own for each: no name may hold a line break. */
	if (at >= 0 && name.len && !text_equal(name, "<...>"))
		text_clean(name, c->names[at], KEEP_NAME_SIZE);
}

/* "4711 qemu-system-x86" */
static int name_saved(struct keep_content *c, const struct keep_source *source,
		      const struct keep_formats *f)
{
	auto_free char *text = NULL;
	struct text rest, line;
	uint64_t pid;
	size_t len;
	int r = sysroot_read(source->root, &text, &len, "%s/saved_cmdlines", f->folder);

	if (r < 0)
		return r == -ENOMEM ? r : 0;
	rest = text_make(text, len);
	while (text_next_line(&rest, &line)) {
		if (text_take_u64(&line, &pid) == 0 && line.len > 1)
			set_name(c, trace_index_find(&c->pids, pid),
				 text_make(line.at + 1, line.len - 1));
	}
	return 0;
}

static int name_pid(struct keep_content *c, int pid, const char *name)
{
	ssize_t at = -1;
	int r = pid > 0 && name ? add_pid(c, pid, &at) : 0;

	if (r == 0)
		set_name(c, at, text_of(name));
	return r;
}

static int name_members(struct keep_content *c, const struct keep_source *source)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < source->n_members; i++)
		r = name_pid(c, source->members[i].tid, source->members[i].name);
	return r;
}

static const char *function_name(void *arg, uint64_t address)
{
	struct keep_content *c = arg;
	const char *name = kallsyms_name(c->symbols, address);
	const ssize_t at = name ? trace_index_add(&c->addresses, address) : -1;

	if (at >= 0 && trace_grow((void **)&c->functions, &c->n_functions, (size_t)at,
				  sizeof(*c->functions)) == 0)
		c->functions[at] = (struct keep_function){ address, name };
	return name;
}

/* Names are in events of the scheduler; functions are asked for by the decoder. */
static int decode_record(struct keep_content *c, unsigned cpu, const struct live_record *record,
			 void *arg)
{
	struct trace_event e;
	int r = 0;

	if (!trace_decode(arg, (int)cpu, record->t, record->at, record->size, &e))
		return 0;
	if (e.kind == TRACE_SWITCH) {
		r = name_pid(c, e.sched_switch.prev_pid, e.sched_switch.prev_comm);
		if (r == 0)
			r = name_pid(c, e.sched_switch.next_pid, e.sched_switch.next_comm);
	} else if (e.kind == TRACE_WAKING) {
		r = name_pid(c, e.waking.pid, e.waking.comm);
	}
	return r;
}

static struct tep_handle *make_tep(const struct keep_formats *f)
{
	struct tep_handle *tep = tep_alloc();

	if (!tep)
		return NULL;
	tep_set_long_size(tep, sizeof(long));
	tep_parse_header_page(tep, f->header_page, f->header_page_len, sizeof(long));
	/* One that the library cannot read is copied even so. */
	for (size_t i = f->n_ftrace; i < f->n; i++)
		(void)!tep_parse_event(tep, f->v[i].text, f->v[i].len, f->v[i].system);
	return tep;
}

int keep_content_name(struct keep_content *c, const struct keep_source *source,
		      const struct keep_formats *f)
{
	struct tep_handle *tep = make_tep(f);
	struct trace_decoder *decoder = NULL;
	int r = tep ? trace_decoder_new(tep, &decoder) : -ENOMEM;

	c->symbols = kallsyms_new(source->root);
	if (r == 0 && !c->symbols)
		r = -ENOMEM;
	if (r == 0)
		r = name_saved(c, source, f);
	if (r == 0) {
		trace_decoder_set_functions(decoder, function_name, c);
		r = read_all(c, source, f->page_size, decode_record, decoder);
	}
	if (r == 0)
		r = name_members(c, source);
	trace_decoder_free(decoder);
	tep_free(tep);
	return r;
}

void keep_content_release(struct keep_content *c)
{
	trace_index_release(&c->pids);
	trace_index_release(&c->addresses);
	kallsyms_free(c->symbols);
	free(c->names);
	free(c->functions);
}
