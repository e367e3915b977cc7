/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/power.h"

/* clang-format off */
#define F(member) FIELD(struct power_holder, member)
static const struct fact_field holder_fields[] = {
	{ F(pid), FACT_U64, FACT_NOT_COMPARED, "", "process" },
	{ F(comm), FACT_STR, FACT_NOT_COMPARED, "", "its name", .pseudonym = "task" },
};
#undef F
#define F(member) FIELD(struct power_facts, member)
static const struct fact_field fields[] = {
	{ F(epb), FACT_PAIRS, FACT_SETTING, "", "energy performance bias by CPU: 0 performance, 6 normal, 15 power save" },
	{ F(pstate_status), FACT_STR, FACT_SETTING, "", "active, passive, guided or off, of intel_pstate or amd_pstate", .privacy = FACT_OPEN },
	{ F(pstate_driver), FACT_STR, FACT_SETTING, "", "intel_pstate or amd_pstate, whose status that is", .privacy = FACT_OPEN },
	{ F(is_boost_off), FACT_BOOL, FACT_SETTING, "", "turbo or boost is switched off" },
	{ F(throttles), FACT_PAIRS, FACT_NOT_COMPARED, "", "thermal throttle events of the core since boot, by CPU; zeros left out" },
	{ F(package_throttles), FACT_U64, FACT_NOT_COMPARED, "", "thermal throttle events of the packages since boot" },
	{ F(current_khz), FACT_PAIRS, FACT_NOT_COMPARED, "kHz", "frequency now, by CPU" },
	{ F(managers), FACT_STRS, FACT_SETTING, "", "running programs that set governors: power-profiles-daemon tuned tuned-ppd tlp auto-cpufreq thermald gamemoded cpupower …", .privacy = FACT_OPEN },
	{ F(platform_profile), FACT_STR, FACT_SETTING, "", "profile of the firmware", .privacy = FACT_OPEN },
	{ F(dma_latency_us), FACT_I64, FACT_SETTING, "us", "limit of wake-up latency asked for through /dev/cpu_dma_latency; absent: none is held" },
	{ F(holders), FACT_LIST, FACT_NOT_COMPARED, "", "who holds it", &power_holder_schema },
	{ F(smt_control), FACT_STR, FACT_SETTING, "", "on, off, forceoff, notsupported, notimplemented", .privacy = FACT_OPEN },
};
#undef F
/* clang-format on */

const struct schema power_holder_schema = { "holder",
					    "A process that holds /dev/cpu_dma_latency open",
					    sizeof(struct power_holder), holder_fields,
					    ARRAY_SIZE(holder_fields) };
const struct schema power_schema = { "power", "Processor power: boost, bias, throttling, managers",
				     sizeof(struct power_facts), fields, ARRAY_SIZE(fields) };
