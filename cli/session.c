/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/session.h"

#include <inttypes.h>
#include <sched.h>
#include <string.h>
#include <sys/signalfd.h>

#include "cli/assemble.h"
#include "cli/moved.h"
#include "cli/session_parts.h"
#include "core/say.h"
#include "core/signals.h"

int session_warn(struct session *s, const char *fmt, ...)
{
	const char *words;
	va_list ap;

	va_start(ap, fmt);
	words = arena_vprintf(&s->arena, fmt, ap);
	va_end(ap);
	if (!words)
		return -ENOMEM;
	say_warning("%s", words);
	return fact_add_str(&s->run.warnings, &s->arena, words);
}

int session_init(struct session *s, const struct session_wish *wish)
{
	sigset_t set;

	*s = (struct session){ .wish = wish,
			       .stop_fd = -1,
			       .time = timebase_monotonic(),
			       .started_unix_ns = unix_now_ns() };
	s->started_ns = timebase_now(s->time);
	signal(SIGPIPE, SIG_IGN);
	signals_that_end(&set);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return neg_errno();
	s->stop_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (s->stop_fd < 0)
		return neg_errno();
	s->result = result_new();
	return s->result ? 0 : -ENOMEM;
}

void session_end_microguest(struct session *s)
{
	if (s->microguest.pid > 0 && s->microguest.end == PROGRAM_RUNNING) {
		program_stop(&s->microguest);
		programs_wait(&s->microguest, 1, s->time, -1);
	}
}

void session_release(struct session *s)
{
	session_end_microguest(s);
	measuring_lock_release(&s->lock);
	program_release(&s->microguest);
	free(s->microguest_path);
	free(s->guest_list);
	host_free(s->host);
	doc_free(s->result);
	arena_release(&s->arena);
	if (s->stop_fd >= 0)
		close(s->stop_fd);
}

int session_note_signal(struct session *s, int r)
{
	struct signalfd_siginfo info;

	if (r != -EINTR)
		return r;
	if (read(s->stop_fd, &info, sizeof(info)) == sizeof(info))
		s->signal = (int)info.ssi_signo;
	else
		s->signal = SIGINT;
	fact_set_bool(&s->run.is_partial, true);
	return fact_set_str(&s->run.reason, &s->arena,
			    arena_printf(&s->arena, "ended by SIG%s", sigabbrev_np(s->signal)));
}

static int warn_of_other(struct session *s, const struct measuring_other *other, const char *does)
{
	const char *who = other->pid ? arena_printf(&s->arena, " (pid %d)", (int)other->pid) : "";

	if (!other->is_there)
		return 0;
	fact_set_bool(&s->run.is_disturbed, true);
	return who ? session_warn(s, "another vfiobench%s %s: numbers of both are disturbed", who,
				  does)
		   : -ENOMEM;
}

/* Two at once take each other's time; which of them is to wait is not ours to say. */
static int stage_lock(struct session *s)
{
	struct measuring_other other;

	measuring_lock_take_here(&s->lock, &other);
	return warn_of_other(s, &other, "measures");
}

int session_unlock(struct session *s)
{
	const struct measuring_other other = measuring_lock_later(&s->lock);

	measuring_lock_release(&s->lock);
	return warn_of_other(s, &other, "began to measure meanwhile");
}

static int stage_state(struct session *s)
{
	const struct session_wish *w = s->wish;
	const struct state_wish state = { .domain_xml = w->domain_xml };
	const struct target_wish target = { .guest = w->guest,
					    .cpus = w->has_cpus ? &w->cpus : NULL,
					    .source = w->cpus_source };
	const char *why = NULL;
	int r = session_note_signal(s, collect_state(s->result, &state, s->time, s->stop_fd));

	if (r == 0)
		r = result_decode(s->result, &s->host);
	if (r == 0 && !s->signal)
		r = state_check_domain(&state, s->host);
	if (r == 0)
		r = result_put_identity(s->result, s->host);
	if (r < 0 || s->signal)
		return r;
	r = target_choose(s->host, &target, &s->target, &why);
	if (r < 0) {
		say_error("%s", why ? why : strerror(-r));
		return r;
	}
	s->guest_list = cpus_list_new(&s->target.guest);
	return s->guest_list ? 0 : -ENOMEM;
}

/*
 * CPUs that the user named are left before anything is read. Where none remains we stay;
 * stage_step_aside() says so.
 */
static int stage_leave_named(struct session *s)
{
	const struct cpus *named = &s->wish->cpus;
	cpu_set_t *set = CPU_ALLOC(CPUS_MAX);
	const size_t size = CPU_ALLOC_SIZE(CPUS_MAX);

	if (!set)
		return -ENOMEM;
	if (s->wish->has_cpus && sched_getaffinity(0, size, set) == 0) {
		for (int c = cpus_next(named, 0); c >= 0; c = cpus_next(named, (unsigned)c + 1))
			CPU_CLR_S((size_t)c, size, set);
		(void)!sched_setaffinity(0, size, set);
	}
	CPU_FREE(set);
	return 0;
}

/*
 * We ourselves stay off the guest's CPUs; probes inherit that and pin their measuring threads.
 * Where every CPU is the guest's there is no better place.
 */
static int stage_step_aside(struct session *s)
{
	cpu_set_t *set = CPU_ALLOC(CPUS_MAX);
	const size_t size = CPU_ALLOC_SIZE(CPUS_MAX);
	int r = 0;

	if (!set)
		return -ENOMEM;
	CPU_ZERO_S(size, set);
	for (int c = cpus_next(&s->target.host, 0); c >= 0;
	     c = cpus_next(&s->target.host, (unsigned)c + 1))
		CPU_SET_S((size_t)c, size, set);
	if (cpus_is_empty(&s->target.host))
		r = session_warn(
			s, "no CPU is left for the host: the tool itself runs on measured CPUs");
	else if (sched_setaffinity(0, size, set) < 0)
		r = session_warn(s, "cannot stay off the guest's CPUs: %s", strerror(errno));
	CPU_FREE(set);
	return r;
}

