/* SPDX-License-Identifier: GPL-2.0-or-later */
/* power.h - frequency, boost, bias, throttling and who manages them; governors and idle states are
 * in facts/cpu.h. */
#ifndef FACTS_POWER_H
#define FACTS_POWER_H

#include "facts/schema.h"

struct power_holder {         /* A process that holds /dev/cpu_dma_latency open */
	struct fact_u64 pid;  /* process */
	struct fact_str comm; /* its name */
};

struct power_facts {
	struct fact_pairs
		epb; /* energy performance bias by CPU: 0 performance, 6 normal, 15 power save */
	struct fact_str
		pstate_status; /* active, passive, guided or off, of intel_pstate or amd_pstate */
	struct fact_str pstate_driver; /* intel_pstate or amd_pstate, whose status that is */
	struct fact_bool is_boost_off; /* turbo or boost is switched off */
	struct fact_pairs throttles;   /* thermal throttle events of the core since boot, by CPU;
					  zeros left out */
	struct fact_u64 package_throttles; /* thermal throttle events of the packages since boot */
	struct fact_pairs current_khz;     /* kHz: frequency now, by CPU */
	struct fact_strs
		managers; /* running programs that set governors: power-profiles-daemon tuned
			     tuned-ppd tlp auto-cpufreq thermald gamemoded cpupower … */
	struct fact_str platform_profile; /* profile of the firmware */
	struct fact_i64 dma_latency_us;   /* us: limit of wake-up latency asked for through
					     /dev/cpu_dma_latency; absent: none is held */
	struct fact_list holders;         /* who holds it; struct power_holder */
	struct fact_str smt_control;      /* on, off, forceoff, notsupported, notimplemented */
};

extern const struct schema power_holder_schema, power_schema;

#endif
