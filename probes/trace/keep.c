/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/trace/keep.h"

#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>

#include "core/save.h"
#include "probes/trace/keep_parts.h"

enum { OPTION_DONE, OPTION_TRACECLOCK = 4, OPTION_UNAME };

struct keep { /* a file in the making */
	const struct keep_source *source;
	struct keep_formats formats;
	struct keep_content content;
	char *head; /* up to the table of CPUs */
	size_t head_len;
	uint64_t n_bytes;
};

/* Numbers are in the order of bytes of this machine, which the file tells. */
static void put_u16(FILE *out, uint16_t v)
{
	fwrite(&v, sizeof(v), 1, out);
}

static void put_u32(FILE *out, uint32_t v)
{
	fwrite(&v, sizeof(v), 1, out);
}

static void put_u64(FILE *out, uint64_t v)
{
	fwrite(&v, sizeof(v), 1, out);
}

/* With its NUL. */
static void put_word(FILE *out, const char *word)
{
	fwrite(word, strlen(word) + 1, 1, out);
}

static void put_text(FILE *out, const char *text, size_t len)
{
	put_u64(out, len);
	fwrite(text, len, 1, out);
}

static void put_start(FILE *out, const struct keep_formats *f)
{
	static const char magic[] = "\x17\x08\x44tracing";

	fwrite(magic, sizeof(magic) - 1, 1, out);
	put_word(out, "6");
	fputc(__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__, out);
	fputc(sizeof(long), out);
	put_u32(out, (uint32_t)f->page_size);
	put_word(out, "header_page");
	put_text(out, f->header_page, f->header_page_len);
	put_word(out, "header_event");
	put_text(out, f->header_event, f->header_event_len);
}

/* Formats stand together by system; end of the one that begins at i. */
static size_t system_end(const struct keep_formats *f, size_t i)
{
	const char *system = f->v[i].system;

	while (i < f->n && !strcmp(f->v[i].system, system))
		i++;
	return i;
}

static void put_formats(FILE *out, const struct keep_formats *f)
{
	uint32_t n_systems = 0;

	put_u32(out, (uint32_t)f->n_ftrace);
	for (size_t i = 0; i < f->n_ftrace; i++)
		put_text(out, f->v[i].text, f->v[i].len);
	for (size_t i = f->n_ftrace; i < f->n; i = system_end(f, i))
		n_systems++;
	put_u32(out, n_systems);
	for (size_t i = f->n_ftrace, end; i < f->n; i = end) {
		end = system_end(f, i);
		put_word(out, f->v[i].system);
		put_u32(out, (uint32_t)(end - i));
		for (size_t k = i; k < end; k++)
			put_text(out, f->v[k].text, f->v[k].len);
	}
}

static int by_address(const void *a, const void *b)
{
	const struct keep_function *x = a, *y = b;

	return (x->address > y->address) - (x->address < y->address);
}

/* Lines of /proc/kallsyms and of saved_cmdlines, those that are needed. */
static int put_names(FILE *out, struct keep_content *c)
{
	auto_free char *functions = NULL, *tasks = NULL;
	size_t functions_len = 0, tasks_len = 0;
	FILE *f = open_memstream(&functions, &functions_len), *t;

	if (!f)
		return -ENOMEM;
	if (c->addresses.n)
		qsort(c->functions, c->addresses.n, sizeof(*c->functions), by_address);
	for (size_t i = 0; i < c->addresses.n; i++) {
		if (c->functions[i].name)
			fprintf(f, "%016" PRIx64 " t %s\n", c->functions[i].address,
				c->functions[i].name);
	}
	if (fclose(f) == EOF)
		return -ENOMEM;
	t = open_memstream(&tasks, &tasks_len);
	if (!t)
		return -ENOMEM;
	for (size_t i = 0; i < c->pids.n && i < c->n_names; i++) {
		if (*c->names[i])
			fprintf(t, "%" PRIu64 " %s\n", c->pids.keys[i], c->names[i]);
	}
	if (fclose(t) == EOF)
		return -ENOMEM;
	put_u32(out, (uint32_t)functions_len);
	fwrite(functions, 1, functions_len, out);
	put_u32(out, 0); /* texts of trace_printk: no such event is recorded */
	put_text(out, tasks, tasks_len);
	return 0;
}

static void put_option(FILE *out, uint16_t id, const char *text)
{
	put_u16(out, id);
	put_u32(out, (uint32_t)strlen(text) + 1);
	put_word(out, text);
}

static void put_options(FILE *out, const struct keep_source *source)
{
	auto_free char *clock = NULL, *system = NULL;
	struct utsname name;

	fwrite("options  ", 10, 1, out);
	if (asprintf(&clock, "[%s]\n", source->clock) < 0)
		clock = NULL;
	else
		put_option(out, OPTION_TRACECLOCK, clock);
	/* The kernel; not the name of the host. */
	if (uname(&name) < 0 ||
	    asprintf(&system, "%s %s %s", name.sysname, name.release, name.machine) < 0)
		system = NULL;
	else
		put_option(out, OPTION_UNAME, system);
	put_u16(out, OPTION_DONE);
}

