/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_gap.c - what only missing time shows: SMIs, logged pages, a desktop beside the guest. */
#include <string.h>

#include "analyze/blame.h"
#include "analyze/engine.h"
#include "analyze/told.h"

typedef unsigned long long ull;

enum {
	SMIS_RARE = 2, /* no more than that in a run are chance */
	/* A change of the core frequency stops all CPUs too, for some ten us. */
	TOGETHER_LONG_US = 50
};

/* System management interrupts of the CPU that counted most: each is one of all CPUs. */
static uint64_t count_smis(const struct host *h)
{
	const struct gap_smi *s = h->gap.smis.v;
	uint64_t n = 0;

	for (size_t i = 0; i < h->gap.smis.n; i++)
		n = u64_max(n, s[i].n.v);
	return n;
}

/* How long the first CPU spun; the others did so beside it. */
static uint64_t spun_ns(const struct host *h)
{
	const struct gap_unit *u = h->gap.units.v;
	uint64_t ns = 0;

	for (size_t i = 0; i < h->gap.units.n; i++) {
		if (u[i].cpu.v == u[0].cpu.v && u[i].window_ns.v < UINT64_MAX - ns)
			ns += u[i].window_ns.v;
	}
	return ns;
}

static bool is_smi(const struct host *h, const struct trace_culprit *c, const void *arg)
{
	(void)h;
	(void)arg;
	return fact_is(&c->class, "residue") && fact_is(&c->name, "SMI");
}

static bool can_see_smis(const struct host *h, struct finding *out)
{
	struct blame b;

	if (h->cpu.is_virtual.known && h->cpu.is_virtual.v) {
		finding_say(out, "This host is itself a guest: what stops its CPUs together is the "
				 "hypervisor below (host.steal).");
		return false;
	}
	if (h->gap.units.known || blame_some(h, is_smi, NULL, &b))
		return true;
	finding_say(out, "Nothing spun on the guest's CPUs in this run, which alone shows them.");
	return false;
}

static enum verdict say_smis(const struct host *h, uint64_t n, struct finding *out)
{
	finding_measured(out, 0);
	if (!n) {
		finding_say(out, "The CPUs counted no system management interrupt.");
		return VERDICT_PASS;
	}
	finding_say(out, "The CPUs counted %llu system management interrupt%s in %s.", (ull)n,
		    n == 1 ? "" : "s", blame_ns(out, spun_ns(h)));
	return n <= SMIS_RARE ? VERDICT_PASS : VERDICT_ADVICE;
}

static enum verdict say_together(const struct host *h, struct finding *out)
{
	const uint64_t n = h->gap.n_together.v, ns = h->gap.together_ns.v;
	const uint64_t window_us = spun_ns(h) / NS_PER_US;

	finding_measured(out, window_us ? u64_min(ns / window_us, 1000) : 0);
	if (n <= SMIS_RARE || ns / n < TOGETHER_LONG_US * NS_PER_US) {
		finding_say(out, n ? "Few or short gaps began on several CPUs together without a "
				     "cause that the kernel knows."
				   : "No gap began on several CPUs together without a cause.");
		out->share_permille = 0;
		return VERDICT_PASS;
	}
	finding_say(
		out,
		"%llu times all that spun stopped together, %s on average, and the kernel knows "
		"no cause: as system management interrupts do.",
		(ull)n, blame_ns(out, ns / n));
	return VERDICT_ADVICE;
}

static enum verdict judge_smis(const struct host *h, struct finding *out)
{
	struct blame b;

