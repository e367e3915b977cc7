/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_cpusets.c - isolation without a reboot: cpusets, partitions, policies of the vCPUs. */
#include <string.h>

#include "analyze/engine.h"
#include "analyze/guest_config.h"

static bool has_slices(const struct host *h, struct finding *out)
{
	if (!guest_has_own_cpus(h, out))
		return false;
	if (fact_is(&h->sched.cgroup_version, "v1") || fact_is(&h->sched.cgroup_version, "none")) {
		finding_say(out,
			    "AllowedCPUs= of systemd needs cpusets of cgroup v2; here they are %s.",
			    fact_is(&h->sched.cgroup_version, "v1") ? "v1" : "not there");
		return false;
	}
	return true;
}

static const struct sched_cpuset *find_cpuset(const struct host *h, const char *path)
{
	const struct sched_cpuset *c = h->sched.cpusets.v;

	for (size_t i = 0; i < h->sched.cpusets.n; i++) {
		if (fact_is(&c[i].path, path))
			return &c[i];
	}
	return NULL;
}

/* Whether systemd was told to keep tasks off the guest's CPUs, and forgot none of its parts. */
static enum verdict judge_dynamic(const struct host *h, struct finding *out)
{
	static const char *const parts[] = { "system.slice", "user.slice", "init.scope" };
	const bool runs = host_has_running_guest(h);
	size_t n_kept = 0, n_open = 0, n_short = 0;

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		const struct sched_cpuset *c = find_cpuset(h, parts[i]);
		const bool has_cpus = c && c->effective.known;
		const bool overlaps =
			!has_cpus || cpus_intersects(&c->effective.v, &h->cpus.guest.v);

		if (has_cpus)
			finding_item(out, "%s: %s", parts[i], finding_cpus(out, &c->effective.v));
		n_kept += !overlaps;
		n_open += overlaps;
		n_short += has_cpus && h->cpu.online.known &&
			   !cpus_equal(&c->effective.v, &h->cpu.online.v);
	}
	if (n_kept == ARRAY_SIZE(parts) && runs) {
		finding_say(out,
			    "systemd keeps tasks of the host off the guest's CPUs while it runs.");
		return VERDICT_PASS;
	}
	if (n_kept && n_open && runs) {
		finding_say(out, "Only %zu of %zu parts of systemd are kept off the guest's CPUs.",
			    n_kept, ARRAY_SIZE(parts));
		return VERDICT_ADVICE;
	}
	if (n_short && !runs && h->guest.guests.known && h->guest.guests.n == 0) {
		finding_say(
			out,
			"No guest runs, yet %zu parts of systemd are still restricted: the hook "
			"that ends it did not give the CPUs back.",
			n_short);
		finding_fix(
			out,
			"for u in system.slice user.slice init.scope; do sudo systemctl set-property "
			"--runtime -- $u AllowedCPUs={ALL}; done",
			NULL, "");
		return VERDICT_ADVICE;
	}
	finding_say(
		out,
		"No part of systemd is restricted to the host's CPUs; where isolation without a "
		"reboot is wanted, this does it.");
	return VERDICT_NOT_APPLICABLE;
}

static enum verdict judge_partition(const struct host *h, struct finding *out)
{
	const struct sched_cpuset *c = h->sched.cpusets.v;
	size_t n = 0;

	for (size_t i = 0; i < h->sched.cpusets.n; i++) {
		if (!c[i].path.known || !c[i].partition.known ||
		    !strcmp(c[i].partition.v, "member"))
			continue;
		n++;
		finding_item(out, "%s: %s", c[i].path.v, c[i].partition.v);
		if (!strstr(c[i].partition.v, "invalid"))
			continue;
		finding_fill_quoted(out, "cgroup", c[i].path.v);
		finding_say(out, "The partition %s does not work: %s.", c[i].path.v,
			    c[i].partition.v);
		return VERDICT_PROBLEM;
	}
	if (n == 0) {
		finding_say(out, "No cpuset is a partition.");
		return VERDICT_NOT_APPLICABLE;
	}
	finding_say(out, "%zu partition%s of CPUs %s valid.", n, n == 1 ? "" : "s",
		    n == 1 ? "is" : "are");
	return VERDICT_PASS;
}

static bool has_policies(const struct host *h, struct finding *out)
{
	if (h->running || h->domain.vcpu_scheds.known)
		return true;
	finding_say_open(out, "No guest is configured or running.");
	return false;
}

/* vCPU threads with a real-time policy; false: none is known to have one. */
static bool is_fifo(const struct host *h)
{
	const struct guest_thread *t = h->running ? h->running->threads.v : NULL;

	for (size_t i = 0; t && i < h->running->threads.n; i++) {
		if (fact_is(&t[i].role, "vcpu") && is_real_time(&t[i].policy))
			return true;
	}
	return !t && guest_wants_real_time(h);
}

static enum verdict judge_fifo(const struct host *h, struct finding *out)
{
	const bool is_isolated = host_knows_guest_cpus(h) && h->cpu.isolated.known &&
				 cpus_is_subset(&h->cpus.guest.v, &h->cpu.isolated.v);

	if (!is_fifo(h)) {
		finding_say(out, "The vCPUs have the usual policy.");
		return VERDICT_PASS;
	}
	if (is_isolated) {
		finding_say(out, "The vCPUs have a real-time policy, on isolated CPUs.");
		return VERDICT_PASS;
	}
	finding_say(
		out,
		"The vCPUs have a real-time policy on CPUs that are not isolated: kernel threads "
		"that need these CPUs wait until the guest sleeps.");
	return VERDICT_ADVICE;
}

static const struct rule rules[] = {
	{
		.id = "isol.dynamic",
		.applies = has_slices,
		.reads = READS(READ(sched.cpusets)),
		.judge = judge_dynamic,
	},
	{ .id = "isol.partition", .reads = READS(READ(sched.cpusets)), .judge = judge_partition },
	{ .id = "sched.vcpu-fifo", .applies = has_policies, .judge = judge_fifo },
};

const struct rule_set rules_cpusets = { rules, ARRAY_SIZE(rules) };
