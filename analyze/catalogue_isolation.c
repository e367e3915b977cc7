/* SPDX-License-Identifier: GPL-2.0-or-later */
/* catalogue_isolation.c - rows about how the arguments of isolation work together. */
#include "analyze/catalogue_refs.h"

extern const struct tweak catalogue_isolation[];

const struct tweak catalogue_isolation[] = {
	{
		.id = "cpu.rcu-nocbs",
		.section = "Important files modified or added",
		.title = "RCU callbacks of the guest's CPUs",
		.claim = "Move RCU callbacks off these CPUs with rcu_nocbs=LIST.",
		.today = "Right, but nohz_full= does it already for its CPUs. The threads that then run "
			 "the callbacks have to be kept off the guest's CPUs by hand.",
		.detect = "the kernel's log, and the affinity of the threads rcuop/N, rcuos/N and rcuog/N; "
			  "a trace of the run",
		.proof = "RCU softirqs on the guest's CPUs while it runs",
		.standing = STANDING_INCOMPLETE,
		.fix = {
			.now = "for t in $(pgrep '^rcuo'); do sudo taskset -pc {H} \"$t\"; done",
			.change = { [CHANGE_BOOT] = "rcu_nocbs={G}" },
			.undo = "for t in $(pgrep '^rcuo'); do sudo taskset -pc {ALL} \"$t\"; done",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS(NO_HZ, KERNEL_PARAMETERS),
	},
	{
		.id = "isol.three-flags",
		.section = "Isolating the CPUs",
		.title = "Arguments that isolate, taken together",
		.claim = "Append nohz_full, rcu_nocbs and isolcpus to the kernel command line.",
		.today = "Each does its own part: isolcpus= keeps tasks away, nohz_full= stops the tick "
			 "(and moves RCU callbacks), and one without the other leaves either the tick or "
			 "the tasks. Isolation while the guest runs only (isol.dynamic) needs no reboot.",
		.detect = "isolcpus=, nohz_full= and rcu_nocbs= on the command line, and what is in effect",
		.proof = "timer interrupts and context switches on the guest's CPUs",
		.standing = STANDING_INCOMPLETE,
		.fix = {
			.change = { [CHANGE_BOOT] = "isolcpus=managed_irq,domain,{G} nohz_full={G} "
						    "rcu_nocbs={G}" },
			.risk = "Isolated CPUs are not balanced: pin each vCPU to one of them first.",
			.needs = NEEDS_REBOOT,
		},
		.refs = REFS(KERNEL_PARAMETERS, NO_HZ),
	},
	{
		.id = "isol.domain-flag",
		.section = "",
		.title = "Flags of isolcpus",
		.claim = "",
		.today = "isolcpus= with flags does what the flags say and no more: without 'domain' the "
			 "scheduler still balances tasks onto these CPUs. The bare list means domain.",
		.detect = "flags of isolcpus=, and /sys/devices/system/cpu/isolated",
		.proof = "foreign context switches on these CPUs",
		.standing = STANDING_BEYOND,
		.fix = {
			.change = { [CHANGE_BOOT] = "isolcpus=managed_irq,domain,{list}" },
			.risk = "Isolated CPUs are not balanced: pin each vCPU to one of them first.",
			.needs = NEEDS_REBOOT,
		},
		.refs = REFS(KERNEL_PARAMETERS),
	},
	{ .id = NULL },
};
