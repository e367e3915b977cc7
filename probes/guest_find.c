/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guest_find.c - which processes run a guest. */
#include <string.h>

#include "probes/guest_parts.h"
#include "probes/parse/qemu_name.h"
#include "probes/parse/tasks.h"
#include "probes/processes.h"

#define BUILTIN "vfiobench-microguest"

/* QEMU starts its vCPU threads right after those of its own. */
#define N_TASKS_LOOKED_AT 32u
/* A VM is one of the first files a virtual machine monitor opens. */
#define N_FDS_LOOKED_AT 1024u

struct search {
	struct probe_env *env;
	struct guests_found *found;
	uint32_t *vm_pids; /* of KVM's debugfs */
	size_t n_vm_pids;
	bool has_debugfs;
	uint32_t *unknown; /* processes with several threads that were not told to be a guest */
	size_t n_unknown;
};

static struct text program_of(struct text cmdline)
{
	struct text name = { 0 };
	const char *slash;

	text_next_piece(&cmdline, '\0', &name);
	slash = name.len ? memrchr(name.at, '/', name.len) : NULL;
	return slash ? text_make(slash + 1, name.len - (size_t)(slash + 1 - name.at)) : name;
}

static int list_vms(struct search *s)
{
	char **names;
	size_t n;
	int r = sysroot_list(s->env->root, &names, &n, "/sys/kernel/debug/kvm");

	if (r < 0)
		return r == -ENOMEM ? r : 0;
	s->has_debugfs = true;
	s->vm_pids = arena_calloc(s->env->arena, n, sizeof(*s->vm_pids));
	for (size_t i = 0; i < n && s->vm_pids; i++) {
		struct text name = text_of(names[i]);
		uint64_t pid;

		/* "4711-13": process and file descriptor; the other entries are counters */
		if (text_take_u64(&name, &pid) == 0 && text_starts(name, "-") && pid <= INT32_MAX)
			s->vm_pids[s->n_vm_pids++] = (uint32_t)pid;
	}
	names_free(names, n);
	return s->vm_pids ? 0 : -ENOMEM;
}

static bool has_vm(const struct search *s, uint32_t pid)
{
	for (size_t i = 0; i < s->n_vm_pids; i++) {
		if (s->vm_pids[i] == pid)
			return true;
	}
	return false;
}

/* -ENOMEM, 0: no, 1: yes. *ret_n_tasks: how many threads it has. */
static int has_vcpu_names(const struct sysroot *root, uint32_t pid, size_t *ret_n_tasks)
{
	auto_processes struct processes tasks = { 0 };
	auto_free char *dir = NULL;
	int r;

	*ret_n_tasks = 0;
	if (asprintf(&dir, "/proc/%u/task", pid) < 0)
		return -ENOMEM;
	r = processes_list(root, dir, &tasks);
	if (r < 0)
		return r == -ENOMEM ? r : 0;
	*ret_n_tasks = tasks.n;
	for (size_t i = 0; i < tasks.n && i < N_TASKS_LOOKED_AT && tasks.n > 1; i++) {
		auto_free char *comm = NULL;

		r = sysroot_read_line(root, &comm, "%s/%u/comm", dir, tasks.pids[i]);
		if (r == -ENOMEM)
			return r;
		if (r == 0 && task_is_kvm_vcpu(text_of(comm)))
			return 1;
	}
	return 0;
}

/* A process that has a VM and takes QEMU's options is QEMU, whatever its name. */
static const char *kind_of_vm(struct text cmdline)
{
	return qemu_is_emulator(cmdline, text_of("qemu")) ? "qemu" : "other";
}

/* *ret_kind NULL: it runs no guest. */
static int tell_kind(struct search *s, uint32_t pid, struct text cmdline, struct text comm,
		     const char **ret_kind)
{
	size_t n_tasks;
	int r;

	*ret_kind = NULL;
	/* It may have a VM all the same. */
	if (qemu_is_without_machine(cmdline))
		return 0;
	if (text_equal(program_of(cmdline), BUILTIN))
		*ret_kind = "builtin";
	else if (qemu_is_emulator(cmdline, comm))
		*ret_kind = "qemu";
	if (*ret_kind || !cmdline.len)
		return 0;
	r = has_vcpu_names(s->env->root, pid, &n_tasks);
	if (r < 0)
		return r;
	if (r)
		*ret_kind = "qemu";
	else if (has_vm(s, pid))
		*ret_kind = kind_of_vm(cmdline);
	else if (n_tasks > 1)
		s->unknown[s->n_unknown++] = pid;
	return 0;
}

static int add_found(struct search *s, uint32_t pid, const char *kind, struct text cmdline,
		     struct text comm)
{
	struct guest_found *g = &s->found->v[s->found->n++];
	struct arena *a = s->env->arena;
	char *copy;

