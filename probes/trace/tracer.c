/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/trace/tracer.h"

#include <string.h>

#include "probes/trace/schedstat.h"
#include "probes/trace/tracer_parts.h"

/* Which threads there are is looked at so often; who else serves the guest, more rarely. */
#define LOOK_NS   NS_PER_S
#define SEARCH_NS (10 * NS_PER_S)
/* Between polls where there are no events: windows of `watch` are that long. */
#define POLL_WITHOUT_EVENTS_NS (250 * NS_PER_MS)

static uint64_t now_of(const struct tracer *t)
{
	return timebase_now(t->options.time);
}

static int look(struct tracer *t, bool has_search)
{
	int r;

	if (t->is_gone)
		return -ESRCH;
	t->looked_ns = now_of(t);
	r = tracer_tasks_look(&t->tasks, has_search);
	if (has_search)
		t->searched_ns = t->looked_ns;
	t->is_gone = r == -ESRCH;
	return r;
}

/* 0: it is there; else *ret_why, or -ENOMEM. */
static int set_up_live(struct tracer *t, char **ret_why)
{
	const struct live_options options = {
		.cpus = t->traced,
		.clock = LIVE_CLOCK_MONO,
		.spool_dir = t->options.spool_dir,
		.spool_max = t->options.spool_max,
	};
	int r;

	*ret_why = NULL;
	if (!t->options.root->is_live)
		*ret_why = strdup("a captured tree has no events");
	else if (cpus_is_empty(&t->traced))
		*ret_why = strdup("none of the CPUs to trace is online");
	if (*ret_why)
		return 0;
	r = live_new(&options, &t->live, ret_why);
	if (r == 0)
		return 0;
	t->live = NULL;
	if (r != -ENOMEM && !*ret_why)
		*ret_why = strdup(strerror(-r));
	return r == -ENOMEM || !*ret_why ? -ENOMEM : 0;
}

static int note_offline(struct tracer *t)
{
	const struct cpus offline = cpus_minus(&t->options.cpus, &t->online);
	auto_free char *list = NULL;

	if (cpus_is_empty(&offline))
		return 0;
	list = cpus_list_new(&offline);
	return !list ? -ENOMEM
		     : tracer_note(t, "cpus", "/sys/devices/system/cpu/online", TRACER_ONE,
				   "CPU %s is not online", list);
}

static int set_up(struct tracer *t, char **ret_why)
{
	int r;

	tracer_tasks_init(&t->tasks, t->options.root, t->options.time, t->options.guest_pid);
	r = sysroot_read_list(t->options.root, &t->online, "/sys/devices/system/cpu/online");
	if (r == -ENOMEM)
		return r;
	if (r < 0)
		t->online = t->options.cpus;
	t->traced = cpus_and(&t->options.cpus, &t->online);
	r = look(t, true);
	if (r == 0)
		r = note_offline(t);
	return r < 0 ? r : set_up_live(t, ret_why);
}

int tracer_new(const struct tracer_options *options, struct tracer **ret_tracer, char **ret_why)
{
	struct tracer *t = calloc(1, sizeof(*t));
	int r;

	*ret_why = NULL;
	if (!t)
		return -ENOMEM;
	t->options = *options;
	r = set_up(t, ret_why);
	if (r < 0) {
		tracer_free(t);
		return r;
	}
	*ret_tracer = t;
	return 0;
}

int tracer_free(struct tracer *t)
{
	int r;

	if (!t)
		return 0;
	r = live_free(t->live);
	trace_machine_free(t->machine);
	tracer_tasks_release(&t->tasks);
	tracer_notes_release(t);
	free(t->steal.ticks);
	arena_release(&t->arena);
	free(t);
	return r;
}

/*
 * The events are KVM's, but only where it runs on VMX or SVM do they happen: elsewhere (PVM)
 * nothing would ever be told to be the guest.
 */
static bool has_entries(const struct sysroot *root)
{
	return sysroot_exists(root, "/sys/module/kvm_intel") == 0 ||
	       sysroot_exists(root, "/sys/module/kvm_amd") == 0;
}

static bool has_rt(const struct sysroot *root)
{
	uint64_t v;

	/* Only kernels with PREEMPT_RT have it. */
	return sysroot_read_u64(root, &v, "/sys/kernel/realtime") == 0 && v == 1;
}

static int make_machine(struct tracer *t)
{
	struct trace_setup setup = { .start_ns = t->started_ns,
				     .end_ns = UINT64_MAX,
				     .clock_ns = t->started_ns,
				     .unix_ns = t->started_unix_ns,
				     .rep_ns = t->options.rep_ns,
				     .n_reps = t->options.n_reps,
				     .has_rt = has_rt(t->options.root),
				     .rung = "tracefs" };

	memcpy(setup.has, live_has(t->live), sizeof(setup.has));
	if (!has_entries(t->options.root))
		setup.has[TRACE_KVM_ENTRY] = setup.has[TRACE_KVM_EXIT] = false;
	t->machine = trace_machine_new(&setup);
	return t->machine ? 0 : -ENOMEM;
}

/* Looks before and after the first moment: what is the same in both was so at that moment. */
static int start_live(struct tracer *t)
{
	int r = live_start(t->live), r_look;

	if (r < 0) {
		live_free(t->live);
		t->live = NULL;
		return tracer_note(t, "rung", "/sys/kernel/tracing", TRACER_ONE,
				   "recording did not start: %s", strerror(-r));
	}
	r_look = look(t, false);
	live_started(t->live, &t->started_ns, &t->started_unix_ns);
	t->taken_ns = t->started_ns;
	r = make_machine(t);
	if (r == 0)
		r = tracer_sync_members(t, true);
	if (r == 0)
		r = tracer_steal_begin(t);
	return r < 0 ? r : r_look;
}

