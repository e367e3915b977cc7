/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cpu.h - processors: topology, isolation, frequency and idle settings. CPU numbers are the
 * kernel's. */
#ifndef FACTS_CPU_H
#define FACTS_CPU_H

#include "facts/schema.h"

struct core_fact {
	struct fact_u64 package;
	struct fact_cpus cpus; /* SMT siblings: all online threads of this core */
	struct fact_u64 l3,
		node;         /* positions in the lists below: l3s[l3], nodes with that number */
	struct fact_str kind; /* "P" or "E" on hybrid machines, else unknown */
};

struct l3_fact {
	struct fact_cpus cpus;
	struct fact_u64 size_kib;
};

struct node_fact {
	struct fact_u64 node;
	struct fact_cpus cpus;
	struct fact_u64 memory_kib;
};

struct freq_fact { /* one per cpufreq policy */
	struct fact_cpus cpus;
	struct fact_str driver, governor, epp;
	struct fact_u64 min_khz, max_khz, hw_max_khz;
};

struct idle_fact { /* one per distinct idle state */
	struct fact_str name;
	struct fact_u64 latency_us;
	struct fact_cpus cpus;     /* where this state exists */
	struct fact_cpus disabled; /* where it is switched off */
};

struct cpu_facts {
	struct fact_str vendor, model;
	struct fact_u64 family;
	struct fact_bool is_virtual; /* CPUID hypervisor bit: this host is itself a guest */
	struct fact_str hypervisor;  /* its name, when it tells */
	struct fact_bool has_pdpe1gb, has_virtualization; /* 1 GiB pages; vmx or svm */
	struct fact_cpus online, present;
	struct fact_u64 n_packages, n_cores, n_threads;
	struct fact_bool is_smt_active;
	struct fact_list cores;            /* struct core_fact */
	struct fact_list l3s;              /* struct l3_fact */
	struct fact_list nodes;            /* struct node_fact */
	struct fact_cpus p_cores, e_cores; /* hybrid machines only */
	struct fact_cpus isolated,
		nohz_full;              /* in effect; unknown when the kernel has no such file */
	struct fact_bool has_nohz_full; /* the kernel has the file, so the option is built in */
	struct fact_cpus unbalanced;    /* between these the scheduler moves no thread: isolated, or
					   without load balancing in every cpuset that holds them */
	struct fact_cpus rcu_offloaded; /* from the kernel log */
	struct fact_list freq;          /* struct freq_fact */
	struct fact_bool has_cpufreq;
	struct fact_str idle_driver, idle_governor;
	struct fact_list idle;                      /* struct idle_fact */
	struct fact_pairs pm_qos_resume_latency_us; /* by CPU, where there is a limit; 0: none at
						       all is accepted ("n/a") */
};

extern const struct schema cpu_schema, core_schema, l3_schema, node_schema, freq_schema,
	idle_schema;

/* The core that has this CPU; NULL: none is known to, or cpu is negative. */
const struct core_fact *cpu_core(const struct cpu_facts *f, int cpu);
/* Some core has several threads. */
bool cpu_has_siblings(const struct cpu_facts *f);

#endif
