/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/trace/recording_members.h"

#include <string.h>

#include "probes/parse/qemu_name.h"
#include "probes/parse/tasks.h"

struct found_thread {
	int pid;
	enum trace_role role; /* by its best name; TRACE_ROLE_STRANGER: none yet */
	bool has_kvm;
	uint64_t vcpu;      /* of its events; UINT64_MAX: not told */
	uint64_t name_vcpu; /* of its name */
	char name[16];      /* TASK_COMM_LEN */
};

void member_finder_init(struct member_finder *f)
{
	*f = (struct member_finder){ .by_pid.max = RECORDING_THREADS_MAX,
				     .unnamed.max = TRACE_MEMBERS_MAX };
}

void member_finder_release(struct member_finder *f)
{
	trace_index_release(&f->by_pid);
	trace_index_release(&f->unnamed);
	free(f->threads);
	free(f->members);
	free(f->names);
	member_finder_init(f);
}

/* Any program may call a thread "worker": that one is not taken for QEMU's. */
static enum trace_role role_of(struct text name)
{
	static const struct {
		const char *name;
		enum trace_role role;
	} roles[] = {
		{ "vcpu", TRACE_ROLE_VCPU },
		{ "iothread", TRACE_ROLE_IOTHREAD },
		{ "vhost", TRACE_ROLE_VHOST },
	};
	const char *role = task_role(name, false);

	for (size_t i = 0; i < ARRAY_SIZE(roles); i++) {
		if (!strcmp(role, roles[i].name))
			return roles[i].role;
	}
	if (text_starts(name, "kvm-pit/") || text_equal(name, "IO mon_iothread") ||
	    text_equal(name, "vnc_worker") || text_equal(name, "SPICE Worker"))
		return TRACE_ROLE_OTHER;
	return qemu_is_program(name) ? TRACE_ROLE_EMULATOR : TRACE_ROLE_STRANGER;
}

/* Every thread of QEMU has the program's name until it gets one of its own. */
static bool is_better(enum trace_role role, enum trace_role than)
{
	return than == TRACE_ROLE_STRANGER || (than == TRACE_ROLE_EMULATOR && role != than);
}

/* "vcpu0", "fc_vcpu 1" of other programs; QEMU's are read by task_is_vcpu(). */
static uint64_t number_in(struct text name)
{
	const char *at = text_find(name, "vcpu");
	struct text rest;
	uint64_t n;

	if (task_is_vcpu(name, &n))
		return n;
	if (!at)
		return UINT64_MAX;
	rest = text_make(at + 4, name.len - (size_t)(at + 4 - name.at));
	while (rest.len && (*rest.at == ' ' || *rest.at == '_' || *rest.at == ':'))
		rest = text_make(rest.at + 1, rest.len - 1);
	return text_take_u64(&rest, &n) == 0 && !rest.len && n <= INT32_MAX ? n : UINT64_MAX;
}

static struct found_thread *find(struct member_finder *f, int pid)
{
	const ssize_t at = trace_index_find(&f->by_pid, (uint64_t)pid);

	return at < 0 ? NULL : &f->threads[at];
}

/* *ret_thread NULL: there are too many. */
static int get(struct member_finder *f, int pid, struct found_thread **ret_thread)
{
	const ssize_t at = trace_index_add(&f->by_pid, (uint64_t)pid);
	int r;

	*ret_thread = NULL;
	if (at < 0) {
		f->n_too_many += at == -ENOSPC;
		return at == -ENOSPC ? 0 : -ENOMEM;
	}
	r = trace_grow((void **)&f->threads, &f->n_threads, (size_t)at, sizeof(*f->threads));
	if (r < 0)
		return r;
	*ret_thread = &f->threads[at];
	if (!(*ret_thread)->pid)
		**ret_thread = (struct found_thread){ .pid = pid,
						      .vcpu = UINT64_MAX,
						      .name_vcpu = UINT64_MAX };
	return 0;
}