int tracer_start(struct tracer *t)
{
	int r = look(t, false);

	t->started_ns = now_of(t);
	t->started_unix_ns = unix_now_ns();
	if (r == 0 && t->live)
		r = start_live(t);
	t->window_ns = t->started_ns;
	tracer_tasks_begin(&t->tasks);
	return r;
}

static int drain(struct tracer *t)
{
	struct trace_source *s = live_source(t->live);
	struct trace_event e;
	int r;

	while ((r = s->next(s, &e)) > 0)
		trace_machine_event(t->machine, &e);
	return r;
}

/* All that has been recorded up to now. -EIO: it cannot be had any more; the window ends there. */
static int take_events(struct tracer *t)
{
	int r;

	if (!t->live || !t->machine || t->is_broken)
		return 0;
	r = live_poll(t->live);
	if (r == 0)
		r = drain(t);
	if (r == 0)
		t->taken_ns = live_horizon_ns(t->live);
	if (r == 0 || r == -ENOMEM)
		return r;
	t->is_broken = true;
	r = tracer_note(t, "window_ns", "/sys/kernel/tracing/instances", TRACER_ONE,
			"the recording broke off %.1f s after the start: %s",
			tracer_seconds(t, now_of(t)), strerror(-r));
	return r < 0 ? r : -EIO;
}

int tracer_poll(struct tracer *t)
{
	const uint64_t now_ns = now_of(t);
	const bool is_time = now_ns - t->looked_ns >= LOOK_NS;
	int r_look = t->is_gone ? -ESRCH : 0, r;

	/* Before the events: by the time it is known what there is, its first ones are too. */
	if (is_time && !t->is_gone)
		r_look = look(t, now_ns - t->searched_ns >= SEARCH_NS);
	r = take_events(t);
	if (r == 0 && is_time && t->machine)
		r = tracer_sync_members(t, false);
	return r < 0 ? r : r_look;
}

uint64_t tracer_poll_interval_ns(const struct tracer *t)
{
	return t->live ? live_poll_interval_ns(t->live) : POLL_WITHOUT_EVENTS_NS;
}

/* Wake-ups are recorded where the waker runs. */
static int put_missing(struct tracer *t, struct arena *a, struct trace_facts *facts)
{
	if (cpus_is_subset(&t->online, &t->traced))
		return 0;
	return schedstat_add_missing(facts, a, "sched_waking on CPUs that are not traced",
				     "waiting after a wake-up from there: it counts as asleep");
}

static void put_stats(const struct tracer *t, struct trace_facts *facts)
{
	const struct live_stats s = live_stats(t->live);

	fact_set_u64(&facts->setup_ns, s.setup_ns);
	fact_set_u64(&facts->read_ns, s.read_ns);
	fact_set_u64(&facts->buffer_kib, s.buffer_kib);
	fact_set_u64(&facts->max_fill_permille, s.max_fill_permille);
}

static int put_events(struct tracer *t, struct arena *a, struct trace_facts *facts, uint64_t end_ns)
{
	int r;

	trace_machine_close(t->machine, end_ns);
	r = tracer_steal_put(t);
	if (r == 0)
		r = trace_machine_finish(t->machine, a, facts);
	if (r < 0)
		return r;
	schedstat_merge(&t->tasks, facts);
	put_stats(t, facts);
	return put_missing(t, a, facts);
}

static int put_counters(struct tracer *t, struct arena *a, struct trace_facts *facts)
{
	fact_set_u64(&facts->start_unix_ns,
		     t->started_unix_ns + (t->window_ns - u64_min(t->started_ns, t->window_ns)));
	return schedstat_put(&t->tasks, a, facts);
}

static int put_window(struct tracer *t, struct arena *a, struct trace_facts *facts, uint64_t end_ns)
{
	int r = t->machine ? put_events(t, a, facts, end_ns) : put_counters(t, a, facts);

	return r < 0 ? r : tracer_note_window(t, facts);
}

int tracer_window(struct tracer *t, struct arena *a, struct trace_facts *facts)
{
	uint64_t end_ns = now_of(t);
	int r_look = look(t, false), r = take_events(t);

	if (r_look == -ENOMEM || r == -ENOMEM)
		return -ENOMEM;
	if (t->machine) {
		end_ns = u64_min(end_ns, t->taken_ns);
		r = tracer_sync_members(t, false);
	} else {
		r = 0;
	}
	if (r == 0)
		r = put_window(t, a, facts, end_ns);
	if (r < 0)
		return r;
	if (t->machine)
		trace_machine_restart(t->machine, UINT64_MAX);
	tracer_tasks_begin(&t->tasks);
	t->window_ns = end_ns;
	return 0;
}

static int stop_live(struct tracer *t)
{
	const int r = live_stop(t->live);

	if (r == 0 || t->is_broken)
		return 0;
	return tracer_note(t, "window_ns", "/sys/kernel/tracing/instances", TRACER_ONE,
			   "recording did not stop: %s", strerror(-r));
}

int tracer_finish(struct tracer *t, struct arena *a, struct trace_facts *facts)
{
	const uint64_t end_ns = now_of(t);
	int r_look = look(t, false), r = 0;

	if (t->machine)
		r = stop_live(t);
	if (r == 0)
		r = take_events(t);
	if (r_look == -ENOMEM || r == -ENOMEM)
		return -ENOMEM;
	if (!t->machine)
		return put_window(t, a, facts, end_ns);
	r = tracer_sync_members(t, false);
	return r < 0 ? r : put_window(t, a, facts, u64_min(end_ns, t->taken_ns));
}

const struct live *tracer_live(const struct tracer *t)
{
	return t->live;
}
