/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gap - time taken from a thread that does nothing but read the clock, and by whom.
 *
 * On each measured CPU an ordinary thread spins and notes when it was kept from spinning; a private
 * trace of the same CPUs says what ran there instead. As oslat and sysjitter do it, with a name and
 * a date to each gap; as the kernel's osnoise tracer, where there is none. Nothing may spin where a
 * guest runs: those CPUs are left out (--no-spin).
 */
#include "facts/gap.h"

#include <inttypes.h>
#include <string.h>

#include "probes/cpu_steal.h"
#include "probes/gap_results.h"
#include "probes/parse/cpuinfo.h"
#include "probes/pin.h"
#include "probes/probe.h"
#include "probes/smi_watch.h"
#include "probes/stop.h"
#include "probes/tsc_rate.h"
#include "probes/tsc_read.h"

#define CLOCKSOURCE_PATH    "/sys/devices/system/clocksource/clocksource0/current_clocksource"
#define ONLINE_PATH         "/sys/devices/system/cpu/online"
#define REP_DURATION_MIN_NS NS_PER_MS
#define REP_DURATION_MAX_NS (24 * 3600 * NS_PER_S)
/* The rate is known to some ppm then: brackets of the readings are below 1 us. */
#define RATE_WINDOW_NS   (200 * NS_PER_MS)
#define PAIR_TRIES       200u
#define THRESHOLD_MIN_NS 100u
#define THRESHOLD_MAX_NS 1000u
#define P999_TIMES       8u
/* Noting a gap takes some ten ns, with caches gone cold some hundred. */
#define NOTE_NS NS_PER_US
#define POLL_NS (100 * NS_PER_MS) /* without a trace there is nothing to look at but signals */
#define MIN_HZ  1000000u

struct gap_probe {
	struct probe_env *env;
	struct gap_facts *facts;
	struct gap_crew crew;
	struct cpus measured;
	struct gap_results results;
	uint64_t threshold_ns;
	bool is_virtual;
	struct gap_trace *trace; /* NULL: there is none */
	struct smi_watch smi;
};

static int check_options(struct probe_env *env)
{
	if (cpus_is_empty(&env->cpus))
		return probe_fail(env, "no CPUs to measure: name them with --cpus");
	if (env->rep_duration_ns < REP_DURATION_MIN_NS ||
	    env->rep_duration_ns > REP_DURATION_MAX_NS)
		return probe_fail(env, "--rep-duration must be between 1ms and 24h");
	return 0;
}

/* A TSC that stops, changes its pace or is not kept in step shows gaps that are none. */
static int check_clock(struct gap_probe *g)
{
	static const char *const flags[] = { "constant_tsc", "nonstop_tsc" };
	auto_free char *clocksource = NULL;
	auto_free char *text = NULL;
	struct cpuinfo info;
	size_t len;
	int r = sysroot_read_line(g->env->root, &clocksource, CLOCKSOURCE_PATH);

	if (r == 0 && strcmp(clocksource, "tsc") != 0)
		return probe_skip(g->env, "the clocksource is %s: the TSC cannot be relied on",
				  clocksource);
	if (r == 0)
		r = sysroot_read(g->env->root, &text, &len, "/proc/cpuinfo");
	if (r < 0)
		return probe_skip(g->env, "whether the TSC can be relied on is not known: %s",
				  strerror(-r));
	cpuinfo_parse(text_make(text, len), &info);
	for (size_t i = 0; i < ARRAY_SIZE(flags); i++) {
		if (!cpuinfo_has_flag(&info, flags[i]))
			return probe_skip(g->env,
					  "the processor has no %s: its TSC cannot be "
					  "relied on",
					  flags[i]);
	}
	g->is_virtual = cpuinfo_has_flag(&info, "hypervisor");
	return 0;
}

static int leave_measured_cpus(struct gap_probe *g, const struct cpus *online)
{
	const int r = pin_off(&g->env->cpus, online);

	if (r == -ENOSPC)
		return probe_gap_words(g->env, "units", "",
				       "no CPU is left for the probe's main thread: it runs on a "
				       "measured one, some times a second");
	return r < 0 ? probe_gap(g->env, "units", "sched_setaffinity(2)", r) : 0;
}

static int note_not_spun(struct gap_probe *g)
{
	const struct cpus kept = cpus_and(&g->env->cpus, &g->env->spin_free);
	auto_free char *list = cpus_list_new(&kept);

	if (!list)
		return -ENOMEM;
	return cpus_is_empty(&kept)
		       ? 0
		       : probe_gap_words(g->env, "units", "",
					 "not on CPUs %s: nothing may spin there", list);
}

