/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * live_events.h - the events of this kernel that are wanted, and their formats.
 *
 * Only these few format files are read and parsed, some milliseconds; all of them, or whole
 * systems, take a hundred.
 */
#ifndef PROBES_TRACE_LIVE_EVENTS_H
#define PROBES_TRACE_LIVE_EVENTS_H

#include "probes/trace/event.h"

struct tep_handle;
struct trace_decoder;
struct tracefs_instance;

/* What the state machine makes use of. */
const bool *live_events_wanted(void);

/*
 * Reads the formats in that instance; events that this kernel does not have are left out. wants:
 * N_TRACE_KINDS flags. 0; -ENOENT: none of them is there; -ENOMEM. tep_free() is the caller's.
 */
int live_events_read(struct tracefs_instance *instance, const bool *wants,
		     struct tep_handle **ret_tep) MUST_CHECK;
/*
 * Switches on all events that tep knows: 0, or -errno of the last that failed, if all did. Those
 * that fail are dropped from the decoder; *ret_refused: why the last one of them was.
 */
int live_events_enable(struct tracefs_instance *instance, struct tep_handle *tep,
		       struct trace_decoder *decoder, int *ret_refused) MUST_CHECK;

#endif
