/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_guestcpu.c - does the guest see the CPU it runs on? */
#include <string.h>

#include "analyze/engine.h"
#include "analyze/guest_config.h"
#include "analyze/guestcpu.h"

enum guestcpu_vendor guestcpu_vendor(const struct host *h)
{
	static const char *const amd_models[] = { "EPYC", "Opteron", "phenom", "athlon", "Dhyana" };
	const struct fact_str *vendor = &h->cpu.vendor, *model = &h->domain.cpu_model;

	if (fact_is(vendor, "AuthenticAMD") || fact_is(vendor, "HygonGenuine"))
		return GUESTCPU_AMD;
	if (fact_is(vendor, "GenuineIntel"))
		return GUESTCPU_INTEL;
	if (vendor->known)
		return GUESTCPU_OTHER;
	for (size_t i = 0; model->known && i < ARRAY_SIZE(amd_models); i++) {
		if (text_starts(text_of(model->v), amd_models[i]))
			return GUESTCPU_AMD;
	}
	if (guest_cpu_feature(h, "svm") == GUEST_ON)
		return GUESTCPU_AMD;
	return guest_cpu_feature(h, "vmx") == GUEST_ON ? GUESTCPU_INTEL : GUESTCPU_UNKNOWN;
}

bool guestcpu_is_passed_through(const struct host *h)
{
	return fact_is(&h->domain.cpu_mode, "host-passthrough") ||
	       fact_is(&h->domain.cpu_mode, "maximum");
}

/* "host-model", "the model EPYC-IBPB", "QEMU's default model". */
static const char *model_words(const struct host *h, struct finding *out)
{
	const struct domain_facts *d = &h->domain;

	if (fact_is(&d->cpu_mode, "host-model"))
		return "host-model";
	if (d->cpu_model.known)
		return finding_text(out, "the model %s", d->cpu_model.v);
	return "QEMU's default model, which has next to no features,";
}

static bool is_accelerated(const struct host *h, struct finding *out)
{
	if (!guest_is_known(h, out))
		return false;
	if (!guest_is_emulated(h))
		return true;
	finding_say(out, "The guest's CPU is emulated, not virtualized.");
	return false;
}

static enum verdict judge_mode(const struct host *h, struct finding *out)
{
	if (guestcpu_is_passed_through(h)) {
		finding_say(out, "The host's CPU is passed through (%s).", h->domain.cpu_mode.v);
		return VERDICT_PASS;
	}
	if (guest_is_macos(h) && h->domain.cpu_model.known) {
		finding_say(out,
			    "The guest has %s: macOS runs with few models, which rarely are "
			    "the host's CPU.",
			    model_words(h, out));
		return VERDICT_PASS;
	}
	finding_say(out, "The guest has %s instead of the host's CPU.", model_words(h, out));
	/* The model may have brought it along. */
	if (guestcpu_vendor(h) == GUESTCPU_AMD && h->domain.threads.known &&
	    h->domain.threads.v > 1 && guest_cpu_feature(h, "topoext") != GUEST_ON) {
		finding_change(out, CHANGE_XML, "%s", out->tweak->fix.change[CHANGE_XML]);
		finding_change(out, CHANGE_XML, "cpu/feature[name=topoext]@policy=require");
	}
	return VERDICT_ADVICE;
}

/* For .applies: the host's CPU is passed through to a guest that no one will migrate. */
static bool stays_here(const struct host *h, struct finding *out)
{
	if (!guest_has_vfio(h, out) || !guest_is_x86(h, out) || !is_accelerated(h, out))
		return false;
	if (guestcpu_is_passed_through(h))
		return true;
	finding_say(out, "The host's CPU is not passed through: see guestcpu.host-passthrough.");
	return false;
}

static bool is_migratable(const struct host *h)
{
	return !h->domain.is_migratable.known || h->domain.is_migratable.v;
}

static enum verdict judge_migratable(const struct host *h, struct finding *out)
{
	const char *words = h->domain.is_migratable.known ? "is on" : "is not told, so on";

	if (!is_migratable(h)) {
		finding_say(out, "migratable is off: the guest gets all features of the host.");
		return VERDICT_PASS;
	}
	if (guest_cpu_feature(h, "invtsc") == GUEST_ON) {
		finding_say(out, "migratable %s, but invtsc is required by name.", words);
		return VERDICT_PASS;
	}
	finding_say(out,
		    "migratable %s: features that cannot migrate, as the invariant TSC, are "
		    "withheld from a guest that cannot migrate.",
		    words);
	if (version_is_older(&h->setup.libvirt_version, "6.5"))
		finding_change(out, CHANGE_XML, "cpu/feature[name=invtsc]@policy=require");
	return VERDICT_ADVICE;
}

static enum verdict judge_invtsc(const struct host *h, struct finding *out)
{
	const enum guest_answer state = guest_cpu_feature(h, "invtsc");

