/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_guestmisc.c - nesting, TPM, performance counters and hints of the guest. */
#include <string.h>

#include "analyze/guest_config.h"
#include "analyze/guestcpu.h"
#include "analyze/measures.h"
#include "analyze/placement.h"

/* So many entries into a guest of the guest in a second are felt, in thousandths. */
#define NESTED_FELT_PERMILLE 1000000

static const char *nested_feature(const struct host *h)
{
	return guestcpu_vendor(h) == GUESTCPU_AMD ? "svm" : "vmx";
}

static bool guest_may_nest(const struct host *h, struct finding *out)
{
	if (!guest_is_x86(h, out))
		return false;
	if (guest_cpu_feature(h, "vmx") != GUEST_OFF && guest_cpu_feature(h, "svm") != GUEST_OFF)
		return true;
	finding_say(out, "Nesting is taken away from the guest.");
	return false;
}

/* "N" and "0" are off; NULL: no such module is loaded. */
static const char *nested_of(const struct host *h)
{
	const char *intel = setting_value(&h->kernel.params, "kvm_intel.nested");

	return intel ? intel : setting_value(&h->kernel.params, "kvm_amd.nested");
}

static enum verdict judge_rate(const struct host *h, uint64_t n, struct finding *out)
{
	const unsigned long long rate = (unsigned long long)(rate_permille(h, n) / 1000);
	const char *feature = nested_feature(h);

	finding_measured(out, 0);
	if (rate_permille(h, n) < NESTED_FELT_PERMILLE) {
		finding_say(out, "Nesting is on; the guest used it %llu times a second.", rate);
		return VERDICT_PASS;
	}
	finding_fill(out, "feature", "%s", feature);
	finding_fill(out, "edit", "<feature policy='disable' name='%s'/>", feature);
	finding_say(out,
		    "The guest entered a guest of its own %llu times a second%s: each exit there "
		    "costs a round trip more.",
		    rate,
		    guest_os_is(h, "windows") ? " (Windows with VBS or Memory Integrity does)"
					      : "");
	return VERDICT_ADVICE;
}

static enum verdict judge_nested(const struct host *h, struct finding *out)
{
	const struct fact_u64 *n = activity_counter_n(&h->activity.counters, "kvm.nested_run");
	const char *value = nested_of(h), *feature = nested_feature(h);

	if (!value) {
		finding_say(out, "Neither kvm_intel nor kvm_amd is loaded.");
		return VERDICT_NOT_APPLICABLE;
	}
	if (*value == 'N' || *value == 'n' || *value == '0') {
		finding_say(out, "Nesting is off: the guest runs no guests, nor VBS or WSL 2.");
		if (guest_cpu_feature(h, feature) != GUEST_ON)
			return VERDICT_PASS;
		finding_say(out, "Nesting is off on the host, but the guest requires %s.", feature);
		finding_fix(out, "", "", NULL);
		finding_change(out, CHANGE_XML, NULL);
		finding_change(out, CHANGE_QEMU, NULL);
		finding_change(out, CHANGE_MODPROBE, "options %s nested=1",
			       !strcmp(feature, "svm") ? "kvm_amd" : "kvm_intel");
		return VERDICT_ADVICE;
	}
	if (n && n->known && h->running && host_window_ns(h))
		return judge_rate(h, n->v, out);
	finding_say(out, "Nesting is on, and costs only guests that use it: a run shows how much.");
	return VERDICT_NOT_APPLICABLE;
}

static bool has_emulated_tpm(const struct host *h, struct finding *out)
{
	if (!guest_is_known(h, out))
		return false;
	if (!h->domain.tpm.known && !h->domain.tpm_backend.known)
		finding_say(out, "The guest has no TPM.");
	else if (!fact_is(&h->domain.tpm_backend, "emulator"))
		finding_say(out, "The guest's TPM is not of swtpm.");
	else
		return true;
	return false;
}