	if (h->gap.smis.known)
		return say_smis(h, count_smis(h), out);
	if (blame_some(h, is_smi, NULL, &b)) {
		finding_measured(out, b.guest_permille);
		finding_say(out, "%llu system management interrupts took %s from the guest.",
			    (ull)b.n, blame_ns(out, b.total_ns));
		return b.n <= SMIS_RARE ? VERDICT_PASS : VERDICT_ADVICE;
	}
	if (!fact_is(&h->gap.rung, "tracefs") || !h->gap.n_together.known ||
	    !h->gap.together_ns.known || cpus_count(&h->gap.cpus.v) < 2) {
		finding_say(out, "There is no counter of them here, and %s.",
			    h->gap.cpus.known && cpus_count(&h->gap.cpus.v) < 2
				    ? "it takes two CPUs to see them"
				    : "without a trace gaps have no causes");
		return VERDICT_UNKNOWN;
	}
	return say_together(h, out);
}

static bool is_vmx_exit(const struct host *h, const struct trace_culprit *c, const void *arg)
{
	(void)h;
	(void)arg;
	return fact_is(&c->class, "exit") && c->name.v[0] >= 'A' && c->name.v[0] <= 'Z';
}

static bool is_full_log(const struct host *h, const struct trace_culprit *c, const void *arg)
{
	(void)h;
	(void)arg;
	return fact_is(&c->class, "exit") && fact_is(&c->name, "PML_FULL");
}

static bool tells_exits(const struct host *h, struct finding *out)
{
	struct blame b;

	if (blame_some(h, is_vmx_exit, NULL, &b))
		return true;
	finding_say(out, "Only a trace of a guest's exits on a CPU of Intel tells.");
	return false;
}

static enum verdict judge_dirty_log(const struct host *h, struct finding *out)
{
	struct blame b;

	if (!blame_some(h, is_full_log, NULL, &b) || !blame_is_noticeable(h, &b)) {
		finding_measured(out, 0);
		finding_say(out, "The guest was not being copied: hardly a page was logged.");
		return VERDICT_PASS;
	}
	finding_say(out,
		    "The guest was being copied while it ran (migration, backup or snapshot): logs "
		    "of written pages were full %llu times.",
		    (ull)b.n);
	return VERDICT_ADVICE;
}

static bool is_desktop(const struct host *h, const struct trace_culprit *c, const void *arg)
{
	static const char *const names[] = {
		"Xorg",        "X",      "Xwayland", "gnome-shell", "kwin_x11", "kwin_wayland",
		"plasmashell", "sway",   "Hyprland", "mutter",      "xfwm4",    "cinnamon",
		"picom",       "weston", "pipewire", "pulseaudio"
	};

	(void)h;
	(void)arg;
	for (size_t i = 0; fact_is(&c->class, "task") && i < ARRAY_SIZE(names); i++) {
		if (fact_is(&c->name, names[i]))
			return true;
	}
	return false;
}

static bool has_trace(const struct host *h, struct finding *out)
{
	if (blame_can_tell(h) && !blame_is_recording(h))
		return true;
	finding_say_open(out, "Only a trace of a run tells whom the desktop holds up.");
	return false;
}

static enum verdict judge_desktop(const struct host *h, struct finding *out)
{
	struct blame b;

	finding_measured(out, 0);
	if (!blame_some(h, is_desktop, NULL, &b) || !blame_is_noticeable(h, &b)) {
		finding_say(out, "The host's desktop held up neither the guest nor its helpers.");
		return VERDICT_PASS;
	}
	finding_measured(out, b.guest_permille);
	blame_list(h, is_desktop, NULL, out);
	finding_say(out,
		    "The host's desktop held the guest or its helpers up: %s for %s in %llu turns, "
		    "%s.",
		    blame_name(h, b.most, out), blame_ns(out, b.total_ns), (ull)b.n,
		    blame_longest(out, &b));
	return VERDICT_ADVICE;
}

static const struct rule rules[] = {
	{ .id = "smi.count", .applies = can_see_smis, .judge = judge_smis },
	{ .id = "kvm.dirty-log", .applies = tells_exits, .judge = judge_dirty_log },
	{ .id = "host.compositor", .applies = has_trace, .judge = judge_desktop },
};

const struct rule_set rules_gap = { rules, ARRAY_SIZE(rules) };
