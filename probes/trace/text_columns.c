/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/trace/text_columns.h"

#include <string.h>

#include "core/cpus.h"
#include "probes/trace/event.h"
#include "probes/trace/text_scan.h"

enum { MIN_FRACTION = 6 };

static bool is_flag(char c)
{
	return c == '.' || c == '#' || c == '+' || scan_is_digit(c) || scan_is_letter(c);
}

bool column_is_flags(struct text word)
{
	for (size_t i = 0; i < word.len; i++) {
		if (!is_flag(word.at[i]))
			return false;
	}
	return word.len >= 3 && word.len <= 10;
}

bool column_needs_resched(struct text flags)
{
	return flags.len > 1 && strchr("NnBb", flags.at[1]) != NULL;
}

bool column_time(struct text word, struct trace_line *l)
{
	uint64_t s, fraction = 0, res = NS_PER_S;
	size_t n_digits;

	if (text_take_u64(&word, &s) < 0)
		return false;
	if (!word.len) {
		/* nanoseconds or TSC cycles, as "trace_clock" has it */
		l->t_ns = s;
		l->res_ns = 1;
		return s != UINT64_MAX;
	}
	word = scan_from(word, 1);
	n_digits = word.len;
	if (word.at[-1] != '.' || n_digits < MIN_FRACTION || n_digits > 9 ||
	    text_take_u64(&word, &fraction) < 0 || word.len)
		return false;
	while (n_digits--)
		res /= 10;
	if (s >= UINT64_MAX / NS_PER_S)
		return false;
	l->t_ns = s * NS_PER_S + fraction * res;
	l->res_ns = res;
	return true;
}

bool column_comm(struct text comm, struct trace_line *l)
{
	comm = scan_without_date(text_trim(comm));
	if (comm.len > COLUMN_COMM_MAX)
		return false;
	if (text_equal(comm, "<...>") || text_starts(comm, ":"))
		comm.len = 0; /* a thread that nobody knew by name */
	l->comm = comm;
	return true;
}

static bool set_pid(struct text digits, struct trace_line *l)
{
	uint64_t v;

	if (text_equal(digits, "-1")) {
		l->pid = TRACE_PID_UNKNOWN;
		return true;
	}
	if (!digits.len || !scan_is_digit(digits.at[0]) || text_u64(digits, &v) < 0 ||
	    v > INT32_MAX)
		return false;
	l->pid = (int)v;
	return true;
}

bool column_dash_pid(struct text t, struct trace_line *l)
{
	const char *dash = t.len ? memrchr(t.at, '-', t.len) : NULL;
	const size_t n = dash ? (size_t)(dash - t.at) : 0;

	return dash && set_pid(scan_from(t, n + 1), l) && column_comm(text_make(t.at, n), l);
}

bool column_blank_pid(struct text t, struct trace_line *l)
{
	struct text pid = scan_last_word(t);
	const char *slash = pid.len ? memchr(pid.at, '/', pid.len) : NULL;
	const size_t n_comm = t.len - pid.len;

	if (slash && scan_is_digit(pid.at[0]))
		pid = scan_from(pid, (size_t)(slash + 1 - pid.at));
	return set_pid(pid, l) && column_comm(text_make(t.at, n_comm), l);
}

struct text column_without_tgid(struct text t)
{
	const char *open;

	if (!text_ends(t, ")"))
		return t;
	open = memrchr(t.at, '(', t.len);
	return open ? text_trim(text_make(t.at, (size_t)(open - t.at))) : t;
}

bool column_cpu_flags(struct text t, struct trace_line *l)
{
	const struct text last = scan_last_word(t);
	struct text flags = last;
	uint64_t cpu;

	if (text_take_u64(&flags, &cpu) < 0 || !column_is_flags(flags))
		return false;
	l->cpu = cpu < CPUS_MAX ? (int)cpu : TRACE_CPU_UNKNOWN;
	l->needs_resched = column_needs_resched(flags);
	return column_dash_pid(text_trim(text_make(t.at, t.len - last.len)), l);
}
