/* SPDX-License-Identifier: GPL-2.0-or-later */
/* machine_kvm.c - a vCPU enters and leaves the guest, KVM goes back to QEMU. */
#include <string.h>

#include "probes/trace/machine_parts.h"
#include "probes/trace/places.h"
#include "probes/trace/reason.h"

#define TEXT(name) ((struct name_key){ CULPRIT_EXIT, UINT64_MAX, name, NULL, 0 })

/* KVM_EXIT_IO and KVM_EXIT_MMIO of linux/kvm.h. */
enum { USERSPACE_IO = 2, USERSPACE_MMIO = 6 };

static uint16_t place_id(struct trace_machine *m, uint64_t place)
{
	return names_find(&m->names, &(struct name_key){ CULPRIT_IO, place, NULL, NULL, 0 });
}

static struct reason_id look_up_reason(struct trace_machine *m, int isa, uint64_t reason)
{
	const char *name = reason_name(isa, reason);
	const struct name_key number = { CULPRIT_EXIT, reason, NULL, NULL, 0 };
	const uint16_t id = names_find(&m->names, name ? &TEXT(name) : &number);

	return (struct reason_id){ (uint16_t)(id + 1), (uint8_t)exit_kind_of(name) };
}

static struct reason_id reason_id(struct trace_machine *m, int isa, uint64_t reason)
{
	struct reason_id *known;

	if (isa == REASON_ISA_VMX)
		reason &= 0xffff;
	if (isa < 0 || (size_t)isa >= ARRAY_SIZE(m->reason_ids) || reason >= N_REASON_IDS)
		return look_up_reason(m, isa, reason);
	known = &m->reason_ids[isa][reason];
	if (!known->id)
		*known = look_up_reason(m, isa, reason);
	return *known;
}

static uint16_t vector_id(struct trace_machine *m, uint64_t vector)
{
	uint16_t *known = &m->vector_ids[vector];

	if (!*known) {
		const char *name = exit_vector_name(vector);
		const struct name_key key = { CULPRIT_VECTOR, name ? UINT64_MAX : vector, name,
					      NULL, 0 };

		*known = (uint16_t)(names_find(&m->names, &key) + 1);
	}
	return (uint16_t)(*known - 1);
}

static void open_exit(struct trace_machine *m, struct vcpu_time *v, const struct trace_event *e)
{
	struct vcpu_exit *x = &v->exit;

	*x = (struct vcpu_exit){ .is_open = true, .joined = NAME_NONE };
	if (e->kvm.reason_name && e->kvm.isa == REASON_ISA_UNKNOWN) {
		x->id = names_find(&m->names, &TEXT(e->kvm.reason_name));
		x->kind = exit_kind_of(e->kvm.reason_name);
	} else {
		const struct reason_id known = reason_id(m, e->kvm.isa, e->kvm.reason);

		x->id = (uint16_t)(known.id - 1);
		x->kind = known.kind;
	}
	/* Bits 16-31 of the exit qualification of VMX, and of EXITINFO1 of SVM. */
	if (x->kind == EXIT_PORT && e->kvm.info1 != UINT64_MAX) {
		x->is_io = true;
		x->id = place_id(m, place_of_port(e->kvm.info1 >> 16));
	}
	/* Until a handler says better, the vector of VMX tells. */
	if (x->kind == EXIT_INTERRUPT && e->kvm.interrupt && e->kvm.interrupt < 256)
		x->id = vector_id(m, e->kvm.interrupt);
}

static void handle_exit(struct trace_machine *m, struct vcpu_time *v, const struct trace_event *e)
{
	v->n_exits++;
	if (!m->has_kvm)
		return;
	/* It ran since it was found, without an entry: it has been in the guest all along. */
	if (v->mode == MODE_UNKNOWN)
		vcpu_time_move(v, STATE_UNKNOWN, STATE_GUEST, v->lead_ns);
	/* Kernels before 5.12 do not tell the entry after an exit that they handled quickly. */
	m->n_unpaired += v->mode == MODE_EXIT || v->mode == MODE_QEMU;
	vcpu_time_blame_exit(v, &m->names);
	open_exit(m, v, e);
	v->mode = MODE_EXIT;
}

