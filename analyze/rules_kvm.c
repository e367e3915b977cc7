/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_kvm.c - parameters of KVM, and what the CPU's mitigations cost a guest. */
#include <string.h>

#include "analyze/engine.h"
#include "analyze/guest_config.h"
#include "analyze/memory.h"
#include "analyze/told.h"

/* A parameter of a loaded module; NULL: it is not loaded, or has none of that name. */
static const char *param(const struct host *h, const char *name)
{
	return setting_value(&h->kernel.params, name);
}

/* For applies: the module that has the parameter is loaded. */
static bool has_param(const struct host *h, struct finding *out, const char *const *names)
{
	for (; *names; names++) {
		if (!h->kernel.params.known || param(h, *names))
			return true;
	}
	finding_say(out, "KVM is not loaded, or has no such parameter.");
	return false;
}

static bool has_ignore_msrs(const struct host *h, struct finding *out)
{
	return has_param(h, out, (const char *const[]){ "kvm.ignore_msrs", NULL });
}

static enum verdict judge_ignore_msrs(const struct host *h, struct finding *out)
{
	const struct log_event *unhandled = log_find(h, "msr-unhandled");

	if (host_param_is_on(h, "kvm.ignore_msrs")) {
		finding_say(out,
			    "kvm.ignore_msrs is on: what the guest does to registers that KVM does "
			    "not have is let pass in silence.");
		return VERDICT_ADVICE;
	}
	if (unhandled) {
		finding_item(out, "%s", unhandled->text.known ? unhandled->text.v : "no text");
		finding_say(
			out,
			"%llu accesses to registers that KVM does not have got an exception; only "
			"where the guest stops with a bug check does ignoring them help.",
			(unsigned long long)unhandled->n.v);
		return VERDICT_PASS;
	}
	finding_say(out, "Accesses to registers that KVM does not have are not ignored.");
	return VERDICT_PASS;
}

static bool ignores_msrs(const struct host *h, struct finding *out)
{
	if (!h->kernel.params.known || host_param_is_on(h, "kvm.ignore_msrs"))
		return true;
	finding_say(out, "No register access is ignored, so there is nothing to report.");
	return false;
}

static enum verdict judge_report_msrs(const struct host *h, struct finding *out)
{
	if (host_param_is_on(h, "kvm.report_ignored_msrs")) {
		finding_say(out, "Ignored register accesses are written to the log.");
		return VERDICT_PASS;
	}
	finding_say(out,
		    "Register accesses are ignored and not reported: whether the guest needs that "
		    "cannot be seen any more.");
	return VERDICT_ADVICE;
}

static bool has_nx_huge_pages(const struct host *h, struct finding *out)
{
	return has_param(h, out, (const char *const[]){ "kvm.nx_huge_pages", NULL });
}

static enum verdict judge_nx_huge_pages(const struct host *h, struct finding *out)
{
	const char *value = param(h, "kvm.nx_huge_pages");
	const char *multihit = setting_value(&h->setup.vulnerabilities, "itlb_multihit");

	memory_list_loads(h, out);
	if (!host_param_is_on(h, "kvm.nx_huge_pages") && strcmp(value, "force") != 0) {
		finding_say(out, "KVM does not split huge pages (nx_huge_pages=%s).", value);
		return VERDICT_PASS;
	}
	if (!multihit) {
		finding_say(
			out,
			"KVM splits huge pages that the guest executes; whether this CPU needs it "
			"is not known.");
		return VERDICT_UNKNOWN;
	}
	if (strncmp(multihit, "Not affected", strlen("Not affected")) != 0) {
		finding_say(out,
			    "KVM splits huge pages that the guest executes, as this CPU needs for "
			    "guests that are not trusted (itlb_multihit: %s).",
			    multihit);
		return VERDICT_PASS;
	}
	finding_say(out,
		    "KVM splits each huge page that the guest executes into 4 KiB pages, on a CPU "
		    "that needs no such thing.");
	return VERDICT_ADVICE;
}

static bool has_pause_loop(const struct host *h, struct finding *out)
{
	return has_param(
		h, out,
		(const char *const[]){ "kvm_intel.ple_gap", "kvm_amd.pause_filter_count", NULL });
}

/* Whether exits on PAUSE are many is told by a trace only. */
static enum verdict judge_pause_loop(const struct host *h, struct finding *out)
{
	const char *intel = param(h, "kvm_intel.ple_gap");
	const char *value = intel ? intel : param(h, "kvm_amd.pause_filter_count");

	if (!strcmp(value, "0")) {
		finding_say(out, "A vCPU that spins does not leave the guest for it.");
		return VERDICT_PASS;
	}
	finding_say(out,
		    "A vCPU that spins leaves the guest (%s=%s); only the exits of a running guest "
		    "tell whether that costs anything.",
		    intel ? "ple_gap" : "pause_filter_count", value);
	return VERDICT_NOT_APPLICABLE;
}

static bool has_clock_sync(const struct host *h, struct finding *out)
{
	return has_param(h, out, (const char *const[]){ "kvm.kvmclock_periodic_sync", NULL });
}

static enum verdict judge_clock_sync(const struct host *h, struct finding *out)
{
	if (!host_param_is_on(h, "kvm.kvmclock_periodic_sync")) {
		finding_say(out, "KVM does not set the guest's clock anew every 300 s.");
		return VERDICT_PASS;
	}
	if (!h->domain.vcpu_scheds.known || h->domain.vcpu_scheds.n == 0) {
		finding_say(
			out,
			"One work item every 300 s: too rare to matter but for real-time guests.");
		return VERDICT_PASS;
	}
	finding_say(out,
		    "The vCPUs have a real-time policy, and KVM interrupts them every 300 s to set "
		    "their clock.");
	return VERDICT_ADVICE;
}

