/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * clock - clocksource and TSC as the kernel sees them.
 * Formats: Documentation/ABI/testing/sysfs-devices-system-clocksource, parse/{cpuinfo,klog}.h.
 */
#include "facts/clock.h"

#include <sys/utsname.h>

#include "probes/parse/cmdline.h"
#include "probes/parse/cpuinfo.h"
#include "probes/parse/klog.h"
#include "probes/probe.h"

#define CLOCKSOURCE "/sys/devices/system/clocksource/clocksource0"
#define CPUINFO     "/proc/cpuinfo"

static int read_clocksources(struct probe_env *env, struct clock_facts *f)
{
	static const char path[] = CLOCKSOURCE "/available_clocksource";
	struct text text, word;
	int r;

	r = probe_read_str(env, &f->current, "current", CLOCKSOURCE "/current_clocksource");
	if (r == 0)
		r = probe_read_text(env, &text, "available", path);
	if (r < 0 || !text.at)
		return r;
	f->available.known = true;
	while (r == 0 && text_next_word(&text, &word)) {
		const char *name = arena_strndup(env->arena, word.at, word.len);

		r = name ? fact_add_str(&f->available, env->arena, name) : -ENOMEM;
	}
	return r;
}

/* The running kernel knows; a captured tree can tell only through its cpuinfo. */
static int find_arch(struct probe_env *env, struct clock_facts *f, const struct cpuinfo *info)
{
	struct utsname name;
	const char *answer;

	if (env->root->is_live && uname(&name) == 0)
		return fact_set_str(&f->arch, env->arena, name.machine);
	if ((answer = probe_answer(env, "clock.arch")))
		return fact_set_str(&f->arch, env->arena, answer);
	if (info->arch)
		return fact_set_str(&f->arch, env->arena, info->arch);
	return probe_gap_words(env, "arch", CPUINFO, "does not tell the architecture");
}

static int read_processor(struct probe_env *env, struct clock_facts *f)
{
	static const char *const fields[] = { "has_constant_tsc", "has_nonstop_tsc",
					      "has_tsc_adjust", "has_known_freq" };
	static const char *const flags[] = { "constant_tsc", "nonstop_tsc", "tsc_adjust",
					     "tsc_known_freq" };
	struct fact_bool *const facts[] = { &f->has_constant_tsc, &f->has_nonstop_tsc,
					    &f->has_tsc_adjust, &f->has_known_freq };
	struct cpuinfo info;
	struct text text;
	int r = probe_read_text_for(env, &text, fields, ARRAY_SIZE(fields), CPUINFO);

	cpuinfo_parse(text, &info);
	if (r == 0)
		r = find_arch(env, f, &info);
	/* Without a TSC there is nothing to know; a file that is missing has its gap. */
	if (r < 0 || !text.at || (f->arch.known && !fact_is(&f->arch, "x86_64")))
		return r;
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(fields); i++) {
		if (info.flags.at)
			fact_set_bool(facts[i], cpuinfo_has_flag(&info, flags[i]));
		else
			r = probe_gap_words(env, fields[i], CPUINFO, "lists no flags");
	}
	return r;
}

static int add_verdicts(struct probe_env *env, struct clock_facts *f,
			const struct klog_clock *clock)
{
	int r = 0;

	f->verdicts.known = true;
	for (size_t i = 0; r == 0 && i < clock->n_verdicts; i++) {
		const struct text t = clock->verdicts[i];
		const char *line = arena_strndup(env->arena, t.at, t.len);

		r = line ? fact_add_str(&f->verdicts, env->arena, line) : -ENOMEM;
	}
	return r;
}

/* What the log does not say is only known when the log is whole. */
static int read_log(struct probe_env *env, struct clock_facts *f)
{
	static const char lost[] = "the log no longer reaches back to the boot";
	struct klog_clock clock;
	struct text log;
	int r = probe_kernel_log(env, &log, "verdicts");

	if (r < 0)
		return r;
	klog_clock_parse(log, &clock);
	if (log.at)
		r = add_verdicts(env, f, &clock);
	if (clock.is_tsc_unstable || clock.has_boot)
		fact_set_bool(&f->is_tsc_unstable, clock.is_tsc_unstable);
	else if (r == 0)
		r = probe_gap_words(env, "is_tsc_unstable", "kernel log",
				    log.at ? lost : "there is none");
	if (clock.tsc_khz)
		fact_set_u64(&f->tsc_khz, clock.tsc_khz);
	else if (r == 0)
		r = probe_gap_words(env, "tsc_khz", "kernel log",
				    !log.at          ? "there is none"
				    : clock.has_boot ? "holds no frequency"
						     : lost);
	return r;
}

static bool has_word(const char *list, const char *word)
{
	struct text rest = text_of(list), piece;

	while (text_next_piece(&rest, ',', &piece)) {
		if (text_equal(piece, word))
			return true;
	}
	return false;
}

/* Each tsc= adds to the ones before it (tsc_setup() in arch/x86/kernel/tsc.c): "reliable,…". */
static int collect_tsc_option(struct probe_env *env, struct text cmdline, struct fact_str *f)
{
	struct cmdline_word word;
	const char *all = NULL;

	while (cmdline_next(&cmdline, &word)) {
		const char *value;

		if (!word.value.at || !cmdline_name_is(word.name, "tsc"))
			continue;
		value = arena_strndup(env->arena, word.value.at, word.value.len);
		if (value && all && has_word(all, value))
			continue;
		all = value && all ? arena_printf(env->arena, "%s,%s", all, value) : value;
		if (!all)
			return -ENOMEM;
	}
	return fact_set_str(f, env->arena, all);
}

static int read_cmdline(struct probe_env *env, struct clock_facts *f)
{
	struct text cmdline, value;
	static const char *const fields[] = { "tsc_option", "clocksource_option" };
	int r = probe_read_text_for(env, &cmdline, fields, ARRAY_SIZE(fields), "/proc/cmdline");

	if (r < 0 || !cmdline.at)
		return r;
	/* Options that are not there stay unknown without a gap: nothing was asked for. */
	r = collect_tsc_option(env, cmdline, &f->tsc_option);
	if (r == 0 && cmdline_last(cmdline, "clocksource", &value))
		r = fact_set_text(&f->clocksource_option, env->arena, value);
	return r;
}

static int measure(struct probe_env *env, void *facts)
{
	struct clock_facts *f = facts;
	int r = read_clocksources(env, f);

	if (r == 0)
		r = read_processor(env, f);
	if (r == 0)
		r = read_log(env, f);
	return r < 0 ? r : read_cmdline(env, f);
}

int main(int argc, char **argv)
{
	return probe_main(argc, argv, "clock", measure);
}
