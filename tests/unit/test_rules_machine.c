/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The guest's machine: each verdict of each rule, its sentence, and that its fix mends it. */
#include "tests/lib/guest_words.h"

#define P    VERDICT_PROBLEM
#define A    VERDICT_ADVICE
#define U    VERDICT_UNKNOWN
#define OK   VERDICT_PASS
#define NA   VERDICT_NOT_APPLICABLE
#define NONE N_VERDICTS

#define VFIO "device=0000:01:00.0 "

static const struct word_case cases[] = {
	{ "machine.vmport", "none", NA, "No guest", NULL, NONE },
	{ "machine.vmport", "windows", NA, "No PCI device is passed through", NULL, NONE },
	{ "machine.vmport", "windows arch=aarch64 " VFIO, NA, "aarch64", NULL, NONE },
	{ "machine.vmport", "windows " VFIO, A, "as nothing takes it away", "<vmport state='off'/>",
	  OK },
	{ "machine.vmport", "linux vmport " VFIO, A, "port is on", NULL, OK },
	{ "machine.vmport", "windows manager=proxmox " VFIO, A, "as nothing",
	  "line args: -machine vmport=off", NONE },
	{ "machine.vmport", "windows vmport=off " VFIO, OK, "port is off", NULL, NONE },
	{ "machine.smm", "windows", OK, "was not asked for", NULL, NONE },
	{ "machine.smm", "windows smm=off", OK, "was not asked for", NULL, NONE },
	{ "machine.smm", "windows secureboot=on", OK, "has the SMM that it needs", NULL, NONE },
	{ "machine.smm", "windows secureboot=on smm", OK, "has the SMM that it needs", NULL, NONE },
	{ "machine.smm", "windows secureboot=on smm=off", P, "cannot start without SMM",
	  "<smm state='on'/>", OK },
	{ "machine.smm", "windows smm secureboot=off", A, "without secure boot",
	  "<smm state='off'/>", OK },
	{ "machine.smm", "windows smm firmware=bios", A, "without secure boot", NULL, OK },
	{ "machine.smm", "windows smm firmware=efi", U, "is not known", NULL, NONE },
	{ "machine.ioapic-kvm", "windows ioapic.driver=qemu", NA, "No PCI device", NULL, NONE },
	{ "machine.ioapic-kvm", "windows " VFIO, OK, "in the kernel, as by default", NULL, NONE },
	{ "machine.ioapic-kvm", "windows ioapic.driver=kvm " VFIO, OK, "in the kernel.", NULL,
	  NONE },
	{ "machine.ioapic-kvm", "windows ioapic.driver=qemu " VFIO, A, "QEMU's main loop",
	  "<ioapic driver='kvm'/>", OK },
	{ "machine.ioapic-kvm", "windows ioapic.driver=qemu manager=plain " VFIO, A, "main loop",
	  "kernel-irqchip=on", NONE },
	{ "machine.ioapic-kvm", "linux ioapic.driver=qemu vcpus=288 " VFIO, OK, "asks for", NULL,
	  NONE },
	{ "machine.ioapic-kvm", "linux ioapic.driver=qemu xml=iommu " VFIO, OK, "asks for", NULL,
	  NONE },
	{ "cpu.apic-eoi", "windows apic.eoi", NA, "Only Linux", NULL, NONE },
	{ "cpu.apic-eoi", "linux", OK, "as by default", NULL, NONE },
	{ "cpu.apic-eoi", "linux apic.eoi", OK, "without an exit.", NULL, NONE },
	{ "cpu.apic-eoi", "linux apic.eoi=off", A, "is off", "<apic eoi='on'/>", OK },
	{ "cpu.apic-eoi", "unknown", U, "guest_os", NULL, NONE },
};

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		check_word_case(&cases[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_cases) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
