/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_guestclock.c - has the guest the right timers, and the right time? */
#include "analyze/guest_config.h"

/* Settings that follow somebody else's clock, as the guest left it or the user chose it. */
static bool is_adjusted(const struct fact_str *offset)
{
	return fact_is(offset, "variable") || fact_is(offset, "timezone") ||
	       fact_is(offset, "absolute");
}

static enum verdict judge_offset(const struct host *h, struct finding *out)
{
	const struct fact_str *offset = &h->domain.clock_offset;

	if (fact_is(offset, "localtime")) {
		finding_say(out, "The guest's RTC shows local time, as Windows expects.");
		return VERDICT_PASS;
	}
	if (is_adjusted(offset)) {
		finding_say(out, "The guest's RTC has an offset of its own (%s).", offset->v);
		return VERDICT_PASS;
	}
	finding_say(out, "The guest's RTC shows %s, which Windows takes for local time.",
		    offset->known ? offset->v : "UTC, the default");
	return VERDICT_ADVICE;
}

static bool has_rtc(const struct host *h, struct finding *out)
{
	if (!guest_is_windows(h, out) || !guest_is_x86(h, out))
		return false;
	if (guest_timer_state(h, "rtc") != GUEST_OFF)
		return true;
	finding_say(out, "The guest has no RTC.");
	return false;
}

static enum verdict judge_rtc(const struct host *h, struct finding *out)
{
	const struct domain_timer *rtc = guest_timer(h, "rtc");
	const char *policy = rtc && rtc->tickpolicy.known ? rtc->tickpolicy.v : NULL;

	if (rtc && fact_is(&rtc->track, "guest")) {
		finding_say(out, "The RTC follows the guest's own time (track='guest'): it stands "
				 "still while the guest is paused and stays behind.");
		finding_change(out, CHANGE_XML, "-clock/timer[name=rtc]@track");
		finding_change(out, CHANGE_QEMU, "-rtc: clock=host in place of clock=vm");
		return VERDICT_ADVICE;
	}
	if (rtc && fact_is(&rtc->tickpolicy, "catchup")) {
		finding_say(out, "Lost ticks of the RTC are made up for (catchup).");
		return VERDICT_PASS;
	}
	if (guest_enlightenment(h, "stimer") == GUEST_ON) {
		finding_say(out, "Windows uses Hyper-V's timers, not the RTC's ticks.");
		return VERDICT_NOT_APPLICABLE;
	}
	finding_say(out, "Lost ticks of the RTC are not made up for (%s%s).",
		    policy ? "tickpolicy " : "no tickpolicy", policy ? policy : "");
	return VERDICT_ADVICE;
}

static bool has_pit(const struct host *h, struct finding *out)
{
	if (!guest_is_x86(h, out))
		return false;
	if (guest_timer_state(h, "pit") != GUEST_OFF)
		return true;
	finding_say(out, "The guest has no PIT.");
	return false;
}

static enum verdict judge_pit(const struct host *h, struct finding *out)
{
	const struct domain_timer *pit = guest_timer(h, "pit");

	if (!pit || !pit->tickpolicy.known || fact_is(&pit->tickpolicy, "delay")) {
		finding_say(out, "Lost ticks of the PIT come late%s.",
			    pit && pit->tickpolicy.known ? " (delay)" : ", as QEMU has it");
		return VERDICT_PASS;
	}
	if (fact_is(&pit->tickpolicy, "discard") && !guest_os_is(h, "windows")) {
		finding_say(out, "Lost ticks of the PIT are dropped: %s.",
			    guest_os_is(h, "linux") ? "Linux does not count them"
						    : "guests of today do not count them");
		return VERDICT_NOT_APPLICABLE;
	}
	/* How fast to catch up may stand with that policy alone. */
	if (fact_is(&pit->tickpolicy, "catchup"))
		finding_change(out, CHANGE_XML,
			       "clock/timer[name=pit]@tickpolicy=delay\n"
			       "-clock/timer[name=pit]/catchup");
	finding_say(out, "Lost ticks of the PIT: %s, where delay is meant.", pit->tickpolicy.v);
	return VERDICT_ADVICE;
}

static bool tells_tsc_mode(const struct host *h, struct finding *out)
{
	const struct domain_timer *tsc = guest_timer(h, "tsc");

	if (!guest_is_known(h, out))
		return false;
	if (tsc && tsc->mode.known)
		return true;
	finding_say(out, "No mode is told for the TSC.");
	return false;
}

static enum verdict judge_tsc_mode(const struct host *h, struct finding *out)
{
	finding_say(out, "Timer tsc has mode %s: it has no effect with QEMU.",
		    guest_timer(h, "tsc")->mode.v);
	return VERDICT_ADVICE;
}

static bool is_windows_pc(const struct host *h, struct finding *out)
{
	return guest_is_windows(h, out) && guest_is_x86(h, out);
}

static enum verdict judge_hpet(const struct host *h, struct finding *out)
{
	const enum guest_answer state = guest_timer_state(h, "hpet");

	if (!guest_has_timer(h, "hpet")) {
		finding_say(out, "The guest has no HPET.");
		return VERDICT_PASS;
	}
	finding_say(out, "Windows finds an HPET, which QEMU emulates%s.",
		    state == GUEST_ABSENT ? ": it is there unless it is switched off"
					  : " (it is switched on)");
	return VERDICT_ADVICE;
}

static bool knows_kvmclock(const struct host *h, struct finding *out)
{
	if (!guest_is_x86(h, out))
		return false;
	if (guest_os_is(h, "linux"))
		return true;
	finding_say(out, guest_os_is(h, "windows")
				 ? "Windows does not know kvmclock."
				 : "Only Linux is known to use kvmclock; what runs in the guest "
				   "is not known to be Linux.");
	return false;
}

static enum verdict judge_kvmclock(const struct host *h, struct finding *out)
{
	if (guest_timer_state(h, "kvmclock") != GUEST_OFF) {
		finding_say(out, "The Linux guest has kvmclock.");
		return VERDICT_PASS;
	}
	finding_say(out, "kvmclock is taken away from a Linux guest.");
	return VERDICT_ADVICE;
}

static const struct rule rules[] = {
	{
		.id = "clock.offset-localtime",
		.applies = guest_is_windows,
		.reads = READS(READ(domain.timers)),
		.judge = judge_offset,
	},
	{
		.id = "clock.rtc-catchup",
		.applies = has_rtc,
		.reads = READS(READ(domain.timers)),
		.judge = judge_rtc,
	},
	{
		.id = "clock.pit-delay",
		.applies = has_pit,
		.reads = READS(READ(domain.timers)),
		.judge = judge_pit,
	},
	{ .id = "clock.tsc-native", .applies = tells_tsc_mode, .judge = judge_tsc_mode },
	{
		.id = "clock.hpet-off",
		.applies = is_windows_pc,
		.reads = READS(READ(domain.timers)),
		.judge = judge_hpet,
	},
	{
		.id = "clock.kvmclock-off",
		.applies = knows_kvmclock,
		.reads = READS(READ(domain.timers)),
		.judge = judge_kvmclock,
	},
};

const struct rule_set rules_guestclock = { rules, ARRAY_SIZE(rules) };