static bool has_min_timer(const struct host *h, struct finding *out)
{
	return has_param(h, out, (const char *const[]){ "kvm.min_timer_period_us", NULL });
}

static enum verdict judge_min_timer(const struct host *h, struct finding *out)
{
	enum { WINDOWS_TIMER_US = 500 };
	uint64_t us = 0;

	if (text_u64(text_trim(text_of(param(h, "kvm.min_timer_period_us"))), &us) < 0) {
		finding_say(out, "kvm.min_timer_period_us is no number.");
		return VERDICT_UNKNOWN;
	}
	if (us <= WINDOWS_TIMER_US) {
		finding_say(out, "Guest timers may be as short as %llu us.",
			    (unsigned long long)us);
		return VERDICT_PASS;
	}
	finding_say(out, "Guest timers shorter than %llu us are made longer; Windows sets 500 us.",
		    (unsigned long long)us);
	return VERDICT_ADVICE;
}

static bool has_l1d_flush(const struct host *h, struct finding *out)
{
	return has_param(h, out, (const char *const[]){ "kvm_intel.vmentry_l1d_flush", NULL });
}

static enum verdict judge_l1d_flush(const struct host *h, struct finding *out)
{
	const char *value = param(h, "kvm_intel.vmentry_l1d_flush");
	const char *l1tf = setting_value(&h->setup.vulnerabilities, "l1tf");

	if (strcmp(value, "always") != 0) {
		finding_say(out,
			    "The L1 cache is not flushed on each entry (vmentry_l1d_flush=%s).",
			    value);
		return VERDICT_PASS;
	}
	if (!l1tf || strncmp(l1tf, "Not affected", strlen("Not affected")) != 0) {
		finding_say(out,
			    "The L1 cache is flushed on each entry, on a CPU that l1tf affects.");
		return VERDICT_PASS;
	}
	finding_say(out,
		    "The L1 cache is flushed on each entry into the guest, on a CPU that l1tf does "
		    "not affect.");
	return VERDICT_ADVICE;
}

/* A guest's thread is named by QEMU, others are programs of the host. */
static bool is_guest_thread(const struct log_event *e)
{
	return e->value.known && (strstr(e->value.v, "/KVM") || strstr(e->value.v, "qemu"));
}

static enum verdict judge_split_lock(const struct host *h, struct finding *out)
{
	const struct log_event *e = h->log.events.v;
	uint64_t n = 0;

	for (size_t i = 0; i < h->log.events.n; i++) {
		if (!fact_is(&e[i].kind, "split-lock") || !is_guest_thread(&e[i]))
			continue;
		finding_item(out, "%s: %llu", e[i].value.v, (unsigned long long)e[i].n.v);
		n += e[i].n.v;
	}
	if (n == 0) {
		finding_say(out, "No vCPU was held up for a split lock%s.",
			    h->log.is_complete.known && h->log.is_complete.v
				    ? " since boot"
				    : ", as far as the log goes back");
		return VERDICT_PASS;
	}
	finding_say(
		out,
		"The guest's vCPUs were caught %llu times in a split lock; each time the kernel "
		"may hold the vCPU for milliseconds.",
		(unsigned long long)n);
	return VERDICT_ADVICE;
}

/* Information: a table of what is there, never a recommendation. */
static enum verdict judge_mitigations(const struct host *h, struct finding *out)
{
	const struct setting_fact *v = h->setup.vulnerabilities.v;
	size_t n = 0;

	for (size_t i = 0; i < h->setup.vulnerabilities.n; i++) {
		if (!v[i].name.known || !v[i].value.known ||
		    !strncmp(v[i].value.v, "Not affected", strlen("Not affected")))
			continue;
		finding_item(out, "%s: %s", v[i].name.v, v[i].value.v);
		n++;
	}
	finding_say(out,
		    "%zu of %zu known weaknesses concern this CPU; what is done about them costs "
		    "some of each exit.",
		    n, h->setup.vulnerabilities.n);
	return VERDICT_PASS;
}

#define PARAMS READS(READ(kernel.params))

static const struct rule rules[] = {
	{ "kvm.ignore-msrs", false, has_ignore_msrs, PARAMS, judge_ignore_msrs },
	{ "kvm.report-ignored-msrs", false, ignores_msrs, PARAMS, judge_report_msrs },
	{ "kvm.nx-huge-pages", false, has_nx_huge_pages, PARAMS, judge_nx_huge_pages },
	{ "kvm.pause-loop", false, has_pause_loop, PARAMS, judge_pause_loop },
	{ "kvm.clock-sync", false, has_clock_sync, PARAMS, judge_clock_sync },
	{ "kvm.min-timer", false, has_min_timer, PARAMS, judge_min_timer },
	{ "mitig.l1d-flush", false, has_l1d_flush, PARAMS, judge_l1d_flush },
	{ "mitig.state", false, NULL, READS(READ(setup.vulnerabilities)), judge_mitigations },
	{ "split-lock", false, NULL, READS(READ(log.events)), judge_split_lock },
};

const struct rule_set rules_kvm = { rules, ARRAY_SIZE(rules) };
