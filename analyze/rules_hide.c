/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_hide.c - what hiding the virtual machine costs; that it hides it is not asked here. */
#include <string.h>

#include "analyze/guest_config.h"
#include "analyze/passthrough.h"

typedef unsigned long long ull;

#define PCI_CLASS_DISPLAY 0x03u
#define PCI_VENDOR_NVIDIA 0x10deu

static enum verdict judge_kvm_hidden(const struct host *h, struct finding *out)
{
	if (!guest_hides_kvm(h)) {
		finding_say(out, "KVM shows itself to the guest.");
		return VERDICT_PASS;
	}
	if (guest_os_is(h, "windows")) {
		finding_say(out, "KVM is hidden; Windows does not look for KVM but for Hyper-V.");
		return VERDICT_NOT_APPLICABLE;
	}
	if (guest_os_is(h, "linux")) {
		finding_say(out, "KVM is hidden: Linux in the guest goes without kvmclock, cheap "
				 "ends of interrupts and steal time.");
		return VERDICT_ADVICE;
	}
	finding_say(out, "KVM is hidden; neither Linux nor Windows is known to look for it here.");
	return VERDICT_NOT_APPLICABLE;
}

static enum verdict judge_hypervisor_bit(const struct host *h, struct finding *out)
{
	if (!guest_hides_hypervisor(h)) {
		finding_say(out, "The guest's CPU says that there is a hypervisor.");
		return VERDICT_PASS;
	}
	if (guest_os_is(h, "windows"))
		finding_say(out,
			    "The CPU bit 'hypervisor' is taken away: Windows does not look for "
			    "enlightenments%s.",
			    guest_has_enlightenments(h) ? ", and uses none of those that are on"
							: "");
	else
		finding_say(out,
			    "The CPU bit 'hypervisor' is taken away: the guest uses nothing of "
			    "KVM's, not its clock either.");
	return VERDICT_ADVICE;
}

static enum verdict judge_smbios(const struct host *h, struct finding *out)
{
	if (!fact_is(&h->domain.smbios, "host")) {
		finding_say(out, "The guest has SMBIOS tables of its own.");
		return VERDICT_NOT_APPLICABLE;
	}
	if (!h->setup.has_smbios.known) {
		finding_say(out, "The guest is to have the host's SMBIOS; whether the host has one "
				 "is not known.");
		return VERDICT_UNKNOWN;
	}
	if (!h->setup.has_smbios.v) {
		finding_say(out, "The guest is to have the host's SMBIOS, and the host has none: "
				 "libvirt refuses to start it.");
		return VERDICT_PROBLEM;
	}
	finding_say(out, "The guest has the host's SMBIOS, serial numbers among it.");
	return VERDICT_PASS;
}

/* Some display that the host passes through; vendor 0: of whom ever. */
static bool passes_display(const struct host *h, uint64_t vendor)
{
	const struct pci_function *f = h->pci.functions.v;

	for (size_t i = 0; i < h->pci.functions.n; i++) {
		if (f[i].class_code.known && f[i].class_code.v >> 16 == PCI_CLASS_DISPLAY &&
		    (!vendor || (f[i].vendor_id.known && f[i].vendor_id.v == vendor)) &&
		    pci_is_of_guest(h, &f[i]))
			return true;
	}
	return false;
}

/* What the devices are is known on their host only; elsewhere some device has to do. */
static bool is_gpu_guest(const struct host *h, struct finding *out)
{
	if (!guest_has_vfio(h, out))
		return false;
	if (!h->pci.functions.n || passes_display(h, 0))
		return true;
	finding_say(out, "No graphics card is passed through: the guest needs its own display.");
	return false;
}

static bool is_emulated_video(const char *model)
{
	return strcmp(model, "none") != 0 && strcmp(model, "ramfb") != 0 &&
	       strcmp(model, "default") != 0;
}

/* What to do about one kind, in the words of each who may run the guest. */
static void change_all(struct finding *out, const char *const *xml, const char *proxmox,
		       const char *qemu)
{
	for (; *xml; xml++)
		finding_change(out, CHANGE_XML, "%s", *xml);
	if (proxmox)
		finding_change(out, CHANGE_PROXMOX, "%s", proxmox);
	finding_change(out, CHANGE_QEMU, "%s", qemu);
}

