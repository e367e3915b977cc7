/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/parse/cpu_times.h"

#include "core/cpus.h"

enum { USER, NICE, SYSTEM, IDLE, IOWAIT, IRQ, SOFTIRQ, STEAL, N_COLUMNS };

/* guest and guest_nice stand behind these columns and are part of user and nice. */
static const bool is_busy[N_COLUMNS] = {
	[USER] = true, [NICE] = true,    [SYSTEM] = true,
	[IRQ] = true,  [SOFTIRQ] = true, [STEAL] = true,
};

static bool cpu_number(struct text name, unsigned *ret_cpu)
{
	uint64_t cpu;

	if (!text_starts(name, "cpu") || text_u64(text_make(name.at + 3, name.len - 3), &cpu) < 0 ||
	    cpu >= CPUS_MAX)
		return false;
	*ret_cpu = (unsigned)cpu;
	return true;
}

static bool parse_line(struct text line, struct cpu_times *ret_times)
{
	struct cpu_times t = { 0 };
	struct text word;
	size_t n = 0;

	if (!text_next_word(&line, &word) || !cpu_number(word, &t.cpu))
		return false;
	for (; n < N_COLUMNS && text_next_word(&line, &word); n++) {
		uint64_t ticks;

		if (text_u64(word, &ticks) < 0)
			return false;
		if (is_busy[n] && __builtin_add_overflow(t.busy, ticks, &t.busy))
			return false;
		if (n == STEAL)
			t.steal = ticks;
	}
	if (n <= IDLE)
		return false;
	*ret_times = t;
	return true;
}

bool cpu_times_next(struct text *rest, struct cpu_times *ret_times)
{
	struct text line;

	while (text_next_line(rest, &line)) {
		if (parse_line(line, ret_times))
			return true;
	}
	return false;
}
