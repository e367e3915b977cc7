/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * wake_measure.c - how late a real-time thread runs after its timer, on each measured CPU.
 *
 * As cyclictest: absolute deadlines on CLOCK_MONOTONIC, SCHED_FIFO 95, memory locked. Unlike it,
 * missed periods are counted, the tail is kept, idle states stay as they are unless asked
 * otherwise, and the main thread neither runs on a measured CPU nor wakes up meanwhile.
 */
#include "probes/wake_measure.h"

#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/mman.h>

#include "facts/wake.h"
#include "probes/cpu_steal.h"
#include "probes/pin.h"
#include "probes/rt_throttle.h"
#include "probes/stop.h"
#include "probes/wake_crew.h"

/* Above the kernel's threaded interrupts (50) and everyday real-time tasks, below the watchdogs
 * and stop machine (99). */
#define PRIORITY            95
#define DMA_LATENCY_PATH    "/dev/cpu_dma_latency"
#define INTERVAL_MIN_NS     (20 * NS_PER_US)
#define INTERVAL_MAX_NS     NS_PER_S
#define REP_DURATION_MAX_NS (24 * 3600 * NS_PER_S)

struct wake {
	struct probe_env *env;
	struct wake_facts *facts;
	struct wake_crew crew;
	struct cpus measured;
	uint64_t n_expected;
	struct fact_pairs steal_before, steal_after; /* ns by CPU; of one repetition */
};

static int check_options(struct probe_env *env)
{
	if (cpus_is_empty(&env->cpus))
		return probe_fail(env, "no CPUs to measure: name them with --cpus");
	if (env->interval_ns < INTERVAL_MIN_NS || env->interval_ns > INTERVAL_MAX_NS)
		return probe_fail(env, "--interval must be between 20us and 1s");
	if (env->rep_duration_ns < env->interval_ns || env->rep_duration_ns > REP_DURATION_MAX_NS)
		return probe_fail(env, "--rep-duration must be between --interval and 24h");
	return 0;
}

static int leave_measured_cpus(struct wake *w, const struct cpus *online)
{
	const int r = pin_off(&w->env->cpus, online);

	if (r == -ENOSPC)
		return probe_gap_words(w->env, "units", "",
				       "no CPU is left for the probe's main thread: it runs on a "
				       "measured one, between the repetitions");
	return r < 0 ? probe_gap(w->env, "units", "sched_setaffinity(2)", r) : 0;
}

/* Kept open for the run: the request ends when the descriptor is closed, on any way out.
 * Source: Documentation/power/pm_qos_interface.rst, a signed 32-bit number of microseconds. */
static int hold_dma_latency(struct wake *w, int *ret_fd)
{
	const int32_t latency_us = 0;
	int fd, r;

	fact_set_bool(&w->facts->is_dma_latency_held, false);
	if (!w->env->no_cstates)
		return 0;
	fd = open(DMA_LATENCY_PATH, O_WRONLY | O_CLOEXEC);
	r = fd < 0 ? neg_errno() : 0;
	if (r == 0 && write(fd, &latency_us, sizeof(latency_us)) != (ssize_t)sizeof(latency_us))
		r = neg_errno();
	*ret_fd = fd;
	if (r < 0)
		return probe_gap(w->env, "is_dma_latency_held", DMA_LATENCY_PATH, r);
	fact_set_bool(&w->facts->is_dma_latency_held, true);
	return 0;
}

static int refuse_cpu(struct wake *w, unsigned cpu, int error, const struct cpus *online)
{
	if (!cpus_has(online, cpu))
		return probe_gap_words(w->env, "units", "/sys/devices/system/cpu/online",
				       "CPU %u is not online", cpu);
	if (error == -EINVAL)
		return probe_gap_words(w->env, "units", "/proc/self/status",
				       "CPU %u is outside of this process' cpuset", cpu);
	return probe_gap_words(w->env, "units", "", "no thread on CPU %u: %s", cpu,
			       strerror(-error));
}

static int add_threads(struct wake *w, const struct cpus *online)
{
	const struct cpus *wanted = &w->env->cpus;

	for (int c = cpus_next(wanted, 0); c >= 0; c = cpus_next(wanted, (unsigned)c + 1)) {
		int r = wake_crew_add(&w->crew, (unsigned)c);

		if (r == -ENOMEM)
			return r;
		if (r < 0)
			r = refuse_cpu(w, (unsigned)c, r, online);
		else
			cpus_add(&w->measured, (unsigned)c);
		if (r < 0)
			return r;
	}
	return 0;
}

static int set_policy(struct wake *w)
{
	const int r = wake_crew_set_fifo(&w->crew, PRIORITY);
	struct wake_facts *f = w->facts;
	int r_gap = 0;

	if (r == -EINTR || r == -ETIMEDOUT || r == -ENOMEM)
		return r;
	if (r < 0)
		r_gap = probe_gap_words(w->env, "policy", "sched_setscheduler(2)",
					"SCHED_FIFO %d was refused (%s): measured as an ordinary "
					"thread",
					PRIORITY, strerror(-r));
	fact_set_u64(&f->priority, r < 0 ? 0 : PRIORITY);
	return r_gap < 0 ? r_gap
			 : fact_set_str(&f->policy, w->env->arena, r < 0 ? "other" : "fifo");
}

