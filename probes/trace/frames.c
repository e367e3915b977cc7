/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/trace/frames.h"

static bool can_interrupt(const struct frame *below, enum frame_class class, uint32_t key)
{
	if (below->class == class && below->key == key)
		return false;
	/* Handlers run with interrupts off, but some vectors call handlers and some of these let
	   interrupts in: only what cannot be at all is an exit that was missed. */
	return class != FRAME_SOFTIRQ;
}

unsigned frames_below(const struct frames *f, enum frame_class class, uint32_t key)
{
	for (unsigned i = 0; i < f->depth; i++) {
		if (!can_interrupt(&f->at[i], class, key))
			return i;
	}
	return f->depth;
}

bool frames_push(struct frames *f, enum frame_class class, uint32_t key, uint16_t id)
{
	if (f->depth == FRAMES_MAX)
		return false;
	f->at[f->depth++] = (struct frame){ class, key, id };
	return true;
}

unsigned frames_find(const struct frames *f, enum frame_class class, uint32_t key)
{
	for (unsigned i = f->depth; i > 0; i--) {
		if (f->at[i - 1].class == class && f->at[i - 1].key == key)
			return i;
	}
	return 0;
}
