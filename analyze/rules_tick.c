/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_tick.c - what checks the host's TSC, and when do its CPUs tick? */
#include <string.h>

#include "analyze/boot_line.h"
#include "analyze/engine.h"
#include "analyze/guest_config.h"

/* Fewer CPUs do not meet at locks for long. */
#define MANY_CPUS 32u
/* Since this release the kernel trusts a TSC that the CPU vouches for. */
#define TRUSTING_KERNEL "5.17"
/* On so many sockets in each kernel since then; newer ones do on four. */
#define TRUSTED_PACKAGES 2

static bool is_bare_x86(const struct host *h, struct finding *out)
{
	if (h->clock.arch.known && strcmp(h->clock.arch.v, "x86_64") != 0) {
		finding_say(out, "Only x86 has a TSC; this is %s.", h->clock.arch.v);
		return false;
	}
	if (h->cpu.is_virtual.known && h->cpu.is_virtual.v) {
		finding_say(out, "This host is itself a guest: its clocks are its host's.");
		return false;
	}
	return true;
}

static bool has_word(const struct fact_str *option, const char *word)
{
	struct text rest = text_of(option->known ? option->v : NULL), piece;

	while (text_next_piece(&rest, ',', &piece)) {
		if (text_equal(text_trim(piece), word))
			return true;
	}
	return false;
}

/* The user told the kernel not to check. */
static bool is_told_to_trust(const struct host *h)
{
	return has_word(&h->clock.tsc_option, "reliable") ||
	       has_word(&h->clock.tsc_option, "nowatchdog");
}

/* The kernel does not check by itself. */
static bool is_trusted(const struct host *h)
{
	return h->clock.has_constant_tsc.v && h->clock.has_nonstop_tsc.v &&
	       h->clock.has_tsc_adjust.v &&
	       version_compare(h->kernel.release.v, TRUSTING_KERNEL) >= 0 &&
	       (!h->cpu.n_packages.known || h->cpu.n_packages.v <= TRUSTED_PACKAGES);
}

static const char *missing_words(const struct host *h)
{
	if (!h->clock.has_tsc_adjust.v)
		return "the CPU has no tsc_adjust";
	if (!h->clock.has_constant_tsc.v || !h->clock.has_nonstop_tsc.v)
		return "the CPU's TSC is not invariant";
	return h->cpu.n_packages.known && h->cpu.n_packages.v > TRUSTED_PACKAGES
		       ? "it has more than two sockets"
		       : "its kernel is older than " TRUSTING_KERNEL;
}

static bool offers(const struct host *h, const char *clocksource)
{
	return guest_list_has(&h->clock.available, clocksource);
}

static enum verdict judge_hpet(const struct host *h, struct finding *out)
{
	if (offers(h, "hpet")) {
		finding_say(out, "The host has its HPET.");
		return VERDICT_PASS;
	}
	if (is_trusted(h) || is_told_to_trust(h)) {
		finding_say(out, "The host shows no HPET, and its TSC needs none beside it.");
		return VERDICT_NOT_APPLICABLE;
	}
	finding_say(
		out, "The host shows no HPET to check the TSC with, and %s: %s.", missing_words(h),
		offers(h, "acpi_pm") ? "the slow acpi_pm takes its place" : "nothing checks it");
	if (h->kernel.cmdline.known &&
	    boot_line_value(out->arena, h->kernel.cmdline.v, "hpet") != NULL) {
		finding_fix(out, NULL, "", NULL);
		finding_change(out, CHANGE_BOOT, "-hpet");
	}
	return VERDICT_ADVICE;
}

static enum verdict judge_watchdog(const struct host *h, struct finding *out)
{
	if (strcmp(h->clock.current.v, "tsc") != 0) {
		finding_say(out, "The clocksource is %s: see clocksource.tsc.", h->clock.current.v);
		return VERDICT_NOT_APPLICABLE;
	}
	if (is_told_to_trust(h)) {
		finding_say(out, "Nothing checks the TSC: tsc=%s.", h->clock.tsc_option.v);
		return VERDICT_PASS;
	}
	if (is_trusted(h)) {
		finding_say(out, "The kernel trusts this TSC and does not check it.");
		return VERDICT_PASS;
	}
	if (!offers(h, "hpet") && !offers(h, "acpi_pm")) {
		finding_say(out, "There is no clock that the TSC could be checked with.");
		return VERDICT_NOT_APPLICABLE;
	}
	finding_say(out,
		    "The kernel checks the TSC each half second, on one CPU after the other: %s.",
		    missing_words(h));
	return VERDICT_ADVICE;
}

static enum verdict judge_skew(const struct host *h, struct finding *out)
{
	const char *value = boot_line_value(out->arena, h->kernel.cmdline.v, "skew_tick");
	const size_t n = cpus_count(&h->cpu.online.v);

	if (value && !strcmp(value, "1")) {
		finding_say(out, "The ticks of the CPUs are set apart (skew_tick=1).");
		return VERDICT_PASS;
	}
	if (n <= MANY_CPUS || !guest_wants_real_time(h)) {
		finding_say(out,
			    n <= MANY_CPUS ? "%zu CPUs: too few for their ticks to get into "
					     "each other's way."
					   : "No vCPU is real-time; %zu CPUs may tick "
					     "together.",
			    n);
		return VERDICT_NOT_APPLICABLE;
	}
	finding_say(out, "%zu CPUs tick at one moment, under real-time vCPUs.", n);
	return VERDICT_ADVICE;
}

static const struct rule rules[] = {
	{
		.id = "clock.bios-hpet",
		.applies = is_bare_x86,
		.reads = READS(READ(clock.available), READ(clock.has_constant_tsc),
			       READ(clock.has_nonstop_tsc), READ(clock.has_tsc_adjust),
			       READ(kernel.release)),
		.judge = judge_hpet,
	},
	{
		.id = "clock.tsc-watchdog",
		.applies = is_bare_x86,
		.reads = READS(READ(clock.current), READ(clock.available),
			       READ(clock.has_constant_tsc), READ(clock.has_nonstop_tsc),
			       READ(clock.has_tsc_adjust), READ(kernel.release)),
		.judge = judge_watchdog,
	},
	{
		.id = "clock.skew-tick",
		.reads = READS(READ(kernel.cmdline), READ(cpu.online)),
		.judge = judge_skew,
	},
};

const struct rule_set rules_tick = { rules, ARRAY_SIZE(rules) };