/* After the threads have touched their memory: locking would put it on the main thread's node. */
static int lock_memory(struct wake *w)
{
	const int r = mlockall(MCL_CURRENT | MCL_FUTURE) < 0 ? neg_errno() : 0;

	fact_set_bool(&w->facts->is_memory_locked, r == 0);
	return r < 0 ? probe_gap(w->env, "is_memory_locked", "mlockall(2)", r) : 0;
}

static int add_unit(struct wake *w, uint64_t rep, const struct wake_result *result,
		    struct hist *scratch)
{
	struct arena *a = w->env->arena;
	struct wake_unit *u = fact_add_item(&w->facts->units, a, sizeof(*u));

	if (!u)
		return -ENOMEM;
	fact_set_u64(&u->rep, rep);
	fact_set_u64(&u->cpu, result->cpu);
	fact_set_u64(&u->n_expected, result->series->n_due);
	fact_set_u64(&u->missed, result->series->missed);
	fact_set_u64(&u->cpu_time_ns, result->cpu_time_ns);
	cpu_steal_between(&w->steal_before, &w->steal_after, result->cpu, &u->steal_ns);
	wake_series_corrected(result->series, scratch);
	u->hist.v = hist_to_bins(&result->series->raw, a);
	u->hist_corrected.v = hist_to_bins(scratch, a);
	u->hist.known = u->hist_corrected.known = true;
	return u->hist.v && u->hist_corrected.v ? 0 : -ENOMEM;
}

static int read_steal(const struct wake *w, struct fact_pairs *ret_steal)
{
	return cpu_steal_read(w->env->root, &w->measured, w->env->arena, ret_steal);
}

static int add_units(struct wake *w, uint64_t rep)
{
	auto_free struct hist *scratch = malloc(sizeof(*scratch));
	int r = scratch ? 0 : -ENOMEM;

	for (size_t i = 0; r == 0 && i < w->crew.n; i++) {
		const struct wake_result result = wake_crew_result(&w->crew, i);

		if (!result.is_done)
			r = probe_gap_words(w->env, "units", "",
					    "CPU %u: the thread did not come back from repetition "
					    "%" PRIu64,
					    result.cpu, rep);
		else if (result.error < 0)
			r = probe_gap_words(w->env, "units", "clock_nanosleep(2)", "CPU %u: %s",
					    result.cpu, strerror(-result.error));
		else
			r = add_unit(w, rep, &result, scratch);
	}
	return r;
}

static int note_end(struct wake *w, int error, uint64_t rep)
{
	struct probe_env *env = w->env;

	if (error == -EINTR) {
		env->reason = "interrupted";
		return probe_gap_words(env, "units", "",
				       "interrupted in repetition %" PRIu64 " of %" PRIu64, rep + 1,
				       env->n_reps);
	}
	env->reason = "a measured CPU did not run the probe";
	return 0;
}

static int run_reps(struct wake *w)
{
	for (uint64_t rep = 0; rep < w->env->n_reps; rep++) {
		int r, r_run;

		if ((r = read_steal(w, &w->steal_before)) < 0)
			return r;
		r_run = wake_crew_run(&w->crew, w->env->interval_ns, w->n_expected, rep);
		if ((r = read_steal(w, &w->steal_after)) < 0 || (r = add_units(w, rep)) < 0)
			return r;
		if (r_run < 0)
			return note_end(w, r_run, rep);
	}
	return 0;
}

static int run_crew(struct wake *w, const struct cpus *online)
{
	int r = add_threads(w, online);

	if (r < 0)
		return r;
	if (cpus_is_empty(&w->measured))
		return probe_fail(w->env, "none of the CPUs to measure can be used");
	fact_set_cpus(&w->facts->cpus, &w->measured);
	w->facts->units.known = true;
	r = set_policy(w);
	if (r == -EINTR || r == -ETIMEDOUT)
		return note_end(w, r, 0);
	if (r < 0 || (r = lock_memory(w)) < 0)
		return r;
	r = rt_throttle_check(w->env, &w->measured, "units");
	return r < 0 ? r : run_reps(w);
}

static int measure_with(struct wake *w)
{
	auto_fd int dma_latency_fd = -1;
	struct cpus online = { 0 };
	int r = sysroot_read_list(w->env->root, &online, "/sys/devices/system/cpu/online");

	if (r < 0)
		return probe_fail(w->env, "/sys/devices/system/cpu/online: %s", strerror(-r));
	if ((r = stop_watch()) < 0 || (r = leave_measured_cpus(w, &online)) < 0 ||
	    (r = hold_dma_latency(w, &dma_latency_fd)) < 0)
		return r;
	wake_crew_init(&w->crew, w->env->time);
	r = run_crew(w, &online);
	wake_crew_release(&w->crew);
	return r;
}

int wake_measure(struct probe_env *env, void *facts)
{
	struct wake_facts *f = facts;
	/* Not a local: a thread that is stuck may look at the crew until the process ends. */
	struct wake *w = calloc(1, sizeof(*w));
	bool is_stuck;
	int r;

	if (!w)
		return -ENOMEM;
	w->env = env;
	w->facts = f;
	r = check_options(env);
	if (r == 0 && !env->is_failed) {
		w->n_expected = env->rep_duration_ns / env->interval_ns;
		fact_set_u64(&f->interval_ns, env->interval_ns);
		fact_set_u64(&f->rep_duration_ns, env->rep_duration_ns);
		fact_set_u64(&f->n_reps, env->n_reps);
		r = measure_with(w);
	}
	is_stuck = w->crew.is_stuck;
	if (!is_stuck)
		free(w);
	return r;
}
