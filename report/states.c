/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/states.h"

#include "report/plot.h"

#define AT(member) offsetof(struct trace_states, member)

/* clang-format off */
const struct state_row state_rows[N_TRACE_STATES] = {
	{ AT(preempted_ns), "preempted", "another thread had its CPU, or it was throttled", PLOT_PREEMPTED },
	{ AT(waiting_ns), "waiting", "woken, and not yet running", PLOT_WAITING },
	{ AT(host_irq_ns), "host IRQ", "interrupts of the host ran in its place", PLOT_IRQ },
	{ AT(softirq_ns), "softirq", "softirqs of the host ran in its place", PLOT_SOFTIRQ },
	{ AT(exit_ns), "exits", "KVM handled what the guest may not do itself", PLOT_EXITS },
	{ AT(qemu_ns), "QEMU", "QEMU emulated a device", PLOT_QEMU },
	{ AT(blocked_ns), "blocked", "asleep in the kernel: a page, a lock", PLOT_BLOCKED },
	{ AT(stopped_ns), "stopped", "by a signal or a debugger", PLOT_STOPPED },
	{ AT(residue_ns), "residue", "in the host, and nothing recorded says what for", PLOT_RESIDUE },
	{ AT(guest_ns), "guest", "the guest ran", NULL },
	{ AT(running_ns), "running", "on a CPU, where guest and exits cannot be told apart", NULL },
	{ AT(halted_ns), "halted", "asleep by the guest's own wish", NULL },
	{ AT(lost_ns), "events lost", "events of its CPU were lost", NULL },
	{ AT(unknown_ns), "not known", "the recording does not tell where it was", NULL },
};
/* clang-format on */

const struct trace_states *states_of(const struct fact_object *object)
{
	static const struct trace_states none;

	return object->known ? object->v : &none;
}

const struct fact_u64 *state_of(const struct trace_states *s, size_t row)
{
	return (const struct fact_u64 *)(const void *)((const char *)s + state_rows[row].at);
}

uint64_t state_ns(const struct trace_states *s, size_t row)
{
	const struct fact_u64 *f = state_of(s, row);

	return f->known ? f->v : 0;
}

static uint64_t sum(const struct trace_states *s, size_t n)
{
	uint64_t ns = 0;

	for (size_t i = 0; i < n; i++)
		ns += state_ns(s, i);
	return ns;
}

uint64_t states_lost_ns(const struct trace_states *s)
{
	return sum(s, N_LOST_STATES);
}

uint64_t states_all_ns(const struct trace_states *s)
{
	return sum(s, N_TRACE_STATES);
}
