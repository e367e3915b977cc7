/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/ab_measure.h"

#include <poll.h>
#include <string.h>

#include "analyze/measures.h"
#include "analyze/record.h"
#include "cli/assemble.h"
#include "cli/judge.h"
#include "cli/session_parts.h"
#include "core/say.h"

/* What a user may switch while a guest runs, and costs little to read. */
static const char *const probes[] = { "kernel", "cpu", "irq", "power", "mm", "sched", "hugepages" };

static int read_settings(struct session *s)
{
	struct probe_call calls[ARRAY_SIZE(probes)] = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(probes); i++) {
		calls[i].probe = probe_find(probes[i]);
		calls[i].limit_ns = PROBE_SLACK_NS;
	}
	return session_gather(s, calls, ARRAY_SIZE(calls));
}

static int make_record(struct session *s, struct arena *a, struct record_facts *ret_record)
{
	auto_host struct host *h = NULL;
	struct findings findings;
	const char *why = NULL, *end;
	int r = session_describe(s);

	if (r < 0)
		say_error("%s", strerror(-r));
	else
		r = result_decode(s->result, &h);
	if (r < 0)
		return r;
	end = measure_guest_end(h);
	if (end) {
		say_error("%s: there is nothing more to measure", end);
		return -ENODEV;
	}
	r = judge_host(h, &findings);
	if (r < 0)
		return r;
	r = record_make(h, &findings, a, ret_record, &why);
	if (r == -ENODATA)
		say_warning("this pair is left out: %s", why ? why : strerror(-r));
	else if (r < 0)
		say_error("%s", why ? why : strerror(-r));
	return r;
}

int ab_measure(struct session *s, struct arena *a, struct record_facts *ret_record)
{
	const uint64_t started_ns = timebase_now(s->time), started_unix_ns = unix_now_ns();
	int r = stage_guest(s);

	if (r == 0 && !s->signal)
		r = read_settings(s);
	if (s->signal)
		return -EINTR;
	if (r < 0) {
		say_error("%s", strerror(-r));
		return r;
	}
	r = make_record(s, a, ret_record);
	if (r < 0)
		return r;
	fact_set_u64(&ret_record->started_unix_ns, started_unix_ns);
	fact_set_u64(&ret_record->duration_ns, timebase_now(s->time) - started_ns);
	return 0;
}

int ab_settle(struct session *s, uint64_t duration_ns)
{
	struct pollfd stop = { .fd = s->stop_fd, .events = POLLIN };
	const struct timespec left = { (time_t)(duration_ns / NS_PER_S),
				       (long)(duration_ns % NS_PER_S) };

	int r;

	if (ppoll(&stop, 1, &left, NULL) <= 0)
		return 0;
	r = session_note_signal(s, -EINTR);
	return r < 0 ? r : -EINTR;
}
