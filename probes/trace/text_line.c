/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/trace/text_line.h"

#include <string.h>

#include "core/cpus.h"
#include "probes/trace/event.h"
#include "probes/trace/text_columns.h"
#include "probes/trace/text_event.h"
#include "probes/trace/text_scan.h"

enum { MIN_RAW_DIGITS = 6 }; /* of a time without a point: shorter numbers are lists of people */

/* "sys_ioctl(fd: 3, …)" and "sys_ioctl -> 0x0" of the old system call tracer */
static bool is_syscall(struct text t)
{
	size_t n = 0;

	if (!text_starts(t, "sys_"))
		return false;
	while (n < t.len && (scan_is_letter(t.at[n]) || scan_is_digit(t.at[n]) || t.at[n] == '_'))
		n++;
	return n < t.len && (t.at[n] == '(' || text_starts(scan_from(t, n), " -> "));
}

/* Up to the first ": " (or ':' at the end); perf may print a period before the name. */
static bool take_name(struct text t, struct text *ret_name, struct text *ret_args)
{
	struct text period, name;
	uint64_t unused;
	size_t n = 0;

	while (n < t.len && !(t.at[n] == ':' && (n + 1 == t.len || scan_is_blank(t.at[n + 1]))))
		n++;
	if (n == t.len)
		return false;
	name = text_trim(text_make(t.at, n));
	*ret_args = text_trim(scan_from(t, n + 1));
	*ret_name = name;
	if (text_next_word(ret_name, &period) && text_u64(period, &unused) == 0)
		name = text_trim(*ret_name);
	*ret_name = name;
	return name.len && name.len <= TRACE_EVENT_NAME_MAX && !memchr(name.at, ' ', name.len);
}

static void split_system(struct trace_line *l)
{
	const char *colon = memchr(l->name.at, ':', l->name.len);
	const size_t n = colon ? (size_t)(colon - l->name.at) : 0;

	if (!n || n + 1 == l->name.len)
		return;
	l->system = text_make(l->name.at, n);
	l->name = scan_from(l->name, n + 1);
}

static bool parse_event(struct text t, struct trace_line *l)
{
	struct text word;

	t = text_trim(t);
	if (text_starts(t, "(+") && text_find(t, ") ")) /* --ts-diff */
		t = text_trim(scan_from(t, (size_t)(text_find(t, ") ") - t.at) + 1));
	l->args = t;
	l->system = text_make(NULL, 0);
	l->kind = TRACE_LINE_EVENT;
	if (is_syscall(t)) {
		l->name = text_of("<syscall>");
	} else if (take_name(t, &l->name, &l->args)) {
		split_system(l);
	} else if (text_find(t, " <-")) {
		l->name = text_of("<function>");
	} else if (text_starts(t, "PERF_RECORD_LOST")) {
		l->kind = TRACE_LINE_LOST;
		l->n_lost = UINT64_MAX;
		scan_number(t, "lost ", &l->n_lost);
	} else {
		l->args = text_make(NULL, 0);
		l->name = text_next_word(&t, &word) && !text_trim(t).len &&
					  word.len <= TRACE_EVENT_NAME_MAX
				  ? word
				  : text_of("<other>");
	}
	return true;
}

/* "kvm_exit:" and more, of which a column of prose is none */
static bool has_name(const struct trace_line *l)
{
	return l->name.len && l->name.at[0] != '<' && l->args.at != NULL;
}

/* What stands before "[cpu]". */
static bool parse_task(struct text t, struct trace_line *l)
{
	struct text last;

	t = column_without_tgid(text_trim(t));
	l->format = TRACE_FORMAT_PERF_NO_TASK;
	if (!t.len)
		return true;
	last = scan_last_word(t);
	if (last.len < t.len) {
		struct trace_line perf = *l;
		struct text before = text_trim(text_make(t.at, t.len - last.len));

		l->format = perf.format = TRACE_FORMAT_PERF;
		if (column_blank_pid(t, l))
			return true;
		/* Some tools of the perf family print the flags before the CPU. */
		if (column_is_flags(last) && column_blank_pid(before, &perf)) {
			*l = perf;
			l->needs_resched = column_needs_resched(last);
			return true;
		}
	}
	if (column_dash_pid(t, l)) {
		l->format = TRACE_FORMAT_FTRACE;
		return true;
	}
	l->format = TRACE_FORMAT_PERF;
	return column_comm(t, l);
}

