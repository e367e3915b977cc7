/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/bench/lib/cpu_use.h"

#include "core/timebase.h"
#include "probes/parse/interrupts.h"
#include "probes/pin.h"

static int read_iwi(const struct sysroot *root, unsigned cpu, uint64_t *ret_n)
{
	auto_free char *text = NULL;
	auto_interrupts struct interrupts it = { 0 };
	struct interrupts_line line;
	size_t len;
	int r = sysroot_read(root, &text, &len, "/proc/interrupts");

	if (r == 0)
		r = interrupts_init(&it, text_make(text, len));
	while (r == 0 && interrupts_next(&it, &line)) {
		if (!text_equal(line.label, "IWI") || !line.counts)
			continue;
		for (size_t i = 0; i < it.n_cpus; i++) {
			if (it.cpus[i] == cpu) {
				*ret_n = line.counts[i];
				return 0;
			}
		}
	}
	return r < 0 ? r : -ENOENT;
}

/* A thread that is gone used nothing. */
static int add_thread(const struct sysroot *root, unsigned cpu, pid_t pid, const char *tid,
		      struct cpu_use *use)
{
	auto_free char *line = NULL;
	struct cpus may = { 0 };
	struct text rest;
	uint64_t n, run_ns;

	if (text_u64(text_of(tid), &n) < 0 || pin_get((pid_t)n, &may) < 0 || !cpus_has(&may, cpu))
		return 0;
	if (sysroot_read_line(root, &line, "/proc/%d/task/%s/schedstat", (int)pid, tid) < 0)
		return 0;
	rest = text_of(line);
	if (text_take_u64(&rest, &run_ns) < 0)
		return -EBADMSG;
	use->run_ns += run_ns;
	use->n_threads++;
	return 0;
}

static int add_program(const struct sysroot *root, unsigned cpu, pid_t pid, struct cpu_use *use)
{
	char **tids = NULL;
	size_t n = 0;
	int r = sysroot_list(root, &tids, &n, "/proc/%d/task", (int)pid);

	for (size_t i = 0; r == 0 && i < n; i++)
		r = add_thread(root, cpu, pid, tids[i], use);
	names_free(tids, n);
	return r;
}

int cpu_use_read(const struct sysroot *root, unsigned cpu, const struct program *programs, size_t n,
		 struct cpu_use *ret_use)
{
	struct cpu_use use = { .at_ns = timebase_now(timebase_monotonic()) };
	int r = read_iwi(root, cpu, &use.n_iwi);

	for (size_t i = 0; r == 0 && i < n; i++)
		r = add_program(root, cpu, programs[i].pid, &use);
	if (r == 0)
		*ret_use = use;
	return r;
}
