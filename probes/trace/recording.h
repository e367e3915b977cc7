/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * recording.h - somebody's recorded trace: trace.dat (trace-cmd, KernelShark) or text (ftrace,
 * trace-cmd report, perf script), told apart by its first bytes.
 *
 * No recording says which events were switched on. A kind of event that is not in it at all
 * counts as not recorded: what only such events tell is then unknown, never zero. For what happens
 * all the time that is exact. For what is rare (NMIs, work items, a return to QEMU) it may be that
 * the event was on and never came: the recording is said to tell less than it does, and time is
 * given to a wider state, never to a wrong culprit.
 */
#ifndef PROBES_TRACE_RECORDING_H
#define PROBES_TRACE_RECORDING_H

#include "probes/trace/event.h"
#include "probes/trace/machine.h"

struct recording;

struct recording_note { /* what is odd about it, for gaps: "n_events", "3 lines are no events" */
	const char *field;
	const char *words;
};

/*
 * fd: stays the caller's; must be seekable (-ESPIPE). Opens, finds the format, the kinds of events
 * and the guest's threads: those with kvm_entry, kvm_exit, kvm_userspace_exit or kvm_vcpu_wakeup,
 * and those named as QEMU names its own ("CPU 3/KVM", "IO iothread1", "vhost-1234"). The window is
 * from its first event to its last. 0; -ENODATA: nothing in it is an event that tells its CPU and
 * its time; -ESRCH: no guest thread is in it; -EBADMSG: damaged, or another format; -ENOMEM, -EIO.
 * ret_why: NULL, or a line for people about an error, freed by the caller.
 */
int recording_open(int fd, struct recording **ret_recording, char **ret_why) MUST_CHECK;
void recording_close(struct recording *r); /* NULL is fine */
/* Once through; its events live until the next one. */
struct trace_source *recording_source(struct recording *r);
/* What the state machine wants to know before the first event. */
const struct trace_setup *recording_setup(const struct recording *r);
/* vCPUs first. Also a thread that a text does not name is a member: see TRACE_TID_UNTOLD. */
const struct trace_member *recording_members(const struct recording *r, size_t *ret_n);
/* "trace.dat", "ftrace", "trace-cmd report", "perf script", "text" */
const char *recording_format(const struct recording *r);
/* Live as long as the recording. */
const struct recording_note *recording_notes(const struct recording *r, size_t *ret_n);

#endif
