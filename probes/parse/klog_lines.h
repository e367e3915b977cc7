/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * klog_lines.h - lines of the kernel's log that rules need, by kind: the table of kinds is in
 * klog_lines.c, with where each wording comes from.
 *
 * One event is all lines of one kind about one device. Memory is bounded: of each kind at most
 * KLOG_DEVICES_MAX devices are told apart, lines about further ones are one event without a device.
 */
#ifndef PROBES_PARSE_KLOG_LINES_H
#define PROBES_PARSE_KLOG_LINES_H

#include "core/text.h"

#define KLOG_KINDS_MAX   64u
#define KLOG_DEVICES_MAX 16u
#define KLOG_EVENTS_MAX  (KLOG_KINDS_MAX * (KLOG_DEVICES_MAX + 1))
#define KLOG_VALUES_MAX  8u   /* different ones of an event */
#define KLOG_VALUE_MAX   200u /* bytes; a longer one is cut */
#define KLOG_LINE_MAX    240u
#define KLOG_DEVICE_SIZE 24u

struct klog_event {
	const char *kind;              /* "split-lock" */
	uint64_t n;                    /* lines */
	char device[KLOG_DEVICE_SIZE]; /* "0000:01:00.0", "cpu3", "irq16"; "": none is named */
	size_t n_values;
	struct text values[KLOG_VALUES_MAX]; /* different ones, in order; views */
	bool has_time;                       /* the first and the last line have a time stamp */
	uint64_t first_us, last_us;          /* since boot */
	struct text line; /* the last one, without what stands before the message; a view */
};

struct klog_lines {
	bool is_complete; /* begins with the boot: "Linux version" is one of the first lines */
	size_t n_events;  /* by the order of the table, then of the log */
	struct klog_event events[KLOG_EVENTS_MAX];
};

/* Views point into the log. The struct is large (a quarter of a megabyte): not for the stack. */
void klog_lines_parse(struct text log, struct klog_lines *ret_lines);
/* Is a message (klog_message() of a line) of one of the kinds? */
bool klog_is_event(struct text message);
/* Name of the i-th kind of the table, each once; NULL behind the last. */
const char *klog_kind_name(size_t i);

#endif
