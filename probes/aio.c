/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * aio - slots of kernel asynchronous I/O, and which QEMU holds how many contexts.
 * Formats: Documentation/admin-guide/sysctl/fs.rst, "aio-nr & aio-max-nr"; parse/maps.h.
 */
#include "facts/aio.h"

#include "probes/parse/maps.h"
#include "probes/parse/qemu_name.h"
#include "probes/probe.h"
#include "probes/processes.h"

/* A file of a process; *ret_text is empty when the process has ended or the tree has no such file.
 */
static int read_process(struct probe_env *env, uint64_t pid, const char *file, char **ret_text,
			size_t *ret_len)
{
	const int r = sysroot_read(env->root, ret_text, ret_len, "/proc/%llu/%s",
				   (unsigned long long)pid, file);

	if (r < 0) {
		*ret_text = NULL;
		*ret_len = 0;
	}
	return r;
}

/* The name of the guest, else of the process. */
static int set_name(struct probe_env *env, struct aio_holder *holder, struct text cmdline,
		    struct text comm)
{
	auto_free char *name = NULL;
	const int r = qemu_guest_name(cmdline, &name);

	if (r == 0)
		return fact_set_str(&holder->name, env->arena, name);
	return r == -ENOENT ? fact_set_text(&holder->name, env->arena, text_trim(comm)) : r;
}

static int add_holder(struct probe_env *env, struct aio_facts *f, uint64_t pid, struct text cmdline,
		      struct text comm)
{
	auto_free char *maps = NULL;
	struct aio_holder *holder;
	size_t len, n_contexts;
	int r = read_process(env, pid, "maps", &maps, &len);

	if (env->root->is_whole && (r == -ENOENT || r == -ESRCH)) /* it has ended */
		return 0;
	if (r < 0)
		return probe_gap(
			env, "holders",
			arena_printf(env->arena, "/proc/%llu/maps", (unsigned long long)pid), r);
	n_contexts = maps_count(text_make(maps, len), "/[aio]");
	if (n_contexts == 0)
		return 0;
	holder = fact_add_item(&f->holders, env->arena, sizeof(*holder));
	if (!holder)
		return -ENOMEM;
	fact_set_u64(&holder->pid, pid);
	fact_set_u64(&holder->n_contexts, n_contexts);
	return set_name(env, holder, cmdline, comm);
}

/* With the one name that says yes wherever a name can: where that is no, no name matters. */
static bool may_be_emulator(struct text args)
{
	return args.len == 0 || qemu_is_emulator(args, text_of("qemu-kvm"));
}

static int look_at_process(struct probe_env *env, struct aio_facts *f, uint64_t pid)
{
	auto_free char *cmdline = NULL;
	auto_free char *comm = NULL;
	size_t cmdline_len, comm_len;
	struct text args, name;

	/* No arguments: a kernel thread, of which a big machine has thousands. */
	if (read_process(env, pid, "cmdline", &cmdline, &cmdline_len) == 0 && cmdline_len == 0)
		return 0;
	args = text_make(cmdline, cmdline_len);
	if (!may_be_emulator(args))
		return 0;
	if (read_process(env, pid, "comm", &comm, &comm_len) < 0 && cmdline_len == 0)
		return 0;
	name = text_make(comm, comm_len);
	return qemu_is_emulator(args, name) ? add_holder(env, f, pid, args, name) : 0;
}

static int read_holders(struct probe_env *env, struct aio_facts *f)
{
	auto_processes struct processes list = { 0 };
	int r;

	/* Every context takes slots. */
	f->holders.known = true;
	if (f->nr.known && f->nr.v == 0)
		return 0;
	r = processes_list(env->root, "/proc", &list);
	f->holders.known = r == 0 && list.n > 0;
	if (r < 0)
		return r == -ENOMEM ? r : probe_gap(env, "holders", "/proc", r);
	for (size_t i = 0; r == 0 && i < list.n; i++)
		r = look_at_process(env, f, list.pids[i]);
	if (r == 0 && list.n == 0)
		r = probe_gap_words(env, "holders", "/proc", "holds no processes");
	else if (r == 0 && env->root->is_whole && list.is_partial)
		r = probe_gap_words(env, "holders", "/proc", "processes of other users are hidden");
	return r;
}

static int measure(struct probe_env *env, void *facts)
{
	struct aio_facts *f = facts;
	int r = probe_read_u64(env, &f->nr, "nr", "/proc/sys/fs/aio-nr");

	if (r == 0)
		r = probe_read_u64(env, &f->max_nr, "max_nr", "/proc/sys/fs/aio-max-nr");
	return r < 0 ? r : read_holders(env, f);
}

int main(int argc, char **argv)
{
	return probe_main(argc, argv, "aio", measure);
}
