/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "core/cpus.h"
#include "probes/trace/text_event.h"
#include "probes/trace/text_scan.h"

enum { TASK_MAX = 512 }; /* bytes of a name, its number and priority */

struct task_text {
	struct text comm;
	int pid, prio;
	struct text rest; /* behind its columns */
};

static int to_pid(uint64_t v)
{
	return v <= INT32_MAX ? (int)v : TRACE_PID_UNKNOWN;
}

static int to_cpu(uint64_t v)
{
	return v < CPUS_MAX ? (int)v : TRACE_CPU_UNKNOWN;
}

static bool take_number(struct text t, const char *key, int *ret_value)
{
	uint64_t v;

	if (!scan_number(t, key, &v) || v > INT32_MAX)
		return false;
	*ret_value = (int)v;
	return true;
}

/* What stands between two keys of "comm=NAME pid=7": the name, which may hold blanks. */
static struct text name_between(struct text t, const char *key, const char *next_key)
{
	struct text name, behind;

	if (!scan_behind_first(t, key, &name) || !scan_behind_key(name, next_key, &behind))
		return text_make(NULL, 0);
	return text_trim(text_make(name.at, name.len - behind.len - strlen(next_key)));
}

/* "kworker/0:1H:31" */
static bool split_colon(struct text t, struct text *ret_comm, int *ret_pid)
{
	const char *colon = t.len ? memrchr(t.at, ':', t.len) : NULL;
	uint64_t pid;

	if (!colon || text_u64(scan_behind(t, colon + 1), &pid) < 0 || pid > INT32_MAX)
		return false;
	*ret_comm = text_trim(text_make(t.at, (size_t)(colon - t.at)));
	*ret_pid = (int)pid;
	return true;
}

/* "kworker/0:1H:31 [100] S": names may hold colons and brackets, so the last that fits counts. */
static bool take_plugin_task(struct text t, struct task_text *ret_task)
{
	uint64_t prio;

	if (text_starts(t, "task "))
		t = scan_from(t, 5);
	for (size_t i = t.len < TASK_MAX ? t.len : TASK_MAX; i-- > 1;) {
		struct text rest = scan_from(t, i);

		if (!text_starts(rest, "[") || !scan_is_blank(t.at[i - 1]))
			continue;
		rest = scan_from(rest, 1);
		if (text_take_u64(&rest, &prio) < 0 || prio > INT32_MAX ||
		    !text_starts(rest, "]") ||
		    !split_colon(text_make(t.at, i - 1), &ret_task->comm, &ret_task->pid))
			continue;
		ret_task->prio = (int)prio;
		ret_task->rest = text_trim(scan_from(rest, 1));
		return true;
	}
	return false;
}

/* TASK_REPORT of include/linux/sched.h: one bit for each letter. */
static const char report_letters[] = "SDTtXZPI";

enum { REPORT_BITS = 0xff, NOLOAD_BIT = 0x400, PREEMPT_BITS = 0x3f00 };

static char letter_of_number(uint64_t v, bool *ret_is_preempted)
{
	*ret_is_preempted = false;
	if (!(v & REPORT_BITS)) {
		*ret_is_preempted = (v & PREEMPT_BITS) != 0;
		return 'R';
	}
	if ((v & NOLOAD_BIT) && (v & REPORT_BITS) == 2)
		return 'I';
	return report_letters[__builtin_ctzll(v)];
}

static char unshifted(char letter, bool is_to_idle)
{
	const char *at = strchr(report_letters, letter == 'x' ? 'X' : letter);

	if (letter == 'R')
		return is_to_idle ? 'I' : 'R';
	if (!at)
		return letter;
	return at == report_letters ? 'R' : at[-1];
}

static enum trace_task_state state_of_letter(char letter, bool is_preempted)
{
	static const struct {
		const char *letters;
		enum trace_task_state state;
	} states[] = {
		{ "SIPN", TRACE_TASK_SLEEPING },
		{ "DKW", TRACE_TASK_BLOCKED },
		{ "Tt", TRACE_TASK_STOPPED },
		{ "XxZ", TRACE_TASK_DEAD },
	};

	if (letter == 'R')
		return is_preempted ? TRACE_TASK_PREEMPTED : TRACE_TASK_RUNNABLE;
	for (size_t i = 0; i < ARRAY_SIZE(states); i++) {
		if (strchr(states[i].letters, letter))
			return states[i].state;
	}
	return TRACE_TASK_UNKNOWN;
}

enum trace_task_state trace_task_state_of(struct text letters, bool is_shifted, bool is_to_idle)
{
	bool is_preempted = text_ends(letters, "+");
	uint64_t number;
	char letter;

