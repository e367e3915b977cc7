/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_hyperv_more.c - enlightenments that the guide does not list, the clock and its hiding. */
#include <string.h>

#include "analyze/change.h"
#include "analyze/hyperv.h"

typedef unsigned long long ull;

#define NAMES(...) ((const char *const[]){ __VA_ARGS__, NULL })

/* Too old for it: nothing is changed then, and the text says what is needed. */
static void need_version(const struct host *h, struct finding *out, const char *libvirt,
			 const char *qemu)
{
	const bool is_libvirt = host_manager(h) == MANAGER_LIBVIRT;
	const struct fact_str *has =
		is_libvirt ? &h->setup.libvirt_version : &h->setup.qemu_version;
	const char *name = is_libvirt ? "libvirt" : "QEMU", *needed = is_libvirt ? libvirt : qemu;

	if (!has->known)
		finding_item(out, "needs %s %s or newer", name, needed);
	if (!version_is_older(has, needed))
		return;
	finding_item(out, "needs %s %s or newer; here is %s", name, needed, has->v);
	for (int c = CHANGE_XML; c <= CHANGE_QEMU; c++)
		finding_change(out, (enum change)c, NULL);
	finding_fix(out, "", finding_text(out, "after an update to %s %s or newer", name, needed),
		    "");
}

static enum verdict say_passthrough(struct finding *out)
{
	finding_say(out, "The guest has all enlightenments of the host.");
	return VERDICT_PASS;
}

static enum verdict judge_ipi(const struct host *h, struct finding *out)
{
	const uint64_t n = h->domain.n_vcpus.v;
	const char *lacks = hyperv_lacks(h, out, "ipi");

	if (guest_takes_enlightenments(h))
		return say_passthrough(out);
	if (hyperv_has(h, "ipi") && lacks) {
		finding_say(out, "<ipi> is on without %s: QEMU refuses to start such a guest.",
			    lacks);
		hyperv_switch_on(h, out, NAMES("ipi"));
		return hyperv_refused(h);
	}
	if (hyperv_has(h, "ipi")) {
		finding_say(out, "<ipi> is on for %llu vCPUs.", (ull)n);
		return VERDICT_PASS;
	}
	if (n <= 2 || host_param_is_on(h, "kvm_amd.avic") ||
	    host_param_is_on(h, "kvm_intel.enable_ipiv")) {
		finding_say(out,
			    n <= 2 ? "With %llu vCPUs there is no group to send to."
				   : "The CPU itself sends interrupts between the %llu vCPUs.",
			    (ull)n);
		return VERDICT_NOT_APPLICABLE;
	}
	finding_say(out,
		    "Windows with %llu vCPUs runs without <ipi>: an interrupt to several vCPUs is "
		    "an exit for each.",
		    (ull)n);
	hyperv_switch_on(h, out, NAMES("ipi"));
	need_version(h, out, "4.10.0", "3.1");
	return VERDICT_ADVICE;
}

static bool is_amd(const struct host *h)
{
	return fact_is(&h->cpu.vendor, "AuthenticAMD");
}

static enum verdict judge_evmcs(const struct host *h, struct finding *out)
{
	const char *lacks = hyperv_lacks(h, out, "evmcs");

	if (guest_takes_enlightenments(h) || !hyperv_has(h, "evmcs")) {
		finding_say(out, "Only a Hyper-V inside the guest, on Intel, gains from it.");
		return VERDICT_NOT_APPLICABLE;
	}
	if (is_amd(h)) {
		finding_say(out, "<evmcs> is on, and the host's CPU is AMD's: only Intel has it, "
				 "QEMU refuses to start such a guest.");
		return hyperv_refused(h);
	}
	if (lacks) {
		finding_say(out, "<evmcs> is on without %s: QEMU refuses to start such a guest.",
			    lacks);
		hyperv_switch_on(h, out, NAMES("evmcs"));
		return hyperv_refused(h);
	}
	if (!h->cpu.vendor.known) {
		finding_say(out, "<evmcs> is on; whose the host's CPU is, is not known.");
		return VERDICT_UNKNOWN;
	}
	finding_say(out, "<evmcs> is on, for a Hyper-V inside the guest.");
	return VERDICT_PASS;
}

/* The guest may run a hypervisor of its own: its CPU has VMX or SVM, as far as is told. */
static bool may_nest(const struct host *h)
{
	if (guest_cpu_feature(h, "vmx") == GUEST_OFF || guest_cpu_feature(h, "svm") == GUEST_OFF)
		return false;
	return host_nests(h) && (guest_cpu_feature(h, "vmx") == GUEST_ON ||
				 guest_cpu_feature(h, "svm") == GUEST_ON ||
				 fact_is(&h->domain.cpu_mode, "host-passthrough"));
}

