/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cpu - processors: what they are, how they are arranged, isolated, clocked and put to sleep.
 * Sources: Documentation/ABI/testing/sysfs-devices-system-cpu, and the parts named below.
 */
#include "facts/cpu.h"

#include "probes/cpu_balance.h"
#include "probes/cpu_freq.h"
#include "probes/cpu_idle.h"
#include "probes/cpu_nodes.h"
#include "probes/cpu_topology.h"
#include "probes/cpu_virtual.h"
#include "probes/numbered.h"
#include "probes/parse/cpuinfo.h"
#include "probes/parse/rcu_log.h"
#include "probes/probe.h"

#define CPU_DIR "/sys/devices/system/cpu"

static int no_line(struct probe_env *env, const char *field)
{
	return probe_gap_words(env, field, "/proc/cpuinfo", "no such line");
}

static int set_identity(struct probe_env *env, struct cpu_facts *f, const struct cpuinfo *info)
{
	uint64_t family;
	int r = fact_set_text(&f->vendor, env->arena, info->vendor);

	if (r == 0)
		r = fact_set_text(&f->model, env->arena, info->model);
	if (r == 0 && info->family.at && text_u64(info->family, &family) == 0)
		fact_set_u64(&f->family, family);
	if (info->flags.at) {
		fact_set_bool(&f->has_pdpe1gb, cpuinfo_has_flag(info, "pdpe1gb"));
		fact_set_bool(&f->has_virtualization,
			      cpuinfo_has_flag(info, "vmx") || cpuinfo_has_flag(info, "svm"));
	}
	if (r == 0 && !f->vendor.known)
		r = no_line(env, "vendor");
	if (r == 0 && !f->model.known)
		r = no_line(env, "model");
	if (r == 0 && !f->family.known)
		r = no_line(env, "family");
	if (r == 0 && !info->flags.at)
		r = no_line(env, "has_virtualization");
	return r;
}

static int read_identity(struct probe_env *env, struct cpu_facts *f)
{
	struct cpuinfo info = { 0 };
	struct text text;
	int r = probe_read_text(env, &text, "model", "/proc/cpuinfo");

	if (r < 0)
		return r;
	if (text.at) {
		cpuinfo_parse(text, &info);
		r = set_identity(env, f, &info);
	}
	return r < 0 ? r : cpu_virtual_read(env, f, &info);
}

/* The file is there in kernels that can do it, together with "isolated" since Linux 4.0: a captured
 * tree with neither may just not hold them. */
static int read_nohz_full(struct probe_env *env, struct cpu_facts *f)
{
	int r = sysroot_exists(env->root, CPU_DIR "/nohz_full");

	if (r == 0) {
		fact_set_bool(&f->has_nohz_full, true);
		return probe_read_cpus(env, &f->nohz_full, "nohz_full", CPU_DIR "/nohz_full");
	}
	if (r == -ENOENT && (env->root->is_whole || f->isolated.known)) {
		fact_set_bool(&f->has_nohz_full, false);
		return 0;
	}
	r = probe_gap(env, "has_nohz_full", CPU_DIR "/nohz_full", r);
	return r < 0 ? r : probe_gap(env, "nohz_full", CPU_DIR "/nohz_full", -ENOENT);
}

/* Only hybrid machines have these folders: without them nothing is missing. */
static void read_kinds(struct probe_env *env, struct cpu_facts *f)
{
	struct cpus p, e, low_power;

	if (sysroot_read_list(env->root, &p, "/sys/devices/cpu_core/cpus") < 0 ||
	    sysroot_read_list(env->root, &e, "/sys/devices/cpu_atom/cpus") < 0)
		return;
	/* Efficient cores on a tile of their own. */
	if (sysroot_read_list(env->root, &low_power, "/sys/devices/cpu_lowpower/cpus") == 0)
		e = cpus_or(&e, &low_power);
	fact_set_cpus(&f->p_cores, &p);
	fact_set_cpus(&f->e_cores, &e);
}

