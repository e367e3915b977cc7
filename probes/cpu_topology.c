/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/cpu_topology.h"

#include <hwloc.h>
#include <string.h>

#include "probes/cpu_tree.h"

static void cleanup_topology(hwloc_topology_t *t)
{
	if (*t)
		hwloc_topology_destroy(*t);
}
#define auto_topology auto_cleanup(cleanup_topology)

/*
 * The library takes orders from its environment only. What the user has set there for other
 * programs (another root, a synthetic machine, this machine by force) must not count here.
 */
static void forget_user_environment(void)
{
	static const char *const names[] = {
		"HWLOC_FSROOT",    "HWLOC_THISSYSTEM", "HWLOC_COMPONENTS",        "HWLOC_XMLFILE",
		"HWLOC_SYNTHETIC", "HWLOC_CPUID_PATH", "HWLOC_DUMPED_HWDATA_DIR",
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		unsetenv(names[i]);
}

/*
 * "linux,stop": no other component. The x86 one runs CPUID, so that it would add this machine's
 * caches to a captured tree and, live, would move this thread over every CPU, isolated ones too.
 */
static int set_environment(const struct probe_env *env)
{
	forget_user_environment();
	if (setenv("HWLOC_COMPONENTS", "linux,stop", 1) < 0 ||
	    setenv("HWLOC_HIDE_ERRORS", "2", 1) < 0 ||
	    setenv("HWLOC_DUMPED_HWDATA_DIR", "/nonexistent", 1) < 0)
		return neg_errno();
	if (!env->root->is_live && setenv("HWLOC_FSROOT", env->root_path, 1) < 0)
		return neg_errno();
	return 0;
}

static int load(const struct probe_env *env, hwloc_topology_t *ret_topology)
{
	/* CPUs outside our own cgroup belong to the host as well. */
	const unsigned long flags =
		HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED | HWLOC_TOPOLOGY_FLAG_DONT_CHANGE_BINDING |
		HWLOC_TOPOLOGY_FLAG_NO_DISTANCES | HWLOC_TOPOLOGY_FLAG_NO_MEMATTRS |
		HWLOC_TOPOLOGY_FLAG_NO_CPUKINDS;
	auto_topology hwloc_topology_t t = NULL;
	int r = set_environment(env);

	if (r < 0)
		return r;
	if (hwloc_topology_init(&t) < 0)
		return -ENOMEM;
	if (hwloc_topology_set_flags(t, flags) < 0 || hwloc_topology_load(t) < 0)
		r = neg_errno();
	forget_user_environment();
	if (r < 0)
		return r;
	/* A tree that looks like this machine to the library was not read as a tree. */
	if (!env->root->is_live && hwloc_topology_is_thissystem(t))
		return -EXDEV;
	*ret_topology = t;
	t = NULL;
	return 0;
}

static int to_cpus(hwloc_const_cpuset_t from, struct cpus *ret_set)
{
	struct cpus set = { 0 };

	for (int cpu = hwloc_bitmap_first(from); cpu >= 0; cpu = hwloc_bitmap_next(from, cpu)) {
		/* Also the way out of an infinite set. */
		if ((unsigned)cpu >= CPUS_MAX)
			return -ERANGE;
		cpus_add(&set, (unsigned)cpu);
	}
	*ret_set = set;
	return 0;
}

/* The online CPUs of an object; false: none, the object does not count. */
static bool online_cpus(const struct cpu_facts *f, hwloc_obj_t obj, struct cpus *ret_set)
{
	struct cpus set;

	if (!obj->cpuset || to_cpus(obj->cpuset, &set) < 0)
		return false;
	*ret_set = cpus_and(&set, &f->online.v);
	return !cpus_is_empty(ret_set);
}

static int first_cpu(const struct fact_cpus *cpus)
{
	return cpus_next(&cpus->v, 0);
}

static int compare_cores(const void *a, const void *b)
{
	const struct core_fact *x = a, *y = b;

	return first_cpu(&x->cpus) - first_cpu(&y->cpus);
}

static int compare_l3s(const void *a, const void *b)
{
	const struct l3_fact *x = a, *y = b;

	return first_cpu(&x->cpus) - first_cpu(&y->cpus);
}

/* By type and not by depth: levels differ between the packages of one machine. */
static int read_l3s(struct probe_env *env, hwloc_topology_t t, struct cpu_facts *f)
{
	hwloc_obj_t obj = NULL;

	while ((obj = hwloc_get_next_obj_by_type(t, HWLOC_OBJ_L3CACHE, obj))) {
		struct l3_fact *l3;
		struct cpus set;

		if (!online_cpus(f, obj, &set))
			continue;
		l3 = fact_add_item(&f->l3s, env->arena, sizeof(*l3));
		if (!l3)
			return -ENOMEM;
		fact_set_cpus(&l3->cpus, &set);
		if (obj->attr && obj->attr->cache.size)
			fact_set_u64(&l3->size_kib, obj->attr->cache.size / KIB);
	}
	if (f->l3s.n)
		qsort(f->l3s.v, f->l3s.n, sizeof(struct l3_fact), compare_l3s);
	else if (cpu_tree_has_caches(env->root, &f->online.v))
		f->l3s.known = true; /* caches are described, and none is of level 3 */
	else
		return probe_gap_words(env, "l3s", "/sys/devices/system/cpu/cpu*/cache",
				       "no description of the caches");
	return 0;
}

static void set_l3(const struct cpu_facts *f, struct core_fact *core)
{
	const struct l3_fact *l3s = f->l3s.v;

	for (size_t i = 0; i < f->l3s.n; i++) {
		if (cpus_has(&l3s[i].cpus.v, (unsigned)first_cpu(&core->cpus)))
			fact_set_u64(&core->l3, i);
	}
}

static int gap_cores(struct probe_env *env, size_t n_seen, size_t n_online)
{
	static const char *const fields[] = { "cores", "n_cores" };
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(fields) && r == 0; i++)
		r = probe_gap_words(env, fields[i], "/sys/devices/system/cpu/cpu*/topology",
				    "cores are described for %zu of %zu online CPUs", n_seen,
				    n_online);
	return r;
}

