/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * setup_firmware.c - Documentation/ABI/testing/sysfs-firmware-dmi-tables and
 * sysfs-devices-system-cpu, "vulnerabilities"; /proc/cpuinfo. Serial numbers and the UUID of the
 * machine are not read.
 */
#include <string.h>

#include "facts/kernel.h"
#include "probes/parse/cpuinfo.h"
#include "probes/setup_files.h"
#include "probes/setup_parts.h"

#define DMI "/sys/class/dmi/id"

/* "04/20/2021": "2021-04-20"; another form stays as it is. */
static int set_date(struct probe_env *env, struct fact_str *f)
{
	const char *v = f->known ? f->v : "";
	const char *iso;

	if (strlen(v) != 10 || v[2] != '/' || v[5] != '/')
		return 0;
	iso = arena_printf(env->arena, "%s-%.2s-%.2s", v + 6, v, v + 3);
	if (!iso)
		return -ENOMEM;
	f->v = iso;
	return 0;
}

static int read_board(struct probe_env *env, struct setup_facts *f)
{
	auto_free char *vendor = NULL;
	auto_free char *name = NULL;
	const char *board;

	if (sysroot_read_line(env->root, &vendor, DMI "/board_vendor") < 0)
		vendor = NULL;
	if (sysroot_read_line(env->root, &name, DMI "/board_name") < 0)
		name = NULL;
	if (!vendor && !name)
		return 0;
	board = arena_printf(env->arena, "%s%s%s", vendor ? vendor : "", vendor && name ? " " : "",
			     name ? name : "");
	return board ? fact_set_str(&f->board, env->arena, board) : -ENOMEM;
}

static int read_dmi(struct probe_env *env, struct setup_facts *f)
{
	const bool has_id = setup_exists(env, DMI);
	int r;

	if (has_id || setup_exists(env, "/sys/firmware/dmi/tables/DMI"))
		fact_set_bool(&f->has_smbios, true);
	else if (setup_is_absent(env, "/sys/firmware/dmi"))
		fact_set_bool(&f->has_smbios, false);
	if (!has_id)
		return probe_gap(env, "bios_version", DMI, -ENOENT);
	r = probe_read_str(env, &f->bios_vendor, "bios_vendor", DMI "/bios_vendor");
	if (r == 0)
		r = probe_read_str(env, &f->bios_version, "bios_version", DMI "/bios_version");
	if (r == 0)
		r = probe_read_str(env, &f->bios_date, "bios_date", DMI "/bios_date");
	if (r == 0)
		r = set_date(env, &f->bios_date);
	return r < 0 ? r : read_board(env, f);
}

static int read_vulnerability(struct probe_env *env, struct setup_facts *f, const char *name)
{
	auto_free char *value = NULL;
	struct setting_fact *s;
	int r = sysroot_read_line(env->root, &value, "/sys/devices/system/cpu/vulnerabilities/%s",
				  name);

	if (r < 0)
		return r == -ENOMEM ? r : probe_gap(env, "vulnerabilities", name, r);
	s = fact_add_item(&f->vulnerabilities, env->arena, sizeof(*s));
	if (!s)
		return -ENOMEM;
	/* Since 6.16; "Unknown (…)" says nothing. */
	if (!strcmp(name, "old_microcode") &&
	    (!strncmp(value, "Vulnerable", 10) || !strncmp(value, "Not affected", 12)))
		fact_set_bool(&f->is_microcode_old, value[0] == 'V');
	r = fact_set_str(&s->name, env->arena, name);
	return r < 0 ? r : fact_set_str(&s->value, env->arena, value);
}

static int read_vulnerabilities(struct probe_env *env, struct setup_facts *f)
{
	static const char dir[] = "/sys/devices/system/cpu/vulnerabilities";
	char **names;
	size_t n;
	int r = sysroot_list(env->root, &names, &n, "%s", dir);

	if (r < 0)
		return probe_gap(env, "vulnerabilities", dir, r);
	f->vulnerabilities.known = true;
	for (size_t i = 0; r == 0 && i < n; i++)
		r = read_vulnerability(env, f, names[i]);
	names_free(names, n);
	return r;
}

static int read_cpuinfo(struct probe_env *env, struct setup_facts *f)
{
	static const char *const wanted[] = {
		"vmx",
		"svm",
		"hypervisor",
		"ept",
		"npt",
		"vpid",
		"avic",
		"x2avic",
		"x2apic",
		"tsc_deadline_timer",
		"constant_tsc",
		"nonstop_tsc",
		"tsc_adjust",
		"tsc_scale",
		"tsc_known_freq",
		"tsc_reliable",
		"rdtscp",
		"pdpe1gb",
		"pcid",
		"invpcid",
		"pti",
		"ibrs",
		"ibpb",
		"stibp",
		"ibrs_enhanced",
		"smep",
		"smap",
		"umip",
		"waitpkg",
		"split_lock_detect",
		"bus_lock_detect",
		"topoext",
		"smca",
		"avx2",
		"avx512f",
		"hwp",
		"hwp_epp",
		"cppc",
		"amd_lbr_v2",
		"art",
		"arat",
		"la57",
	};
	static const char *const fields[] = { "microcode", "cpu_flags" };
	struct cpuinfo info;
	struct text text;
	int r = probe_read_text_for(env, &text, fields, ARRAY_SIZE(fields), "/proc/cpuinfo");

	if (r < 0 || !text.at)
		return r;
	cpuinfo_parse(text, &info);
	r = fact_set_text(&f->microcode, env->arena, info.microcode);
	f->cpu_flags.known = info.flags.at;
	for (size_t i = 0; r == 0 && info.flags.at && i < ARRAY_SIZE(wanted); i++) {
		if (cpuinfo_has_flag(&info, wanted[i]))
			r = fact_add_str(&f->cpu_flags, env->arena, wanted[i]);
	}
	return r;
}

int setup_read_firmware(struct probe_env *env, struct setup_facts *f)
{
	int r = read_dmi(env, f);

	if (r == 0)
		r = read_cpuinfo(env, f);
	return r < 0 ? r : read_vulnerabilities(env, f);
}