static int read_sets(struct probe_env *env, struct cpu_facts *f)
{
	struct cpus online;
	int r;

	/* Trees without the file, or with one that cannot be true, get the set from the topology.
	 */
	if (sysroot_read_list(env->root, &online, CPU_DIR "/online") == 0 &&
	    !cpus_is_empty(&online))
		fact_set_cpus(&f->online, &online);
	r = probe_read_cpus(env, &f->present, "present", CPU_DIR "/present");
	if (r == 0)
		r = probe_read_cpus(env, &f->isolated, "isolated", CPU_DIR "/isolated");
	if (r == 0)
		r = read_nohz_full(env, f);
	read_kinds(env, f);
	return r;
}

static int read_rcu(struct probe_env *env, struct cpu_facts *f)
{
	struct text log;
	struct cpus set;
	int r = probe_kernel_log(env, &log, "rcu_offloaded");

	if (r < 0 || !log.at)
		return r;
	r = rcu_log_parse(log, &set);
	if (r == -ENODATA)
		return probe_gap_words(env, "rcu_offloaded", "kernel log",
				       "its beginning is not there any more");
	if (r < 0)
		return probe_gap_words(env, "rcu_offloaded", "kernel log",
				       "the line about it is cut short");
	fact_set_cpus(&f->rcu_offloaded, &set);
	return 0;
}

static int set_kinds_of_cores(struct probe_env *env, struct cpu_facts *f)
{
	struct core_fact *cores = f->cores.v;
	int r = 0;

	for (size_t i = 0; i < f->cores.n && r == 0 && f->p_cores.known; i++) {
		if (cpus_is_subset(&cores[i].cpus.v, &f->p_cores.v))
			r = fact_set_str(&cores[i].kind, env->arena, "P");
		else if (cpus_is_subset(&cores[i].cpus.v, &f->e_cores.v))
			r = fact_set_str(&cores[i].kind, env->arena, "E");
	}
	return r;
}

/* Without a topology the kernel's own word is left, where it has one. */
static void set_smt(struct probe_env *env, struct cpu_facts *f)
{
	uint64_t active;

	if (f->n_cores.known)
		fact_set_bool(&f->is_smt_active, f->n_cores.v < f->n_threads.v);
	else if (sysroot_read_u64(env->root, &active, CPU_DIR "/smt/active") == 0)
		fact_set_bool(&f->is_smt_active, active != 0);
}

/* That no CPU is online cannot be true. */
static int gap_online(struct probe_env *env)
{
	struct cpus unused;
	int r = sysroot_read_list(env->root, &unused, CPU_DIR "/online");

	return probe_gap(env, "online", CPU_DIR "/online", r < 0 ? r : -EBADMSG);
}

static int read_arrangement(struct probe_env *env, struct cpu_facts *f)
{
	int r = cpu_topology_read(env, f);

	if (r == 0 && !f->online.known)
		r = gap_online(env);
	if (f->online.known)
		fact_set_u64(&f->n_threads, cpus_count(&f->online.v));
	set_smt(env, f);
	if (r == 0)
		r = set_kinds_of_cores(env, f);
	return r < 0 ? r : cpu_nodes_read(env, f);
}

static int read_power(struct probe_env *env, struct cpu_facts *f)
{
	struct cpus dirs = { 0 };
	int r = numbered_entries(env->root, CPU_DIR, "cpu", &dirs);

	if (r == -ENOMEM)
		return r;
	r = cpu_freq_read(env, f, &dirs);
	return r < 0 ? r : cpu_idle_read(env, f, &dirs);
}

static int measure(struct probe_env *env, void *facts)
{
	static int (*const parts[])(struct probe_env *, struct cpu_facts *) = {
		read_identity, read_sets, read_arrangement, cpu_balance_read, read_rcu, read_power,
	};
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(parts) && r == 0; i++)
		r = parts[i](env, facts);
	return r;
}

int main(int argc, char **argv)
{
	return probe_main(argc, argv, "cpu", measure);
}