	if (!h->clock.has_constant_tsc.v || !h->clock.has_nonstop_tsc.v) {
		finding_say(out, "The host's own TSC is not invariant.");
		return VERDICT_NOT_APPLICABLE;
	}
	if (state == GUEST_ON) {
		finding_say(out, "The guest has the invariant TSC: it is required by name.");
		return VERDICT_PASS;
	}
	if (state != GUEST_OFF && !is_migratable(h)) {
		finding_say(out, "The guest has the invariant TSC: migratable is off.");
		return VERDICT_PASS;
	}
	finding_say(out,
		    state == GUEST_OFF
			    ? "The invariant TSC is taken away from the guest (invtsc)."
			    : "The host has an invariant TSC, the guest is not shown it: invtsc "
			      "is not required and migratable is not off.");
	return VERDICT_ADVICE;
}

static bool requires_virtualization(const struct host *h, struct finding *out)
{
	if (!guest_is_x86(h, out))
		return false;
	if (guest_cpu_feature(h, "vmx") == GUEST_ON || guest_cpu_feature(h, "svm") == GUEST_ON)
		return true;
	finding_say(out, "Neither vmx nor svm is required.");
	return false;
}

static enum verdict judge_vmx(const struct host *h, struct finding *out)
{
	const bool is_intel = guestcpu_vendor(h) == GUESTCPU_INTEL;
	const char *foreign = is_intel ? "svm" : "vmx", *own = is_intel ? "vmx" : "svm";
	const bool is_checked = fact_is(&h->domain.cpu_check, "full");

	if (guest_cpu_feature(h, foreign) != GUEST_ON) {
		finding_say(out, "%s is required, which %s has.", own, h->cpu.vendor.v);
		return VERDICT_PASS;
	}
	finding_fill(out, "feature", "%s", foreign);
	finding_say(out, "%s is required, which %s does not have: %s.", foreign, h->cpu.vendor.v,
		    is_checked ? "with check='full' the guest does not start"
			       : "it does nothing, and with check='full' the guest would not "
				 "start");
	return is_checked ? VERDICT_PROBLEM : VERDICT_ADVICE;
}

static bool may_need_topoext(const struct host *h, struct finding *out)
{
	const enum guestcpu_vendor vendor = guestcpu_vendor(h);

	if (!guest_is_x86(h, out) || !is_accelerated(h, out))
		return false;
	if (vendor == GUESTCPU_INTEL || vendor == GUESTCPU_OTHER)
		finding_say(out, "Only AMD has this feature.");
	else if (!h->domain.threads.known || h->domain.threads.v < 2)
		finding_say(out, "The guest's cores have one thread each.");
	else if (!guestcpu_is_passed_through(h))
		finding_say(out, "The guest has %s: what that model has is what it gets.",
			    model_words(h, out));
	else
		return true;
	return false;
}

static enum verdict judge_topoext(const struct host *h, struct finding *out)
{
	const char *value = setting_value(&h->domain.cpu_features, "topoext");
	const enum guest_answer state = guest_cpu_feature(h, "topoext");
	const unsigned long long threads = (unsigned long long)h->domain.threads.v;

	if (state == GUEST_ON || (state == GUEST_ABSENT && value && !strcmp(value, "optional"))) {
		finding_say(out, "topoext is on: the guest sees its %llu threads per core.",
			    threads);
		return VERDICT_PASS;
	}
	if (guestcpu_vendor(h) == GUESTCPU_UNKNOWN) {
		finding_say(out,
			    "The guest is to have %llu threads per core without topoext: should "
			    "the host be an AMD, the guest takes them for cores (Intel needs no "
			    "topoext).",
			    threads);
		return VERDICT_ADVICE;
	}
	finding_say(out,
		    "The guest is to have %llu threads per core, but on AMD it takes them for "
		    "cores: topoext is %s.",
		    threads, state == GUEST_OFF ? "switched off" : "not required");
	return VERDICT_PROBLEM;
}

static const struct rule rules[] = {
	{
		.id = "guestcpu.host-passthrough",
		.applies = is_accelerated,
		.reads = READS(READ(domain.cpu_features)),
		.judge = judge_mode,
	},
	{
		.id = "guestcpu.migratable",
		.applies = stays_here,
		.reads = READS(READ(domain.cpu_features)),
		.judge = judge_migratable,
	},
	{
		.id = "guestcpu.invtsc",
		.applies = stays_here,
		.reads = READS(READ(domain.cpu_features), READ(clock.has_constant_tsc),
			       READ(clock.has_nonstop_tsc)),
		.judge = judge_invtsc,
	},
	{
		.id = "guestcpu.vmx-on-amd",
		.applies = requires_virtualization,
		.reads = READS(READ(cpu.vendor)),
		.judge = judge_vmx,
	},
	{
		.id = "guestcpu.topoext",
		.applies = may_need_topoext,
		.reads = READS(READ(domain.cpu_features)),
		.judge = judge_topoext,
	},
	{
		.id = "guestcpu.topology",
		.applies = guestcpu_has_several,
		.reads = READS(READ(domain.n_vcpus)),
		.judge = guestcpu_judge_topology,
	},
	{
		.id = "guestcpu.no-smt-alt",
		.applies = guestcpu_has_cores_only,
		.reads = READS(READ(cpu.cores)),
		.judge = guestcpu_judge_no_smt,
	},
	{
		.id = "guestcpu.cache-passthrough",
		.applies = guestcpu_may_show_cache,
		.reads = READS(READ(domain.cpu_features)),
		.judge = guestcpu_judge_cache,
	},
};

const struct rule_set rules_guestcpu = { rules, ARRAY_SIZE(rules) };