	if (!letters.len || !letters.at[0])
		return TRACE_TASK_UNKNOWN;
	letter = letters.at[0];
	if (scan_is_digit(letter)) {
		if (!scan_take(&letters, false, &number) || letters.len)
			return TRACE_TASK_UNKNOWN;
		letter = letter_of_number(number, &is_preempted);
	}
	if (is_shifted) {
		is_preempted = letter == 'R' && !is_to_idle;
		letter = unshifted(letter, is_to_idle);
	}
	return state_of_letter(letter, is_preempted);
}

static int set_switch(struct text state, const struct task_text *prev, const struct task_text *next,
		      struct trace_strings *s, struct trace_event *e)
{
	/* the oldest form has it in parentheses */
	if (text_starts(state, "(") && text_ends(state, ")"))
		state = text_make(state.at + 1, state.len - 2);
	if (!state.len || memchr(state.at, ' ', state.len))
		return -EBADMSG;
	e->sched_switch.prev_pid = prev->pid;
	e->sched_switch.prev_prio = prev->prio;
	e->sched_switch.prev_comm = trace_string(s, prev->comm);
	e->sched_switch.next_pid = next->pid;
	e->sched_switch.next_prio = next->prio;
	e->sched_switch.next_comm = trace_string(s, next->comm);
	e->sched_switch.prev_letters = trace_string(s, state);
	e->sched_switch.prev_state = trace_task_state_of(state, false, next->pid == 0);
	return 0;
}

/* "prev_comm=a prev_pid=1 prev_prio=120 prev_state=R+ ==> next_comm=b next_pid=2 next_prio=120";
 * the raw form has no arrow. */
static int parse_switch_keys(struct text args, struct trace_strings *s, struct trace_event *e)
{
	struct task_text prev = { 0 }, next = { 0 };
	struct text half, state, word;

	if (!scan_behind_key(args, "next_comm=", &half))
		return -EBADMSG;
	next.comm = name_between(half, "", "next_pid=");
	if (!take_number(half, "next_pid=", &next.pid) ||
	    !take_number(half, "next_prio=", &next.prio))
		return -EBADMSG;
	half = text_make(args.at, args.len - half.len);
	prev.comm = name_between(half, "prev_comm=", "prev_pid=");
	if (!take_number(half, "prev_pid=", &prev.pid) ||
	    !take_number(half, "prev_prio=", &prev.prio) ||
	    !scan_behind_key(half, "prev_state=", &state) || !text_next_word(&state, &word))
		return -EBADMSG;
	return set_switch(word, &prev, &next, s, e);
}

int trace_args_switch(struct text args, struct trace_strings *s, struct trace_event *e)
{
	static const char arrow[] = " ==> ";
	const char *at = text_find(args, arrow);
	struct task_text prev, next;

	if (text_starts(args, "prev_comm="))
		return parse_switch_keys(args, s, e);
	for (; at; at = text_find(scan_behind(args, at + 1), arrow)) {
		if (take_plugin_task(text_make(args.at, (size_t)(at - args.at)), &prev) &&
		    prev.rest.len && take_plugin_task(scan_behind(args, at + strlen(arrow)), &next))
			return set_switch(prev.rest, &prev, &next, s, e);
	}
	return -EBADMSG;
}

/* "comm=a pid=1 prio=120 target_cpu=003", "a:1 [120] success=1 CPU:003" */
int trace_args_wake(struct text args, struct trace_strings *s, struct trace_event *e)
{
	struct task_text task;
	uint64_t cpu = UINT64_MAX;

	if (text_starts(args, "comm=")) {
		task.comm = name_between(args, "comm=", "pid=");
		if (!take_number(args, "pid=", &task.pid))
			return -EBADMSG;
		scan_number(args, "target_cpu=", &cpu);
	} else if (take_plugin_task(args, &task)) {
		scan_number(task.rest, "CPU:", &cpu);
	} else {
		return -EBADMSG;
	}
	e->waking.pid = task.pid;
	e->waking.comm = trace_string(s, task.comm);
	e->waking.target_cpu = to_cpu(cpu);
	return 0;
}

/* "comm=a pid=1 prio=120 orig_cpu=15 dest_cpu=14" */
int trace_args_migrate(struct text args, struct trace_strings *s, struct trace_event *e)
{
	uint64_t pid, from, to;

	(void)s;
	if (!scan_number(args, "pid=", &pid) || !scan_number(args, "orig_cpu=", &from) ||
	    !scan_number(args, "dest_cpu=", &to))
		return -EBADMSG;
	e->migrate.pid = to_pid(pid);
	e->migrate.from_cpu = to_cpu(from);
	e->migrate.to_cpu = to_cpu(to);
	return 0;
}
