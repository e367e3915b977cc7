/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/cpu.h"

/* clang-format off */
#define F(member) FIELD(struct core_fact, member)
static const struct fact_field core_fields[] = {
	{ F(package), FACT_U64, FACT_SETTING, "", "number of the socket" },
	{ F(cpus), FACT_CPUS, FACT_SETTING, "", "online threads of this core" },
	{ F(l3), FACT_U64, FACT_SETTING, "", "position in l3s of the last-level cache it uses" },
	{ F(node), FACT_U64, FACT_SETTING, "", "number of its NUMA node" },
	{ F(kind), FACT_STR, FACT_SETTING, "", "P or E on hybrid machines", .privacy = FACT_OPEN },
};
#undef F
#define F(member) FIELD(struct l3_fact, member)
static const struct fact_field l3_fields[] = {
	{ F(cpus), FACT_CPUS, FACT_SETTING, "", "CPUs that share this cache" },
	{ F(size_kib), FACT_U64, FACT_SETTING, "KiB", "size" },
};
#undef F
#define F(member) FIELD(struct node_fact, member)
static const struct fact_field node_fields[] = {
	{ F(node), FACT_U64, FACT_SETTING, "", "number of the NUMA node" },
	{ F(cpus), FACT_CPUS, FACT_SETTING, "", "its CPUs, may be none" },
	{ F(memory_kib), FACT_U64, FACT_NOT_COMPARED, "KiB", "its memory" },
};
#undef F
#define F(member) FIELD(struct freq_fact, member)
static const struct fact_field freq_fields[] = {
	{ F(cpus), FACT_CPUS, FACT_SETTING, "", "CPUs of this policy" },
	{ F(driver), FACT_STR, FACT_SETTING, "", "scaling_driver", .privacy = FACT_OPEN },
	{ F(governor), FACT_STR, FACT_SETTING, "", "scaling_governor", .privacy = FACT_OPEN },
	{ F(epp), FACT_STR, FACT_SETTING, "", "energy_performance_preference", .privacy = FACT_OPEN },
	{ F(min_khz), FACT_U64, FACT_SETTING, "kHz", "scaling_min_freq" },
	{ F(max_khz), FACT_U64, FACT_SETTING, "kHz", "scaling_max_freq" },
	{ F(hw_max_khz), FACT_U64, FACT_SETTING, "kHz", "cpuinfo_max_freq" },
};
#undef F
#define F(member) FIELD(struct idle_fact, member)
static const struct fact_field idle_fields[] = {
	{ F(name), FACT_STR, FACT_SETTING, "", "name of the idle state", .privacy = FACT_OPEN },
	{ F(latency_us), FACT_U64, FACT_SETTING, "us", "exit latency the driver states" },
	{ F(cpus), FACT_CPUS, FACT_SETTING, "", "CPUs that have this state" },
	{ F(disabled), FACT_CPUS, FACT_SETTING, "", "CPUs on which it is switched off" },
};
#undef F
/* clang-format on */

const struct schema core_schema = { "core", "A physical core", sizeof(struct core_fact),
				    core_fields, ARRAY_SIZE(core_fields) };
const struct schema l3_schema = { "l3", "A level-3 cache", sizeof(struct l3_fact), l3_fields,
				  ARRAY_SIZE(l3_fields) };
const struct schema node_schema = { "node", "A NUMA node", sizeof(struct node_fact), node_fields,
				    ARRAY_SIZE(node_fields) };
const struct schema freq_schema = { "freq", "A cpufreq policy", sizeof(struct freq_fact),
				    freq_fields, ARRAY_SIZE(freq_fields) };
const struct schema idle_schema = { "idle", "A cpuidle state", sizeof(struct idle_fact),
				    idle_fields, ARRAY_SIZE(idle_fields) };

#define F(member) FIELD(struct cpu_facts, member)

