/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/exits_wire.h"

#include <string.h>
#include <sys/eventfd.h>

#include "probes/exits_samples.h"
#include "probes/stop.h"
#include "probes/tsc_read.h"

/* The first one behind the 24 of the I/O APIC. */
#define GSI 24
/* Message of a device: to the APIC with id 0, edge, fixed. */
#define MSI_ADDRESS 0xfee00000u

#define PAUSE_NS      (30 * NS_PER_US)
#define READY_NS      (5 * NS_PER_MS)
#define LOST_AFTER_NS (200 * NS_PER_MS)

static const struct {
	unsigned program;
	uint64_t at;
	uint32_t len, flags;
} listened[] = {
	{ MG_PROGRAM_PORT, MG_PORT_KERNEL, 1, KVM_IOEVENTFD_FLAG_PIO },
	{ MG_PROGRAM_MMIO, MG_MMIO_KERNEL, 4, 0 },
};

void exits_wire_init(struct exits_wire *wire)
{
	*wire = (struct exits_wire){ .fd = -1 };
}

void exits_wire_release(struct exits_wire *wire)
{
	if (wire->fd >= 0)
		close(wire->fd);
	exits_wire_init(wire);
}

static int open_event(struct exits_wire *wire, struct failure *out)
{
	wire->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return wire->fd < 0 ? failure_call(out, "eventfd", neg_errno()) : 0;
}

static int connect_io(struct exits_wire *wire, const struct vm *vm, size_t i, struct failure *out)
{
	struct kvm_ioeventfd io = { .addr = listened[i].at,
				    .len = listened[i].len,
				    .flags = listened[i].flags };
	int r = open_event(wire, out);

	if (r < 0)
		return r;
	io.fd = wire->fd;
	r = kvm_ioctl(vm->fd, KVM_IOEVENTFD, &io);
	return r < 0 ? failure_call(out, "KVM_IOEVENTFD", r) : 0;
}

static int set_route(const struct vm *vm)
{
	const struct kvm_irq_routing_entry entry = {
		.gsi = GSI,
		.type = KVM_IRQ_ROUTING_MSI,
		.u.msi = { .address_lo = MSI_ADDRESS, .data = MG_VECTOR_STAMP },
	};
	auto_free struct kvm_irq_routing *table = calloc(1, sizeof(*table) + sizeof(entry));

	if (!table)
		return -ENOMEM;
	table->nr = 1;
	memcpy(table->entries, &entry, sizeof(entry));
	return kvm_ioctl(vm->fd, KVM_SET_GSI_ROUTING, table);
}

static int connect_irq(struct exits_wire *wire, const struct microguest *guest, struct failure *out)
{
	struct kvm_irqfd irq = { .gsi = GSI };
	int r = open_event(wire, out);

	if (r < 0)
		return r;
	r = set_route(&guest->vm);
	if (r < 0)
		return failure_call(out, "KVM_SET_GSI_ROUTING", r);
	irq.fd = (uint32_t)wire->fd;
	r = kvm_ioctl(guest->vm.fd, KVM_IRQFD, &irq);
	if (r < 0)
		return failure_call(out, "KVM_IRQFD", r);
	r = vcpu_tsc_offset(&guest->vcpus[0].kvm, &wire->tsc_offset);
	return r < 0 ? failure_call(out, "offset of the guest's clock (KVM_VCPU_TSC_OFFSET)", r)
		     : 0;
}

int exits_wire_connect(struct exits_wire *wire, const struct microguest *guest, unsigned program,
		       struct failure *out)
{
	if (program == MG_PROGRAM_STAMP)
		return connect_irq(wire, guest, out);
	for (size_t i = 0; i < ARRAY_SIZE(listened); i++) {
		if (listened[i].program == program)
			return connect_io(wire, &guest->vm, i, out);
	}
	return 0;
}