int session_gather(struct session *s, struct probe_call *calls, size_t n)
{
	int r = collect(calls, n, s->time, s->stop_fd), stored = 0;

	if (r != -ENOMEM)
		stored = result_put_probes(s->result, calls, n);
	probe_calls_release(calls, n);
	return stored < 0 ? stored : session_note_signal(s, r);
}

int session_probe_again(struct session *s, const char *probe, uint64_t pid)
{
	struct probe_call c = { .probe = probe_find(probe), .limit_ns = PROBE_SLACK_NS };
	const struct guest_process *g;
	auto_free char *words = NULL;
	int r;

	if (asprintf(&words, "%" PRIu64, pid) < 0) {
		words = NULL;
		return -ENOMEM;
	}
	probe_call_add(&c, "--guest-pid", words);
	if (s->wish->domain_xml)
		probe_call_add(&c, "--domain-xml", s->wish->domain_xml);
	r = session_gather(s, &c, 1);
	if (r < 0 || s->signal)
		return r;
	s->target.process = NULL; /* it lived in the host that goes */
	host_free(s->host);
	s->host = NULL;
	r = result_decode(s->result, &s->host);
	if (r < 0)
		return r;
	g = s->host->guest.guests.v;
	for (size_t i = 0; i < s->host->guest.guests.n; i++) {
		if (g[i].pid.v == pid)
			s->target.process = &g[i];
	}
	return 0;
}

/*
 * With several guests the first look at their configuration could not know which is meant; and
 * where none of them is, it is nobody's (our own process runs no guest).
 */
static int stage_domain(struct session *s)
{
	const size_t n = s->host->guest.guests.n;
	const struct guest_process *g = s->target.process;

	if (g ? n < 2 : !n || s->wish->domain_xml)
		return 0;
	return session_probe_again(s, "domain", g ? g->pid.v : (uint64_t)getpid());
}

/* Settings that changed while we measured: the numbers then belong to neither. */
static int stage_state_again(struct session *s)
{
	const struct state_wish wish = { .domain_xml = s->wish->domain_xml };
	auto_doc struct doc *again = result_new();
	auto_host struct host *now = NULL;
	int r = again ? collect_state(again, &wish, s->time, s->stop_fd) : -ENOMEM;

	if (r == -EINTR)
		return session_note_signal(s, r);
	if (r == 0)
		r = result_decode(again, &now);
	if (r == 0)
		r = moved_settings(s->host, now, &s->arena, &s->run.moved);
	return r;
}

/* What was measured is kept; without anything, the error is all there is. */
static int note_failure(struct session *s, int error)
{
	if (!s->has_measured)
		return error;
	s->error = error;
	fact_set_bool(&s->run.is_partial, true);
	if (s->run.reason.known)
		return 0;
	say_error("%s", strerror(-error));
	return fact_set_str(&s->run.reason, &s->arena, strerror(-error));
}

int session_describe(struct session *s)
{
	const struct session_wish *w = s->wish;
	int r;

	fact_set_u64(&s->run.started_unix_ns, s->started_unix_ns);
	fact_set_u64(&s->run.duration_ns, timebase_now(s->time) - s->started_ns);
	r = fact_set_str(&s->run.profile, &s->arena, w->profile);
	if (r == 0)
		r = fact_set_str(&s->run.label, &s->arena, w->label);
	if (r == 0)
		r = result_put_facts(s->result, &run_schema, &s->run);
	if (r == 0 && s->target.kind)
		r = result_put_target(s->result, &s->target, &s->arena);
	return r < 0 ? r : result_put_in_order(&s->result);
}

struct stage {
	const char *name; /* for people; NULL: nothing to say, or it says so itself */
	int (*run)(struct session *s);
};

static int run_stages(struct session *s, const struct stage *stages, size_t n)
{
	int r = 0;

	for (size_t i = 0; r == 0 && !s->signal && i < n; i++) {
		if (stages[i].name)
			say_note("%s", stages[i].name);
		r = stages[i].run(s);
	}
	return r;
}

int session_prepare(struct session *s)
{
	static const struct stage stages[] = {
		{ NULL, stage_lock },       { NULL, stage_leave_named }, { NULL, stage_state },
		{ NULL, stage_step_aside }, { NULL, stage_start_guest },
	};

	return run_stages(s, stages, ARRAY_SIZE(stages));
}

int session_run(struct session *s)
{
	static const struct stage stages[] = {
		{ NULL, stage_lock },
		{ NULL, stage_leave_named },
		{ "reading settings", stage_state },
		{ NULL, stage_step_aside },
		{ NULL, stage_domain },
		{ NULL, stage_try_guest },
		{ "reading the clock", stage_clock },
		{ NULL, stage_bare },
		{ NULL, stage_start_guest },
		{ "measuring while the guest runs", stage_guest },
		{ NULL, stage_end_guest },
		{ NULL, stage_inside },
		{ "reading settings again", stage_state_again },
	};
	int r = run_stages(s, stages, ARRAY_SIZE(stages)), unlocked;

	session_end_microguest(s);
	unlocked = session_unlock(s);
	if (r < 0)
		r = note_failure(s, r);
	if (r == 0)
		r = unlocked;
	return r < 0 ? r : session_describe(s);
}
