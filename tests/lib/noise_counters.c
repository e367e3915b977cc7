/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * noise_counters.c - how often the kernel says that something happened on the CPU: lines of Unix
 * time and counters, so that others can tell how often it was between two moments.
 */
#include <ctype.h>
#include <dirent.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "tests/lib/noise.h"

enum { PERIOD_MS = 10, EVENTS_PER_BYTE = 1024 };

/* Column i of a line "  36:  5  7 ..." when the row is that one. */
static bool row_column(const char *line, const char *row, unsigned i, uint64_t *ret_n)
{
	const size_t n = strlen(row);
	char *end;

	line += strspn(line, " ");
	if (strncmp(line, row, n) || line[n] != ':')
		return false;
	line += n + 1;
	for (;; i--) {
		const uint64_t value = strtoull(line, &end, 10);

		if (end == line)
			return false;
		line = end;
		if (!i) {
			*ret_n = value;
			return true;
		}
	}
}

/* Which column is that of a CPU: "  CPU0  CPU1 ..." has those that are online. */
static unsigned column_of(const char *line, unsigned cpu)
{
	unsigned column = 0;

	for (const char *at = line; (at = strstr(at, "CPU")); column++) {
		at += 3;
		if (isdigit((unsigned char)*at) && strtoul(at, NULL, 10) == cpu)
			break;
	}
	return column;
}

static int read_row(const char *folder, size_t length, const char *row, unsigned cpu,
		    uint64_t *ret_n)
{
	auto_free char *path = NULL;
	auto_free char *line = NULL;
	auto_file FILE *f = NULL;
	size_t size = 0;
	unsigned column;

	if (asprintf(&path, "/proc/%.*s", (int)length, folder) < 0)
		return -ENOMEM;
	f = fopen(path, "re");
	if (!f)
		return neg_errno();
	if (getline(&line, &size, f) < 0)
		return -ENODATA;
	column = column_of(line, cpu);
	while (getline(&line, &size, f) >= 0) {
		if (row_column(line, row, column, ret_n))
			return 0;
	}
	return -ENODATA;
}

/* "kworker/1:0H-kblockd": of high priority, for one CPU. */
static bool is_fast_worker(const char *comm, unsigned cpu)
{
	unsigned of_cpu, id;
	char level;

	return sscanf(comm, "kworker/%u:%u%c", &of_cpu, &id, &level) == 3 && of_cpu == cpu &&
	       level == 'H';
}

static int add_worker(const char *pid, unsigned cpu, uint64_t *sum)
{
	auto_free char *path = NULL;
	auto_file FILE *f = NULL;
	struct noise_amount used;
	char comm[64];

	if (asprintf(&path, "/proc/%s/comm", pid) < 0)
		return -ENOMEM;
	f = fopen(path, "re");
	if (!f || !fgets(comm, sizeof(comm), f) || !is_fast_worker(comm, cpu))
		return 0;
	if (noise_thread((pid_t)strtol(pid, NULL, 10), &used) >= 0)
		*sum += used.n;
	return 0;
}

static int read_workers(unsigned cpu, uint64_t *ret_n)
{
	DIR *proc = opendir("/proc");
	const struct dirent *entry;
	int r = 0;

	if (!proc)
		return neg_errno();
	*ret_n = 0;
	while (r >= 0 && (entry = readdir(proc))) {
		if (isdigit((unsigned char)entry->d_name[0]))
			r = add_worker(entry->d_name, cpu, ret_n);
	}
	closedir(proc);
	return r;
}

static int read_log(const char *path, uint64_t *ret_n)
{
	struct stat log;

	if (stat(path, &log))
		return neg_errno();
	*ret_n = (uint64_t)log.st_size * EVENTS_PER_BYTE;
	return 0;
}

static int read_thread(const char *tid, uint64_t *ret_ns)
{
	struct noise_amount used;
	uint64_t n;
	int r = noise_number(tid, &n);

	if (r >= 0)
		r = noise_thread((pid_t)n, &used);
	if (r >= 0)
		*ret_ns = used.ns;
	return r;
}

/*
 * "interrupts:CAL", "softirqs:RCU"; "log:PATH" of clocks.S; "thread:TID": its CPU time;
 * "workers:H": how often workers of high priority ran.
 */
static int read_counter(const char *what, unsigned cpu, uint64_t *ret_n)
{
	const char *colon = strchr(what, ':');

	if (!colon)
		return -EINVAL;
	if (!strncmp(what, "log:", 4))
		return read_log(colon + 1, ret_n);
	if (!strncmp(what, "thread:", 7))
		return read_thread(colon + 1, ret_n);
	if (!strcmp(what, "workers:H"))
		return read_workers(cpu, ret_n);
	return read_row(what, (size_t)(colon - what), colon + 1, cpu, ret_n);
}

static int print_counters(const struct noise *noise)
{
	struct timespec t = { 0 };

	clock_gettime(CLOCK_REALTIME, &t);
	printf("%" PRIu64, (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec);
	for (const char *const *what = noise->args; *what; what++) {
		uint64_t n = 0;
		const int r = read_counter(*what, noise->cpu, &n);

		if (r < 0)
			return r;
		printf(" %" PRIu64, n);
	}
	printf("\n");
	return 0;
}

int noise_counters(const struct noise *noise, struct noise_amount *ret_amount)
{
	const uint64_t start_ns = noise_now_ns();
	int r = noise_become_fifo("noise-counters", noise->host_cpu);

	/* Whoever ends us wants all lines, and whole ones. */
	if (r >= 0 && setvbuf(stdout, NULL, _IOLBF, BUFSIZ))
		r = -ENOMEM;
	for (uint64_t t_ns = start_ns; r >= 0 && t_ns - start_ns < noise->duration_ns;
	     t_ns += PERIOD_MS * NS_PER_MS) {
		noise_sleep_until(t_ns);
		r = print_counters(noise);
	}
	if (r >= 0)
		*ret_amount = (struct noise_amount){ UINT64_MAX, UINT64_MAX };
	return r;
}