static int read_cores(struct probe_env *env, hwloc_topology_t t, struct cpu_facts *f)
{
	struct cpus seen = { 0 };
	hwloc_obj_t obj = NULL;

	while ((obj = hwloc_get_next_obj_by_type(t, HWLOC_OBJ_CORE, obj))) {
		hwloc_obj_t package = hwloc_get_ancestor_obj_by_type(t, HWLOC_OBJ_PACKAGE, obj);
		struct core_fact *core;
		struct cpus set;

		if (!online_cpus(f, obj, &set))
			continue;
		core = fact_add_item(&f->cores, env->arena, sizeof(*core));
		if (!core)
			return -ENOMEM;
		fact_set_cpus(&core->cpus, &set);
		seen = cpus_or(&seen, &set);
		if (package && package->os_index != HWLOC_UNKNOWN_INDEX)
			fact_set_u64(&core->package, package->os_index);
		set_l3(f, core);
	}
	if (f->cores.n == 0 || !cpus_equal(&seen, &f->online.v)) {
		f->cores = (struct fact_list){ 0 };
		return gap_cores(env, cpus_count(&seen), cpus_count(&f->online.v));
	}
	qsort(f->cores.v, f->cores.n, sizeof(struct core_fact), compare_cores);
	fact_set_u64(&f->n_cores, f->cores.n);
	return 0;
}

static int read_packages(struct probe_env *env, hwloc_topology_t t, struct cpu_facts *f)
{
	hwloc_obj_t obj = NULL;
	struct cpus set;
	uint64_t n = 0;

	while ((obj = hwloc_get_next_obj_by_type(t, HWLOC_OBJ_PACKAGE, obj)))
		n += online_cpus(f, obj, &set);
	if (n == 0)
		return probe_gap_words(env, "n_packages", "/sys/devices/system/cpu/cpu*/topology",
				       "no description of the packages");
	fact_set_u64(&f->n_packages, n);
	return 0;
}

