/* SPDX-License-Identifier: GPL-2.0-or-later */
/* klog_names.h - devices and times that lines of the kernel's log name. */
#ifndef PROBES_PARSE_KLOG_NAMES_H
#define PROBES_PARSE_KLOG_NAMES_H

#include "core/text.h"

enum klog_name {
	NAME_NONE,
	NAME_PCI, /* "0000:01:00.0"; a line may say "01:00.0" or "0xc9:0x05.0" */
	NAME_CPU, /* "cpu3"; a line may say "CPU#3", "CPU3:" or "cpu 3" */
	NAME_IRQ, /* "irq16" */
};

#define KLOG_NAME_SIZE 24u

/* The first one of that sort in the message; "" when there is none. */
void klog_name_find(struct text message, enum klog_name sort, char ret_name[KLOG_NAME_SIZE]);
/* Time since boot of what stands before a message, "<6>[   12.345678][   T1] ". */
bool klog_time(struct text before, uint64_t *ret_us);

#endif
