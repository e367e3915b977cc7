/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * exits_wire.h - what of the built-in guest leads to event descriptors: a port and a store that KVM
 * completes by itself (as a virtio device is told of work), and an interrupt that a write to a
 * descriptor causes (as VFIO delivers those of a device).
 *
 * Source: Documentation/virt/kvm/api.rst, KVM_IOEVENTFD, KVM_SET_GSI_ROUTING, KVM_IRQFD.
 */
#ifndef PROBES_EXITS_WIRE_H
#define PROBES_EXITS_WIRE_H

#include "core/hist.h"
#include "core/timebase.h"
#include "probes/microguest/microguest.h"

struct exits_wire {
	int fd; /* -1: nothing is wired */
	uint64_t tsc_offset;
};

void exits_wire_init(struct exits_wire *wire);
void exits_wire_release(struct exits_wire *wire);
/* What that program needs; for most that is nothing. 0, or a negative errno and *out filled. */
int exits_wire_connect(struct exits_wire *wire, const struct microguest *guest, unsigned program,
		       struct failure *out) MUST_CHECK;

/*
 * Interrupts, one after the other, until end_ns or the guest ends: from right before the write to
 * the first instructions of the guest's interrupt. The guest spins; so does the caller, while an
 * interrupt is under way. 0; -EINTR: asked to end; -ENOMEM. *ret_trouble (caller frees) is set when
 * something is wrong.
 */
int exits_wire_inject(const struct exits_wire *wire, struct microguest *guest,
		      const struct timebase *time, uint64_t end_ns, uint64_t tsc_khz,
		      struct hist *into, char **ret_trouble) MUST_CHECK;

/*
 * Where the guest's stamp lies between two readings of the host's counter: cycles from the first
 * one; -ERANGE when it is not between them, so that the offset cannot be right.
 */
int exits_wire_latency(uint64_t before, uint64_t stamp, uint64_t after, uint64_t tsc_offset,
		       uint64_t *ret_cycles) MUST_CHECK;

#endif
