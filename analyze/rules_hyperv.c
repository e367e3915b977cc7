/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_hyperv.c - which of the enlightenments that the guide lists does a Windows guest have? */
#include <string.h>

#include "analyze/change.h"
#include "analyze/hyperv.h"

typedef unsigned long long ull;

#define NAMES(...) ((const char *const[]){ __VA_ARGS__, NULL })

/* The values that QEMU's documentation names: for overcommitted hosts, and "never notify". */
#define SPINS_SHARED 4095u
#define SPINS_NEVER  UINT32_MAX

static const char *if_hidden(const struct host *h)
{
	return guest_hides_hypervisor(h) ? ", but the CPU shows no hypervisor (hide.hypervisor-bit)"
					 : "";
}

/* On without what it needs. */
static enum verdict judge_refused(const struct host *h, struct finding *out, const char *name,
				  const char *lacks)
{
	finding_say(out,
		    "<%s> is on without %s, which it needs: QEMU refuses to start such a guest.",
		    name, lacks);
	hyperv_switch_on(h, out, NAMES(name));
	return hyperv_refused(h);
}

static enum verdict judge_missing(const struct host *h, struct finding *out)
{
	const struct enlightenment *e = enlightenment_of(out);

	finding_say(out, "Windows runs without <%s>: %s.", e->name, e->loss);
	hyperv_switch_on(h, out, NAMES(e->name));
	return VERDICT_ADVICE;
}

static enum verdict judge_plain(const struct host *h, struct finding *out)
{
	const struct enlightenment *e = enlightenment_of(out);
	const char *lacks;

	if (guest_takes_enlightenments(h)) {
		finding_say(out, "<%s> is on, as are all that the host has.", e->name);
		return VERDICT_PASS;
	}
	if (!hyperv_has(h, e->name))
		return judge_missing(h, out);
	lacks = hyperv_lacks(h, out, e->name);
	if (lacks)
		return judge_refused(h, out, e->name, lacks);
	finding_say(out, "<%s> is on%s.", e->name, if_hidden(h));
	return VERDICT_PASS;
}

/* Others ask for it; then its absence is their end. */
static enum verdict judge_vpindex(const struct host *h, struct finding *out)
{
	static const char *const users[] = { "synic", "stimer", "tlbflush", "ipi" };
	const char *asking = NULL;

	if (hyperv_has(h, "vpindex"))
		return judge_plain(h, out);
	for (size_t i = 0; i < ARRAY_SIZE(users); i++) {
		if (hyperv_has(h, users[i]))
			asking = asking ? finding_text(out, "%s and %s", asking, users[i])
					: users[i];
	}
	if (!asking)
		return judge_missing(h, out);
	finding_say(out,
		    "<vpindex> is off, but %s cannot be had without it: QEMU refuses to start "
		    "such a guest.",
		    asking);
	hyperv_switch_on(h, out, NAMES("vpindex"));
	return hyperv_refused(h);
}

/* The SynIC of old makes KVM give up APICv or AVIC; <avic> tells Windows how to avoid that. */
static enum verdict judge_synic(const struct host *h, struct finding *out)
{
	if (!hyperv_has(h, "synic") || guest_takes_enlightenments(h) ||
	    hyperv_lacks(h, out, "synic") || hyperv_has(h, "avic") || !host_has_apicv(h))
		return judge_plain(h, out);
	finding_say(out,
		    "<synic> is on without <avic>: the host has %s, and KVM gives it up for "
		    "this guest once Windows uses the SynIC.",
		    host_param_is_on(h, "kvm_amd.avic") ? "AVIC" : "APICv");
	if (version_is_older(&h->setup.libvirt_version, "8.10.0"))
		finding_item(out, "<avic> needs libvirt 8.10.0 and QEMU 6.2; libvirt is %s",
			     h->setup.libvirt_version.v);
	hyperv_switch_on(h, out, NAMES("avic"));
	return VERDICT_ADVICE;
}

/* How often a vCPU is to spin; false: it was not told, so never. */
static bool spins_of(const struct host *h, uint64_t *ret_spins)
{
	const char *text = guest_feature_value(h, "hyperv.spinlocks.retries");

	return text && text_u64(text_of(text), ret_spins) == 0;
}

static enum verdict spins_are_few(const struct host *h, struct finding *out, uint64_t spins)
{
	finding_say(out, "<spinlocks> has %llu retries; libvirt refuses fewer than %u.", (ull)spins,
		    SPINS_SHARED);
	finding_change(out, CHANGE_XML, "features/hyperv/spinlocks@state=on@retries=%u",
		       SPINS_SHARED);
	finding_change(out, CHANGE_QEMU, "in the value of -cpu: hv-spinlocks=0x%x", SPINS_SHARED);
	finding_change(out, CHANGE_PROXMOX, NULL);
	return host_manager(h) == MANAGER_LIBVIRT ? hyperv_refused(h) : VERDICT_ADVICE;
}

/* Pinned apart: the holder of a lock runs, so spinning on is shorter than an exit. */
static enum verdict judge_pinned_spins(struct finding *out, uint64_t spins)
{
	finding_say(out,
		    "Windows gives its CPU up after %llu tries for a lock, yet each vCPU has "
		    "a CPU of its own: the holder runs.",
		    (ull)spins);
	return VERDICT_ADVICE;
}