/* Clusters of four small cores share one level-2 cache, a big core has its own. */
#define E_CLUSTER 4

static size_t cores_within(const struct cpu_facts *f, const struct cpus *set, bool *ret_has_smt)
{
	const struct core_fact *cores = f->cores.v;
	size_t n = 0;

	*ret_has_smt = false;
	for (size_t i = 0; i < f->cores.n; i++) {
		if (!cpus_is_subset(&cores[i].cpus.v, set))
			continue;
		n++;
		*ret_has_smt = *ret_has_smt || cpus_count(&cores[i].cpus.v) > 1;
	}
	return n;
}

/*
 * Kernels that do not name the kinds of core: decided only where nothing else has this shape, a
 * real Intel CPU with all CPUs online, on which every level-2 cache belongs to one core or to a
 * cluster of exactly four without SMT, and both exist. Frequencies prove nothing (cores of one kind
 * differ).
 */
static void guess_kinds(hwloc_topology_t t, struct cpu_facts *f)
{
	struct cpus p = { 0 }, e = { 0 }, set;
	hwloc_obj_t obj = NULL;

	if (!fact_is(&f->vendor, "GenuineIntel") || !f->is_virtual.known || f->is_virtual.v ||
	    !f->present.known || !cpus_equal(&f->present.v, &f->online.v))
		return;
	while ((obj = hwloc_get_next_obj_by_type(t, HWLOC_OBJ_L2CACHE, obj))) {
		bool has_smt;
		size_t n;

		if (!online_cpus(f, obj, &set))
			continue;
		n = cores_within(f, &set, &has_smt);
		if (n == 1)
			p = cpus_or(&p, &set);
		else if (n == E_CLUSTER && !has_smt)
			e = cpus_or(&e, &set);
		else
			return;
	}
	if (cpus_is_empty(&p) || cpus_is_empty(&e))
		return;
	set = cpus_or(&p, &e);
	if (!cpus_equal(&set, &f->online.v))
		return;
	fact_set_cpus(&f->p_cores, &p);
	fact_set_cpus(&f->e_cores, &e);
}

static int read_topology(struct probe_env *env, hwloc_topology_t t, struct cpu_facts *f)
{
	int r = 0;

	if (!f->online.known) {
		struct cpus set;

		r = to_cpus(hwloc_topology_get_topology_cpuset(t), &set);
		if (r < 0)
			return probe_gap(env, "online", "/sys/devices/system/cpu", r);
		fact_set_cpus(&f->online, &set);
	}
	r = read_l3s(env, t, f);
	if (r == 0)
		r = read_cores(env, t, f);
	if (r == 0)
		r = read_packages(env, t, f);
	if (r == 0 && !f->p_cores.known)
		guess_kinds(t, f);
	return r;
}

/* Rules ask for each of these by name. */
static int gap_everywhere(struct probe_env *env, const char *why)
{
	static const char *const fields[] = { "cores", "n_cores", "n_packages", "l3s" };
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(fields) && r == 0; i++)
		r = probe_gap_words(env, fields[i], "/sys/devices/system/cpu", "%s", why);
	return r;
}

int cpu_topology_read(struct probe_env *env, struct cpu_facts *f)
{
	auto_topology hwloc_topology_t t = NULL;
	const char *why = NULL;
	int r = cpu_tree_check(env, &why);

	if (r < 0)
		return r;
	if (why)
		return gap_everywhere(env, why);
	r = load(env, &t);
	if (r == -ENOMEM)
		return r;
	if (r < 0) {
		why = arena_printf(env->arena, "hwloc cannot read the topology: %s",
				   strerrordesc_np(-r));
		return why ? gap_everywhere(env, why) : -ENOMEM;
	}
	return read_topology(env, t, f);
}
