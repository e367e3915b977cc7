/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * frames.h - what has interrupted the thread of a CPU: nmi > irq, vector > softirq > thread.
 *
 * The stack of one CPU as *_entry and *_exit events tell it. Time is not kept here: whoever
 * accounts a stretch of time gives it to the innermost frame, so nested time counts once.
 */
#ifndef PROBES_TRACE_FRAMES_H
#define PROBES_TRACE_FRAMES_H

#include "core/base.h"

enum frame_class { FRAME_SOFTIRQ, FRAME_IRQ, FRAME_VECTOR, FRAME_NMI };

enum { FRAMES_MAX = 15 }; /* deeper than interrupts of x86 nest; more is a broken recording */

struct frame {
	enum frame_class class;
	uint32_t key; /* what entry and exit have in common */
	uint16_t id;  /* culprit (names.h) */
};

struct frames {
	unsigned depth; /* 0: the thread itself */
	struct frame at[FRAMES_MAX];
};

/*
 * How many frames may stay below a new one: those above that cannot be interrupted by it, so their
 * exits were missed. A softirq interrupts threads alone; nothing interrupts itself.
 */
unsigned frames_below(const struct frames *f, enum frame_class class, uint32_t key);
/* false: the stack is full, nothing was put on it. */
bool frames_push(struct frames *f, enum frame_class class, uint32_t key, uint16_t id);
/* Depth at which the innermost such frame lies, from 1; 0: there is none. */
unsigned frames_find(const struct frames *f, enum frame_class class, uint32_t key);

#endif
