/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * recording_dat.c - a recording that is a trace.dat, of trace-cmd or ours: two passes over it.
 *
 * libtracecmd reads the file and knows its formats; what it is given has been walked first
 * (dat_layout.h).
 */
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <trace-cmd.h>

#include "core/cpus.h"
#include "probes/trace/dat_layout.h"
#include "probes/trace/decode.h"
#include "probes/trace/recording_merge.h"
#include "probes/trace/recording_parts.h"

struct recording_dat {
	struct trace_source source;           /* first: a source is its file */
	struct tracecmd_input *file, *buffer; /* buffer: an instance, or NULL */
	struct tep_handle *tep;
	struct trace_decoder *decoder;
	struct record_merge merge;
	int n_cpus;
	bool wants_other;        /* events of no kind of ours too: who ran where */
	struct trace_event held; /* behind a loss */
	bool has_held;
};

/* The one that begins there, not the one before it. */
static const char *function_name(void *arg, uint64_t address)
{
	return tep_find_function_address(arg, address) == address ? tep_find_function(arg, address)
								  : NULL;
}

static bool is_named(const char *comm)
{
	return comm && *comm && strcmp(comm, "<...>");
}

/* Only where switches are not recorded: events of others come between a switch and its end. */
static bool read_other(const struct recording_dat *d, struct tep_record *record,
		       struct trace_event *ret_event)
{
	/* type, flags, preempt_count, pid: the common fields of all events. */
	if (!d->wants_other || record->size < 8)
		return false;
	*ret_event = (struct trace_event){
		.kind = TRACE_OTHER,
		.t_ns = record->ts,
		.cpu = record->cpu,
		.pid = tep_data_pid(d->tep, record),
	};
	return true;
}

static bool read_record(const struct recording_dat *d, struct tep_record *record,
			struct trace_event *ret_event)
{
	if (record->size <= 0 || (!trace_decode(d->decoder, record->cpu, record->ts, record->data,
						(size_t)record->size, ret_event) &&
				  !read_other(d, record, ret_event)))
		return false;
	if (!ret_event->comm && ret_event->pid > 0) {
		const char *comm = tep_data_comm_from_pid(d->tep, ret_event->pid);

		ret_event->comm = is_named(comm) ? comm : NULL;
	}
	return true;
}

static int dat_next(struct trace_source *s, struct trace_event *ret_event)
{
	struct recording_dat *d = (struct recording_dat *)s;
	struct tep_record *record;

	if (d->has_held) {
		*ret_event = d->held;
		d->has_held = false;
		return 1;
	}
	while ((record = record_merge_next(&d->merge))) {
		const long long n_lost = record->missed_events;

		d->has_held = read_record(d, record, &d->held);
		if (n_lost) {
			*ret_event = (struct trace_event){
				.kind = TRACE_LOST,
				.t_ns = record->ts,
				.cpu = record->cpu,
				.pid = TRACE_PID_UNKNOWN,
				.lost.n = n_lost > 0 ? (uint64_t)n_lost : UINT64_MAX,
			};
			return 1;
		}
		if (d->has_held) {
			*ret_event = d->held;
			d->has_held = false;
			return 1;
		}
	}
	return 0;
}

static struct tracecmd_input *buffer_of(const struct recording_dat *d)
{
	return d->buffer ? d->buffer : d->file;
}

static int rewind_records(struct recording_dat *d)
{
	d->has_held = false;
	return record_merge_start(&d->merge, buffer_of(d), d->n_cpus);
}

static int scan(struct recording *r)
{
	struct recording_dat *d = r->dat;
	struct trace_event e;
	int error = rewind_records(d);

	d->wants_other = true;
	while (error >= 0 && (error = dat_next(&d->source, &e)) > 0)
		error = member_finder_event(&r->found, &e);
	return error;
}

static void close_buffer(struct recording_dat *d)
{
	record_merge_release(&d->merge);
	if (d->buffer)
		tracecmd_close(d->buffer);
	d->buffer = NULL;
}