static int refuse_cpu(struct gap_probe *g, unsigned cpu, int error, const struct cpus *online)
{
	if (!cpus_has(online, cpu))
		return probe_gap_words(g->env, "units", ONLINE_PATH, "CPU %u is not online", cpu);
	if (error == -EINVAL)
		return probe_gap_words(g->env, "units", "/proc/self/status",
				       "CPU %u is outside of this process' cpuset", cpu);
	return probe_gap_words(g->env, "units", "", "no thread on CPU %u: %s", cpu,
			       strerror(-error));
}

static int add_threads(struct gap_probe *g, const struct cpus *online)
{
	const struct cpus wanted = cpus_minus(&g->env->cpus, &g->env->spin_free);

	for (int c = cpus_next(&wanted, 0); c >= 0; c = cpus_next(&wanted, (unsigned)c + 1)) {
		int r = gap_crew_add(&g->crew, (unsigned)c);

		if (r == -ENOMEM)
			return r;
		if (r < 0)
			r = refuse_cpu(g, (unsigned)c, r, online);
		else
			cpus_add(&g->measured, (unsigned)c);
		if (r < 0)
			return r;
	}
	if (cpus_is_empty(&g->measured))
		return probe_fail(g->env, "none of the CPUs to measure can be used");
	return 0;
}

/* The rate of the TSC, while the threads prepare. */
static int calibrate(struct gap_probe *g)
{
	const struct tsc_clocks clocks = tsc_clocks_real();
	const struct tsc_pair first = tsc_pair_take(&clocks, PAIR_TRIES);
	const uint64_t until_ns = timebase_now(g->env->time) + RATE_WINDOW_NS;
	struct tsc_pair last;
	struct tsc_rate rate;
	int r;

	while ((r = gap_crew_wait(&g->crew, g->crew.limit_ns)) > 0)
		;
	if (r < 0)
		return r;
	if (g->crew.is_asked || stop_wait(g->env->time, until_ns) == STOP_ASKED)
		return -EINTR;
	last = tsc_pair_take(&clocks, PAIR_TRIES);
	if (tsc_rate_between(&first, &last, &rate) < 0 || rate.hz < MIN_HZ)
		return probe_fail(g->env, "the TSC or CLOCK_MONOTONIC_RAW did not move forward");
	g->results.time = (struct gap_time){ rate.hz, first.tsc, 0 };
	g->results.time.unix_ns = unix_now_ns() - gap_time_ns(&g->results.time, tsc_read());
	return 0;
}

/* One for all CPUs, so that they can be compared: that of the slowest loop. */
static int set_threshold(struct gap_probe *g)
{
	uint64_t p999_ns = 0;

	for (size_t i = 0; i < g->crew.n; i++) {
		const struct gap_member m = gap_crew_member(&g->crew, i);

		if (!m.lane)
			return -ENOMEM;
		p999_ns = u64_max(p999_ns, tsc_ticks_to_ns(m.p999_ticks, g->results.time.hz));
	}
	g->threshold_ns =
		u64_min(THRESHOLD_MAX_NS, u64_max(THRESHOLD_MIN_NS, P999_TIMES * p999_ns));
	fact_set_u64(&g->facts->threshold_ns, g->threshold_ns);
	return 0;
}

static int no_trace(struct gap_probe *g, int error, const char *why)
{
	gap_trace_free(g->trace);
	g->trace = NULL;
	return error == -ENOMEM ? error
				: probe_gap_words(g->env, "rung", "/sys/kernel/tracing",
						  "gaps are not explained: %s",
						  why ? why : strerror(-error));
}

static int start_trace(struct gap_probe *g)
{
	const struct gap_trace_options options = { .cpus = &g->measured,
						   .time = g->results.time,
						   .threshold_ns = g->threshold_ns,
						   .is_virtual = g->is_virtual };
	auto_free char *why = NULL;
	const int r = gap_trace_new(&options, &g->crew, &g->trace, &why);

	return r < 0 ? no_trace(g, r, why) : 0;
}

static struct gap_plan plan_of(const struct gap_probe *g)
{
	struct gap_plan plan = { .ns_q32 = gap_ns_q32(g->results.time.hz) };
	const uint64_t hz = g->results.time.hz;

	/* Up to 24 h at some GHz: below 2^64 after the division of the rate. */
	plan.end_tsc = tsc_read() + tsc_ns_to_ticks(g->env->rep_duration_ns, hz);
	/* Not one tick too few: a gap that counts is not below the threshold in ns either. */
	plan.threshold = tsc_ns_to_ticks(g->threshold_ns, hz) + 1;
	plan.note_limit = tsc_ns_to_ticks(g->threshold_ns + NOTE_NS, hz);
	return plan;
}

static int note_end(struct gap_probe *g, int error, uint64_t rep)
{
	struct probe_env *env = g->env;

	if (error == -ETIMEDOUT) {
		env->reason = "a measured CPU did not run the probe";
		return 0;
	}
	env->reason = "interrupted";
	return probe_gap_words(env, "units", "",
			       "interrupted in repetition %" PRIu64 " of %" PRIu64, rep + 1,
			       env->n_reps);
}

