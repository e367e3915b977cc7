/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/parse/tasks.h"

#include <string.h>

/* Numbers of proc(5)'s fields; the first behind the name is 3. */
enum {
	FIELD_STATE = 3,
	FIELD_FLAGS = 9,
	FIELD_MAJOR_FAULTS = 12,
	FIELD_USER_TICKS = 14,
	FIELD_KERNEL_TICKS = 15,
	FIELD_START = 22,
	FIELD_LAST_CPU = 39,
	FIELD_RT_PRIORITY = 40,
	FIELD_POLICY = 41
};

/* Of a hostile text: what cannot be added stays at the most there is. */
static int add_ticks(struct task_stat *stat, struct text word)
{
	uint64_t v;
	int r = text_u64(word, &v);

	if (r == 0 && __builtin_add_overflow(stat->cpu_ticks, v, &stat->cpu_ticks))
		stat->cpu_ticks = UINT64_MAX;
	return r;
}

static int set_field(struct task_stat *stat, unsigned number, struct text word)
{
	switch (number) {
	case FIELD_STATE:
		stat->state = word.at[0];
		return word.len == 1 ? 0 : -EINVAL;
	case FIELD_FLAGS:
		return text_u64(word, &stat->flags);
	case FIELD_MAJOR_FAULTS:
		return text_u64(word, &stat->n_major_faults);
	case FIELD_USER_TICKS:
	case FIELD_KERNEL_TICKS:
		return add_ticks(stat, word);
	case FIELD_START:
		return text_u64(word, &stat->start_ticks);
	case FIELD_LAST_CPU:
		return text_u64(word, &stat->last_cpu);
	case FIELD_RT_PRIORITY:
		return text_u64(word, &stat->rt_priority);
	case FIELD_POLICY:
		return text_u64(word, &stat->policy);
	default:
		return 0;
	}
}

int task_stat_parse(struct text t, struct task_stat *ret_stat)
{
	struct task_stat stat = { 0 };
	const char *open = t.len ? memchr(t.at, '(', t.len) : NULL;
	const char *close = t.len ? memrchr(t.at, ')', t.len) : NULL;
	unsigned number = FIELD_STATE;
	struct text rest, word;

	if (!open || !close || close < open)
		return -EBADMSG;
	stat.comm = text_make(open + 1, (size_t)(close - open) - 1);
	rest = text_make(close + 1, t.len - (size_t)(close + 1 - t.at));
	for (; number <= FIELD_POLICY && text_next_word(&rest, &word); number++) {
		if (set_field(&stat, number, word) < 0)
			return -EBADMSG;
	}
	if (number <= FIELD_START)
		return -EBADMSG;
	stat.has_scheduling = number > FIELD_POLICY;
	*ret_stat = stat;
	return 0;
}

const char *task_policy_name(uint64_t policy)
{
	/* include/uapi/linux/sched.h; 4 was never used */
	static const char *const names[] = { "other", "fifo", "rr",       "batch",
					     NULL,    "idle", "deadline", "ext" };

	return policy < ARRAY_SIZE(names) ? names[policy] : NULL;
}

static void set_kib(struct fact_u64 *f, struct text value)
{
	uint64_t v;

	if (text_ends(value, " kB") && text_u64(text_make(value.at, value.len - 3), &v) == 0 &&
	    v <= INT64_MAX)
		fact_set_u64(f, v);
}

/* "Uid:	real effective saved filesystem" */
static void set_uid(struct fact_u64 *f, struct text value)
{
	struct text word;
	uint64_t v;

	if (text_next_word(&value, &word) && text_next_word(&value, &word) &&
	    text_u64(word, &v) == 0 && v <= UINT32_MAX)
		fact_set_u64(f, v);
}

static void set_hex(struct fact_u64 *f, struct text value)
{
	uint64_t v;

	if (text_hex(value, &v) == 0)
		fact_set_u64(f, v);
}

void task_status_parse(struct text t, struct task_status *ret_status)
{
	struct fact_cpus list = { 0 }, mask = { 0 };
	struct text line, key, value;

	*ret_status = (struct task_status){ 0 };
	while (text_next_line(&t, &line)) {
		if (!text_key_value(line, ':', &key, &value))
			continue;
		if (text_equal(key, "VmLck"))
			set_kib(&ret_status->locked_kib, value);
		else if (text_equal(key, "VmSwap"))
			set_kib(&ret_status->swap_kib, value);
		else if (text_equal(key, "Uid"))
			set_uid(&ret_status->effective_uid, value);
		else if (text_equal(key, "CapEff"))
			set_hex(&ret_status->capabilities, value);
		else if (text_equal(key, "Cpus_allowed_list"))
			list.known = cpus_parse_list(value, &list.v) == 0;
		else if (text_equal(key, "Cpus_allowed"))
			mask.known = cpus_parse_mask(value, &mask.v) == 0;
	}
	ret_status->affinity = list.known ? list : mask;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

struct text task_kernel_name(struct text comm)
{
	static const char unbound[] = "kworker/u";

	if (text_starts(comm, unbound))
		return text_make(comm.at, sizeof(unbound) - 1);
	while (comm.len && is_digit(comm.at[comm.len - 1]))
		comm.len--;
	return comm;
}

/* "PREFIX" and a number, and what is behind it. */
static bool take_numbered(struct text comm, const char *prefix, uint64_t *ret_number,
			  struct text *ret_tail)
{
	const size_t n = strlen(prefix);

	if (!text_starts(comm, prefix))
		return false;
	*ret_tail = text_make(comm.at + n, comm.len - n);
	return text_take_u64(ret_tail, ret_number) == 0;
}

bool task_is_kvm_vcpu(struct text comm)
{
	struct text tail;
	uint64_t n;

	return take_numbered(comm, "CPU ", &n, &tail) && text_equal(tail, "/KVM");
}

bool task_is_vcpu(struct text comm, uint64_t *ret_vcpu)
{
	struct text tail;
	uint64_t n;

	if (!take_numbered(comm, "CPU ", &n, &tail) || !text_starts(tail, "/") || n > INT32_MAX)
		return false;
	*ret_vcpu = n;
	return true;
}

bool task_is_vhost(struct text comm, uint64_t *ret_owner)
{
	struct text tail;
	uint64_t n;

	if (!take_numbered(comm, "vhost-", &n, &tail) || tail.len)
		return false;
	*ret_owner = n;
	return true;
}

/* The monitor's thread is named like one, but serves no disk. */
static bool is_iothread(struct text comm)
{
	return text_starts(comm, "IO ") && !text_equal(comm, "IO mon_iothread");
}

const char *task_role(struct text comm, bool is_main)
{
	uint64_t unused;

	if (is_main)
		return "emulator";
	if (task_is_vcpu(comm, &unused))
		return "vcpu";
	if (is_iothread(comm))
		return "iothread";
	if (task_is_vhost(comm, &unused))
		return "vhost";
	if (text_equal(comm, "worker") || text_starts(comm, "iou-wrk-"))
		return "worker";
	return "other";
}