/* The buffer at the top, else the first instance that has events. */
static int scan_buffers(struct recording *r)
{
	struct recording_dat *d = r->dat;
	const int n = tracecmd_buffer_instances(d->file);
	int error = scan(r);

	for (int i = 0; error == 0 && !r->found.n_events && i < n; i++) {
		close_buffer(d);
		d->buffer = tracecmd_buffer_instance_handle(d->file, i);
		if (d->buffer)
			error = scan(r);
		if (r->found.n_events)
			recording_add_note(r, "n_events", "its events are of the instance '%s'",
					   tracecmd_buffer_instance_name(d->file, i));
	}
	return error;
}

/*
 * Clocks of ftrace.rst whose numbers are no nanoseconds. "uptime" counts jiffies, but prints their
 * nanoseconds.
 */
static int check_clock(const struct dat_layout *l, char **ret_why)
{
	if (!strcmp(l->clock, "counter"))
		return recording_error(ret_why, -ENODATA,
				       "its clock 'counter' tells the order of events, not when "
				       "they were");
	if (!strcmp(l->clock, "x86-tsc") && !l->has_rate)
		return recording_error(ret_why, -ENODATA,
				       "its clock 'x86-tsc' counts cycles, and the file does not "
				       "tell how long one takes");
	return 0;
}

static int open_file(struct recording_dat *d, const struct dat_layout *layout, int fd)
{
	const int own = fcntl(fd, F_DUPFD_CLOEXEC, 0);

	if (own < 0)
		return neg_errno();
	if (lseek(own, 0, SEEK_SET) < 0) {
		close(own);
		return -ESPIPE;
	}
	/* Plugins would be code that a reader of a stranger's file loads. */
	d->file = tracecmd_open_fd(own, TRACECMD_FL_LOAD_NO_PLUGINS);
	if (!d->file) {
		close(own);
		return -EBADMSG;
	}
	d->tep = tracecmd_get_tep(d->file);
	/*
	 * An instance may have more CPUs than the buffer at the top. The library says of one that a
	 * buffer does not have that there is no record of it.
	 */
	d->n_cpus = (int)layout->n_cpus;
	return 0;
}

static int open_decoder(struct recording_dat *d)
{
	int r = trace_decoder_new(d->tep, &d->decoder);

	if (r == 0)
		trace_decoder_set_functions(d->decoder, function_name, d->tep);
	return r;
}

static int read_file(struct recording *r, const struct dat_layout *layout, int fd, char **ret_why)
{
	int error = open_file(r->dat, layout, fd);

	if (error == -EBADMSG)
		return recording_error(ret_why, error,
				       "a trace.dat of version %u that libtracecmd cannot read",
				       layout->version);
	if (error == 0)
		error = open_decoder(r->dat);
	if (error == 0)
		error = scan_buffers(r);
	if (error == 0 && !r->found.n_events)
		error = recording_error(ret_why, -ENODATA, "no event is in it");
	if (error == 0)
		error = recording_settle(r, ret_why);
	if (error < 0)
		return error;
	if (layout->n_overrun)
		recording_add_note(r, "lost_events",
				   "%" PRIu64 " more were dropped while it was recorded, at its "
				   "start or end",
				   layout->n_overrun);
	if (trace_decoder_n_broken(r->dat->decoder))
		recording_add_note(r, "n_events", "%" PRIu64 " records are damaged",
				   trace_decoder_n_broken(r->dat->decoder));
	r->dat->wants_other = !r->setup.has[TRACE_SWITCH];
	return rewind_records(r->dat);
}

int recording_dat_open(struct recording *r, int fd, char **ret_why)
{
	struct dat_layout layout;
	int error;

	tracecmd_set_loglevel(TEP_LOG_NONE);
	r->format = "trace.dat";
	r->dat = calloc(1, sizeof(*r->dat));
	if (!r->dat)
		return -ENOMEM;
	r->dat->source.next = dat_next;
	r->source = &r->dat->source;
	error = dat_layout_read(fd, &layout, ret_why);
	if (error == 0)
		error = check_clock(&layout, ret_why);
	return error < 0 ? error : read_file(r, &layout, fd, ret_why);
}

void recording_dat_close(struct recording *r)
{
	struct recording_dat *d = r->dat;

	if (!d)
		return;
	close_buffer(d);
	trace_decoder_free(d->decoder);
	if (d->file)
		tracecmd_close(d->file);
	free(d);
}