static uint32_t n_cpus(const struct keep_content *c)
{
	uint32_t n = 0;

	for (int cpu = cpus_next(&c->cpus, 0); cpu >= 0;
	     cpu = cpus_next(&c->cpus, (unsigned)cpu + 1))
		n = (uint32_t)cpu + 1;
	return n;
}

static int make_head(struct keep *k)
{
	FILE *out = open_memstream(&k->head, &k->head_len);
	int r;

	if (!out)
		return -ENOMEM;
	put_start(out, &k->formats);
	put_formats(out, &k->formats);
	r = put_names(out, &k->content);
	put_u32(out, n_cpus(&k->content));
	put_options(out, k->source);
	fwrite("flyrecord", 10, 1, out);
	if (fclose(out) == EOF)
		return -ENOMEM;
	return r;
}

/* Whole pages of a CPU; those of CPUs that were not recorded are none. */
static int open_spool(const struct keep *k, unsigned cpu, int *ret_fd, uint64_t *ret_size)
{
	char name[32];
	struct stat st;
	int fd;

	*ret_fd = -1;
	*ret_size = 0;
	if (!cpus_has(&k->content.cpus, cpu))
		return 0;
	snprintf(name, sizeof(name), "cpu%u", cpu);
	fd = openat(k->source->spool_dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return neg_errno();
	if (fstat(fd, &st) < 0) {
		const int r = neg_errno();

		close(fd);
		return r;
	}
	*ret_size = (uint64_t)st.st_size - (uint64_t)st.st_size % k->formats.page_size;
	*ret_fd = fd;
	return 0;
}

static uint64_t align(uint64_t at, uint64_t page_size)
{
	return (at + page_size - 1) / page_size * page_size;
}

static int put_table(FILE *out, struct keep *k)
{
	const uint32_t n = n_cpus(&k->content);
	const uint64_t end = k->head_len + 16 * (uint64_t)n;
	uint64_t at = align(end, k->formats.page_size);

	for (uint32_t cpu = 0; cpu < n; cpu++) {
		uint64_t size;
		int fd, r = open_spool(k, cpu, &fd, &size);

		if (r < 0)
			return r;
		if (fd >= 0)
			close(fd);
		put_u64(out, at);
		put_u64(out, size);
		at += size;
	}
	for (uint64_t i = end; i < align(end, k->formats.page_size); i++)
		fputc(0, out);
	k->n_bytes = at;
	return 0;
}

static int put_pages(FILE *out, const struct keep *k, unsigned cpu)
{
	enum { PIECE = 1 << 16 };
	auto_free char *piece = malloc(PIECE);
	auto_fd int fd = -1;
	uint64_t left;
	int r = piece ? open_spool(k, cpu, &fd, &left) : -ENOMEM;

	while (r == 0 && fd >= 0 && left) {
		const ssize_t n = read(fd, piece, u64_min(left, PIECE));

		if (n <= 0)
			return n < 0 ? neg_errno() : -EIO;
		if (keep_is_stopped(k->source))
			return -ECANCELED;
		if (fwrite(piece, 1, (size_t)n, out) != (size_t)n)
			return neg_errno();
		left -= (uint64_t)n;
	}
	return r;
}

static int write_file(FILE *out, void *arg)
{
	struct keep *k = arg;
	int r;

	fwrite(k->head, 1, k->head_len, out);
	r = put_table(out, k);
	for (unsigned cpu = 0; r == 0 && cpu < n_cpus(&k->content); cpu++)
		r = put_pages(out, k, cpu);
	if (r == 0 && (fflush(out) == EOF || ferror(out)))
		r = neg_errno();
	return r;
}

static int prepare(struct keep *k)
{
	const struct keep_source *s = k->source;
	int r = keep_formats_open(&k->formats, s->root);

	if (r == 0)
		r = keep_content_scan(&k->content, s, k->formats.page_size);
	if (r == 0 && !k->content.n_events)
		r = -ENODATA;
	if (r == 0)
		r = keep_formats_read(&k->formats, s->root, &k->content);
	if (r == 0)
		r = keep_content_name(&k->content, s, &k->formats);
	return r < 0 ? r : make_head(k);
}

static void explain(const char *path, int error, char **ret_why)
{
	int n;

	if (error == -ENODATA)
		n = asprintf(ret_why, "no event was recorded: no %s is written", path);
	else if (error == -ECANCELED)
		n = asprintf(ret_why, "interrupted: no %s is written", path);
	else
		n = asprintf(ret_why, "%s: %s", path, strerror(-error));
	if (n < 0)
		*ret_why = NULL;
}

int keep_trace_write(const char *path, const struct keep_source *source,
		     struct keep_stats *ret_stats, char **ret_why)
{
	struct keep *k = calloc(1, sizeof(*k));
	int r = k ? 0 : -ENOMEM;

	*ret_why = NULL;
	if (k) {
		k->source = source;
		r = prepare(k);
	}
	if (r == 0)
		r = save_file(path, write_file, k);
	if (r == 0)
		*ret_stats = (struct keep_stats){ k->content.n_events, k->n_bytes };
	else
		explain(path, r, ret_why);
	if (k) {
		keep_formats_release(&k->formats);
		keep_content_release(&k->content);
		free(k->head);
		free(k);
	}
	return r;
}
