/* SPDX-License-Identifier: GPL-2.0-or-later */
/* live_setup.c - all that is done before the first event; documented in live_parts.h. */
#include <event-parse.h>
#include <fcntl.h>
#include <string.h>
#include <tracefs.h>

#include "probes/parse/meminfo.h"
#include "probes/trace/decode.h"
#include "probes/trace/kallsyms.h"
#include "probes/trace/live_events.h"
#include "probes/trace/live_instance.h"
#include "probes/trace/live_parts.h"

/* KiB; not known: as if there were a lot, the other limits hold. */
static uint64_t available_kib(const struct sysroot *root)
{
	auto_free char *text = NULL;
	size_t len = 0;
	uint64_t kib;

	if (sysroot_read(root, &text, &len, "/proc/meminfo") < 0 ||
	    meminfo_kib(text_make(text, len), "MemAvailable", &kib) < 0)
		return UINT64_MAX;
	return kib;
}

static int open_spool(const struct live *live, unsigned cpu, int *ret_fd)
{
	char name[32];

	*ret_fd = -1;
	if (live->options.spool_dir < 0)
		return 0;
	snprintf(name, sizeof(name), "cpu%u", cpu);
	*ret_fd = openat(live->options.spool_dir, name,
			 O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	return *ret_fd < 0 ? neg_errno() : 0;
}

static int open_cpu(struct live *live, unsigned cpu, char **ret_why)
{
	char path[64];
	int fd, spool_fd, r;

	snprintf(path, sizeof(path), "per_cpu/cpu%u/trace_pipe_raw", cpu);
	errno = 0;
	fd = tracefs_instance_file_open(live->instance, path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0) {
		r = neg_errno();
		/* This machine cannot have a CPU of that number. */
		if (r == -ENOENT)
			return 0;
		live_why(ret_why, "%s of the tracing instance: %s", path, strerror(-r));
		return r;
	}
	r = open_spool(live, cpu, &spool_fd);
	if (r < 0) {
		live_why(ret_why, "file for the pages of CPU %u: %s", cpu, strerror(-r));
		close(fd);
		return r;
	}
	r = live_pages_new(fd, spool_fd, live->page_size, &live->cpus[live->n_cpus].pages);
	if (r < 0)
		return r;
	if (live->options.spool_max)
		live_pages_limit_spool(live->cpus[live->n_cpus].pages, &live->spool_left);
	live->cpus[live->n_cpus++].cpu = cpu;
	return 0;
}

static int open_cpus(struct live *live, char **ret_why)
{
	const struct cpus *set = &live->options.cpus;
	const size_t n = cpus_count(set);
	auto_free char *header =
		tracefs_instance_file_read(live->instance, "events/header_page", NULL);
	int r;

	live->spool_left = live->options.spool_max;
	live->page_size = header ? live_page_size(header) : 0;
	if (!live->page_size) {
		live_why(ret_why, "events/header_page is not as expected");
		return -EPROTO;
	}
	live->cpus = calloc(n, sizeof(*live->cpus));
	if (!live->cpus)
		return -ENOMEM;
	r = live_merge_init(&live->merge, n);
	for (int c = cpus_next(set, 0); r == 0 && c >= 0; c = cpus_next(set, (unsigned)c + 1))
		r = open_cpu(live, (unsigned)c, ret_why);
	return r;
}

int live_set_up(struct live *live, char **ret_why)
{
	const bool *wants = live->options.wants ? live->options.wants : live_events_wanted();
	const struct live_settings settings = {
		.clock = live->options.clock == LIVE_CLOCK_TSC ? "x86-tsc" : "mono",
		.cpus = &live->options.cpus,
		.buffer_kib =
			live_buffer_kib(live->options.buffer_kib, cpus_count(&live->options.cpus),
					available_kib(&live->root)),
	};
	int r;

	live->stats.buffer_kib = settings.buffer_kib;
	live_instance_sweep();
	r = live_instance_new(&live->instance, &live->instance_fd, ret_why);
	if (r == 0)
		r = live_instance_set(live->instance, &settings, ret_why);
	if (r == 0)
		r = open_cpus(live, ret_why);
	if (r < 0)
		return r;
	r = live_events_read(live->instance, wants, &live->tep);
	if (r == 0)
		r = trace_decoder_new(live->tep, &live->decoder);
	if (r == 0)
		r = live_events_enable(live->instance, live->tep, live->decoder,
				       &live->stats.events_error);
	if (r < 0)
		live_why(ret_why, "events of the tracing instance: %s", strerror(-r));
	else
		trace_decoder_set_functions(live->decoder, kallsyms_name, live->symbols);
	return r;
}
