/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * noise_counters.c - how often the kernel says that something happened on the CPU: lines of Unix
 * time and counters, so that others can tell how often it was between two moments.
 */
#include <ctype.h>
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

/* "interrupts:CAL", "softirqs:RCU", "log:PATH" of clocks.S */
static int read_counter(const char *what, unsigned cpu, uint64_t *ret_n)
{
	const char *colon = strchr(what, ':');
	struct stat log;

	if (!colon)
		return -EINVAL;
	if (strncmp(what, "log:", 4))
		return read_row(what, (size_t)(colon - what), colon + 1, cpu, ret_n);
	if (stat(colon + 1, &log))
		return neg_errno();
	*ret_n = (uint64_t)log.st_size * EVENTS_PER_BYTE;
	return 0;
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