static void set_name(struct found_thread *t, struct text name, enum trace_role role)
{
	const size_t n = u64_min(name.len, sizeof(t->name) - 1);

	memset(t->name, 0, sizeof(t->name));
	memcpy(t->name, name.at, n);
	t->role = role;
	t->name_vcpu = number_in(name);
}

static int note_name(struct member_finder *f, int pid, const char *comm)
{
	const struct text name = text_of(comm);
	struct found_thread *t;
	enum trace_role role;
	int r;

	if (pid <= 0 || pid >= TRACE_TID_UNTOLD || !name.len || text_equal(name, "<...>"))
		return 0;
	f->has_rt = f->has_rt || text_starts(name, "ktimers/") || text_starts(name, "ktimersoftd/");
	t = find(f, pid);
	role = role_of(name);
	if (!t && role == TRACE_ROLE_STRANGER)
		return 0;
	r = t ? 0 : get(f, pid, &t);
	if (t && (!*t->name || (role != TRACE_ROLE_STRANGER && is_better(role, t->role))))
		set_name(t, name, role);
	return r;
}

static bool is_of_vcpus(enum trace_kind kind)
{
	return kind == TRACE_KVM_ENTRY || kind == TRACE_KVM_EXIT || kind == TRACE_KVM_USERSPACE ||
	       kind == TRACE_KVM_WAKEUP;
}

static int note_kvm(struct member_finder *f, const struct trace_event *e)
{
	const bool has_number = e->kind != TRACE_KVM_USERSPACE && e->kind != TRACE_KVM_WAKEUP &&
				e->kvm.vcpu <= INT32_MAX;
	struct found_thread *t;
	int r;

	if (e->pid > 0 && e->pid < TRACE_TID_UNTOLD) {
		r = get(f, e->pid, &t);
		if (!t)
			return r;
		t->has_kvm = true;
		if (has_number && t->vcpu == UINT64_MAX)
			t->vcpu = e->kvm.vcpu;
		return 0;
	}
	if (e->pid == TRACE_PID_UNKNOWN && has_number) {
		const ssize_t at = trace_index_add(&f->unnamed, e->kvm.vcpu);

		f->n_too_many += at == -ENOSPC;
		return at == -ENOMEM ? -ENOMEM : 0;
	}
	return 0;
}

int member_finder_event(struct member_finder *f, const struct trace_event *e)
{
	int r = 0;

	f->n_events += e->kind != TRACE_LOST;
	/* What has no place is of no use to the state machine. */
	if (e->cpu < 0 || e->t_ns == UINT64_MAX) {
		f->n_unplaced++;
		return 0;
	}
	f->n_of_kind[e->kind]++;
	if (is_of_vcpus(e->kind))
		r = note_kvm(f, e);
	if (r == 0)
		r = note_name(f, e->pid, e->comm);
	if (r == 0 && e->kind == TRACE_SWITCH) {
		r = note_name(f, e->sched_switch.prev_pid, e->sched_switch.prev_comm);
		if (r == 0)
			r = note_name(f, e->sched_switch.next_pid, e->sched_switch.next_comm);
	}
	if (r == 0 && e->kind == TRACE_WAKING)
		r = note_name(f, e->waking.pid, e->waking.comm);
	return r;
}

static bool is_number_taken(const struct member_finder *f, uint64_t number)
{
	for (size_t i = 0; i < f->n_members; i++) {
		if (f->members[i].role == TRACE_ROLE_VCPU && f->members[i].vcpu == number)
			return true;
	}
	return false;
}

