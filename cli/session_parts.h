/* SPDX-License-Identifier: GPL-2.0-or-later */
/* session_parts.h - what the files of a session share; for them alone. */
#ifndef CLI_SESSION_PARTS_H
#define CLI_SESSION_PARTS_H

#include "cli/session.h"

/* Beyond what a probe says it takes: start, locking memory, encoding. */
#define PROBE_SLACK_NS (15 * NS_PER_S)

/* session.c */
/* For the user now, and for whoever reads the result later. */
int session_warn(struct session *s, const char *fmt, ...) FORMAT_PRINTF(2, 3) MUST_CHECK;
/* Runs probes side by side and puts their documents into the result; releases the calls. */
int session_gather(struct session *s, struct probe_call *calls, size_t n) MUST_CHECK;
/* The probe again, for one guest: what it said first did not know which. */
int session_probe_again(struct session *s, const char *probe, uint64_t pid) MUST_CHECK;
/* Turns the -EINTR of a stage into "partial" and remembers the signal: 0, another r as it is. */
int session_note_signal(struct session *s, int r) MUST_CHECK;
void session_end_microguest(struct session *s);

/* Stages, in this order; each returns 0 or a negative errno. */
/* stages.c */
/* That a guest that was asked for can be started is found out before anything is measured. */
int stage_try_guest(struct session *s) MUST_CHECK;
int stage_clock(struct session *s) MUST_CHECK;
int stage_bare(struct session *s) MUST_CHECK;
int stage_start_guest(struct session *s) MUST_CHECK;
int stage_guest(struct session *s) MUST_CHECK;
int stage_end_guest(struct session *s) MUST_CHECK;
int stage_inside(struct session *s) MUST_CHECK;

#endif
