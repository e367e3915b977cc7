/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tracer_notes.c - what a document has to say about its own making; documented in tracer_parts.h.
 */
#include <inttypes.h>
#include <string.h>

#include "probes/trace/tracer_parts.h"

/* What counters and events may differ by. */
#define UNSEEN_WAIT_NS (5 * NS_PER_MS)

static struct tracer_topic *find_topic(struct tracer *t, const char *field, const char *fmt,
				       uint64_t number)
{
	for (size_t i = 0; i < t->n_notes; i++) {
		struct tracer_topic *topic = &t->topics[i];

		if (topic->number == number && !strcmp(topic->fmt, fmt) &&
		    !strcmp(t->notes[i].field, field))
			return topic;
	}
	return NULL;
}

/* Of what there may be many, the last places are not for. */
static struct tracer_topic *add_topic(struct tracer *t, const char *field, const char *path,
				      const char *fmt, uint64_t number)
{
	const size_t max = number == TRACER_ONE ? TRACER_NOTES_MAX : TRACER_NOTES_OF_MANY;

	if (t->n_notes >= max)
		return NULL;
	t->notes[t->n_notes] = (struct tracer_note){ field, path, NULL };
	t->topics[t->n_notes] = (struct tracer_topic){ .fmt = fmt, .number = number };
	return &t->topics[t->n_notes];
}

int tracer_note(struct tracer *t, const char *field, const char *path, uint64_t number,
		const char *fmt, ...)
{
	struct tracer_topic *topic = find_topic(t, field, fmt, number);
	const bool is_new = !topic;
	char *words = NULL;
	va_list ap;
	int n;

	if (is_new)
		topic = add_topic(t, field, path, fmt, number);
	if (!topic)
		return 0;
	va_start(ap, fmt);
	n = vasprintf(&words, fmt, ap);
	va_end(ap);
	if (n < 0)
		return -ENOMEM;
	free(topic->words);
	topic->words = words;
	t->notes[topic - t->topics].words = words;
	t->n_notes += is_new;
	return 0;
}

void tracer_notes_release(struct tracer *t)
{
	for (size_t i = 0; i < t->n_notes; i++)
		free(t->topics[i].words);
	t->n_notes = 0;
}

const struct tracer_note *tracer_notes(const struct tracer *t, size_t *ret_n)
{
	*ret_n = t->n_notes;
	return t->notes;
}

double tracer_seconds(const struct tracer *t, uint64_t at_ns)
{
	return at_ns > t->started_ns ? (double)(at_ns - t->started_ns) / (double)NS_PER_S : 0;
}

/* CPUs that came or went since the last window. */
static int note_hotplug(struct tracer *t)
{
	const double at_s = tracer_seconds(t, timebase_now(t->options.time));
	struct cpus now, came, went;
	int r = sysroot_read_list(t->options.root, &now, "/sys/devices/system/cpu/online");

	if (r < 0)
		return r == -ENOMEM ? r : 0;
	came = cpus_minus(&now, &t->online);
	went = cpus_minus(&t->online, &now);
	t->online = now;
	r = 0;
	for (int c = cpus_next(&went, 0); r == 0 && c >= 0; c = cpus_next(&went, (unsigned)c + 1))
		r = tracer_note(t, "cpus", "/sys/devices/system/cpu/online", (uint64_t)c,
				"CPU %d went offline, within %.1f s after the start", c, at_s);
	for (int c = cpus_next(&came, 0); r == 0 && c >= 0; c = cpus_next(&came, (unsigned)c + 1))
		r = tracer_note(t, "cpus", "/sys/devices/system/cpu/online", (uint64_t)c,
				"CPU %d came online, within %.1f s after the start", c, at_s);
	return r;
}

/* Where vCPUs were seen that nothing is recorded of. */
static int note_strays(struct tracer *t)
{
	int r = 0;

	for (size_t i = 0; t->live && r == 0 && i < t->tasks.n; i++) {
		const struct tracer_task *task = &t->tasks.v[i];
		const struct cpus elsewhere = cpus_minus(&task->seen_on, &t->traced);
		auto_free char *list = NULL;

		if (task->role != TRACE_ROLE_VCPU || cpus_is_empty(&elsewhere))
			continue;
		list = cpus_list_new(&elsewhere);
		r = !list ? -ENOMEM
			  : tracer_note(t, "vcpus", "", task->vcpu,
					"vCPU %u was seen on CPU %s, which is not traced: its time "
					"there is not known",
					task->vcpu, list);
	}
	return r;
}

