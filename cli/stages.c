/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stages.c - the measuring stages of a run: which probes run together, and on whose CPUs. */
#include <inttypes.h>
#include <string.h>

#include "analyze/measures.h"
#include "cli/assemble.h"
#include "cli/progress.h"
#include "cli/session_parts.h"
#include "core/say.h"

/* Rate and cost of the clock: long enough for some ppm, short enough for a quick run. */
#define CLOCK_STAGE_NS   (2 * NS_PER_S)
#define GUEST_READY_NS   (10 * NS_PER_S)
#define INTERVAL_ALONE   "1ms"
#define INTERVAL_BESIDE  "4ms" /* light on the CPUs of a guest that somebody uses */
#define STAGE_OVERHEAD_S 3
/* Up to 4 GiB of events are read twice and copied; a slow disk writes some 20 MiB a second. */
#define KEEP_NS (300 * NS_PER_S)
/* What is measured without the guest, and by the guest itself, is a sixth as long as the rest. */
#define SHARE_BESIDE 6

static bool has_attached_guest(const struct session *s)
{
	return !strcmp(s->target.kind, "qemu");
}

/* Not where a guest runs that somebody uses, nor where nothing of ours is to run at all. */
static bool may_spin(const struct session *s)
{
	return !has_attached_guest(s) && !s->wish->is_passive;
}

static uint64_t short_rep_ns(const struct session_wish *w)
{
	return w->rep_duration_ns / SHARE_BESIDE;
}

uint64_t session_duration_ns(const struct session_wish *w)
{
	/* wake_bare, gap and exits. */
	const uint64_t beside_ns =
		w->is_passive ? 0 : w->n_reps * w->rep_duration_ns * 3 / SHARE_BESIDE;

	return CLOCK_STAGE_NS + w->n_reps * w->rep_duration_ns + beside_ns +
	       STAGE_OVERHEAD_S * NS_PER_S;
}

static struct probe_call call_of(const struct session *s, const char *name, uint64_t duration_ns)
{
	struct probe_call c = { .probe = probe_find(name),
				.limit_ns = duration_ns + PROBE_SLACK_NS };

	probe_call_add(&c, "--cpus", s->guest_list);
	return c;
}

static int add_reps(struct session *s, struct probe_call *c, uint64_t n_reps, uint64_t rep_ns)
{
	const char *reps = arena_printf(&s->arena, "%" PRIu64, n_reps);
	const char *duration = arena_printf(&s->arena, "%" PRIu64 "ns", rep_ns);

	if (!reps || !duration)
		return -ENOMEM;
	c->limit_ns = n_reps * rep_ns + PROBE_SLACK_NS;
	probe_call_add(c, "--reps", reps);
	probe_call_add(c, "--rep-duration", duration);
	return 0;
}

/* The clock, before anything else runs: reading it in a loop is a load of its own. */
int stage_clock(struct session *s)
{
	struct probe_call c = call_of(s, "tsc", CLOCK_STAGE_NS);
	auto_free char *all = cpus_list_new(&s->host->cpu.online.v);
	int r;

	if (!all)
		return -ENOMEM;
	c.n_args = 0;
	probe_call_add(&c, "--cpus", all);
	probe_call_add(&c, "--rep-duration", "2s");
	if (!may_spin(s))
		probe_call_add(&c, "--no-spin", s->guest_list);
	r = session_gather(s, &c, 1);
	s->has_measured = r == 0;
	return r;
}

/* One probe by itself, as it needs the CPUs for itself. */
static int measure_alone(struct session *s, const char *probe, uint64_t n_reps, uint64_t rep_ns)
{
	struct probe_call c = call_of(s, probe, n_reps * rep_ns);
	int r = add_reps(s, &c, n_reps, rep_ns);

	if (r == 0 && s->wish->no_cstates)
		probe_call_add(&c, "--no-cstates", NULL);
	return r < 0 ? r : session_gather(s, &c, 1);
}

/* The CPUs as they are with nothing on them: what the guest adds is told by comparing. */
int stage_bare(struct session *s)
{
	static const char *const probes[] = { "gap", "wake_bare" };
	const struct session_wish *w = s->wish;
	/* Where no guest follows, the stage of the guest measures the same. */
	const size_t n = strcmp(s->target.kind, "none") ? ARRAY_SIZE(probes) : 1;
	struct progress progress;
	int r = 0;

	if (!may_spin(s))
		return 0;
	say_note("measuring without a guest");
	progress_start(&progress, "measuring without a guest", n * w->n_reps * short_rep_ns(w),
		       w->is_quiet);
	for (size_t i = 0; r == 0 && !s->signal && i < n; i++)
		r = measure_alone(s, probes[i], w->n_reps, short_rep_ns(w));
	progress_stop(&progress);
	return r;
}

static bool is_builtin_asked(const struct session *s)
{
	return s->wish->guest && !strcmp(s->wish->guest, "builtin");
}

static int no_microguest(struct session *s)
{
	struct text rest = text_make(s->microguest.err, s->microguest.n_err), line;
	char end[128], words[256] = "";
	const char *why;

	while (text_next_line(&rest, &line))
		text_clean(text_trim(line), words, sizeof(words));
	program_describe_end(&s->microguest, end, sizeof(end));
	why = arena_printf(&s->arena, "the built-in guest did not start: %s", *words ? words : end);
	if (!why)
		return -ENOMEM;
	if (is_builtin_asked(s)) {
		say_error("%s", why);
		return fact_set_str(&s->run.reason, &s->arena, why) < 0 ? -ENOMEM : -ENODEV;
	}
	s->target.kind = "none";
	return session_warn(s, "no guest runs meanwhile: %s", why);
}

