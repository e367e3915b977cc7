/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_machine.c - old ports and controllers of the guest's machine. */
#include <string.h>

#include "analyze/guest_config.h"

typedef unsigned long long ull;

/* Without x2APIC routing by the vIOMMU, more vCPUs than this cannot be interrupted. */
#define XAPIC_MAX_VCPUS 255u

static bool is_x86_vfio(const struct host *h, struct finding *out)
{
	return guest_is_x86(h, out) && guest_has_vfio(h, out);
}

/* QEMU adds the port to each PC unless it is told not to (vmport=auto). */
static enum verdict judge_vmport(const struct host *h, struct finding *out)
{
	switch (guest_feature(h, "vmport")) {
	case GUEST_OFF:
		finding_say(out, "The VMware port is off.");
		return VERDICT_PASS;
	case GUEST_ON:
		finding_say(out, "The VMware port is on: QEMU answers each access to it.");
		return VERDICT_ADVICE;
	default:
		finding_say(out, "The VMware port is there, as nothing takes it away: QEMU "
				 "answers each access to it.");
		return VERDICT_ADVICE;
	}
}

static bool has_secure_boot(const struct host *h)
{
	return h->domain.is_secure_boot.known && h->domain.is_secure_boot.v;
}

static enum verdict judge_smm(const struct host *h, struct finding *out)
{
	const enum guest_answer smm = guest_feature(h, "smm");

	if (has_secure_boot(h) && smm == GUEST_OFF) {
		finding_say(out, "Secure boot is on and SMM off: firmware with secure boot cannot "
				 "start without SMM.");
		finding_change(out, CHANGE_XML, "features/smm@state=on");
		finding_change(out, CHANGE_QEMU, "-machine …,smm=on");
		return VERDICT_PROBLEM;
	}
	if (smm != GUEST_ON || has_secure_boot(h)) {
		finding_say(out, has_secure_boot(h) ? "Secure boot has the SMM that it needs."
						    : "SMM was not asked for.");
		return VERDICT_PASS;
	}
	if (!h->domain.is_secure_boot.known && fact_is(&h->domain.firmware, "efi")) {
		finding_say(out, "SMM is on; whether the firmware has secure boot is not known.");
		return VERDICT_UNKNOWN;
	}
	finding_say(out, "SMM is on without secure boot, which alone needs it.");
	return VERDICT_ADVICE;
}

/* A virtual IOMMU that remaps interrupts works with the split I/O APIC only. */
static bool needs_split(const struct host *h)
{
	static const char *const words[] = { "<iommu ", "intel-iommu", "amd-iommu" };
	const struct fact_strs *lists[] = { &h->domain.xml, &h->domain.qemu_args };

	if (h->domain.n_vcpus.known && h->domain.n_vcpus.v > XAPIC_MAX_VCPUS)
		return true;
	for (size_t l = 0; l < ARRAY_SIZE(lists); l++) {
		for (size_t i = 0; i < lists[l]->n; i++) {
			for (size_t w = 0; w < ARRAY_SIZE(words); w++) {
				if (strstr(lists[l]->v[i], words[w]))
					return true;
			}
		}
	}
	return false;
}

static enum verdict judge_ioapic(const struct host *h, struct finding *out)
{
	const char *driver = guest_feature_value(h, "ioapic.driver");

	if (!driver || strcmp(driver, "qemu") != 0) {
		finding_say(out, "The I/O APIC is in the kernel%s.",
			    driver ? "" : ", as by default");
		return VERDICT_PASS;
	}
	if (needs_split(h)) {
		finding_say(out, "The I/O APIC is in QEMU, as the guest's IOMMU or its number of "
				 "vCPUs asks for.");
		return VERDICT_PASS;
	}
	finding_say(out, "The I/O APIC is in QEMU: each interrupt over a line, as of a device that "
			 "does not use MSI, goes through QEMU's main loop.");
	return VERDICT_ADVICE;
}

static enum verdict judge_eoi(const struct host *h, struct finding *out)
{
	const enum guest_answer eoi = guest_feature(h, "apic.eoi");

	if (guest_os_is(h, "linux") && eoi == GUEST_OFF) {
		finding_say(out, "KVM's cheap end of interrupt is off, which a Linux guest uses.");
		return VERDICT_ADVICE;
	}
	if (guest_os_is(h, "linux")) {
		finding_say(out, "A Linux guest may end interrupts without an exit%s.",
			    eoi == GUEST_ON ? "" : ", as by default");
		return VERDICT_PASS;
	}
	finding_say(out, "Only Linux uses KVM's end of interrupt; for Windows see hv.vapic.");
	return VERDICT_NOT_APPLICABLE;
}

static const struct rule rules[] = {
	{ "machine.vmport", false, is_x86_vfio, READS(READ(domain.features)), judge_vmport },
	{ "machine.smm", false, guest_is_x86, READS(READ(domain.features)), judge_smm },
	{ "machine.ioapic-kvm", false, is_x86_vfio, READS(READ(domain.features)), judge_ioapic },
	{ "cpu.apic-eoi", false, guest_is_x86, READS(READ(domain.guest_os), READ(domain.features)),
	  judge_eoi },
};

const struct rule_set rules_machine = { rules, ARRAY_SIZE(rules) };