static enum verdict judge_tpm(const struct host *h, struct finding *out)
{
	if (host_runs_domain(h)) {
		finding_say(out, "The guest runs with its TPM.");
		return VERDICT_PASS;
	}
	if (!h->setup.has_swtpm.known) {
		finding_say(out, "Whether swtpm is installed is not known.");
		return VERDICT_UNKNOWN;
	}
	if (h->setup.has_swtpm.v) {
		finding_say(out, "swtpm is there for the guest's TPM.");
		return VERDICT_PASS;
	}
	finding_say(out, "The guest has a TPM of swtpm, but swtpm is not installed: it does not "
			 "start.");
	return VERDICT_PROBLEM;
}

static enum verdict judge_pmu(const struct host *h, struct finding *out)
{
	if (guest_feature(h, "pmu") == GUEST_OFF) {
		finding_say(out, "The guest has no virtual PMU.");
		return VERDICT_PASS;
	}
	if (!guest_wants_real_time(h)) {
		finding_say(out,
			    "The guest's vCPUs are not real-time: a PMU costs it only while it "
			    "profiles.");
		return VERDICT_NOT_APPLICABLE;
	}
	finding_say(out, "The guest has real-time vCPUs and a virtual PMU, which costs exits.");
	return VERDICT_ADVICE;
}

static bool is_linux(const struct host *h, struct finding *out)
{
	if (!guest_is_x86(h, out))
		return false;
	if (guest_os_is(h, "linux"))
		return true;
	finding_say(out,
		    guest_os_is(h, "windows")
			    ? "Windows does not ask for hints of KVM."
			    : "Only Linux asks for hints of KVM; the guest is not known to run "
			      "it.");
	return false;
}

/* Each vCPU has a CPU of its own, on which the scheduler puts nobody else. */
static bool is_dedicated(const struct host *h, const struct placement *p)
{
	return p->n && p->n_pinned == p->n && cpus_count(&p->pinned) == p->n &&
	       h->cpu.isolated.known && cpus_is_subset(&p->pinned, &h->cpu.isolated.v);
}

static enum verdict judge_hints(const struct host *h, struct finding *out)
{
	const struct placement *p = placement_of(h, out);
	const bool is_on = guest_feature(h, "kvm.hint-dedicated") == GUEST_ON;

	if (is_on && p->n && p->n_pinned < p->n) {
		finding_fill(out, "state", "off");
		finding_say(out,
			    "The guest is told that its CPUs are its own, but %zu of %zu vCPUs are "
			    "pinned.",
			    p->n_pinned, p->n);
		return VERDICT_ADVICE;
	}
	if (is_on) {
		finding_say(out, "The guest is told that its CPUs are its own.");
		return VERDICT_PASS;
	}
	if (!is_dedicated(h, p)) {
		finding_say(out, "The guest's CPUs are not its own alone: no hint is right.");
		return VERDICT_NOT_APPLICABLE;
	}
	finding_fill(out, "state", "on");
	finding_say(out, "The guest's CPUs %s are isolated and pinned, but it is not told so.",
		    finding_cpus(out, &p->pinned));
	return VERDICT_ADVICE;
}

static const struct rule rules[] = {
	{
		.id = "kvm.nested",
		.applies = guest_may_nest,
		.reads = READS(READ(kernel.params)),
		.judge = judge_nested,
	},
	{ .id = "tpm.vtpm", .applies = has_emulated_tpm, .judge = judge_tpm },
	{
		.id = "xml.pmu",
		.applies = guest_is_x86,
		.reads = READS(READ(domain.features)),
		.judge = judge_pmu,
	},
	{
		.id = "xml.kvm-hints",
		.applies = is_linux,
		.reads = READS(READ(domain.features)),
		.judge = judge_hints,
	},
};

const struct rule_set rules_guestmisc = { rules, ARRAY_SIZE(rules) };
