/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What hiding costs: each verdict of each rule, its sentence, and that its fix mends it. */
#include "tests/lib/guest_words.h"

#define P    VERDICT_PROBLEM
#define A    VERDICT_ADVICE
#define U    VERDICT_UNKNOWN
#define OK   VERDICT_PASS
#define NA   VERDICT_NOT_APPLICABLE
#define NONE N_VERDICTS

#define GPU    "device=0000:01:00.0 display=amd "
#define NVIDIA "device=0000:01:00.0 display=nvidia "

static const struct word_case cases[] = {
	{ "hide.kvm-hidden", "windows", OK, "KVM shows itself", NULL, NONE },
	{ "hide.kvm-hidden", "windows kvm.hidden", NA, "but for Hyper-V", NULL, NONE },
	{ "hide.kvm-hidden", "other kvm.hidden", NA, "neither Linux nor Windows", NULL, NONE },
	{ "hide.kvm-hidden", "linux kvm.hidden", A, "goes without kvmclock",
	  "<hidden state='off'/>", OK },
	{ "hide.kvm-hidden", "none", NA, "No guest", NULL, NONE },
	{ "hide.hypervisor-bit", "windows", OK, "there is a hypervisor", NULL, NONE },
	{ "hide.hypervisor-bit", "windows cpu:hypervisor=disable", A,
	  "does not look for enlightenments.", "<feature name='hypervisor' policy='require'/>",
	  OK },
	{ "hide.hypervisor-bit", "windows relaxed cpu:hypervisor=disable", A,
	  "uses none of those that are on", NULL, OK },
	{ "hide.hypervisor-bit", "linux cpu:hypervisor=forbid", A, "not its clock either", NULL,
	  OK },
	{ "hide.smbios", "windows", NA, "of its own", NULL, NONE },
	{ "hide.smbios", "windows smbios=emulate", NA, "of its own", NULL, NONE },
	{ "hide.smbios", "windows smbios=host", U, "not known", NULL, NONE },
	{ "hide.smbios", "windows smbios=host smbios_tables=on", OK, "serial numbers", NULL, NONE },
	{ "hide.smbios", "windows smbios=host smbios_tables=off", P, "the host has none",
	  "<smbios mode='emulate'/>", NONE },
	{ "hide.remove-devices", "windows video=qxl", NA, "No PCI device", NULL, NONE },
	{ "hide.remove-devices", "windows video=qxl device=0000:02:00.0 display=amd", NA,
	  "No graphics card", NULL, NONE },
	{ "hide.remove-devices", "windows " GPU, OK, "No emulated display", NULL, NONE },
	{ "hide.remove-devices", "windows video=none video=ramfb tablet=virtio " GPU, OK,
	  "No emulated display", NULL, NONE },
	{ "hide.remove-devices", "windows video=qxl " GPU, A, "there is 1 kind",
	  "<model type='none'/>", NONE },
	/* A file from another host: whether it is a graphics card is not known there. */
	{ "hide.remove-devices", "windows tablet=usb device=0000:01:00.0", A, "there is 1 kind",
	  "without <input type='tablet'>", NONE },
	{ "hide.remove-devices", "windows video=qxl tablet=usb redirections " GPU, A,
	  "there are 3 kinds", "without <redirdev>", NONE },
	{ "hide.remove-devices", "windows video=vga tablet=usb manager=proxmox " GPU, A,
	  "there are 2 kinds", "qm set VMID --vga none\nqm set VMID --tablet 0", NONE },
	{ "nvidia.vendor-id", "windows " GPU, NA, "No NVIDIA card", NULL, NONE },
	{ "nvidia.vendor-id", "windows", NA, "No PCI device", NULL, NONE },
	{ "nvidia.vendor-id", "windows " NVIDIA, OK, "since 465", NULL, NONE },
	{ "nvidia.vendor-id", "windows vendor_id vendor_id.value=abc " NVIDIA, NA,
	  "drivers before 465", NULL, NONE },
};

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		check_word_case(&cases[i]);
}

static void test_items(void **state)
{
	struct host h;
	struct finding f;

	(void)state;
	guest_of_words(&h, "windows video=qxl tablet=usb redirections " GPU);
	f = check_row(&h, "hide.remove-devices", VERDICT_ADVICE, NULL);
	assert_int_equal(f.n_items, 3);
	assert_non_null(strstr(f.items[0], "display qxl"));
	assert_non_null(strstr(f.items[1], "USB tablet"));
	assert_non_null(strstr(f.items[2], "2 USB redirection channels"));
	arena_release(&h.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_items),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