/* Until all threads are done; 0, -ETIMEDOUT or -ENOMEM. */
static int wait_for_crew(struct gap_probe *g)
{
	for (;;) {
		const uint64_t interval_ns =
			g->trace ? gap_trace_poll_interval_ns(g->trace) : POLL_NS;
		int r = gap_crew_wait(&g->crew, timebase_now(g->env->time) + interval_ns);
		int r_poll = 0;

		if (g->trace)
			r_poll = r > 0 ? gap_trace_poll(g->trace) : gap_trace_end(g->trace);
		if (r_poll < 0)
			r_poll = no_trace(g, r_poll, NULL);
		if (r_poll < 0 || r <= 0)
			return r_poll < 0 ? r_poll : r;
	}
}

static int read_steal(struct gap_probe *g, struct fact_pairs *ret_steal)
{
	return cpu_steal_read(g->env->root, &g->measured, g->env->arena, ret_steal);
}

static int run_reps(struct gap_probe *g)
{
	for (uint64_t rep = 0; rep < g->env->n_reps; rep++) {
		struct gap_plan plan;
		int r, r_run;

		if ((r = read_steal(g, &g->results.steal_before)) < 0)
			return r;
		if (g->trace)
			gap_trace_begin(g->trace, g->facts->units.n);
		plan = plan_of(g);
		gap_crew_start(&g->crew, &plan, g->env->rep_duration_ns);
		r_run = wait_for_crew(g);
		if (r_run == -ENOMEM || (r = read_steal(g, &g->results.steal_after)) < 0 ||
		    (r = gap_results_add_units(&g->results, &g->crew, rep)) < 0)
			return -ENOMEM;
		if (r_run < 0 || g->crew.is_asked)
			return note_end(g, r_run, rep);
	}
	return 0;
}

static int set_results(struct gap_probe *g)
{
	int r = g->trace ? gap_trace_finish(g->trace) : 0;

	if (r < 0)
		r = no_trace(g, r, NULL);
	if (r == 0)
		r = gap_results_finish(&g->results, g->trace ? gap_trace_join(g->trace) : NULL);
	if (r == 0)
		r = smi_watch_end(&g->smi, g->env, &g->facts->smis);
	return r < 0 ? r
		     : fact_set_str(&g->facts->rung, g->env->arena, g->trace ? "tracefs" : "none");
}

static int run_crew(struct gap_probe *g, const struct cpus *online)
{
	int r = add_threads(g, online);

	if (r < 0 || g->env->is_failed)
		return r;
	gap_crew_prepare(&g->crew);
	fact_set_cpus(&g->facts->cpus, &g->measured);
	g->facts->units.known = true;
	r = calibrate(g);
	if (r == -EINTR || r == -ETIMEDOUT)
		return note_end(g, r, 0);
	if (r < 0 || g->env->is_failed)
		return r;
	if ((r = set_threshold(g)) < 0 || (r = start_trace(g)) < 0 ||
	    (r = smi_watch_begin(&g->smi, g->env, &g->measured)) < 0 || (r = run_reps(g)) < 0)
		return r;
	return set_results(g);
}

static int measure_with(struct gap_probe *g)
{
	struct cpus online = { 0 };
	int r = sysroot_read_list(g->env->root, &online, ONLINE_PATH);

	if (r < 0)
		return probe_fail(g->env, ONLINE_PATH ": %s", strerror(-r));
	if ((r = stop_watch()) < 0 || (r = leave_measured_cpus(g, &online)) < 0 ||
	    (r = note_not_spun(g)) < 0)
		return r;
	gap_crew_init(&g->crew, g->env->time);
	r = run_crew(g, &online);
	smi_watch_release(&g->smi);
	gap_trace_free(g->trace);
	gap_crew_release(&g->crew);
	return r;
}

static int measure(struct probe_env *env, void *facts)
{
	struct gap_facts *f = facts;
	/* Not a local: a thread that is stuck may look at the crew until the process ends. */
	struct gap_probe *g = calloc(1, sizeof(*g));
	bool is_stuck;
	int r;

	if (!g)
		return -ENOMEM;
	g->env = env;
	g->facts = f;
	g->results.env = env;
	g->results.facts = f;
	r = check_options(env);
	if (r == 0 && !env->is_failed)
		r = check_clock(g);
	if (r == 0 && !env->is_failed && !env->is_skipped) {
		fact_set_u64(&f->rep_duration_ns, env->rep_duration_ns);
		fact_set_u64(&f->n_reps, env->n_reps);
		r = fact_set_str(&f->policy, env->arena, "other");
		if (r == 0)
			r = measure_with(g);
	}
	is_stuck = g->crew.is_stuck;
	if (!is_stuck)
		free(g);
	return r;
}

int main(int argc, char **argv)
{
	return probe_main(argc, argv, "gap", measure);
}