	cmdline.len = (size_t)u64_min(cmdline.len, GUEST_ARGV_MAX + 1);
	copy = arena_alloc(a, cmdline.len + 1);
	if (!copy)
		return -ENOMEM;
	if (cmdline.len)
		memcpy(copy, cmdline.at, cmdline.len);
	*g = (struct guest_found){ .pid = pid, .kind = kind };
	g->cmdline = text_make(copy, cmdline.len);
	g->comm = text_of(arena_strndup(a, comm.at ? comm.at : "", comm.len));
	return g->comm.at ? 0 : -ENOMEM;
}

/* Vanished ones are skipped; a captured tree may hold either file alone. */
static int look_at(struct search *s, uint32_t pid)
{
	auto_free char *comm = NULL, *cmdline = NULL;
	struct text args = { 0 };
	const char *kind;
	uint64_t owner;
	size_t len;
	int r = sysroot_read_line(s->env->root, &comm, "/proc/%u/comm", pid);

	if (r == -ENOMEM)
		return r;
	r = sysroot_read(s->env->root, &cmdline, &len, "/proc/%u/cmdline", pid);
	if (r == -ENOMEM || (r < 0 && !comm))
		return r == -ENOMEM ? r : 0;
	if (r == 0)
		args = text_make(cmdline, len);
	if (!args.len && task_is_vhost(text_of(comm), &owner)) {
		s->found->vhosts[s->found->n_vhosts++] = (struct guest_vhost){ pid, owner };
		return 0;
	}
	r = tell_kind(s, pid, args, text_of(comm), &kind);
	return r == 0 && kind ? add_found(s, pid, kind, args, text_of(comm)) : r;
}

/* -ENOMEM, 0: no, 1: yes. */
static int has_vm_open(const struct sysroot *root, uint32_t pid)
{
	auto_processes struct processes fds = { 0 };
	auto_free char *dir = NULL;
	int r;

	if (asprintf(&dir, "/proc/%u/fd", pid) < 0)
		return -ENOMEM;
	r = processes_list(root, dir, &fds);
	if (r < 0)
		return r == -ENOMEM ? r : 0;
	for (size_t i = 0; i < fds.n && i < N_FDS_LOOKED_AT; i++) {
		auto_free char *target = NULL;

		r = sysroot_readlink(root, &target, "%s/%u", dir, fds.pids[i]);
		if (r == -ENOMEM)
			return r;
		if (r == 0 && text_equal(text_of(target), "anon_inode:kvm-vm"))
			return 1;
	}
	return 0;
}

/*
 * The last resort, since it looks at the files of every process: no guest was found by a name, and
 * debugfs, which lists all of them, cannot be read.
 */
static int look_at_files(struct search *s)
{
	if (!s->env->root->is_whole || s->has_debugfs || s->found->n)
		return 0;
	for (size_t i = 0; i < s->n_unknown; i++) {
		const uint32_t pid = s->unknown[i];
		auto_free char *cmdline = NULL;
		struct text args;
		size_t len;
		int r = has_vm_open(s->env->root, pid);

		if (r < 0)
			return r;
		if (!r || sysroot_read(s->env->root, &cmdline, &len, "/proc/%u/cmdline", pid) < 0)
			continue;
		args = text_make(cmdline, len);
		r = add_found(s, pid, kind_of_vm(args), args, text_of(NULL));
		if (r < 0)
			return r;
	}
	return 0;
}

static int search_all(struct search *s, const struct processes *list)
{
	struct arena *a = s->env->arena;
	int r;

	s->found->v = arena_calloc(a, list->n, sizeof(*s->found->v));
	s->found->vhosts = arena_calloc(a, list->n, sizeof(*s->found->vhosts));
	s->unknown = arena_calloc(a, list->n, sizeof(*s->unknown));
	if (!s->found->v || !s->found->vhosts || !s->unknown)
		return -ENOMEM;
	r = list_vms(s);
	for (size_t i = 0; i < list->n && r == 0; i++)
		r = look_at(s, list->pids[i]);
	return r < 0 ? r : look_at_files(s);
}

int guests_find(struct probe_env *env, struct guests_found *ret_found)
{
	auto_processes struct processes list = { 0 };
	struct guests_found found = { 0 };
	struct search s = { .env = env, .found = &found };
	int r = processes_list(env->root, "/proc", &list);

	if (r == -ENOMEM)
		return r;
	if (r < 0) {
		r = probe_gap(env, "guests", "/proc", r);
		return r < 0 ? r : -ENOENT;
	}
	if (env->root->is_whole && list.is_partial)
		r = probe_gap_words(env, "guests", "/proc", "processes of other users are hidden");
	if (r == 0)
		r = search_all(&s, &list);
	if (r == 0)
		*ret_found = found;
	return r;
}