/* clang-format off */
static const struct fact_field fields[] = {
	{ F(vendor), FACT_STR, FACT_SETTING, "", "vendor_id of /proc/cpuinfo", .privacy = FACT_OPEN },
	{ F(model), FACT_STR, FACT_SETTING, "", "model name of /proc/cpuinfo", .privacy = FACT_OPEN },
	{ F(family), FACT_U64, FACT_SETTING, "", "CPU family" },
	{ F(is_virtual), FACT_BOOL, FACT_SETTING, "", "this host runs under a hypervisor itself" },
	{ F(hypervisor), FACT_STR, FACT_SETTING, "", "which one, when it tells", .privacy = FACT_OPEN },
	{ F(has_pdpe1gb), FACT_BOOL, FACT_SETTING, "", "the CPU can map pages of 1 GiB" },
	{ F(has_virtualization), FACT_BOOL, FACT_SETTING, "", "CPU flag vmx or svm" },
	{ F(online), FACT_CPUS, FACT_SETTING, "", "CPUs online" },
	{ F(present), FACT_CPUS, FACT_SETTING, "", "CPUs present" },
	{ F(n_packages), FACT_U64, FACT_SETTING, "", "sockets with online CPUs" },
	{ F(n_cores), FACT_U64, FACT_SETTING, "", "cores with online CPUs" },
	{ F(n_threads), FACT_U64, FACT_SETTING, "", "CPUs online" },
	{ F(is_smt_active), FACT_BOOL, FACT_SETTING, "", "some core has more than one online thread" },
	{ F(cores), FACT_LIST, FACT_NOT_COMPARED, "", "cores", &core_schema },
	{ F(l3s), FACT_LIST, FACT_SETTING, "", "level-3 caches", &l3_schema },
	{ F(nodes), FACT_LIST, FACT_NOT_COMPARED, "", "NUMA nodes", &node_schema },
	{ F(p_cores), FACT_CPUS, FACT_SETTING, "", "CPUs of performance cores (hybrid)" },
	{ F(e_cores), FACT_CPUS, FACT_SETTING, "", "CPUs of efficient cores (hybrid)" },
	{ F(isolated), FACT_CPUS, FACT_SETTING, "", "isolated CPUs in effect" },
	{ F(nohz_full), FACT_CPUS, FACT_SETTING, "", "tickless CPUs in effect" },
	{ F(has_nohz_full), FACT_BOOL, FACT_SETTING, "", "the kernel is built with full dynticks" },
	{ F(unbalanced), FACT_CPUS, FACT_SETTING, "", "CPUs between which the scheduler moves no thread" },
	{ F(rcu_offloaded), FACT_CPUS, FACT_SETTING, "", "CPUs whose RCU callbacks are offloaded, from the kernel log" },
	{ F(freq), FACT_LIST, FACT_SETTING, "", "cpufreq policies", &freq_schema },
	{ F(has_cpufreq), FACT_BOOL, FACT_SETTING, "", "the kernel controls the core frequency" },
	{ F(idle_driver), FACT_STR, FACT_SETTING, "", "cpuidle driver", .privacy = FACT_OPEN },
	{ F(idle_governor), FACT_STR, FACT_SETTING, "", "cpuidle governor", .privacy = FACT_OPEN },
	{ F(idle), FACT_LIST, FACT_SETTING, "", "cpuidle states", &idle_schema },
	{ F(pm_qos_resume_latency_us), FACT_PAIRS, FACT_SETTING, "us", "wake-up latency limits, where set: [cpu, us]; 0 us: no latency is accepted" },
};
/* clang-format on */

const struct schema cpu_schema = { "cpu", "Processors: topology, isolation, power settings",
				   sizeof(struct cpu_facts), fields, ARRAY_SIZE(fields) };

const struct core_fact *cpu_core(const struct cpu_facts *f, int cpu)
{
	const struct core_fact *core = f->cores.v;

	for (size_t i = 0; cpu >= 0 && i < f->cores.n; i++) {
		if (core[i].cpus.known && cpus_has(&core[i].cpus.v, (unsigned)cpu))
			return &core[i];
	}
	return NULL;
}

bool cpu_has_siblings(const struct cpu_facts *f)
{
	const struct core_fact *core = f->cores.v;

	for (size_t i = 0; i < f->cores.n; i++) {
		if (core[i].cpus.known && cpus_count(&core[i].cpus.v) > 1)
			return true;
	}
	return false;
}
