/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Since Linux 4.3 policies are in cpu/cpufreq/policyN, before that in cpu/cpuN/cpufreq.
 * Source: Documentation/admin-guide/pm/cpufreq.rst, "Policy Interface in sysfs".
 */
#include "probes/cpu_freq.h"

#include <string.h>

#include "probes/numbered.h"

#define CPU_DIR "/sys/devices/system/cpu"

/* clang-format off */
static const struct file {
	const char *name, *field;
	enum fact_type type;
	size_t at;
	bool is_optional; /* some drivers have no such setting: nothing is missing then */
} files[] = {
	{ "scaling_driver", "freq.driver", FACT_STR, offsetof(struct freq_fact, driver), false },
	{ "scaling_governor", "freq.governor", FACT_STR, offsetof(struct freq_fact, governor), false },
	{ "energy_performance_preference", "freq.epp", FACT_STR, offsetof(struct freq_fact, epp), true },
	{ "scaling_min_freq", "freq.min_khz", FACT_U64, offsetof(struct freq_fact, min_khz), false },
	{ "scaling_max_freq", "freq.max_khz", FACT_U64, offsetof(struct freq_fact, max_khz), false },
	{ "cpuinfo_max_freq", "freq.hw_max_khz", FACT_U64, offsetof(struct freq_fact, hw_max_khz), false },
};
/* clang-format on */

struct reader {
	struct probe_env *env;
	struct cpu_facts *f;
	bool has_gap[ARRAY_SIZE(files)]; /* one gap speaks for all policies */
};

static int read_file(struct reader *rd, const char *dir, size_t i, struct freq_fact *freq)
{
	void *fact = (char *)freq + files[i].at;
	const char *path;
	int r;

	if (files[i].type == FACT_U64) {
		uint64_t v;

		r = sysroot_read_u64(rd->env->root, &v, "%s/%s", dir, files[i].name);
		if (r == 0)
			fact_set_u64(fact, v);
	} else {
		auto_free char *line = NULL;

		r = sysroot_read_line(rd->env->root, &line, "%s/%s", dir, files[i].name);
		if (r == 0)
			return fact_set_str(fact, rd->env->arena, line);
	}
	if (r == 0 || rd->has_gap[i] || (r == -ENOENT && files[i].is_optional))
		return 0;
	rd->has_gap[i] = true;
	path = arena_printf(rd->env->arena, "%s/%s", dir, files[i].name);
	return path ? probe_gap(rd->env, files[i].field, path, r) : -ENOMEM;
}

static int read_policy(struct reader *rd, const char *dir, const struct cpus *cpus)
{
	struct freq_fact *freq = fact_add_item(&rd->f->freq, rd->env->arena, sizeof(*freq));
	int r = 0;

	if (!freq)
		return -ENOMEM;
	fact_set_cpus(&freq->cpus, cpus);
	for (size_t i = 0; i < ARRAY_SIZE(files) && r == 0; i++)
		r = read_file(rd, dir, i, freq);
	return r;
}

/* CPUs of a policy, separated by blanks; online ones if that is told. */
static int policy_cpus(const struct reader *rd, const char *dir, struct cpus *ret_set)
{
	int r = sysroot_read_list(rd->env->root, ret_set, "%s/affected_cpus", dir);

	return r == -ENOENT ? sysroot_read_list(rd->env->root, ret_set, "%s/related_cpus", dir) : r;
}

static int read_policies(struct reader *rd, const struct cpus *numbers)
{
	int r = 0;

	for (int n = cpus_next(numbers, 0); n >= 0 && r == 0;
	     n = cpus_next(numbers, (unsigned)n + 1)) {
		const char *dir = arena_printf(rd->env->arena, CPU_DIR "/cpufreq/policy%d", n);
		struct cpus set;

		if (!dir)
			return -ENOMEM;
		r = policy_cpus(rd, dir, &set);
		/* All CPUs of this policy are offline: it rules nothing, and its files say EBUSY.
		 */
		if (r == -EBUSY || (r == 0 && cpus_is_empty(&set)))
			r = 0;
		else if (r < 0)
			r = probe_gap(rd->env, "freq.cpus", dir, r);
		else
			r = read_policy(rd, dir, &set);
	}
	return r;
}

/* Old kernels, and trees with these folders only. */
static int read_per_cpu(struct reader *rd, const struct cpus *dirs)
{
	struct cpus covered = { 0 };
	int r = 0;

	for (int c = cpus_next(dirs, 0); c >= 0 && r == 0; c = cpus_next(dirs, (unsigned)c + 1)) {
		const char *dir = arena_printf(rd->env->arena, CPU_DIR "/cpu%d/cpufreq", c);
		struct cpus set;

		if (!dir)
			return -ENOMEM;
		if (cpus_has(&covered, (unsigned)c) || sysroot_exists(rd->env->root, "%s", dir) < 0)
			continue;
		if (policy_cpus(rd, dir, &set) < 0 || !cpus_has(&set, (unsigned)c)) {
			/* What is in the folder of a CPU holds for this CPU at least. */
			set = (struct cpus){ 0 };
			cpus_add(&set, (unsigned)c);
		}
		covered = cpus_or(&covered, &set);
		r = read_policy(rd, dir, &set);
	}
	return r;
}

static int gap_all(struct probe_env *env, int error)
{
	int r = probe_gap(env, "has_cpufreq", CPU_DIR "/cpufreq", error);

	return r < 0 ? r : probe_gap(env, "freq", CPU_DIR "/cpufreq", error);
}

int cpu_freq_read(struct probe_env *env, struct cpu_facts *f, const struct cpus *dirs)
{
	struct reader rd = { .env = env, .f = f };
	struct cpus numbers = { 0 };
	int has_dir = numbered_entries(env->root, CPU_DIR "/cpufreq", "policy", &numbers);
	int r = read_policies(&rd, &numbers);

	if (r == 0 && f->freq.n == 0)
		r = read_per_cpu(&rd, dirs);
	if (r < 0)
		return r;
	/* A kernel that can control frequencies has the folder, empty as long as no driver does. On
	 * this machine its absence is an answer; a captured tree may just not hold it. */
	if (f->freq.n == 0 && has_dir < 0 && (!env->root->is_whole || has_dir != -ENOENT))
		return gap_all(env, has_dir);
	f->freq.known = true;
	fact_set_bool(&f->has_cpufreq, f->freq.n > 0);
	return 0;
}
