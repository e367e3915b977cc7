/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/irq.h"

/* clang-format off */
#define F(member) FIELD(struct irq_line, member)
static const struct fact_field line_fields[] = {
	{ F(label), FACT_STR, FACT_NOT_COMPARED, "", "first column of /proc/interrupts", .privacy = FACT_OPEN },
	{ F(irq), FACT_U64, FACT_NOT_COMPARED, "", "IRQ number" },
	{ F(chip), FACT_STR, FACT_NOT_COMPARED, "", "interrupt chip", .privacy = FACT_OPEN },
	{ F(hwirq), FACT_STR, FACT_NOT_COMPARED, "", "hardware number and trigger", .privacy = FACT_OPEN },
	{ F(actions), FACT_STR, FACT_NOT_COMPARED, "", "handlers; for lettered lines what they count", .pseudonym = "irq" },
	{ F(device), FACT_STR, FACT_NOT_COMPARED, "", "PCI address of the device", .privacy = FACT_OPEN },
	{ F(counts), FACT_PAIRS, FACT_NOT_COMPARED, "interrupts", "[cpu, count since boot]" },
	{ F(n_total), FACT_U64, FACT_NOT_COMPARED, "interrupts", "sum over all CPUs" },
	{ F(affinity), FACT_CPUS, FACT_NOT_COMPARED, "", "CPUs it may go to" },
	{ F(effective), FACT_CPUS, FACT_NOT_COMPARED, "", "CPUs it does go to" },
	{ F(is_movable), FACT_BOOL, FACT_NOT_COMPARED, "", "false: the kernel refuses another affinity" },
};
#undef F
/* clang-format on */

const struct schema irq_line_schema = { "line", "One line of /proc/interrupts",
					sizeof(struct irq_line), line_fields,
					ARRAY_SIZE(line_fields) };

#define F(member) FIELD(struct irq_facts, member)

/* clang-format off */
static const struct fact_field fields[] = {
	{ F(cpus), FACT_CPUS, FACT_SETTING, "", "CPUs that /proc/interrupts has columns for" },
	{ F(lines), FACT_LIST, FACT_NOT_COMPARED, "", "interrupts", &irq_line_schema },
	{ F(default_affinity), FACT_CPUS, FACT_SETTING, "", "CPUs that new interrupts may go to" },
	{ F(is_irqbalance_running), FACT_BOOL, FACT_SETTING, "", "irqbalance is running" },
	{ F(irqbalance_banned), FACT_CPUS, FACT_SETTING, "", "CPUs its settings keep it off" },
	{ F(has_irqbalance_oneshot), FACT_BOOL, FACT_SETTING, "", "irqbalance is set to place interrupts once" },
};
/* clang-format on */

const struct schema irq_schema = { "irq", "Interrupts and their placement",
				   sizeof(struct irq_facts), fields, ARRAY_SIZE(fields) };
