/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace - who took the guest's time: one window of events on its CPUs, or of the scheduler's
 * counters where no events can be had.
 *
 * It reads from a CPU that is not traced and never waits for events, so that it causes none there;
 * with real-time priority (FIFO 1), so that it comes in time.
 */

#include <inttypes.h>
#include <sched.h>
#include <string.h>

#include "probes/pin.h"
#include "probes/stop.h"
#include "probes/trace_parts.h"

#define WINDOW_MAX_NS (24 * 3600 * NS_PER_S)

/*
 * Where others keep its CPU busy it would come too late, and events be lost. It sleeps for nearly
 * all of the window. Not where it reads on a traced CPU; where it is refused nothing changes, nor
 * for who has started it with a priority already. True: calm_down() puts it back.
 */
static bool hurry(const struct probe_env *env)
{
	const struct sched_param first = { .sched_priority = 1 };
	struct cpus own, traced;

	if (pin_get(0, &own) < 0 || sched_getscheduler(0) != SCHED_OTHER)
		return false;
	traced = cpus_and(&own, &env->cpus);
	return cpus_is_empty(&traced) &&
	       sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &first) == 0;
}

static void calm_down(void)
{
	const struct sched_param none = { .sched_priority = 0 };

	/* Needs no right. */
	(void)sched_setscheduler(0, SCHED_OTHER | SCHED_RESET_ON_FORK, &none);
}

static int step_aside(struct probe_env *env)
{
	struct cpus online;
	int r = sysroot_read_list(env->root, &online, "/sys/devices/system/cpu/online");

	if (r == 0)
		r = pin_off(&env->cpus, &online);
	if (r == -ENOSPC)
		return probe_gap_words(
			env, "read_ns", "",
			"no CPU is left for the probe: it reads on a traced one, and "
			"is among what takes time there");
	return r < 0 ? probe_gap(env, "read_ns", "sched_setaffinity(2)", r) : 0;
}

static int note_guest_end(struct probe_env *env, uint64_t start_ns)
{
	const char *words =
		arena_printf(env->arena, "the guest ended within %" PRIu64 " ms",
			     (timebase_now(env->time) - start_ns + NS_PER_MS - 1) / NS_PER_MS);

	if (!words)
		return -ENOMEM;
	env->reason = words;
	return probe_gap_words(env, "window_ns", "", "%s", words);
}

/* Polls until the window is over, a signal comes, or there is nothing more to see. */
static int watch(struct probe_env *env, struct tracer *t, uint64_t window_ns,
		 bool *ret_is_interrupted)
{
	const uint64_t start_ns = timebase_now(env->time), end_ns = start_ns + window_ns;
	uint64_t now_ns = start_ns;
	int r = 0;

	while (r == 0 && now_ns < end_ns) {
		if (stop_wait(env->time, u64_min(now_ns + tracer_poll_interval_ns(t), end_ns)) ==
		    STOP_ASKED) {
			env->reason = "interrupted";
			*ret_is_interrupted = true;
			return probe_gap_words(env, "window_ns", "",
					       "interrupted: the window is shorter than asked");
		}
		r = tracer_poll(t);
		now_ns = timebase_now(env->time);
	}
	if (r == -ESRCH)
		return note_guest_end(env, start_ns);
	/* The tracer has a note of it. */
	return r == -EIO ? 0 : r;
}

static int put_notes(struct probe_env *env, const struct tracer *t)
{
	size_t n;
	const struct tracer_note *notes = tracer_notes(t, &n);
	int r = 0;

	for (size_t i = 0; r == 0 && i < n; i++)
		r = probe_gap_words(env, notes[i].field, notes[i].path, "%s", notes[i].words);
	return r;
}

static int trace_window(struct probe_env *env, struct tracer *t, struct trace_facts *facts,
			const char *why, bool *ret_is_interrupted)
{
	const uint64_t window_ns = env->rep_duration_ns * env->n_reps;
	const bool has_hurry = hurry(env);
	int r = tracer_start(t);

	if (r == 0)
		r = watch(env, t, window_ns, ret_is_interrupted);
	else if (r == -ESRCH)
		r = note_guest_end(env, timebase_now(env->time));
	if (r == 0)
		r = tracer_finish(t, env->arena, facts);
	if (has_hurry)
		calm_down();
	if (r == 0)
		r = put_notes(env, t);
	if (r == 0 && fact_is(&facts->rung, "none"))
		r = probe_skip(env, "neither events nor the scheduler's counters can be read%s%s",
			       why ? ": " : "", why ? why : "");
	return r;
}

static int note_left(struct probe_env *env, int error)
{
	return probe_gap_words(env, "rung", "/sys/kernel/tracing/instances",
			       "the tracing instance could not be removed: %s; its events are off, "
			       "and the next run removes it",
			       error == -EBUSY ? "somebody has a file of it open"
					       : strerror(-error));
}

static int trace_guest(struct probe_env *env, struct trace_facts *facts,
		       const struct trace_spool *spool)
{
	const struct tracer_options options = {
		.root = env->root,
		.time = env->time,
		.guest_pid = env->guest_pid,
		.cpus = env->cpus,
		.rep_ns = env->rep_duration_ns,
		.n_reps = env->n_reps,
		.spool_dir = spool->fd,
		.spool_max = spool->max_bytes,
	};
	struct trace_kept kept = { 0 };
	auto_free char *why = NULL;
	struct tracer *t;
	int r = tracer_new(&options, &t, &why), r_free;

	if (r == -ESRCH)
		return probe_fail(env, "process %d, the guest, is not there", env->guest_pid);
	if (r < 0)
		return r;
	if (why)
		r = probe_gap_words(env, "rung", "/sys/kernel/tracing",
				    "no events, only the scheduler's counters: %s", why);
	if (r == 0)
		r = trace_window(env, t, facts, why, &kept.is_interrupted);
	if (r == 0)
		r = tracer_members(t, env->arena, &kept.members, &kept.n_members);
	kept.has_events = tracer_live(t);
	/* First: writing takes its time, and may be ended. */
	r_free = tracer_free(t);
	if (r == 0 && r_free < 0)
		r = note_left(env, r_free);
	if (r == 0 && env->keep_trace)
		r = trace_spool_keep(env, spool, &kept);
	return r;
}

static int trace_live(struct probe_env *env, struct trace_facts *facts)
{
	struct trace_spool spool = { .fd = -1 };
	int r;

	trace_spool_sweep();
	r = env->keep_trace ? trace_spool_open(env, &spool) : 0;
	if (r == 0)
		r = trace_guest(env, facts, &spool);
	trace_spool_close(&spool);
	return r;
}

static int measure(struct probe_env *env, void *facts)
{
	uint64_t window_ns;
	int r;

	if (env->recording)
		return trace_recording(env, facts);
	if (!env->guest_pid)
		return probe_skip(env, "no guest: name its process with run --guest PID");
	if (cpus_is_empty(&env->cpus))
		return probe_fail(env, "no CPUs to trace: name them with --cpus");
	if (__builtin_mul_overflow(env->rep_duration_ns, env->n_reps, &window_ns) ||
	    window_ns > WINDOW_MAX_NS)
		return probe_fail(env, "--rep-duration times --reps must be at most 24h");
	r = stop_watch();
	if (r == 0)
		r = step_aside(env);
	return r < 0 ? r : trace_live(env, facts);
}

int main(int argc, char **argv)
{
	return probe_main(argc, argv, "trace", measure);
}