static enum verdict judge_stimer_direct(const struct host *h, struct finding *out)
{
	if (guest_takes_enlightenments(h))
		return say_passthrough(out);
	if (!hyperv_has(h, "stimer")) {
		finding_say(out, "The guest has no synthetic timers (hv.stimer).");
		return VERDICT_NOT_APPLICABLE;
	}
	if (hyperv_has(h, "stimer.direct")) {
		finding_say(out, "Synthetic timers may interrupt directly.");
		return VERDICT_PASS;
	}
	if (!may_nest(h)) {
		finding_say(out,
			    "Only a Hyper-V inside the guest has to have it, and none is known "
			    "to be possible.");
		return VERDICT_NOT_APPLICABLE;
	}
	finding_say(out, "The guest may run a Hyper-V of its own (VBS, WSL), which cannot use the "
			 "synthetic timers without <direct>.");
	hyperv_switch_on(h, out, NAMES("stimer.direct"));
	need_version(h, out, "5.7.0", "4.1");
	return VERDICT_ADVICE;
}

static enum verdict judge_avic(const struct host *h, struct finding *out)
{
	if (guest_takes_enlightenments(h) || !hyperv_has(h, "avic")) {
		finding_say(out, "It matters beside <synic>: see hv.synic.");
		return VERDICT_NOT_APPLICABLE;
	}
	if (host_lacks_apicv(h)) {
		finding_say(out, "<avic> is on, but KVM uses neither APICv nor AVIC here: Windows "
				 "then ends interrupts the slower way.");
		return VERDICT_ADVICE;
	}
	if (!host_has_apicv(h)) {
		finding_say(out, "<avic> is on; whether KVM uses APICv or AVIC is not known.");
		return VERDICT_UNKNOWN;
	}
	finding_say(out, "<avic> is on, and KVM uses %s.",
		    host_param_is_on(h, "kvm_amd.avic") ? "AVIC" : "APICv");
	return VERDICT_PASS;
}

#define XMM_LIBVIRT "10.7.0"
#define XMM_QEMU    "7.1"

/* Speaks only of a libvirt or QEMU that is known to have them. */
static bool has_newer(const struct host *h)
{
	const bool is_libvirt = host_manager(h) == MANAGER_LIBVIRT;
	const struct fact_str *has =
		is_libvirt ? &h->setup.libvirt_version : &h->setup.qemu_version;

	return has->known && !version_is_older(has, is_libvirt ? XMM_LIBVIRT : XMM_QEMU);
}

static enum verdict judge_newer(const struct host *h, struct finding *out)
{
	if (guest_takes_enlightenments(h))
		return say_passthrough(out);
	if (hyperv_has(h, "xmm_input")) {
		finding_say(out, "<xmm_input> is on.");
		return VERDICT_PASS;
	}
	if (!hyperv_has(h, "tlbflush") && !hyperv_has(h, "ipi")) {
		finding_say(out, "The hypercalls that gain from it, tlbflush and ipi, are off.");
		return VERDICT_NOT_APPLICABLE;
	}
	if (!has_newer(h)) {
		finding_say(out,
			    "<xmm_input> and <emsr_bitmap> need libvirt " XMM_LIBVIRT
			    " and QEMU " XMM_QEMU "; %s.",
			    h->setup.libvirt_version.known
				    ? finding_text(out, "libvirt is %s", h->setup.libvirt_version.v)
				    : "the versions here are not known");
		return VERDICT_NOT_APPLICABLE;
	}
	finding_say(out, "Windows runs without <xmm_input>: KVM reads the arguments of each TLB "
			 "flush or IPI from the guest's memory.");
	hyperv_switch_on(h, out, NAMES("xmm_input"));
	return VERDICT_ADVICE;
}

/* The guide's list and what has come since, each of which KVM has had for long. */
static const char *const all_names[] = { "relaxed", "vapic", "vpindex",     "runtime",  "synic",
					 "stimer",  "ipi",   "frequencies", "tlbflush", NULL };

static void change_to_custom(const struct host *h, struct finding *out)
{
	const char *flags = "hv-time=on";

	finding_change(out, CHANGE_XML, "features/hyperv@mode=custom");
	for (size_t i = 0; all_names[i]; i++) {
		finding_change(out, CHANGE_XML, "features/hyperv/%s@state=on", all_names[i]);
		flags = finding_text(out, "%s,%s=on", flags,
				     enlightenment_find(all_names[i])->flag);
	}
	if (host_has_apicv(h) && !version_is_older(&h->setup.libvirt_version, "8.10.0")) {
		finding_change(out, CHANGE_XML, "features/hyperv/avic@state=on");
		flags = finding_text(out, "%s,hv-avic=on", flags);
	}
	finding_change(out, CHANGE_XML, "clock/timer[name=" HYPERV_CLOCK "]@present=yes");
	/* What is written beside the mode counts again; see hv.spinlocks. */
	if (guest_feature(h, "hyperv.spinlocks") == GUEST_ON)
		finding_change(out, CHANGE_XML,
			       guest_is_pinned_apart(h)
				       ? "-features/hyperv/spinlocks"
				       : "features/hyperv/spinlocks@state=on@retries=4095");
	finding_change(out, CHANGE_QEMU, "in the value of -cpu, in place of hv-passthrough: %s",
		       flags);
}

