/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/kernel.h"

#include <string.h>

/* clang-format off */
#define F(member) FIELD(struct setting_fact, member)
static const struct fact_field setting_fields[] = {
	{ F(name), FACT_STR, FACT_SETTING, "", "name" },
	{ F(value), FACT_STR, FACT_SETTING, "", "value, as text" },
};
#undef F
#define F(member) FIELD(struct boot_pages_fact, member)
static const struct fact_field boot_pages_fields[] = {
	{ F(page_kib), FACT_U64, FACT_SETTING, "KiB", "page size; absent: the default size" },
	{ F(n_pages), FACT_U64, FACT_SETTING, "pages", "how many" },
};
#undef F
/* clang-format on */

const struct schema boot_pages_schema = { "pages", "Huge pages asked for on the command line",
					  sizeof(struct boot_pages_fact), boot_pages_fields,
					  ARRAY_SIZE(boot_pages_fields) };
const struct schema setting_schema = { "setting", "A name and its value",
				       sizeof(struct setting_fact), setting_fields,
				       ARRAY_SIZE(setting_fields) };

#define F(member) FIELD(struct kernel_facts, member)

/* clang-format off */
static const struct fact_field fields[] = {
	{ F(release), FACT_STR, FACT_SETTING, "", "kernel release", .privacy = FACT_OPEN },
	{ F(version), FACT_STR, FACT_SETTING, "", "kernel build", .privacy = FACT_OPEN },
	{ F(os_id), FACT_STR, FACT_SETTING, "", "distribution", .privacy = FACT_OPEN },
	{ F(os_version), FACT_STR, FACT_SETTING, "", "its version", .privacy = FACT_OPEN },
	{ F(cmdline), FACT_STR, FACT_SETTING, "", "kernel command line" },
	{ F(isolcpus), FACT_CPUS, FACT_SETTING, "", "isolcpus= on the command line" },
	{ F(nohz_full), FACT_CPUS, FACT_SETTING, "", "nohz_full= on the command line" },
	{ F(rcu_nocbs), FACT_CPUS, FACT_SETTING, "", "rcu_nocbs= on the command line" },
	{ F(irqaffinity), FACT_CPUS, FACT_SETTING, "", "irqaffinity= on the command line" },
	{ F(isolcpus_flags), FACT_STRS, FACT_SETTING, "", "flags in isolcpus=" },
	{ F(boot_pages), FACT_LIST, FACT_SETTING, "", "hugepages= on the command line", &boot_pages_schema },
	{ F(default_page_kib), FACT_U64, FACT_SETTING, "KiB", "default_hugepagesz= on the command line" },
	{ F(config_path), FACT_STR, FACT_NOT_COMPARED, "", "file the build configuration was read from", .pseudonym = "path" },
	{ F(config), FACT_LIST, FACT_SETTING, "", "build options that rules need", &setting_schema },
	{ F(params), FACT_LIST, FACT_SETTING, "", "module parameters that rules need", &setting_schema },
	{ F(sysctls), FACT_LIST, FACT_SETTING, "", "sysctls that rules need", &setting_schema },
	{ F(rt_runtime_us), FACT_I64, FACT_SETTING, "us", "kernel.sched_rt_runtime_us; -1: no throttling" },
	{ F(rt_period_us), FACT_U64, FACT_SETTING, "us", "kernel.sched_rt_period_us" },
	{ F(hz), FACT_U64, FACT_SETTING, "1/s", "timer ticks per second (CONFIG_HZ)" },
};
/* clang-format on */

const struct schema kernel_schema = { "kernel", "Kernel: command line, configuration, parameters",
				      sizeof(struct kernel_facts), fields, ARRAY_SIZE(fields) };

const char *setting_value(const struct fact_list *settings, const char *name)
{
	const struct setting_fact *s = settings->v;

	for (size_t i = 0; i < settings->n; i++) {
		if (fact_is(&s[i].name, name) && s[i].value.known)
			return s[i].value.v;
	}
	return NULL;
}
