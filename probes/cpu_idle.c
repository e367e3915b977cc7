/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sources: Documentation/admin-guide/pm/cpuidle.rst, "Representation of Idle States";
 * Documentation/ABI/testing/sysfs-devices-power for pm_qos_resume_latency_us.
 */
#include "probes/cpu_idle.h"

#include "probes/numbered.h"

#define CPU_DIR "/sys/devices/system/cpu"

/* A kernel has at most ten per CPU, and CPUs of two kinds at most in one machine. */
#define IDLE_STATES_MAX 64

struct state {
	const char *name; /* NULL: not told */
	struct fact_u64 latency_us;
	int disabled; /* 1, 0, or a negative errno: not told */
};

/* The fact of states with this name and latency, made when there is none; NULL: no memory. */
static struct idle_fact *find_fact(struct probe_env *env, struct cpu_facts *f,
				   const struct state *s)
{
	struct idle_fact *facts = f->idle.v, *fact;

	for (size_t i = 0; i < f->idle.n; i++) {
		if (fact_is(&facts[i].name, s->name) &&
		    facts[i].latency_us.known == s->latency_us.known &&
		    facts[i].latency_us.v == s->latency_us.v)
			return &facts[i];
	}
	fact = fact_add_item(&f->idle, env->arena, sizeof(*fact));
	if (!fact || fact_set_str(&fact->name, env->arena, s->name) < 0)
		return NULL;
	fact->latency_us = s->latency_us;
	fact->cpus.known = true;
	return fact;
}

static int add_state(struct probe_env *env, struct cpu_facts *f, unsigned cpu,
		     const struct state *s)
{
	struct idle_fact *fact = find_fact(env, f, s);

	if (!fact)
		return -ENOMEM;
	cpus_add(&fact->cpus.v, cpu);
	if (s->disabled >= 0)
		fact->disabled.known = true;
	if (s->disabled > 0)
		cpus_add(&fact->disabled.v, cpu);
	return 0;
}

static int read_state(struct probe_env *env, struct cpu_facts *f, unsigned cpu, int number)
{
	static const char dir[] = CPU_DIR "/cpu%u/cpuidle/state%d/%s";
	auto_free char *name = NULL;
	struct state s = { 0 };
	uint64_t v;
	int r = sysroot_read_line(env->root, &name, dir, cpu, number, "name");

	if (r < 0) {
		const char *path = arena_printf(env->arena, dir, cpu, number, "name");

		return path ? probe_gap(env, "idle.name", path, r) : -ENOMEM;
	}
	s.name = name;
	if (sysroot_read_u64(env->root, &v, dir, cpu, number, "latency") == 0)
		fact_set_u64(&s.latency_us, v);
	/* Old kernels show the raw mask of who disabled the state. */
	s.disabled = sysroot_read_u64(env->root, &v, dir, cpu, number, "disable");
	if (s.disabled == 0)
		s.disabled = v != 0;
	return add_state(env, f, cpu, &s);
}

static int read_states(struct probe_env *env, struct cpu_facts *f, unsigned cpu)
{
	const char *dir = arena_printf(env->arena, CPU_DIR "/cpu%u/cpuidle", cpu);
	struct cpus numbers;
	int r;

	if (!dir)
		return -ENOMEM;
	if (numbered_entries(env->root, dir, "state", &numbers) < 0)
		return 0; /* no states, or offline */
	r = 0;
	for (int s = cpus_next(&numbers, 0); s >= 0 && r == 0 && f->idle.n < IDLE_STATES_MAX;
	     s = cpus_next(&numbers, (unsigned)s + 1))
		r = read_state(env, f, cpu, s);
	return r;
}

/* What is missing of the states found, once for all of them. */
static int note_gaps(struct probe_env *env, const struct cpu_facts *f)
{
	const struct idle_fact *facts = f->idle.v;
	bool lacks_latency = false, lacks_disable = false;
	int r = 0;

	for (size_t i = 0; i < f->idle.n; i++) {
		lacks_latency = lacks_latency || !facts[i].latency_us.known;
		lacks_disable = lacks_disable || !facts[i].disabled.known;
	}
	if (lacks_latency)
		r = probe_gap(env, "idle.latency_us", CPU_DIR "/cpu*/cpuidle/state*/latency",
			      -ENOENT);
	if (r == 0 && lacks_disable)
		r = probe_gap(env, "idle.disabled", CPU_DIR "/cpu*/cpuidle/state*/disable",
			      -ENOENT);
	return r;
}

/* The governor's file is read-only unless booted so that it can be changed (before Linux 5.9). */
static int read_driver(struct probe_env *env, struct cpu_facts *f)
{
	static const char *const governors[] = { "current_governor", "current_governor_ro" };
	auto_free char *line = NULL;
	int r = probe_read_str(env, &f->idle_driver, "idle_driver",
			       CPU_DIR "/cpuidle/current_driver");

	for (size_t i = 0; i < ARRAY_SIZE(governors) && r == 0 && !line; i++) {
		if (sysroot_read_line(env->root, &line, CPU_DIR "/cpuidle/%s", governors[i]) == 0)
			r = fact_set_str(&f->idle_governor, env->arena, line);
	}
	if (r == 0 && !line)
		r = probe_gap(env, "idle_governor", CPU_DIR "/cpuidle/current_governor", -ENOENT);
	return r;
}

/* "0": no limit; "n/a": no latency at all is accepted, told as 0 us; else microseconds. */
static int read_pm_qos(struct probe_env *env, struct cpu_facts *f, const struct cpus *dirs)
{
	static const char fmt[] = CPU_DIR "/cpu%d/power/pm_qos_resume_latency_us";
	struct fact_pairs *limits = &f->pm_qos_resume_latency_us;
	int r = 0;

	for (int c = cpus_next(dirs, 0); c >= 0 && r == 0; c = cpus_next(dirs, (unsigned)c + 1)) {
		auto_free char *line = NULL;
		uint64_t us = 0;

		if (sysroot_read_line(env->root, &line, fmt, c) < 0)
			continue;
		limits->known = true;
		if (text_equal(text_of(line), "n/a"))
			r = fact_add_pair(limits, env->arena, (uint64_t)c, 0);
		else if (text_u64(text_of(line), &us) == 0 && us > 0)
			r = fact_add_pair(limits, env->arena, (uint64_t)c, us);
	}
	if (r == 0 && !limits->known)
		r = probe_gap(env, "pm_qos_resume_latency_us",
			      CPU_DIR "/cpu*/power/pm_qos_resume_latency_us", -ENOENT);
	return r;
}

int cpu_idle_read(struct probe_env *env, struct cpu_facts *f, const struct cpus *dirs)
{
	int r = read_driver(env, f);

	for (int c = cpus_next(dirs, 0); c >= 0 && r == 0; c = cpus_next(dirs, (unsigned)c + 1))
		r = read_states(env, f, (unsigned)c);
	/* Without a driver there are no states; a tree that tells neither may just not hold them.
	 */
	if (r == 0 && f->idle.n == 0 && !env->root->is_whole && !f->idle_driver.known)
		r = probe_gap(env, "idle", CPU_DIR "/cpu*/cpuidle", -ENOENT);
	else
		f->idle.known = true;
	if (r == 0)
		r = note_gaps(env, f);
	return r < 0 ? r : read_pm_qos(env, f, dirs);
}