/* What stands behind "[cpu]": flags, if any, and the time; "..." where somebody cut them out. */
static bool parse_flags_time(struct text rest, struct trace_line *l, bool *ret_is_elided)
{
	struct text before = rest, word;

	*ret_is_elided = false;
	for (unsigned n = 0; n < 3 && text_next_word(&rest, &word); n++) {
		if (text_ends(word, ":") && column_time(text_make(word.at, word.len - 1), l)) {
			*ret_is_elided = false;
			return parse_event(rest, l);
		}
		if (*ret_is_elided || !column_is_flags(word))
			break;
		*ret_is_elided = text_equal(word, "...");
		l->needs_resched = column_needs_resched(word);
		before = rest;
	}
	return *ret_is_elided && parse_event(before, l) && has_name(l);
}

static bool parse_bracket_at(struct text line, size_t at, struct trace_line *l)
{
	struct text rest = scan_from(line, at + 1);
	bool is_elided;
	uint64_t cpu;

	if (text_take_u64(&rest, &cpu) < 0 || !text_starts(rest, "] "))
		return false;
	l->cpu = cpu < CPUS_MAX ? (int)cpu : TRACE_CPU_UNKNOWN;
	if (!parse_flags_time(scan_from(rest, 1), l, &is_elided) ||
	    !parse_task(text_make(line.at, at), l))
		return false;
	if (is_elided)
		l->format = TRACE_FORMAT_ELIDED;
	return true;
}

/* The name of a thread may hold brackets itself: the first that fits is the CPU. */
static bool parse_bracket(struct text line, struct trace_line *l)
{
	const struct trace_line none = *l;

	for (size_t i = 0; i < line.len && i < COLUMN_COMM_MAX * 2; i++) {
		if (line.at[i] != '[' || (i && !scan_is_blank(line.at[i - 1])))
			continue;
		if (parse_bracket_at(line, i, l))
			return true;
		*l = none;
	}
	return false;
}

/* "10608100771us : ", "12us+: ": the latency format, also that of the kernel's log. */
static bool parse_dump(struct text line, struct trace_line *l)
{
	/* A line that has it so late has none. */
	const struct text head =
		text_make(line.at, line.len < 2 * COLUMN_COMM_MAX ? line.len : 2 * COLUMN_COMM_MAX);
	const char *us = text_find(head, "us");
	struct text rest, time;

	for (; us; us = text_find(scan_behind(head, us + 2), "us")) {
		rest = scan_behind(line, us + 2);
		time = scan_last_word(text_make(line.at, (size_t)(us - line.at)));
		if (!time.len || !scan_is_digit(time.at[0]) || text_u64(time, &l->t_ns) < 0)
			continue;
		if (rest.len && strchr("+!#*@$", rest.at[0]))
			rest = scan_from(rest, 1);
		while (rest.len && rest.at[0] == ' ')
			rest = scan_from(rest, 1);
		if (!text_starts(rest, ":") || l->t_ns > UINT64_MAX / NS_PER_US)
			continue;
		l->format = TRACE_FORMAT_DUMP;
		l->t_ns *= NS_PER_US;
		l->res_ns = NS_PER_US;
		return column_cpu_flags(text_trim(text_make(line.at, (size_t)(time.at - line.at))),
					l) &&
		       parse_event(scan_from(rest, 1), l);
	}
	return false;
}

/* "comm pid? time: event", "time: event" */
static bool parse_no_cpu(struct text line, struct trace_line *l)
{
	struct text rest = line, task, word;

	while (text_next_word(&rest, &word) && word.at - line.at < COLUMN_COMM_MAX) {
		if (!text_ends(word, ":") || !column_time(text_make(word.at, word.len - 1), l))
			continue;
		task = text_trim(text_make(line.at, (size_t)(word.at - line.at)));
		if (!parse_event(rest, l) || !has_name(l) ||
		    (l->res_ns == 1 && !text_find(word, ".") &&
		     (task.len || word.len <= MIN_RAW_DIGITS)))
			return false;
		if (column_cpu_flags(task, l)) { /* trace-cmd report -l */
			l->format = TRACE_FORMAT_FTRACE;
			return true;
		}
		l->format = task.len ? TRACE_FORMAT_PERF_NO_CPU : TRACE_FORMAT_TIME_ONLY;
		if (!task.len || (scan_last_word(task).len < task.len && column_blank_pid(task, l)))
			return true;
		if (!l->system.len && column_dash_pid(task, l)) {
			l->format = TRACE_FORMAT_FTRACE;
			return true;
		}
		return column_comm(task, l);
	}
	return false;
}

