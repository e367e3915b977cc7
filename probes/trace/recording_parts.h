/* SPDX-License-Identifier: GPL-2.0-or-later */
/* recording_parts.h - what the readers of recordings share. */
#ifndef PROBES_TRACE_RECORDING_PARTS_H
#define PROBES_TRACE_RECORDING_PARTS_H

#include "probes/trace/recording.h"
#include "probes/trace/recording_members.h"

struct trace_text;
struct recording_dat;

enum { RECORDING_NOTES_MAX = 16 };

struct recording {
	const char *format;
	struct member_finder found;
	struct trace_setup setup;
	struct trace_source *source;
	struct recording_note notes[RECORDING_NOTES_MAX]; /* words are allocated */
	size_t n_notes;
	FILE *in; /* of a text */
	struct trace_text *text;
	struct recording_dat *dat;
};

/* The line for people about an error, which is returned (or -ENOMEM). */
int recording_error(char **ret_why, int error, const char *fmt, ...) FORMAT_PRINTF(3, 4);
/* One without room is left out. */
void recording_add_note(struct recording *r, const char *field, const char *fmt, ...)
	FORMAT_PRINTF(3, 4);
/* After the first pass: the members, and what the state machine is told. */
int recording_settle(struct recording *r, char **ret_why) MUST_CHECK;

int recording_text_open(struct recording *r, char **ret_why) MUST_CHECK;
void recording_text_close(struct recording *r);

/* fd: stays the caller's. */
int recording_dat_open(struct recording *r, int fd, char **ret_why) MUST_CHECK;
void recording_dat_close(struct recording *r);

#endif