static uint64_t value(const struct fact_u64 *f)
{
	return f->known ? f->v : 0;
}

/* Waits whose beginning was not recorded, as the scheduler has them. */
static int note_unseen_waits(struct tracer *t, const struct trace_facts *facts)
{
	const struct trace_vcpu *v = facts->vcpus.v;
	int r = 0;

	for (size_t i = 0; t->live && r == 0 && i < facts->vcpus.n; i++) {
		const struct trace_states *s = v[i].states.v;
		const uint64_t told_ns = value(&s->preempted_ns) + value(&s->waiting_ns) +
					 value(&s->unknown_ns) + value(&s->lost_ns);
		const uint64_t margin_ns = u64_max(UNSEEN_WAIT_NS, v[i].window_ns.v / 100);

		if (value(&v[i].sched_delay_ns) > told_ns + margin_ns)
			r = tracer_note(
				t, "vcpus.states.waiting_ns", "/proc/TID/schedstat", v[i].vcpu.v,
				"vCPU %" PRIu64 " waited for its CPU %" PRIu64
				" ms longer than events tell: CPUs that are not traced woke it",
				v[i].vcpu.v, (v[i].sched_delay_ns.v - told_ns) / NS_PER_MS);
	}
	return r;
}

static int note_spool(struct tracer *t, int error)
{
	if (error != -EFBIG)
		return tracer_note(t, "n_events", "", TRACER_ONE,
				   "the recording that is kept ends early: %s", strerror(-error));
	return tracer_note(t, "n_events", "", TRACER_ONE,
			   "the recording that is kept ends early, the measurement does not: it "
			   "has the %" PRIu64 " MiB that it may take",
			   t->options.spool_max >> 20);
}

static int note_live(struct tracer *t)
{
	const struct live_stats stats = live_stats(t->live);
	int r = 0;

	if (stats.n_broken)
		r = tracer_note(t, "n_events", "", TRACER_ONE,
				"%" PRIu64 " records could not be understood", stats.n_broken);
	if (r == 0 && stats.events_error)
		r = tracer_note(t, "missing", "/sys/kernel/tracing/events", TRACER_ONE,
				"the kernel refuses some of its events: %s",
				strerror(-stats.events_error));
	if (r == 0 && stats.spool_error)
		r = note_spool(t, stats.spool_error);
	return r;
}

int tracer_note_window(struct tracer *t, const struct trace_facts *facts)
{
	int r = note_hotplug(t);

	if (r == 0)
		r = note_strays(t);
	if (r == 0 && t->live)
		r = note_live(t);
	if (r == 0)
		r = note_unseen_waits(t, facts);
	if (r == 0 && facts->lost_events.v)
		r = tracer_note(t, "vcpus.states.lost_ns", "", TRACER_ONE,
				"at least %" PRIu64 " events were lost: buffers of %" PRIu64
				" KiB were full",
				facts->lost_events.v, facts->buffer_kib.v);
	/* Some clocks step back by nanoseconds now and then. */
	if (r == 0 && facts->n_clamped.v > facts->n_events.v / 1000)
		r = tracer_note(t, "n_clamped", "", TRACER_ONE,
				"the clock of the recording stepped back at %" PRIu64 " events",
				facts->n_clamped.v);
	if (r == 0 && t->tasks.ended.n)
		r = tracer_note(t, "threads", "", TRACER_ONE,
				"%" PRIu64
				" threads that came and went are not listed: they ran for "
				"%.3f s in all",
				t->tasks.ended.n, (double)t->tasks.ended.run_ns / (double)NS_PER_S);
	if (r == 0 && t->tasks.n_dropped)
		r = tracer_note(t, "threads", "", TRACER_ONE,
				"only the first %u threads are looked at",
				(unsigned)TRACER_TASKS_MAX);
	if (r == 0 && !tracer_tasks_count_vcpus(&t->tasks))
		r = tracer_note(t, "vcpus", "", TRACER_ONE,
				"no thread of process %d is known to run a vCPU (QEMU: -name "
				"…,debug-threads=on)",
				t->options.guest_pid);
	return r;
}