static bool parse_event_only(struct text line, struct trace_line *l)
{
	l->format = TRACE_FORMAT_EVENT_ONLY;
	return parse_event(line, l) && has_name(l) && trace_event_is_known(l->name);
}

static bool parse_any_event(struct text line, struct trace_line *ret_line)
{
	static bool (*const parsers[])(struct text line, struct trace_line * l) = {
		parse_bracket,
		parse_dump,
		parse_no_cpu,
		parse_event_only,
	};

	for (size_t i = 0; i < ARRAY_SIZE(parsers); i++) {
		*ret_line = (struct trace_line){ .kind = TRACE_LINE_OTHER,
						 .pid = TRACE_PID_UNKNOWN,
						 .cpu = TRACE_CPU_UNKNOWN,
						 .t_ns = UINT64_MAX };
		if (parsers[i](line, ret_line))
			return true;
	}
	ret_line->kind = TRACE_LINE_OTHER;
	return false;
}

/* "CPU:2 [LOST 123 EVENTS]" (trace), "CPU:2 [123 EVENTS DROPPED]" (trace-cmd), "CPU 1 buffer
 * started" */
static bool parse_lost(struct text line, struct trace_line *l)
{
	const char *cpu_at = text_find(line, "CPU");
	struct text rest;
	uint64_t cpu;

	if (!cpu_at)
		return false;
	rest = scan_behind(line, cpu_at + 3);
	if (!rest.len || (rest.at[0] != ':' && rest.at[0] != ' '))
		return false;
	rest = scan_from(rest, 1);
	if (text_take_u64(&rest, &cpu) < 0)
		return false;
	l->n_lost = UINT64_MAX;
	if (text_starts(rest, " [LOST "))
		scan_number(rest, "[LOST ", &l->n_lost);
	else if (text_find(rest, "EVENTS DROPPED]"))
		scan_number(rest, "[", &l->n_lost);
	else if (!text_starts(rest, " buffer started"))
		return false;
	l->kind = TRACE_LINE_LOST;
	l->cpu = cpu < CPUS_MAX ? (int)cpu : TRACE_CPU_UNKNOWN;
	return true;
}

static bool is_stack(struct text line)
{
	size_t n = 0;

	while (n < line.len && scan_is_hex(line.at[n]))
		n++;
	return text_starts(line, "=>") || (n >= 8 && n < line.len && scan_is_blank(line.at[n]));
}

static enum trace_line_class class_of(struct text line)
{
	uint64_t cpu;

	if (!line.len)
		return TRACE_LINE_BLANK;
	if (text_starts(line, "#"))
		return TRACE_LINE_COMMENT;
	if (text_starts(line, "cpus=") || text_starts(line, "version = ") ||
	    (text_ends(line, " is empty") && scan_number(line, "CPU ", &cpu)))
		return TRACE_LINE_HEADER;
	return is_stack(line) ? TRACE_LINE_STACK : TRACE_LINE_OTHER;
}

void trace_line_parse(struct text line, struct trace_line *ret_line)
{
	const struct text trimmed = scan_without_quotes(text_trim(line));
	const struct text logged = scan_without_log_prefix(trimmed);
	enum trace_line_class kind = class_of(logged);

	if ((kind == TRACE_LINE_OTHER || kind == TRACE_LINE_STACK) &&
	    (parse_any_event(logged, ret_line) ||
	     (logged.at != trimmed.at && parse_any_event(trimmed, ret_line))))
		return;
	*ret_line = (struct trace_line){
		.kind = kind, .pid = TRACE_PID_UNKNOWN, .cpu = TRACE_CPU_UNKNOWN, .t_ns = UINT64_MAX
	};
	if (kind == TRACE_LINE_OTHER || kind == TRACE_LINE_COMMENT)
		parse_lost(logged, ret_line);
}