static enum verdict judge_spinlocks(const struct host *h, struct finding *out)
{
	uint64_t spins = SPINS_NEVER;

	if (guest_takes_enlightenments(h)) {
		finding_say(out, "KVM's own value is passed through.");
		return VERDICT_PASS;
	}
	if (!hyperv_has(h, "spinlocks") || !spins_of(h, &spins) || spins == SPINS_NEVER) {
		finding_say(out, "Windows spins for a lock and never tells the host: the default.");
		return VERDICT_PASS;
	}
	if (spins < SPINS_SHARED)
		return spins_are_few(h, out, spins);
	if (guest_is_pinned_apart(h))
		return judge_pinned_spins(out, spins);
	if (spins == SPINS_SHARED) {
		finding_say(out,
			    "Windows tells the host after %llu tries for a lock, as is right "
			    "where vCPUs share CPUs.",
			    (ull)spins);
		return VERDICT_PASS;
	}
	if (host_manager(h) == MANAGER_PROXMOX) {
		finding_say(out,
			    "Windows tries %llu times for a lock before it tells the host: "
			    "Proxmox sets that.",
			    (ull)spins);
		return VERDICT_PASS;
	}
	finding_say(out,
		    "Windows tries %llu times for a lock before it tells the host; QEMU's "
		    "documentation names %u for vCPUs that share CPUs, never for others.",
		    (ull)spins, SPINS_SHARED);
	finding_change(out, CHANGE_XML, "features/hyperv/spinlocks@state=on@retries=%u",
		       SPINS_SHARED);
	finding_change(out, CHANGE_QEMU, "in the value of -cpu: hv-spinlocks=0x%x", SPINS_SHARED);
	return VERDICT_ADVICE;
}

static enum verdict judge_reset(const struct host *h, struct finding *out)
{
	finding_say(out, hyperv_has(h, "reset")
				 ? "<reset> is on; Windows need not use it, it costs nothing."
				 : "<reset> is off; Windows resets itself by other means.");
	return VERDICT_NOT_APPLICABLE;
}

static enum verdict judge_reenlightenment(const struct host *h, struct finding *out)
{
	if (guest_takes_enlightenments(h) || !hyperv_has(h, "reenlightenment")) {
		finding_say(out, "It serves a Hyper-V inside the guest when the guest is migrated, "
				 "and nothing else.");
		return VERDICT_NOT_APPLICABLE;
	}
	if (!hyperv_has(h, "frequencies")) {
		finding_say(out, "<reenlightenment> is on without <frequencies>: a Hyper-V inside "
				 "the guest gets no stable clock to pass on.");
		hyperv_switch_on(h, out, NAMES("frequencies"));
		return VERDICT_ADVICE;
	}
	finding_say(out, "<reenlightenment> is on, with <frequencies>.");
	return VERDICT_PASS;
}

#define VENDOR_ID_MAX 12u

static enum verdict judge_vendor_id(const struct host *h, struct finding *out)
{
	const char *value = guest_feature_value(h, "hyperv.vendor_id.value");

	if (!value || guest_enlightenment(h, "vendor_id") != GUEST_ON) {
		finding_say(out, "Hyper-V shows its usual name.");
		return VERDICT_NOT_APPLICABLE;
	}
	if (strlen(value) <= VENDOR_ID_MAX) {
		finding_say(out, "Hyper-V shows another name; that switches nothing on or off.");
		return VERDICT_NOT_APPLICABLE;
	}
	finding_say(out, "The name '%s' has %zu characters; there is room for %u.", value,
		    strlen(value), VENDOR_ID_MAX);
	/* libvirt refuses it, QEMU cuts it. */
	return host_manager(h) == MANAGER_LIBVIRT ? hyperv_refused(h) : VERDICT_ADVICE;
}

#define HYPERV_READS READS(READ(domain.guest_os), READ(domain.features))

/* The clock is among what they need. */
#define TIMER_READS READS(READ(domain.guest_os), READ(domain.features), READ(domain.timers))

static const struct rule rules[] = {
	{ "hv.relaxed", false, hyperv_applies, HYPERV_READS, judge_plain },
	{ "hv.vapic", false, hyperv_applies, HYPERV_READS, judge_plain },
	{ "hv.spinlocks", false, hyperv_applies, HYPERV_READS, judge_spinlocks },
	{ "hv.vpindex", false, hyperv_applies, HYPERV_READS, judge_vpindex },
	{ "hv.runtime", false, hyperv_applies, HYPERV_READS, judge_plain },
	{ "hv.synic", false, hyperv_applies, HYPERV_READS, judge_synic },
	{ "hv.stimer", false, hyperv_applies, TIMER_READS, judge_plain },
	{ "hv.reset", false, hyperv_applies, HYPERV_READS, judge_reset },
	{ "hv.vendor-id", false, hyperv_applies, HYPERV_READS, judge_vendor_id },
	{ "hv.frequencies", false, hyperv_applies, HYPERV_READS, judge_plain },
	{ "hv.reenlightenment", false, hyperv_applies, HYPERV_READS, judge_reenlightenment },
	{ "hv.tlbflush", false, hyperv_applies, HYPERV_READS, judge_plain },
};

const struct rule_set rules_hyperv = { rules, ARRAY_SIZE(rules) };