static void add(struct member_finder *f, int tid, enum trace_role role, uint64_t vcpu,
		const char *name)
{
	const size_t at = f->n_members;

	if (at == TRACE_MEMBERS_MAX) {
		f->n_too_many++;
		return;
	}
	memcpy(f->names[at], name, sizeof(f->names[at]));
	f->members[at] = (struct trace_member){
		.tid = tid, .role = role, .vcpu = (unsigned)vcpu, .start_cpu = TRACE_CPU_UNKNOWN
	};
	f->n_members++;
	f->n_vcpus += role == TRACE_ROLE_VCPU;
}

static int by_pid(const void *a, const void *b)
{
	const struct found_thread *x = a, *y = b;

	return (x->pid > y->pid) - (x->pid < y->pid);
}

static uint64_t number_of(const struct found_thread *t)
{
	return t->vcpu != UINT64_MAX ? t->vcpu : t->name_vcpu;
}

static bool is_vcpu(const struct found_thread *t)
{
	return t->has_kvm || t->role == TRACE_ROLE_VCPU;
}

static void add_vcpus(struct member_finder *f, bool has_number)
{
	uint64_t next = 0;

	for (size_t i = 0; i < f->by_pid.n; i++) {
		const struct found_thread *t = &f->threads[i];
		uint64_t number = number_of(t);

		if (!is_vcpu(t) || (number != UINT64_MAX) != has_number)
			continue;
		if (has_number) {
			f->is_shared = f->is_shared || is_number_taken(f, number);
		} else {
			while (is_number_taken(f, next))
				next++;
			number = next;
			f->n_unnumbered++;
		}
		add(f, t->pid, TRACE_ROLE_VCPU, number, t->name);
	}
}

/* Of events that tell a vCPU and no thread. */
static void add_untold(struct member_finder *f)
{
	static const char no_name[16];

	for (size_t i = 0; i < f->unnamed.n; i++) {
		if (is_number_taken(f, f->unnamed.keys[i]))
			continue;
		add(f, TRACE_TID_UNTOLD + (int)i, TRACE_ROLE_VCPU, f->unnamed.keys[i], no_name);
		f->n_untold++;
	}
}

/*
 * A QEMU that names its threads has one of the program's name, the first; of one that does not
 * all have it, and which is which is not told.
 */
static void add_helpers(struct member_finder *f)
{
	bool has_names = false;

	for (size_t i = 0; i < f->by_pid.n; i++)
		has_names = has_names || f->threads[i].role == TRACE_ROLE_VCPU;
	for (size_t i = 0; i < f->by_pid.n; i++) {
		const struct found_thread *t = &f->threads[i];
		enum trace_role role = t->role;

		if (is_vcpu(t) || role == TRACE_ROLE_STRANGER)
			continue;
		if (role == TRACE_ROLE_EMULATOR && !has_names)
			role = TRACE_ROLE_OTHER;
		add(f, t->pid, role, 0, t->name);
	}
}

static int by_role(const void *a, const void *b)
{
	const struct trace_member *x = a, *y = b;

	if (x->role != y->role)
		return x->role < y->role ? -1 : 1;
	if (x->vcpu != y->vcpu)
		return x->vcpu < y->vcpu ? -1 : 1;
	return (x->tid > y->tid) - (x->tid < y->tid);
}

int member_finder_finish(struct member_finder *f)
{
	f->members = calloc(TRACE_MEMBERS_MAX, sizeof(*f->members));
	f->names = calloc(TRACE_MEMBERS_MAX, sizeof(*f->names));
	if (!f->members || !f->names)
		return -ENOMEM;
	/* The index by thread is of no more use: members shall not depend on who came first. */
	if (f->by_pid.n)
		qsort(f->threads, f->by_pid.n, sizeof(*f->threads), by_pid);
	add_vcpus(f, true);
	add_vcpus(f, false);
	add_untold(f);
	add_helpers(f);
	for (size_t i = 0; i < f->n_members; i++)
		f->members[i].name = *f->names[i] ? f->names[i] : NULL;
	if (f->n_members)
		qsort(f->members, f->n_members, sizeof(*f->members), by_role);
	return 0;
}
