/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * recording.h - somebody's recorded trace: trace.dat (trace-cmd, KernelShark) or text (ftrace,
 * trace-cmd report, perf script), told apart by its first bytes.
 */
#ifndef PROBES_TRACE_RECORDING_H
#define PROBES_TRACE_RECORDING_H

#include "probes/trace/event.h"
#include "probes/trace/machine.h"

struct recording;

struct recording_note { /* what is odd about it, for gaps: "events", "3 lines are no events" */
	const char *field;
	const char *words;
};

/*
 * fd: stays the caller's; must be seekable (-ESPIPE). Opens, finds the format, the window, the
 * kinds of events and the guest's threads: those with kvm_entry, kvm_exit or kvm_userspace_exit,
 * and those named as QEMU names its own ("CPU 3/KVM", "IO iothread1", "vhost-1234"). 0; -ENODATA:
 * nothing in it is an event; -EBADMSG: damaged; -ENOMEM, -EIO. ret_why: a line for people about an
 * error, freed by the caller.
 */
int recording_open(int fd, struct recording **ret_recording, char **ret_why) MUST_CHECK;
void recording_close(struct recording *r); /* NULL is fine */
struct trace_source *recording_source(struct recording *r);
/* What the state machine wants to know before the first event. */
const struct trace_setup *recording_setup(const struct recording *r);
const struct trace_member *recording_members(const struct recording *r, size_t *ret_n);
/* "trace.dat", "ftrace", "trace-cmd report", "perf script" */
const char *recording_format(const struct recording *r);
/* Complete only after the last event. */
const struct recording_note *recording_notes(const struct recording *r, size_t *ret_n);

#endif