int exits_wire_latency(uint64_t before, uint64_t stamp, uint64_t after, uint64_t tsc_offset,
		       uint64_t *ret_cycles)
{
	const uint64_t cycles = stamp - (before + tsc_offset);

	/* Modulo 2^64: a stamp before the first reading is a very late one. */
	if (cycles > after - before)
		return -ERANGE;
	*ret_cycles = cycles;
	return 0;
}

static int say(char **ret_trouble, const char *text)
{
	*ret_trouble = strdup(text);
	return *ret_trouble ? -EIO : -ENOMEM;
}

/* Until *counter is not was any more; false: it stays. */
static bool spin_until_not(const uint64_t *counter, uint64_t was, uint64_t limit_cycles)
{
	const uint64_t start = tsc_read();

	while (__atomic_load_n(counter, __ATOMIC_ACQUIRE) == was) {
		if (tsc_read() - start > limit_cycles)
			return false;
		cpu_relax();
	}
	return true;
}

/* 0: one more value; -EIO: trouble. */
static int inject_one(const struct exits_wire *wire, const struct mg_control *control,
		      uint64_t tsc_khz, struct hist *into, char **ret_trouble)
{
	const uint64_t was = __atomic_load_n(&control->n_stamps, __ATOMIC_ACQUIRE), one = 1;
	const uint64_t before = tsc_read();
	uint64_t after, stamp, cycles;

	if (write(wire->fd, &one, sizeof(one)) < 0)
		return say(ret_trouble, "the descriptor of the interrupt cannot be written");
	if (!spin_until_not(&control->n_stamps, was, exits_cycles(LOST_AFTER_NS, tsc_khz)))
		return say(ret_trouble, "an interrupt did not come within 200 ms");
	after = tsc_read();
	stamp = __atomic_load_n(&control->stamp, __ATOMIC_RELAXED);
	if (exits_wire_latency(before, stamp, after, wire->tsc_offset, &cycles) < 0)
		return say(ret_trouble,
			   "the guest's clock is not where KVM says: its interrupt was before its "
			   "cause or after its effect");
	hist_add(into, exits_ns(cycles, tsc_khz));
	return 0;
}

/* A nudge may be one that was meant for an earlier wait. */
static bool has_ended(struct microguest *guest, enum stop_event e)
{
	struct failure failed;

	return e == STOP_NUDGED && microguest_failure(guest, &failed);
}

/* 0: it takes interrupts; -ENODEV: it ended; -EINTR; -ETIMEDOUT. */
static int wait_ready(struct microguest *guest, const struct timebase *time)
{
	const uint64_t *is_ready = &guest->vcpus[0].control->is_ready;
	const uint64_t limit_ns = timebase_now(time) + NS_PER_S;

	while (!__atomic_load_n(is_ready, __ATOMIC_ACQUIRE)) {
		const uint64_t now_ns = timebase_now(time);
		const enum stop_event e = stop_wait(time, now_ns + READY_NS);

		if (e == STOP_ASKED)
			return -EINTR;
		if (has_ended(guest, e))
			return -ENODEV;
		if (now_ns > limit_ns)
			return -ETIMEDOUT;
	}
	return 0;
}

int exits_wire_inject(const struct exits_wire *wire, struct microguest *guest,
		      const struct timebase *time, uint64_t end_ns, uint64_t tsc_khz,
		      struct hist *into, char **ret_trouble)
{
	const struct mg_control *control = guest->vcpus[0].control;
	int r = wait_ready(guest, time);

	if (r == -ETIMEDOUT)
		r = say(ret_trouble, "the guest did not get ready for interrupts");
	while (r == 0) {
		const uint64_t now_ns = timebase_now(time);
		enum stop_event e;

		if (now_ns >= end_ns)
			break;
		/* The next one does not follow the one before in step. */
		e = stop_wait(time, now_ns + PAUSE_NS + now_ns % PAUSE_NS);
		if (e == STOP_ASKED)
			return -EINTR;
		if (has_ended(guest, e))
			break;
		r = inject_one(wire, control, tsc_khz, into, ret_trouble);
	}
	return r == -ENOMEM || r == -EINTR ? r : 0;
}
