/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * qemu_clock.c - QEMU's options about the clock and timers of the guest.
 *
 * Timers that no option speaks of are left out, as they are in libvirt's XML: both mean the same
 * defaults of QEMU then.
 */
#include <string.h>

#include "probes/parse/qemu_parts.h"

static int read_offset(struct qemu_reader *r)
{
	const char *base = qemu_last(r, "-rtc", "base");

	if (!base && qemu_has(r, "-localtime"))
		base = "localtime";
	/* QEMU's own default. */
	if (!base)
		base = "utc";
	/* A date, at which the clock begins. */
	if (*base >= '0' && *base <= '9')
		base = "absolute";
	else if (strcmp(base, "utc") != 0 && strcmp(base, "localtime") != 0)
		return 0;
	return qemu_set_str(r, &r->facts->clock_offset, base);
}

/* Which clock of QEMU the RTC follows, in libvirt's words (qemuBuildClockArgStr). */
static const char *track_name(const char *clock)
{
	static const char *const names[][2] = {
		{ "vm", "guest" },
		{ "host", "wall" },
		{ "rt", "realtime" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(names) && clock; i++) {
		if (!strcmp(clock, names[i][0]))
			return names[i][1];
	}
	return NULL;
}

static int read_rtc(struct qemu_reader *r)
{
	const char *drift = qemu_last(r, "-rtc", "driftfix");
	const char *track = track_name(qemu_last(r, "-rtc", "clock"));
	const bool is_slewed = (drift && !strcmp(drift, "slew")) || qemu_has(r, "-rtc-td-hack");
	struct domain_timer *timer;
	int e;

	if (!track && !is_slewed)
		return 0;
	timer = qemu_timer(r, "rtc");
	if (!timer)
		return -ENOMEM;
	e = qemu_set_str(r, &timer->track, track);
	return e < 0 || !is_slewed ? e : qemu_set_str(r, &timer->tickpolicy, "catchup");
}

static int read_pit(struct qemu_reader *r)
{
	const char *policy = qemu_global(r, "kvm-pit", "lost-tick-policy");
	struct domain_timer *timer;

	if (!policy && qemu_has(r, "-no-kvm-pit-reinjection"))
		policy = "discard";
	if (!policy)
		return 0;
	timer = qemu_timer(r, "pit");
	/* "slew" is what libvirt calls catchup. */
	return timer ? qemu_set_str(r, &timer->tickpolicy,
				    strcmp(policy, "slew") ? policy : "catchup")
		     : -ENOMEM;
}

static int read_hpet(struct qemu_reader *r)
{
	const char *state = qemu_switch(qemu_last(r, "-machine", "hpet"));
	struct domain_timer *timer;

	if (qemu_has(r, "-no-hpet"))
		state = "off";
	if (!state)
		return 0;
	timer = qemu_timer(r, "hpet");
	if (!timer)
		return -ENOMEM;
	fact_set_bool(&timer->is_present, !strcmp(state, "on"));
	return 0;
}

int qemu_read_clock(struct qemu_reader *r)
{
	int e = 0;

	r->facts->timers.known = true;
	/* An excerpt tells nothing by what it leaves out. */
	if (*r->program || qemu_has(r, "-rtc"))
		e = read_offset(r);
	if (e == 0)
		e = read_rtc(r);
	if (e == 0)
		e = read_pit(r);
	return e == 0 ? read_hpet(r) : e;
}
