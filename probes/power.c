/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * power - boost, energy bias, throttling, latency limits, and the programs that manage them.
 * Sources: Documentation/admin-guide/pm/{intel_pstate,amd-pstate,cpufreq}.rst,
 * Documentation/ABI/testing/sysfs-devices-system-cpu, sysfs-platform_profile.
 */
#include "facts/power.h"

#include "probes/power_parts.h"
#include "probes/programs.h"

#define CPU_DIR "/sys/devices/system/cpu"

/* -ENOENT is 0 with *ret_line NULL: hardware, driver or kernel has no such setting. */
static int read_optional(struct probe_env *env, char **ret_line, const char *field,
			 const char *path)
{
	int r = sysroot_read_line(env->root, ret_line, "%s", path);

	if (r == 0 || r == -ENOMEM)
		return r;
	*ret_line = NULL;
	return r == -ENOENT || r == -ENOTDIR ? 0 : probe_gap(env, field, path, r);
}

/* At most one of the two drivers is there; without either the status is no question. */
static int read_pstate(struct probe_env *env, struct power_facts *f)
{
	static const char *const drivers[] = { "intel_pstate", "amd_pstate" };
	int r = 0;

	for (size_t i = 0; r == 0 && !f->pstate_status.known && i < ARRAY_SIZE(drivers); i++) {
		char *path = arena_printf(env->arena, CPU_DIR "/%s/status", drivers[i]);
		auto_free char *status = NULL;

		if (!path)
			return -ENOMEM;
		r = read_optional(env, &status, "pstate_status", path);
		if (r == 0 && status)
			r = fact_set_str(&f->pstate_status, env->arena, status);
		if (r == 0 && status)
			r = fact_set_str(&f->pstate_driver, env->arena, drivers[i]);
	}
	return r;
}

static int read_boost(struct probe_env *env, struct power_facts *f)
{
	static const struct {
		const char *path;
		bool off; /* its value when boost is off */
	} files[] = {
		{ CPU_DIR "/intel_pstate/no_turbo", true },
		{ CPU_DIR "/cpufreq/boost", false },
	};
	int r = 0;

	for (size_t i = 0; r == 0 && !f->is_boost_off.known && i < ARRAY_SIZE(files); i++) {
		auto_free char *line = NULL;
		bool v;

		r = read_optional(env, &line, "is_boost_off", files[i].path);
		if (r < 0 || !line)
			continue;
		if (text_bool(text_of(line), &v) == 0)
			fact_set_bool(&f->is_boost_off, v == files[i].off);
		else
			r = probe_gap(env, "is_boost_off", files[i].path, -EBADMSG);
	}
	return r;
}

static int read_platform_profile(struct probe_env *env, struct power_facts *f)
{
	static const char path[] = "/sys/firmware/acpi/platform_profile";
	auto_free char *line = NULL;
	int r = read_optional(env, &line, "platform_profile", path);

	return r < 0 ? r : fact_set_str(&f->platform_profile, env->arena, line);
}

/* Programs that set governors, boost or EPP while they run. */
static const char *const managers[] = {
	"power-profiles-daemon",
	"tuned",
	"tuned-ppd",
	"tlp-pd",
	"auto-cpufreq",
	"thermald",
	"gamemoded",
	"cpufreqd",
	"powersaved",
	"asusd",
	"intel-undervolt",
	"system76-power",
};

/* Programs that set them at boot and when power is plugged, and then only leave a file behind. */
static const struct {
	const char *name, *path;
} traces[] = {
	{ "tlp", "/run/tlp/last_pwr" },
	{ "laptop-mode-tools", "/run/laptop-mode-tools/enabled" },
};

static int add_traces(struct probe_env *env, struct fact_strs *found)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(traces); i++) {
		if (sysroot_exists(env->root, "%s", traces[i].path) == 0)
			r = fact_add_str(found, env->arena, traces[i].name);
	}
	return r;
}

static int read_managers(struct probe_env *env, struct power_facts *f)
{
	bool is_running[ARRAY_SIZE(managers)];
	struct fact_strs found = { 0 };
	int error = programs_running(env->root, managers, ARRAY_SIZE(managers), is_running);
	int r = 0;

	if (error == -ENOMEM)
		return error;
	for (size_t i = 0; r == 0 && (error == 0 || error == -EACCES) && i < ARRAY_SIZE(managers);
	     i++) {
		if (is_running[i])
			r = fact_add_str(&found, env->arena, managers[i]);
	}
	if (r == 0)
		r = add_traces(env, &found);
	if (r == 0 && error < 0)
		r = probe_gap_words(env, "managers", "/proc",
				    error == -EACCES ? "processes of other users are hidden"
						     : "there are no processes to look at");
	/* That there are none is known only where all could be seen. */
	found.known = error == 0 || found.n > 0;
	f->managers = found;
	return r;
}

static int measure(struct probe_env *env, void *facts)
{
	struct power_facts *f = facts;
	int r = power_read_cpus(env, f);

	if (r == 0)
		r = read_pstate(env, f);
	if (r == 0)
		r = read_boost(env, f);
	if (r == 0)
		r = read_platform_profile(env, f);
	if (r == 0)
		r = probe_read_str(env, &f->smt_control, "smt_control", CPU_DIR "/smt/control");
	if (r == 0)
		r = read_managers(env, f);
	return r < 0 ? r : power_read_latency(env, f);
}

int main(int argc, char **argv)
{
	return probe_main(argc, argv, "power", measure);
}
