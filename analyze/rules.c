/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules.c - THE list of rule sets: one per domain. */
#include "analyze/rule.h"

/* clang-format off */
const struct rule_set *const rule_sets[] = {
	&rules_clock,
	&rules_cpu,
	&rules_power,
	&rules_pin,
	&rules_irq,
	&rules_memory,
	&rules_hugepages,
	&rules_hugepages_host,
	&rules_aio,
	&rules_disk,
	&rules_disk_io,
	&rules_nic,
	&rules_input,
	&rules_guestmem,
	&rules_pages,
	&rules_host,
	&rules_cmdline,
	&rules_isolation,
	&rules_kvm,
	&rules_kernel,
	&rules_hyperv,
	&rules_hyperv_more,
	&rules_machine,
	&rules_hide,
	&rules_tasks,
	&rules_cpusets,
	&rules_guestcpu,
	&rules_guestclock,
	&rules_vm,
	&rules_noise,
	NULL,
};
