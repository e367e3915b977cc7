/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/bench/lib/seen.h"

#include <inttypes.h>
#include <string.h>

#include "core/timebase.h"

/* Short, so that programs that end at once are still there to be looked at. */
#define POLL_NS (5 * NS_PER_MS)

static bool is_marked(const struct sysroot *root, pid_t tid, bool *ret_is_there)
{
	auto_free char *environ = NULL;
	char mark[64];
	size_t len = 0;

	snprintf(mark, sizeof(mark), SEEN_MARK "=%d", (int)getpid());
	*ret_is_there =
		sysroot_read(root, &environ, &len, "/proc/%d/environ", (int)tid) == 0 && len > 0;
	/* With the NUL that ends it. */
	return *ret_is_there && memmem(environ, len, mark, strlen(mark) + 1) != NULL;
}

/* NULL: too many. */
static const struct seen_thread *thread_of(struct seen *s, pid_t tid)
{
	struct seen_thread *t;
	bool is_there, is_ours;

	for (size_t i = 0; i < s->n_threads; i++) {
		if (s->threads[i].tid == tid)
			return &s->threads[i];
	}
	if (s->n_threads == SEEN_THREADS_MAX)
		return NULL;
	t = &s->threads[s->n_threads++];
	is_ours = is_marked(s->root, tid, &is_there);
	*t = (struct seen_thread){ tid, !is_there ? SEEN_GONE
					: is_ours ? SEEN_OURS
						  : SEEN_ANOTHERS };
	return t;
}

static int close_stretch(struct seen *s, uint64_t end_ns)
{
	const struct seen_thread *t = thread_of(s, s->open.tid);
	struct seen_stretch stretch = s->open;

	s->open.tid = 0;
	if (!t || s->n == SEEN_MAX)
		return -EOVERFLOW;
	stretch.ns = end_ns - stretch.start_unix_ns;
	stretch.start_unix_ns = s->unix_ns + (stretch.start_unix_ns - s->clock_ns);
	if (t->owner != SEEN_ANOTHERS)
		s->v[s->n++] = stretch;
	return 0;
}

static int take(struct seen *s, const struct trace_event *e)
{
	int r = 0;

	if (e->kind == TRACE_LOST)
		s->n_lost++;
	if (e->kind != TRACE_SWITCH)
		return 0;
	s->n_switches++;
	if (s->open.tid)
		r = close_stretch(s, e->t_ns);
	if (e->sched_switch.next_comm &&
	    text_starts(text_of(e->sched_switch.next_comm), "vfiobench"))
		s->open = (struct seen_stretch){ e->sched_switch.next_pid, e->t_ns, 0 };
	return r;
}

static int drain(struct seen *s)
{
	struct trace_source *source = live_source(s->live);
	struct trace_event e;
	int r = live_poll(s->live);

	while (r == 0 && (r = source->next(source, &e)) > 0)
		r = take(s, &e);
	return r;
}

static void *seen_main(void *arg)
{
	struct seen *s = arg;
	const struct timebase *time = timebase_monotonic();

	while (s->error == 0 && !atomic_load(&s->is_over)) {
		s->error = drain(s);
		time->sleep_until_ns(time->self, timebase_now(time) + POLL_NS);
	}
	return NULL;
}

int seen_start(struct seen *s, const struct sysroot *root, unsigned cpu)
{
	static const bool wants[N_TRACE_KINDS] = { [TRACE_SWITCH] = true };
	struct live_options options = { .wants = wants, .spool_dir = -1 };
	auto_free char *why = NULL;
	char pid[16];
	int r;

	memset(s, 0, sizeof(*s));
	s->root = root;
	s->v = calloc(SEEN_MAX, sizeof(*s->v));
	s->threads = calloc(SEEN_THREADS_MAX, sizeof(*s->threads));
	snprintf(pid, sizeof(pid), "%d", (int)getpid());
	if (!s->v || !s->threads || setenv(SEEN_MARK, pid, true) < 0)
		return -ENOMEM;
	cpus_add(&options.cpus, cpu);
	r = live_new(&options, &s->live, &why);
	if (r < 0)
		printf("%s\n", why ? why : strerror(-r));
	if (r == 0)
		r = live_start(s->live);
	if (r < 0)
		return r;
	live_started(s->live, &s->clock_ns, &s->unix_ns);
	return -pthread_create(&s->thread, NULL, seen_main, s);
}

int seen_stop(struct seen *s)
{
	int r;

	atomic_store(&s->is_over, true);
	pthread_join(s->thread, NULL);
	r = live_stop(s->live);
	if (r == 0 && s->error == 0)
		r = drain(s);
	return s->error < 0 ? s->error : r;
}

void seen_release(struct seen *s)
{
	live_free(s->live);
	free(s->v);
	free(s->threads);
}

struct seen_sums seen_sums(const struct seen *s, uint64_t from_ns, uint64_t to_ns)
{
	struct seen_sums sums = { 0 };

	for (size_t i = 0; i < s->n_threads; i++) {
		const struct seen_thread *t = &s->threads[i];
		bool is_in = false;

		for (size_t k = 0; t->owner != SEEN_ANOTHERS && k < s->n; k++) {
			if (s->v[k].tid != t->tid || s->v[k].start_unix_ns < from_ns ||
			    s->v[k].start_unix_ns > to_ns)
				continue;
			is_in = true;
			sums.n += t->owner == SEEN_OURS;
			sums.ns += t->owner == SEEN_OURS ? s->v[k].ns : 0;
		}
		sums.n_threads += is_in && t->owner == SEEN_OURS;
		sums.n_gone_threads += is_in && t->owner == SEEN_GONE;
	}
	return sums;
}
