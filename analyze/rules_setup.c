/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_setup.c - the machine itself: who it is, its firmware, its watchdog, its profile. */
#include <string.h>

#include "analyze/engine.h"
#include "analyze/guest_config.h"
#include "analyze/passthrough.h"
#include "analyze/told.h"

#define DAYS_PER_YEAR 365
#define OLD_YEARS     2
#define S_PER_DAY     86400ull

static enum verdict judge_identity(const struct host *h, struct finding *out)
{
	const struct {
		const char *what;
		const struct fact_str *fact;
	} facts[] = {
		{ "kernel", &h->kernel.release },
		{ "distribution", &h->kernel.os_id },
		{ "its version", &h->kernel.os_version },
		{ "CPU", &h->cpu.model },
		{ "board", &h->setup.board },
		{ "firmware", &h->setup.bios_version },
		{ "date of the firmware", &h->setup.bios_date },
		{ "QEMU", &h->setup.qemu_version },
		{ "libvirt", &h->setup.libvirt_version },
		{ "guest", &h->domain.guest_os },
	};
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(facts); i++) {
		n += facts[i].fact->known;
		if (facts[i].fact->known)
			finding_item(out, "%s: %s", facts[i].what, facts[i].fact->v);
	}
	if (!h->kernel.release.known && !h->cpu.model.known) {
		finding_say(out, "Neither the kernel nor the CPU of this host is known.");
		return VERDICT_UNKNOWN;
	}
	finding_say(out, "%s, Linux %s: %zu of %zu names of this host are known.",
		    h->cpu.model.known ? h->cpu.model.v : "unknown CPU",
		    h->kernel.release.known ? h->kernel.release.v : "of unknown release", n,
		    ARRAY_SIZE(facts));
	return VERDICT_PASS;
}

/* Days since 1970 of "2021-04-20" in the Gregorian calendar; false: it is no date. */
static bool parse_days(const char *date, uint64_t *ret_days)
{
	struct text rest = text_of(date), part[3];
	uint64_t v[3];

	for (size_t i = 0; i < 3; i++) {
		if (!text_next_piece(&rest, '-', &part[i]) || text_u64(part[i], &v[i]) < 0)
			return false;
	}
	if (v[0] < 1980 || v[0] > 9999 || v[1] < 1 || v[1] > 12 || v[2] < 1 || v[2] > 31)
		return false;
	/* A year that begins in March ends with the leap day. */
	v[0] -= v[1] <= 2;
	v[1] = v[1] <= 2 ? v[1] + 9 : v[1] - 3;
	*ret_days = 365 * v[0] + v[0] / 4 - v[0] / 100 + v[0] / 400 + (153 * v[1] + 2) / 5 + v[2] -
		    1 - 719468;
	return true;
}

/* A line in which the kernel blames the firmware; NULL: none. */
static const struct log_event *find_blame(const struct host *h)
{
	const struct log_event *e = log_find(h, "tsc-adjust");

	return e ? e : log_find(h, "firmware-bug");
}

static bool is_bare_metal(const struct host *h, struct finding *out)
{
	if (!h->cpu.is_virtual.known || !h->cpu.is_virtual.v)
		return true;
	finding_say(out, "The firmware of a virtual machine is that of its hypervisor.");
	return false;
}

static enum verdict say_old(const struct host *h, uint64_t years, struct finding *out)
{
	const struct log_event *blame = find_blame(h);
	const char *date = h->setup.bios_date.v;

	if (blame && years >= OLD_YEARS) {
		finding_say(out, "The firmware is of %s, and the kernel blames it: %s.", date,
			    blame->text.known ? blame->text.v : blame->kind.v);
		return VERDICT_ADVICE;
	}
	if (blame) {
		finding_say(out, "The firmware is of %s; the kernel blames it nevertheless: %s.",
			    date, blame->text.known ? blame->text.v : blame->kind.v);
		return VERDICT_PASS;
	}
	if (years >= OLD_YEARS) {
		finding_say(out,
			    "The firmware is of %s, more than %d years old; whether there is a "
			    "newer one, its maker's site tells.",
			    date, OLD_YEARS);
		return VERDICT_UNKNOWN;
	}
	finding_say(out, "The firmware is of %s.", date);
	return VERDICT_PASS;
}

static enum verdict judge_firmware(const struct host *h, struct finding *out)
{
	const struct setup_facts *s = &h->setup;
	uint64_t days, now;

