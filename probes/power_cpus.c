/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * power_cpus.c - settings and counters that each CPU has in sysfs.
 * Sources: Documentation/admin-guide/pm/{intel_epb,cpufreq}.rst; thermal_throttle/:
 * arch/x86/kernel/cpu/mce/therm_throt.c (drivers/thermal/intel since 5.5).
 */
#include "probes/numbered.h"
#include "probes/power_parts.h"

#define CPU_DIR "/sys/devices/system/cpu"

/* Kernels before 5.18 may take 10 ms per CPU to tell its frequency. */
#define READING_MAX_NS (100 * NS_PER_MS)

/* More than any machine has sockets; above, numbers are of no kernel. */
#define N_PACKAGES 256u

/*
 * One number of each CPU that has it. Hardware without the file is normal (a virtual machine, AMD
 * for EPB and throttling): no gap then, and the fact stays unknown. One gap speaks for all other
 * errors.
 */
struct per_cpu {
	const char *field, *name; /* of the fact; below CPU_DIR/cpuN */
	struct fact_pairs *fact;
	bool has_zeros; /* zeros are written down too */
};

/* Some drivers and kernels make the reader wait. */
static bool takes_too_long(const struct probe_env *env, uint64_t start_ns)
{
	return env->root->is_live && timebase_now(env->time) - start_ns > READING_MAX_NS;
}

static int read_one(struct probe_env *env, int cpu, const struct per_cpu *what, bool *has_gap)
{
	char *path = arena_printf(env->arena, CPU_DIR "/cpu%d/%s", cpu, what->name);
	uint64_t v;
	int r;

	if (!path)
		return -ENOMEM;
	r = sysroot_read_u64(env->root, &v, "%s", path);
	if (r == 0 && v > INT64_MAX)
		r = -ERANGE;
	if (r == 0) {
		what->fact->known = true;
		return v || what->has_zeros
			       ? fact_add_pair(what->fact, env->arena, (uint64_t)cpu, v)
			       : 0;
	}
	/* An offline CPU has some of the files, and no value in them. */
	if (r == -ENOENT || r == -ENODEV || *has_gap)
		return 0;
	*has_gap = true;
	return probe_gap(env, what->field, path, r);
}

static int read_per_cpu(struct probe_env *env, const struct cpus *cpus, const struct per_cpu *what)
{
	const uint64_t start_ns = env->root->is_live ? timebase_now(env->time) : 0;
	bool has_gap = false;
	int r = 0;

	for (int c = cpus_next(cpus, 0); c >= 0 && r == 0; c = cpus_next(cpus, (unsigned)c + 1)) {
		if (takes_too_long(env, start_ns))
			return probe_gap_words(env, what->field, CPU_DIR,
					       "reading takes too long: stopped at CPU %d", c);
		r = read_one(env, c, what, &has_gap);
	}
	return r;
}

struct packages {
	uint64_t max[N_PACKAGES];
	bool is_known;
};

/* Each CPU of a package counts the events of the package: the largest number is its count. */
static void add_package(struct probe_env *env, int cpu, struct packages *p)
{
	uint64_t package, n;

	if (sysroot_read_u64(env->root, &n,
			     CPU_DIR "/cpu%d/thermal_throttle/package_throttle_count", cpu) < 0 ||
	    sysroot_read_u64(env->root, &package, CPU_DIR "/cpu%d/topology/physical_package_id",
			     cpu) < 0 ||
	    package >= N_PACKAGES || n > UINT32_MAX)
		return;
	p->is_known = true;
	p->max[package] = u64_max(p->max[package], n);
}

static void read_packages(struct probe_env *env, const struct cpus *cpus, struct fact_u64 *f)
{
	struct packages p = { .is_known = false };
	uint64_t sum = 0;

	for (int c = cpus_next(cpus, 0); c >= 0; c = cpus_next(cpus, (unsigned)c + 1))
		add_package(env, c, &p);
	for (size_t i = 0; i < N_PACKAGES; i++)
		sum += p.max[i];
	if (p.is_known)
		fact_set_u64(f, sum);
}

static int find_cpus(struct probe_env *env, struct cpus *ret_cpus)
{
	static const char *const fields[] = { "epb", "throttles", "package_throttles",
					      "current_khz" };
	const int error = numbered_entries(env->root, CPU_DIR, "cpu", ret_cpus);
	int r = 0;

	if (error == -ENOMEM)
		return error;
	for (size_t i = 0; error < 0 && r == 0 && i < ARRAY_SIZE(fields); i++)
		r = probe_gap(env, fields[i], CPU_DIR, error);
	return r;
}

int power_read_cpus(struct probe_env *env, struct power_facts *f)
{
	const struct per_cpu rows[] = {
		{ "epb", "power/energy_perf_bias", &f->epb, true },
		{ "throttles", "thermal_throttle/core_throttle_count", &f->throttles, false },
		{ "current_khz", "cpufreq/scaling_cur_freq", &f->current_khz, true },
	};
	/* How fast a CPU runs is true for a moment: of a tree with files of several moments it
	 * would tell nothing. */
	const size_t n = ARRAY_SIZE(rows) - (env->root->is_whole ? 0 : 1);
	struct cpus cpus = { { 0 } };
	int r = find_cpus(env, &cpus);

	for (size_t i = 0; i < n && r == 0; i++)
		r = read_per_cpu(env, &cpus, &rows[i]);
	read_packages(env, &cpus, &f->package_throttles);
	return r;
}
