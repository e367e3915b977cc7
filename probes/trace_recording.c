/* SPDX-License-Identifier: GPL-2.0-or-later */
/* trace_recording.c - the same questions to somebody's recording; documented in trace_parts.h. */
#include <fcntl.h>
#include <string.h>

#include "core/user.h"
#include "probes/trace/machine.h"
#include "probes/trace/recording.h"
#include "probes/trace_parts.h"

static int add_members(struct probe_env *env, struct trace_machine *m, const struct recording *r)
{
	size_t n, n_dropped = 0;
	const struct trace_member *members = recording_members(r, &n);

	for (size_t i = 0; i < n; i++) {
		const int error = trace_machine_add_thread(m, &members[i]);

		if (error == -ENOMEM)
			return error;
		n_dropped += error < 0;
	}
	return !n_dropped ? 0
			  : probe_gap_words(env, "threads", "",
					    "%zu threads of the guest are left out", n_dropped);
}

/*
 * So long no guest is without any event: pieces of a recording, or of several, were put together.
 */
#define PAUSE_NS (60 * NS_PER_S)

static int read_events(struct probe_env *env, struct trace_machine *m, struct recording *rec)
{
	struct trace_source *s = recording_source(rec);
	uint64_t last_ns = UINT64_MAX;
	struct trace_event e;
	int r;

	while ((r = s->next(s, &e)) > 0) {
		if (e.t_ns > last_ns && e.t_ns - last_ns >= PAUSE_NS)
			trace_machine_pause(m, e.t_ns);
		last_ns = e.t_ns;
		trace_machine_event(m, &e);
	}
	return r == 0 || r == -ENOMEM ? r
				      : probe_gap_words(env, "window_ns", env->recording,
							"reading it broke off: %s", strerror(-r));
}

static int put_notes(struct probe_env *env, const struct recording *rec)
{
	size_t n;
	const struct recording_note *notes = recording_notes(rec, &n);
	int r = 0;

	for (size_t i = 0; r == 0 && i < n; i++)
		r = probe_gap_words(env, notes[i].field, "", "%s", notes[i].words);
	return r;
}

static int run_machine(struct probe_env *env, struct recording *rec, struct trace_facts *facts)
{
	struct trace_machine *m = trace_machine_new(recording_setup(rec));
	int r = m ? add_members(env, m, rec) : -ENOMEM;

	if (r == 0)
		r = read_events(env, m, rec);
	if (r == 0)
		r = trace_machine_finish(m, env->arena, facts);
	if (r == 0)
		r = fact_set_str(&facts->format, env->arena, recording_format(rec));
	if (r == 0)
		r = put_notes(env, rec);
	trace_machine_free(m);
	return r;
}

static int fail_reading(struct probe_env *env, int error, const char *why)
{
	const char *limit = trace_limits_hit(error);

	if (limit)
		return probe_fail(env, "%s", limit);
	return probe_fail(env, "%s", why ? why : strerror(-error));
}

int trace_recording(struct probe_env *env, struct trace_facts *facts)
{
	auto_fd int fd = open(env->recording, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	auto_free char *why = NULL;
	struct recording *rec;
	int r;

	if (fd < 0)
		return probe_fail(env, "%s: %s", env->recording, strerror(errno));
	r = user_become_harmless();
	if (r < 0)
		return probe_fail(env, "cannot give up rights: %s", strerror(-r));
	r = trace_limits_set();
	if (r < 0)
		return probe_fail(env, "cannot limit what it may cost: %s", strerror(-r));
	r = recording_open(fd, &rec, &why);
	if (r < 0)
		return fail_reading(env, r, why);
	r = run_machine(env, rec, facts);
	recording_close(rec);
	/* What is not there any more may be what the document needs. */
	return r == -ENOMEM ? fail_reading(env, r, NULL) : r;
}