	finding_fill(out, "board", "%s", s->board.known ? s->board.v : "this board");
	finding_fill(out, "bios", "%s of %s", s->bios_version.known ? s->bios_version.v : "?",
		     s->bios_date.v);
	if (s->is_microcode_old.known && s->is_microcode_old.v) {
		finding_say(out, "The kernel knows newer microcode for this CPU%s%s.",
			    s->microcode.known ? " than " : "",
			    s->microcode.known ? s->microcode.v : "");
		finding_fix(out, NULL,
			    "Install the distribution's package of microcode (intel-microcode, "
			    "intel-ucode, amd64-microcode, amd-ucode) and reboot; or update the "
			    "firmware.",
			    "");
		return VERDICT_ADVICE;
	}
	if (!parse_days(s->bios_date.v, &days) || !h->run.started_unix_ns.known) {
		finding_say(out, "How old the firmware is (%s) cannot be told.", s->bios_date.v);
		return VERDICT_UNKNOWN;
	}
	now = h->run.started_unix_ns.v / NS_PER_S / S_PER_DAY;
	return say_old(h, now > days ? (now - days) / DAYS_PER_YEAR : 0, out);
}

/* A line that keeps a hardware watchdog from being loaded. */
static const struct setup_modprobe *find_blacklist(const struct host *h)
{
	static const char *const modules[] = { "iTCO_wdt", "sp5100_tco", "wdat_wdt" };

	for (size_t i = 0; i < ARRAY_SIZE(modules); i++) {
		const struct setup_modprobe *line = modprobe_find(h, "blacklist", modules[i]);

		if (line)
			return line;
	}
	return NULL;
}

static enum verdict judge_itco(const struct host *h, struct finding *out)
{
	const struct setup_modprobe *line = find_blacklist(h);
	const char *watchdog = setting_value(&h->kernel.sysctls, "kernel.watchdog");

	if (!line) {
		finding_say(out, "No hardware watchdog is blacklisted.");
		return VERDICT_PASS;
	}
	finding_fill(out, "module", "%s", line->module.v);
	finding_fill_quoted(out, "file", line->path.known ? line->path.v : "?");
	if (watchdog && !strcmp(watchdog, "0")) {
		finding_say(out,
			    "%s is blacklisted, which changes no latency; the lockup detectors, "
			    "which do, are off.",
			    line->module.v);
		return VERDICT_PASS;
	}
	finding_say(out,
		    "%s is blacklisted, but that is the chipset's hardware watchdog and takes no "
		    "interrupts: the lockup detectors%s are another thing.",
		    line->module.v, watchdog ? " (kernel.watchdog=1)" : "");
	return VERDICT_ADVICE;
}

static bool has_tuned(const struct host *h, struct finding *out)
{
	if (!h->setup.tuned_profile.known) {
		finding_say(out, "tuned is not in use.");
		return false;
	}
	/* Distributions ship "balanced": only a host of guests has a reason to leave it. */
	return guest_is_configured(h) || host_has_running_guest(h) || passthrough_is_wanted(h, out);
}

/* What virtual-host sets, as sysctls. */
static size_t check_profile(const struct host *h, struct finding *out)
{
	static const struct {
		const char *sysctl, *value;
	} sets[] = {
		{ "vm.dirty_background_ratio", "5" },
		{ "vm.swappiness", "10" },
	};
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(sets); i++) {
		const char *value = setting_value(&h->kernel.sysctls, sets[i].sysctl);

		if (!value || !strcmp(value, sets[i].value))
			continue;
		finding_item(out, "%s is %s, the profile sets %s", sets[i].sysctl, value,
			     sets[i].value);
		n++;
	}
	return n;
}

static enum verdict judge_tuned(const struct host *h, struct finding *out)
{
	static const char *const saving[] = { "balanced", "powersave", "desktop",
					      "balanced-battery", "laptop-battery-powersave" };
	const char *profile = h->setup.tuned_profile.v;
	size_t n;

	finding_fill_quoted(out, "profile", profile);
	for (size_t i = 0; i < ARRAY_SIZE(saving); i++) {
		if (strcmp(profile, saving[i]) != 0)
			continue;
		finding_say(out, "tuned keeps this host in profile %s, which saves power.",
			    profile);
		return VERDICT_ADVICE;
	}
	if (strcmp(profile, "virtual-host") != 0) {
		finding_say(out, "tuned keeps this host in profile %s.", profile);
		return VERDICT_PASS;
	}
	if (!h->kernel.sysctls.known) {
		finding_say(out,
			    "The profile is virtual-host; whether its values are in effect is not "
			    "known.");
		return VERDICT_UNKNOWN;
	}
	n = check_profile(h, out);
	if (n) {
		finding_say(out, "The profile is virtual-host, but %s%s.", out->items[0],
			    n == 1 ? "" : " …");
		return VERDICT_ADVICE;
	}
	finding_say(out, "The profile virtual-host is in effect; it isolates no CPU and moves no "
			 "interrupt.");
	return VERDICT_PASS;
}

static const struct rule rules[] = {
	{ .id = "env.identity", .judge = judge_identity },
	{ "fw.bios-current", false, is_bare_metal, READS(READ(setup.bios_date)), judge_firmware },
	{ .id = "wdt.itco", .reads = READS(READ(setup.modprobe)), .judge = judge_itco },
	{ .id = "tuned.virtual-host", .applies = has_tuned, .judge = judge_tuned },
};

const struct rule_set rules_setup = { rules, ARRAY_SIZE(rules) };
