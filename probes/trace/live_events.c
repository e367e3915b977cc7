/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/trace/live_events.h"

#include <event-parse.h>
#include <string.h>
#include <tracefs.h>

#include "probes/trace/decode_table.h"

/*
 * TRACE_WAKING is sched_wakeup besides sched_waking: a waker on a CPU that is not traced records
 * its sched_waking there, unseen, but sched_wakeup often where the thread
 * wakes up.
 *
 * Not among them: the end of a timer's function, how long a vCPU was asleep and page faults. The
 * machine has no use for them, and a guest that starts has millions.
 */
static const bool wanted[N_TRACE_KINDS] = {
	[TRACE_SWITCH] = true,      [TRACE_WAKING] = true,        [TRACE_MIGRATE] = true,
	[TRACE_IRQ_ENTRY] = true,   [TRACE_IRQ_EXIT] = true,      [TRACE_VECTOR_ENTRY] = true,
	[TRACE_VECTOR_EXIT] = true, [TRACE_SOFTIRQ_ENTRY] = true, [TRACE_SOFTIRQ_EXIT] = true,
	[TRACE_NMI] = true,         [TRACE_WORK_START] = true,    [TRACE_WORK_END] = true,
	[TRACE_TIMER_ENTRY] = true, [TRACE_IDLE] = true,          [TRACE_KVM_ENTRY] = true,
	[TRACE_KVM_EXIT] = true,    [TRACE_KVM_USERSPACE] = true, [TRACE_KVM_PIO] = true,
	[TRACE_KVM_MMIO] = true,
};

const bool *live_events_wanted(void)
{
	return wanted;
}

static int read_format(struct tracefs_instance *instance, struct tep_handle *tep,
		       const char *system, const char *event)
{
	auto_free char *path = NULL;
	auto_free char *text = NULL;
	int size = 0;

	if (asprintf(&path, "events/%s/%s/format", system, event) < 0) {
		path = NULL;
		return -ENOMEM;
	}
	text = tracefs_instance_file_read(instance, path, &size);
	/* Not on this kernel: the caller learns it from what is there. */
	if (!text || size <= 0)
		return 0;
	/* A print format that it does not understand is no loss: the fields are what counts. */
	tep_parse_event(tep, text, (unsigned long)size, system);
	return 0;
}

static int read_vectors(struct tracefs_instance *instance, struct tep_handle *tep,
			const char *system, const bool *wants)
{
	char **names = tracefs_system_events(NULL, system);
	enum trace_kind kind;
	size_t len;
	int r = 0;

	for (size_t i = 0; names && names[i] && r == 0; i++) {
		if (decode_is_vector(names[i], &kind, &len) && wants[kind])
			r = read_format(instance, tep, system, names[i]);
	}
	tracefs_list_free(names);
	return r;
}

int live_events_read(struct tracefs_instance *instance, const bool *wants,
		     struct tep_handle **ret_tep)
{
	struct tep_handle *tep = tep_alloc();
	const struct decode_row *rows;
	int r = 0;
	size_t n;

	if (!tep)
		return -ENOMEM;
	tep_set_local_bigendian(tep, tep_is_bigendian());
	tep_set_file_bigendian(tep, tep_is_bigendian());
	tep_set_long_size(tep, sizeof(long));
	/* What it does not understand it says on standard error. */
	tep_set_loglevel(TEP_LOG_NONE);
	rows = decode_rows(&n);
	for (size_t i = 0; i < n && r == 0; i++) {
		if (!rows[i].event)
			r = read_vectors(instance, tep, rows[i].system, wants);
		else if (wants[rows[i].kind])
			r = read_format(instance, tep, rows[i].system, rows[i].event);
	}
	if (r == 0 && tep_get_events_count(tep) == 0)
		r = -ENOENT;
	if (r < 0)
		tep_free(tep);
	else
		*ret_tep = tep;
	return r;
}

int live_events_enable(struct tracefs_instance *instance, struct tep_handle *tep,
		       struct trace_decoder *decoder, int *ret_refused)
{
	const int n = tep_get_events_count(tep);
	int r = -ENOENT;
	bool is_any = false;

	for (int i = 0; i < n; i++) {
		const struct tep_event *event = tep_get_event(tep, i);
		auto_free char *path = NULL;

		if (!event || !event->system || !event->name)
			continue;
		if (asprintf(&path, "events/%s/%s/enable", event->system, event->name) < 0) {
			path = NULL;
			return -ENOMEM;
		}
		errno = 0;
		if (tracefs_instance_file_write(instance, path, "1") > 0) {
			is_any = true;
			continue;
		}
		r = *ret_refused = neg_errno();
		trace_decoder_drop(decoder, event->id);
	}
	return is_any ? 0 : r;
}
