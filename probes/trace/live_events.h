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
struct tracefs_instance;

/* What the state machine makes use of. */
const bool *live_events_wanted(void);

/*
 * Reads the formats in that instance; events that this kernel does not have are left out. wants:
 * N_TRACE_KINDS flags. 0; -ENOENT: none of them is there; -ENOMEM. tep_free() is the caller's.
 */
int live_events_read(struct tracefs_instance *instance, const bool *wants,
		     struct tep_handle **ret_tep) MUST_CHECK;
/* Switches on all events that tep knows: 0, or -errno of the last that failed, if all did. */
int live_events_enable(struct tracefs_instance *instance, struct tep_handle *tep) MUST_CHECK;

#endif