/* As if it had never been. */
static void end_microguest(struct session *s)
{
	session_end_microguest(s);
	program_release(&s->microguest);
	s->microguest = (struct program){ 0 };
	free(s->microguest_path);
	s->microguest_path = NULL;
}

/* 0, also when there is none and it is done without (no pid). */
static int start_microguest(struct session *s)
{
	int r;

	s->microguest_path = program_path("vfiobench-microguest");
	if (!s->microguest_path)
		return -ENOMEM;
	s->microguest_argv[0] = s->microguest_path;
	s->microguest_argv[1] = "--cpus";
	s->microguest_argv[2] = s->guest_list;
	s->microguest = (struct program){ .argv = s->microguest_argv };
	r = program_start(&s->microguest, s->time);
	if (r == 0)
		r = program_wait_line(&s->microguest, s->time, GUEST_READY_NS);
	if (r < 0) {
		program_stop(&s->microguest);
		programs_wait(&s->microguest, 1, s->time, -1);
		r = no_microguest(s);
		end_microguest(s);
	}
	return r;
}

int stage_try_guest(struct session *s)
{
	int r;

	if (!is_builtin_asked(s))
		return 0;
	r = start_microguest(s);
	end_microguest(s);
	return r;
}

int stage_start_guest(struct session *s)
{
	int r;

	if (strcmp(s->target.kind, "builtin") != 0)
		return 0;
	r = start_microguest(s);
	if (r < 0 || s->microguest.pid <= 0)
		return r;
	return session_probe_again(s, "guest", (uint64_t)s->microguest.pid);
}

/* The recording that was asked for is not there, and why. */
static int warn_of_recording(struct session *s, const struct host *now)
{
	const struct host_probe *p = host_probe(now, "trace");

	for (size_t i = 0; s->wish->keep_trace && p && i < p->n_gaps; i++) {
		if (!strcmp(p->gaps[i].path, s->wish->keep_trace))
			return session_warn(s, "%s: %s", s->wish->keep_trace, p->gaps[i].error);
	}
	return 0;
}

/* What was measured without the guest must not be taken for what it met. */
static int warn_of_window(struct session *s, uint64_t window_ns)
{
	auto_host struct host *now = NULL;
	const char *end;
	int r = result_decode(s->result, &now);

	if (r == 0)
		r = warn_of_recording(s, now);
	end = r == 0 ? measure_guest_end(now) : NULL;
	return end ? session_warn(s, "%s of %" PRIu64 " s: what was measured later is without it",
				  end, window_ns / NS_PER_S)
		   : r;
}

/* Who took the guest's time, what else happened, and how late a timer is: all of one window. */
int stage_guest(struct session *s)
{
	const struct session_wish *w = s->wish;
	const uint64_t window_ns = w->n_reps * w->rep_duration_ns;
	/* The last one puts something on the guest's CPUs. */
	struct probe_call calls[] = { call_of(s, "activity", window_ns),
				      call_of(s, "trace", window_ns),
				      call_of(s, "wake", window_ns) };
	const size_t n = w->is_passive ? ARRAY_SIZE(calls) - 1 : ARRAY_SIZE(calls);
	const struct guest_process *g = s->target.process;
	const char *pid = arena_printf(&s->arena, "%" PRIu64, g ? g->pid.v : 0);
	struct progress progress;
	int r = pid ? 0 : -ENOMEM;

	for (size_t i = 0; r == 0 && i < n; i++) {
		r = add_reps(s, &calls[i], w->n_reps, w->rep_duration_ns);
		if (r == 0 && g)
			probe_call_add(&calls[i], "--guest-pid", pid);
	}
	if (r < 0)
		return r;
	if (w->keep_trace) {
		probe_call_add(&calls[1], "--keep-trace", w->keep_trace);
		calls[1].limit_ns += KEEP_NS;
	}
	probe_call_add(&calls[2], "--interval",
		       has_attached_guest(s) ? INTERVAL_BESIDE : INTERVAL_ALONE);
	if (w->no_cstates)
		probe_call_add(&calls[2], "--no-cstates", NULL);
	progress_start(&progress, "measuring", window_ns, w->is_quiet);
	r = session_gather(s, calls, n);
	progress_stop(&progress);
	return r == 0 ? warn_of_window(s, window_ns) : r;
}

int stage_end_guest(struct session *s)
{
	const bool was_running = s->microguest.end == PROGRAM_RUNNING;
	char end[128];

	if (s->microguest.pid <= 0 || !was_running)
		return 0;
	session_end_microguest(s);
	if (s->microguest.end == PROGRAM_EXITED && s->microguest.code == 0)
		return 0;
	if (s->microguest.end == PROGRAM_SIGNALLED)
		return session_warn(s, "the built-in guest was killed (signal %d)",
				    s->microguest.code);
	program_describe_end(&s->microguest, end, sizeof(end));
	return session_warn(s, "the built-in guest ended by itself: %s", end);
}

/* The built-in guest once more, as an instrument. */
int stage_inside(struct session *s)
{
	const struct session_wish *w = s->wish;

	if (strcmp(s->target.kind, "builtin") != 0 || !may_spin(s))
		return 0;
	say_note("measuring from inside the guest");
	return measure_alone(s, "exits", 1, w->n_reps * short_rep_ns(w));
}
