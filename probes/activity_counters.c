/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/activity_counters.h"

#include <string.h>

#include "probes/numbered.h"
#include "probes/parse/meminfo.h"

#define KVM_DIR "/sys/kernel/debug/kvm"
#define CPU_DIR "/sys/devices/system/cpu"

/* clang-format off */
static const char *const vmstat_names[] = {
	"pswpin", "pswpout", "pgmajfault", "numa_pte_updates", "numa_hint_faults",
	"numa_pages_migrated", "pgmigrate_success", "thp_split_page", "thp_collapse_alloc",
	"compact_daemon_wake", "allocstall_normal", "allocstall_movable",
};
static const char *const kvm_names[] = {
	"exits", "halt_exits", "halt_successful_poll", "halt_attempted_poll", "halt_poll_invalid",
	"halt_wakeup", "halt_poll_success_ns", "halt_poll_fail_ns", "halt_wait_ns", "l1d_flush",
	"irq_exits", "io_exits", "mmio_exits", "insn_emulation", "preemption_reported",
	"nested_run",
};
/* How large the pages are that map the guest's memory for the processor, now. */
static const char *const kvm_level_names[] = {
	"pages_1g", "pages_2m", "pages_4k", "nx_lpage_splits",
};
/* clang-format on */

static int add(struct probe_env *env, struct fact_list *list, const char *kind, const char *name,
	       uint64_t n)
{
	struct activity_counter *c = fact_add_item(list, env->arena, sizeof(*c));
	char *full = arena_printf(env->arena, "%s.%s", kind, name);

	if (!c || !full)
		return -ENOMEM;
	fact_set_u64(&c->n, n);
	return fact_set_str(&c->name, env->arena, full);
}

static int read_vmstat(struct probe_env *env, struct text vmstat, struct fact_list *list)
{
	int r = 0;

	for (size_t i = 0; r == 0 && vmstat.at && i < ARRAY_SIZE(vmstat_names); i++) {
		uint64_t v;

		if (vmstat_value(vmstat, vmstat_names[i], &v) == 0 && v <= INT64_MAX)
			r = add(env, list, "vmstat", vmstat_names[i], v);
	}
	return r;
}

/* "4711-13" is a VM of process 4711; files of the same names are above it, for all VMs. */
static bool is_vm_of(const char *name, pid_t pid)
{
	struct text t = text_of(name);
	uint64_t v;

	return text_take_u64(&t, &v) == 0 && v == (uint64_t)pid && text_starts(t, "-");
}

/* NULL with 0: the guest has no directory there. */
static int find_kvm_dir(struct probe_env *env, const char **ret_dir)
{
	char **names;
	size_t n;
	int r;

	*ret_dir = env->guest_pid ? NULL : KVM_DIR;
	if (!env->guest_pid)
		return 0;
	r = sysroot_list(env->root, &names, &n, KVM_DIR);
	if (r < 0)
		return r == -ENOMEM ? r : 0;
	for (size_t i = 0; i < n && r == 0 && !*ret_dir; i++) {
		if (!is_vm_of(names[i], env->guest_pid))
			continue;
		*ret_dir = arena_printf(env->arena, KVM_DIR "/%s", names[i]);
		r = *ret_dir ? 0 : -ENOMEM;
	}
	names_free(names, n);
	return r;
}

static int read_kvm(struct probe_env *env, const char *dir, const char *const *names, size_t n,
		    struct fact_list *list)
{
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i++) {
		uint64_t v;

		r = sysroot_read_u64(env->root, &v, "%s/%s", dir, names[i]);
		if (r == 0 && v <= INT64_MAX)
			r = add(env, list, "kvm", names[i], v);
		else if (r != -ENOMEM)
			r = 0;
	}
	return r;
}

static int read_throttles(struct probe_env *env, const char *name, struct fact_pairs *f)
{
	struct cpus cpus;
	int r = numbered_entries(env->root, CPU_DIR, "cpu", &cpus);

	if (r < 0)
		return r == -ENOMEM ? r : 0;
	for (int c = cpus_next(&cpus, 0); c >= 0 && r == 0; c = cpus_next(&cpus, (unsigned)c + 1)) {
		uint64_t v;

		r = sysroot_read_u64(env->root, &v, CPU_DIR "/cpu%d/thermal_throttle/%s", c, name);
		if (r == 0)
			r = fact_add_pair(f, env->arena, (uint64_t)c, v);
		else if (r == -ENOENT && c == 0)
			return 0; /* no processor of this kind: 255 more looks tell nothing */
		else if (r != -ENOMEM)
			r = 0;
	}
	return r;
}

int activity_counters_read(struct probe_env *env, struct text vmstat,
			   struct activity_count *ret_count)
{
	struct activity_count count = { .counters = { .known = vmstat.at != NULL } };
	const char *dir;
	int r = read_vmstat(env, vmstat, &count.counters);

	if (r == 0)
		r = find_kvm_dir(env, &dir);
	if (r == 0 && dir)
		r = read_kvm(env, dir, kvm_names, ARRAY_SIZE(kvm_names), &count.counters);
	if (r == 0 && dir)
		r = read_kvm(env, dir, kvm_level_names, ARRAY_SIZE(kvm_level_names), &count.levels);
	if (r == 0)
		r = read_throttles(env, "core_throttle_count", &count.core_throttles);
	if (r == 0)
		r = read_throttles(env, "package_throttle_count", &count.package_throttles);
	if (r == 0)
		*ret_count = count;
	return r;
}

/* A counter that fell was begun anew: what it says of the window is not known. */
static int put_counters(struct probe_env *env, const struct fact_list *first,
			const struct fact_list *last, struct fact_list *out)
{
	const struct activity_counter *counters = last->v;

	out->known = first->known && last->known;
	for (size_t i = 0; i < last->n; i++) {
		const struct fact_u64 *before = activity_counter_n(first, counters[i].name.v);
		struct activity_counter *c;

		if (!before || before->v > counters[i].n.v)
			continue;
		c = fact_add_item(out, env->arena, sizeof(*c));
		if (!c)
			return -ENOMEM;
		c->name = counters[i].name;
		fact_set_u64(&c->n, counters[i].n.v - before->v);
	}
	return 0;
}

static int put_throttles(struct probe_env *env, const struct fact_pairs *first,
			 const struct fact_pairs *last, struct fact_pairs *out)
{
	int r = 0;

	out->known = first->known && last->known;
	for (size_t i = 0; i < last->n && r == 0 && out->known; i++) {
		const uint64_t before = fact_pair_value(first, last->v[i].key);

		if (last->v[i].value > before)
			r = fact_add_pair(out, env->arena, last->v[i].key,
					  last->v[i].value - before);
	}
	return r;
}

int activity_counters_put(struct probe_env *env, const struct activity_count *first,
			  const struct activity_count *last, struct activity_facts *f)
{
	int r = put_counters(env, &first->counters, &last->counters, &f->counters);

	if (r == 0)
		r = put_throttles(env, &first->core_throttles, &last->core_throttles,
				  &f->core_throttles);
	if (r == 0)
		r = put_throttles(env, &first->package_throttles, &last->package_throttles,
				  &f->package_throttles);
	f->kvm_levels = last->levels;
	return r;
}
