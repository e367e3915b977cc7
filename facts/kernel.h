/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kernel.h - what the kernel was built with, told at boot, and set to since. */
#ifndef FACTS_KERNEL_H
#define FACTS_KERNEL_H

#include "facts/schema.h"

struct setting_fact { /* a name and its value, as text */
	struct fact_str name, value;
};

struct boot_pages_fact {          /* hugepages= on the command line */
	struct fact_u64 page_kib; /* unknown: the default size */
	struct fact_u64 n_pages;
};

struct kernel_facts {
	struct fact_str release, version;  /* uname -r, uname -v */
	struct fact_str os_id, os_version; /* ID and VERSION_ID of /etc/os-release */
	struct fact_str cmdline;
	/* What the command line asks for; unknown when it does not. */
	struct fact_cpus isolcpus, nohz_full, rcu_nocbs, irqaffinity;
	struct fact_strs isolcpus_flags;  /* managed_irq, domain, nohz */
	struct fact_list boot_pages;      /* struct boot_pages_fact: one per page size */
	struct fact_u64 default_page_kib; /* default_hugepagesz= */
	struct fact_str config_path;      /* where the build configuration was read from */
	struct fact_list config; /* struct setting_fact: options that rules need, "n" if unset */
	struct fact_list params; /* struct setting_fact: "kvm.halt_poll_ns" … of loaded modules */
	struct fact_list sysctls;      /* struct setting_fact: "kernel.sched_rt_runtime_us" … */
	struct fact_i64 rt_runtime_us; /* -1: no RT throttling */
	struct fact_u64 rt_period_us;
	struct fact_u64 hz; /* CONFIG_HZ */
};

extern const struct schema kernel_schema, setting_schema, boot_pages_schema;

/* Value of a setting by name; NULL: not in the list. */
const char *setting_value(const struct fact_list *settings, const char *name);

#endif
