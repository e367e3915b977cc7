/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ab_measure.h - one turn of ab: a repetition while the guest runs, and the settings then. */
#ifndef CLI_AB_MEASURE_H
#define CLI_AB_MEASURE_H

#include "cli/session.h"
#include "facts/record.h"

/* What a turn takes beside its repetition: probes start and end, settings are read. */
#define AB_TURN_OVERHEAD_NS (400 * NS_PER_MS)

/*
 * The session is prepared and has one repetition. The record lives in a. 0; -EINTR (s->signal);
 * -ENODATA: nothing of this turn can be compared, others may do, after a warning; else an error
 * after one line on stderr, -ENODEV: the guest has ended.
 */
int ab_measure(struct session *s, struct arena *a, struct record_facts *ret_record) MUST_CHECK;
/* Sleeps; -EINTR when a signal came, s->signal then. */
int ab_settle(struct session *s, uint64_t duration_ns) MUST_CHECK;

#endif