static enum verdict judge_passthrough(const struct host *h, struct finding *out)
{
	if (!fact_is(&h->domain.hyperv_mode, "passthrough")) {
		finding_say(out, "The guest's enlightenments are a list of its own.");
		return VERDICT_PASS;
	}
	finding_say(out, "The guest gets whatever enlightenments this QEMU and kernel have: an "
			 "update changes its hardware, and it cannot be migrated.");
	change_to_custom(h, out);
	return VERDICT_ADVICE;
}

static enum verdict judge_nonarch(const struct host *h, struct finding *out)
{
	const char *value = guest_feature_value(h, "hyperv.no_nonarch_coresharing");

	if (!value || !strcmp(value, "off") || !strcmp(value, "auto")) {
		finding_say(out, "Windows is told nothing about who shares a core with it.");
		return VERDICT_NOT_APPLICABLE;
	}
	if (guest_is_pinned_apart(h)) {
		finding_say(out, "Windows is told that nobody else shares its cores, and each vCPU "
				 "has a CPU of its own.");
		return VERDICT_PASS;
	}
	finding_say(out, "Windows is told that its vCPUs share cores only as its topology says, "
			 "yet they are not pinned: it leaves out defences that it needs.");
	return VERDICT_ADVICE;
}

static enum verdict judge_hypervclock(const struct host *h, struct finding *out)
{
	if (guest_takes_enlightenments(h))
		return say_passthrough(out);
	if (hyperv_has(h, HYPERV_CLOCK)) {
		finding_say(out, "Windows reads the time from a page of memory (hypervclock).");
		return VERDICT_PASS;
	}
	hyperv_switch_on(h, out, NAMES(HYPERV_CLOCK));
	if (hyperv_has(h, "stimer")) {
		finding_say(out, "hypervclock is off while <stimer> is on, which needs it: QEMU "
				 "refuses to start such a guest.");
		return hyperv_refused(h);
	}
	finding_say(out, "Windows runs without hypervclock: each look at the clock may be an exit "
			 "to the host.");
	return VERDICT_ADVICE;
}

static enum verdict judge_timers(const struct host *h, struct finding *out)
{
	if (guest_timer_state(h, HYPERV_CLOCK) != GUEST_OFF || guest_takes_enlightenments(h)) {
		finding_say(out, "hypervclock is not hidden from the guest.");
		return VERDICT_PASS;
	}
	hyperv_switch_on(h, out, NAMES(HYPERV_CLOCK));
	if (hyperv_has(h, "stimer")) {
		finding_say(out, "hypervclock is hidden (present='no') while <stimer> is on: QEMU "
				 "refuses to start such a guest.");
		return hyperv_refused(h);
	}
	finding_say(out, "hypervclock is hidden (present='no'): Windows falls back to clocks that "
			 "cost an exit for each look at them.");
	return VERDICT_ADVICE;
}

/* What the guest does is known in it alone; that it cannot is known here. */
static enum verdict judge_vbs(const struct host *h, struct finding *out)
{
	const bool is_masked = guest_cpu_feature(h, "vmx") == GUEST_OFF ||
			       guest_cpu_feature(h, "svm") == GUEST_OFF;
	const char *param = setting_value(&h->kernel.params, "kvm_intel.nested")
				    ? "kvm_intel.nested"
				    : "kvm_amd.nested";

	if (is_masked || (setting_value(&h->kernel.params, param) && !host_nests(h))) {
		finding_say(out, "Windows cannot run a hypervisor of its own here: %s is off.",
			    is_masked ? "the CPU feature" : param);
		return VERDICT_PASS;
	}
	finding_say(out, "Whether Windows runs VBS (Memory Integrity) is known in the guest only: "
			 "msinfo32 tells, at the end of its first page.");
	return VERDICT_NOT_APPLICABLE;
}

#define HYPERV_READS READS(READ(domain.guest_os), READ(domain.features))
#define TIMER_READS  READS(READ(domain.guest_os), READ(domain.features), READ(domain.timers))

static const struct rule rules[] = {
	{ "xml.hv-ipi", false, hyperv_applies,
	  READS(READ(domain.guest_os), READ(domain.features), READ(domain.n_vcpus)), judge_ipi },
	{ "xml.hv-evmcs", false, hyperv_applies, HYPERV_READS, judge_evmcs },
	{ "xml.hv-stimer-direct", false, hyperv_applies, HYPERV_READS, judge_stimer_direct },
	{ "xml.hv-avic", false, hyperv_applies, HYPERV_READS, judge_avic },
	{ "xml.hv-newer", false, hyperv_applies, HYPERV_READS, judge_newer },
	{ "xml.hv-passthrough", false, hyperv_applies, HYPERV_READS, judge_passthrough },
	{ "xml.hv-nonarch", false, hyperv_applies, HYPERV_READS, judge_nonarch },
	{ "clock.hypervclock", false, hyperv_applies, TIMER_READS, judge_hypervclock },
	{ "hide.timers", false, hyperv_applies, TIMER_READS, judge_timers },
	{ "guest.vbs", false, hyperv_applies, READS(READ(domain.guest_os)), judge_vbs },
};

const struct rule_set rules_hyperv_more = { rules, ARRAY_SIZE(rules) };
