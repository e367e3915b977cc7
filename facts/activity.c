/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/activity.h"

#include <string.h>

/* clang-format off */
#define F(member) FIELD(struct activity_irq, member)
static const struct fact_field irq_fields[] = {
	{ F(label), FACT_STR, FACT_NOT_COMPARED, "", "first column", .privacy = FACT_OPEN },
	{ F(irq), FACT_U64, FACT_NOT_COMPARED, "", "IRQ number" },
	{ F(actions), FACT_STR, FACT_NOT_COMPARED, "", "handlers", .pseudonym = "irq" },
	{ F(counts), FACT_PAIRS, FACT_LOWER_IS_BETTER, "interrupts", "[cpu, how many in the window]" },
};
#undef F
#define F(member) FIELD(struct activity_thread, member)
static const struct fact_field thread_fields[] = {
	{ F(tid), FACT_U64, FACT_NOT_COMPARED, "", "thread id" },
	{ F(comm), FACT_STR, FACT_NOT_COMPARED, "", "thread name", .pseudonym = "task" },
	{ F(role), FACT_STR, FACT_NOT_COMPARED, "", "vcpu, emulator, iothread, vhost, worker or other", .privacy = FACT_OPEN },
	{ F(run_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "time on a CPU" },
	{ F(delay_ns), FACT_U64, FACT_LOWER_IS_BETTER, "ns", "time runnable but not running" },
	{ F(n_voluntary), FACT_U64, FACT_NOT_COMPARED, "switches", "context switches it asked for" },
	{ F(n_involuntary), FACT_U64, FACT_LOWER_IS_BETTER, "switches", "context switches forced on it" },
	{ F(seen_on), FACT_PAIRS, FACT_NOT_COMPARED, "samples", "[cpu, samples in which it was there]" },
};
#undef F
#define F(member) FIELD(struct activity_pool, member)
static const struct fact_field pool_fields[] = {
	{ F(page_kib), FACT_U64, FACT_NOT_COMPARED, "KiB", "page size" },
	{ F(n_free_before), FACT_U64, FACT_NOT_COMPARED, "pages", "free at the start" },
	{ F(n_free_after), FACT_U64, FACT_NOT_COMPARED, "pages", "free at the end" },
	{ F(n_free_min), FACT_U64, FACT_NOT_COMPARED, "pages", "fewest free in any sample" },
};
#undef F
#define F(member) FIELD(struct activity_counter, member)
static const struct fact_field counter_fields[] = {
	{ F(name), FACT_STR, FACT_NOT_COMPARED, "", "vmstat.pswpin, kvm.halt_wait_ns …", .privacy = FACT_OPEN },
	{ F(n), FACT_U64, FACT_NOT_COMPARED, "", "by how much it grew in the window; a level: what it is at the end" },
};
#undef F
/* clang-format on */

const struct schema activity_irq_schema = { "irq", "Interrupts in the window",
					    sizeof(struct activity_irq), irq_fields,
					    ARRAY_SIZE(irq_fields) };

/* clang-format off */
#define F(member) FIELD(struct activity_unit, member)
static const struct fact_field unit_fields[] = {
	{ F(rep), FACT_U64, FACT_NOT_COMPARED, "", "number of the repetition, from 0" },
	{ F(window_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "its length" },
	{ F(irqs), FACT_LIST, FACT_NOT_COMPARED, "", "interrupts with a number that fired in it", &activity_irq_schema },
};
#undef F
/* clang-format on */

const struct schema activity_unit_schema = { "unit", "One repetition", sizeof(struct activity_unit),
					     unit_fields, ARRAY_SIZE(unit_fields) };
const struct schema activity_thread_schema = { "thread", "A guest thread in the window",
					       sizeof(struct activity_thread), thread_fields,
					       ARRAY_SIZE(thread_fields) };
const struct schema activity_pool_schema = { "pool", "Huge pages in the window",
					     sizeof(struct activity_pool), pool_fields,
					     ARRAY_SIZE(pool_fields) };
const struct schema activity_counter_schema = { "counter", "A counter of the kernel",
						sizeof(struct activity_counter), counter_fields,
						ARRAY_SIZE(counter_fields) };

#define F(member) FIELD(struct activity_facts, member)

/* clang-format off */
static const struct fact_field fields[] = {
	{ F(window_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "length of the window" },
	{ F(n_samples), FACT_U64, FACT_NOT_COMPARED, "", "samples in it, both ends included" },
	{ F(irqs), FACT_LIST, FACT_NOT_COMPARED, "", "interrupts that fired", &activity_irq_schema },
	{ F(softirqs), FACT_LIST, FACT_NOT_COMPARED, "", "softirqs that ran", &activity_irq_schema },
	{ F(units), FACT_LIST, FACT_NOT_COMPARED, "", "repetitions, each kept apart", &activity_unit_schema },
	{ F(steal_ns), FACT_PAIRS, FACT_NOT_COMPARED, "ns", "[cpu, time the hypervisor below took]" },
	{ F(busy_ns), FACT_PAIRS, FACT_NOT_COMPARED, "ns", "[cpu, time not idle]" },
	{ F(threads), FACT_LIST, FACT_NOT_COMPARED, "", "threads of the guest", &activity_thread_schema },
	{ F(aio_nr_before), FACT_U64, FACT_NOT_COMPARED, "slots", "fs.aio-nr at the start" },
	{ F(aio_nr_after), FACT_U64, FACT_NOT_COMPARED, "slots", "fs.aio-nr at the end" },
	{ F(aio_nr_max), FACT_U64, FACT_NOT_COMPARED, "slots", "most in any sample" },
	{ F(pools), FACT_LIST, FACT_NOT_COMPARED, "", "free huge pages", &activity_pool_schema },
	{ F(compact_stalls), FACT_U64, FACT_LOWER_IS_BETTER, "stalls", "tasks that had to compact memory themselves" },
	{ F(thp_fault_fallbacks), FACT_U64, FACT_LOWER_IS_BETTER, "faults", "faults that found no huge page" },
	{ F(counters), FACT_LIST, FACT_NOT_COMPARED, "", "how much counters of memory and of the guest's KVM grew", &activity_counter_schema },
	{ F(kvm_levels), FACT_LIST, FACT_NOT_COMPARED, "", "pages that map the guest's memory, at the end", &activity_counter_schema },
	{ F(core_throttles), FACT_PAIRS, FACT_LOWER_IS_BETTER, "events", "[cpu, thermal throttling of its core]" },
	{ F(package_throttles), FACT_PAIRS, FACT_LOWER_IS_BETTER, "events", "[cpu, thermal throttling of its package that it counted]" },
};
/* clang-format on */

const struct schema activity_schema = { "activity", "What happened while the guest ran",
					sizeof(struct activity_facts), fields, ARRAY_SIZE(fields) };

const struct fact_u64 *activity_counter_n(const struct fact_list *counters, const char *name)
{
	const struct activity_counter *c = counters->v;

	for (size_t i = 0; i < counters->n; i++) {
		if (c[i].name.known && c[i].n.known && !strcmp(c[i].name.v, name))
			return &c[i].n;
	}
	return NULL;
}