/* Looking Glass shows its picture in shared memory, but takes keys and pointer through SPICE. */
static size_t list_displays(const struct host *h, struct finding *out)
{
	static const char *const xml[] = { "-devices/video", "devices/video/model@type=none",
					   NULL };
	size_t n = 0;

	for (size_t i = 0; i < h->domain.videos.n; i++) {
		if (!is_emulated_video(h->domain.videos.v[i]))
			continue;
		finding_item(out, "display %s: QEMU emulates it and looks for what changed",
			     h->domain.videos.v[i]);
		n++;
	}
	if (n)
		change_all(out, xml, "qm set {vmid} --vga none", "-vga none, and no other display");
	return n != 0;
}

static size_t list_tablets(const struct host *h, struct finding *out)
{
	static const char *const xml[] = { "-devices/input[type=tablet]", NULL };
	const struct domain_input *inputs = h->domain.inputs.v;

	for (size_t i = 0; i < h->domain.inputs.n; i++) {
		if (!fact_is(&inputs[i].type, "tablet") || fact_is(&inputs[i].bus, "virtio"))
			continue;
		finding_item(out, "USB tablet: the guest asks it 100 times a second and more");
		change_all(out, xml, "qm set {vmid} --tablet 0", "no -device usb-tablet");
		return 1;
	}
	return 0;
}

static size_t list_redirections(const struct host *h, struct finding *out)
{
	static const char *const xml[] = { "-devices/redirdev", NULL };
	const uint64_t n = h->domain.n_usb_redirections.known ? h->domain.n_usb_redirections.v : 0;

	if (!n)
		return 0;
	finding_item(out, "%llu USB redirection channel%s", (ull)n, n == 1 ? "" : "s");
	change_all(out, xml, "qm set {vmid} --delete usb0, for each 'usbN: spice'",
		   "no -device usb-redir");
	return 1;
}

/* How many kinds of devices were found that a guest with its own card has no use for. */
static size_t list_devices(const struct host *h, struct finding *out)
{
	return list_displays(h, out) + list_tablets(h, out) + list_redirections(h, out);
}

static enum verdict judge_devices(const struct host *h, struct finding *out)
{
	const size_t n = list_devices(h, out);

	if (!n) {
		finding_say(out, "No emulated display, USB tablet or USB redirection beside the "
				 "devices passed through.");
		return VERDICT_PASS;
	}
	finding_say(out,
		    "Beside the devices passed through there %s %zu kind%s of emulated ones that "
		    "keep QEMU's main loop at work.",
		    n == 1 ? "is" : "are", n, n == 1 ? "" : "s");
	return VERDICT_ADVICE;
}

static bool is_nvidia_guest(const struct host *h, struct finding *out)
{
	if (!guest_has_vfio(h, out))
		return false;
	if (!h->pci.functions.n || passes_display(h, PCI_VENDOR_NVIDIA))
		return true;
	finding_say(out, "No NVIDIA card is passed through.");
	return false;
}

static enum verdict judge_nvidia_vendor(const struct host *h, struct finding *out)
{
	if (guest_enlightenment(h, "vendor_id") != GUEST_ON ||
	    !guest_feature_value(h, "hyperv.vendor_id")) {
		finding_say(out, "Hyper-V shows its usual name, as NVIDIA's drivers since 465 "
				 "accept.");
		return VERDICT_PASS;
	}
	finding_say(out, "Hyper-V shows another name, which only NVIDIA's drivers before 465 "
			 "need; it costs nothing.");
	return VERDICT_NOT_APPLICABLE;
}

static const struct rule rules[] = {
	{ "hide.remove-devices", false, is_gpu_guest,
	  READS(READ(domain.videos), READ(domain.inputs)), judge_devices },
	{ "hide.smbios", false, guest_is_known, NULL, judge_smbios },
	{ "hide.kvm-hidden", false, guest_is_x86, READS(READ(domain.features)), judge_kvm_hidden },
	{ "hide.hypervisor-bit", false, guest_is_x86, READS(READ(domain.cpu_features)),
	  judge_hypervisor_bit },
	{ "nvidia.vendor-id", false, is_nvidia_guest, READS(READ(domain.features)),
	  judge_nvidia_vendor },
};

const struct rule_set rules_hide = { rules, ARRAY_SIZE(rules) };