static void handle_entry(struct trace_machine *m, struct vcpu_time *v)
{
	if (!m->has_kvm)
		return;
	/* In the host since it was found: in an exit or in QEMU. */
	if (v->mode == MODE_UNKNOWN)
		vcpu_time_move(v, STATE_UNKNOWN, STATE_RESIDUE, v->lead_ns);
	m->n_unpaired += v->mode == MODE_GUEST;
	vcpu_time_blame_exit(v, &m->names);
	v->mode = MODE_GUEST;
}

/* "QEMU: INTR" of KVM_EXIT_INTR. */
static uint16_t userspace_id(struct trace_machine *m, const struct trace_event *e)
{
	const char *name =
		e->kvm.reason_name ? e->kvm.reason_name : reason_userspace_name(e->kvm.reason);
	char text[64];

	if (!name)
		return CULPRIT_IO;
	name += strncmp(name, "KVM_EXIT_", 9) ? 0 : 9;
	snprintf(text, sizeof(text), "QEMU: %s", name);
	return names_find(&m->names, &(struct name_key){ CULPRIT_IO, UINT64_MAX, text, NULL, 0 });
}

static void open_userspace(struct trace_machine *m, struct vcpu_time *v,
			   const struct trace_event *e)
{
	vcpu_time_blame_exit(v, &m->names);
	v->exit.is_open = true;
	v->exit.id = userspace_id(m, e);
}

static bool is_io_reason(uint64_t reason)
{
	return reason == USERSPACE_IO || reason == USERSPACE_MMIO;
}

static void handle_userspace(struct trace_machine *m, struct vcpu_time *v,
			     const struct trace_event *e)
{
	if (v->mode == MODE_UNKNOWN)
		vcpu_time_move(v, STATE_UNKNOWN, STATE_RESIDUE, v->lead_ns);
	v->lead_ns = 0;
	v->mode = MODE_QEMU;
	/* The exit and QEMU's answer to it are one; any other visit is for itself. */
	if (!v->exit.is_open || !(v->exit.is_io || is_io_reason(e->kvm.reason)))
		open_userspace(m, v, e);
}

static void handle_io(struct vcpu_time *v, uint16_t id)
{
	if (!v->exit.is_open || v->exit.is_io)
		return;
	v->exit.is_io = true;
	v->exit.joined = NAME_NONE;
	v->exit.id = id;
}

/*
 * Without kvm_entry nothing tells when QEMU is done but its answer to a read, which KVM then
 * hands to the guest. A write is told before QEMU gets it: of these the number is known alone.
 */
static void handle_plain(struct trace_machine *m, struct vcpu_time *v, const struct trace_event *e,
			 uint16_t place)
{
	struct vcpu_exit *x = &v->exit;
	const bool is_write = x->is_io && !x->is_open;

	if (e->kind == TRACE_KVM_USERSPACE) {
		x->is_open = is_write && is_io_reason(e->kvm.reason);
		x->ns = 0;
		vcpu_time_blame_exit(v, &m->names);
		if (!is_write && is_io_reason(e->kvm.reason))
			open_userspace(m, v, e);
	} else if (e->io.is_write) {
		*x = (struct vcpu_exit){ .is_io = true, .id = place, .joined = NAME_NONE };
	} else if (x->is_open) {
		x->id = place;
		vcpu_time_blame_exit(v, &m->names);
	}
}

static uint16_t place_of(struct trace_machine *m, const struct trace_event *e)
{
	return place_id(m, e->kind == TRACE_KVM_PIO ? place_of_port(e->io.address)
						    : place_of_memory(e->io.address));
}

void machine_kvm_event(struct trace_machine *m, struct cpu_time *c, const struct trace_event *e)
{
	struct vcpu_time *v = c->cur ? c->cur->vcpu : NULL;
	uint16_t place = NAME_NONE;

	if (!v)
		return;
	/* Handlers are over by now. */
	machine_drop_frames(m, c, 0);
	if (e->kind == TRACE_KVM_PIO || e->kind == TRACE_KVM_MMIO)
		place = place_of(m, e);
	if (e->kind == TRACE_KVM_EXIT)
		handle_exit(m, v, e);
	else if (e->kind == TRACE_KVM_ENTRY)
		handle_entry(m, v);
	else if (!m->has_kvm)
		handle_plain(m, v, e, place);
	else if (e->kind == TRACE_KVM_USERSPACE)
		handle_userspace(m, v, e);
	else
		handle_io(v, place);
}
