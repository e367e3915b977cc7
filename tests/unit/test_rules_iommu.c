/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/host.h"

static struct setting_fact param = { { true, NULL }, { true, NULL } };
static struct log_event event;
static const char *addresses[] = { "0000:01:00.0" };
static const char *dmar[] = { "dmar0" };
static const char *smmu[] = { "smmu3.0" };

static void set_bool(struct fact_bool *f, bool v)
{
	*f = (struct fact_bool){ true, v };
}

static void set_param(struct host *h, const char *name, const char *value)
{
	param.name.v = name;
	param.value.v = value;
	h->kernel.params = (struct fact_list){ true, 1, &param };
}

/* NULL: a whole log without a line. */
static void set_log(struct host *h, const char *kind, const char *device)
{
	memset(&event, 0, sizeof(event));
	set_bool(&h->log.is_complete, true);
	h->log.events = (struct fact_list){ true, kind ? 1 : 0, &event };
	if (kind)
		set_str(&event.kind, kind);
	if (device)
		set_str(&event.device, device);
	event.n = (struct fact_u64){ true, 3 };
	set_str(&event.text, "the line");
}

static void set_guest(struct host *h)
{
	set_str(&h->domain.source, "libvirt");
	h->domain.host_devices = (struct fact_strs){ true, 1, addresses };
}

static void check_fix(const struct finding *f, const char *now, const char *persist)
{
	if (now && (!f->fix.now || !strstr(f->fix.now, now)))
		fail_msg("%s: now '%s', expected '%s'", f->tweak->id, f->fix.now, now);
	if (persist && (!f->fix.persist || !strstr(f->fix.persist, persist)))
		fail_msg("%s: persist '%s', expected '%s'", f->tweak->id, f->fix.persist, persist);
}

static void words_of_the_command_line_are_judged(void **state)
{
	static const struct {
		const char *id, *cmdline;
		enum verdict verdict;
		const char *piece, *fix;
	} rows[] = {
		{ "iommu.unsafe-interrupts", NULL, VERDICT_UNKNOWN, "Neither", NULL },
		{ "iommu.unsafe-interrupts", "quiet", VERDICT_PASS, "not allowed", NULL },
		{ "iommu.unsafe-interrupts", "vfio_iommu_type1.allow_unsafe_interrupts=0",
		  VERDICT_PASS, "not allowed", NULL },
		{ "iommu.unsafe-interrupts", "vfio_iommu_type1.allow_unsafe_interrupts=1",
		  VERDICT_ADVICE, "vfio_iommu_type1.allow_unsafe_interrupts=1 is asked for",
		  "remove vfio_iommu_type1.allow_unsafe_interrupts" },
		{ "iommu.unsafe-interrupts", "vfio-iommu-type1.allow_unsafe_interrupts",
		  VERDICT_ADVICE, "asked for", "remove" },
		{ "iommu.unsafe-interrupts", "iommufd.allow_unsafe_interrupts=on", VERDICT_ADVICE,
		  "iommufd.allow", "remove iommufd.allow_unsafe_interrupts" },
		{ "iommu.acs-override", NULL, VERDICT_UNKNOWN, "not known", NULL },
		{ "iommu.acs-override", "quiet", VERDICT_PASS, "keeps apart", NULL },
		{ "iommu.acs-override", "pcie_acs_override=downstream,multifunction",
		  VERDICT_ADVICE, "pcie_acs_override=downstream,multifunction splits",
		  "remove pcie_acs_override" },
		{ "iommu.superpages", "intel_iommu=on", VERDICT_PASS, "Nothing keeps", NULL },
		{ "iommu.superpages", "intel_iommu=on,sp_off", VERDICT_ADVICE, "sp_off",
		  "intel_iommu=on" },
		{ "iommu.superpages", "intel_iommu=sp_off", VERDICT_ADVICE, "sp_off",
		  "remove intel_iommu=sp_off" },
		{ "iommu.superpages", "amd_iommu=nohugepages", VERDICT_ADVICE, "nohugepages",
		  "remove amd_iommu=nohugepages" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct finding f;
		struct host h;

		host_blank(&h);
		if (rows[i].cmdline)
			set_str(&h.kernel.cmdline, rows[i].cmdline);
		f = check_row(&h, rows[i].id, rows[i].verdict, rows[i].piece);
		check_fix(&f, NULL, rows[i].fix);
		arena_release(&h.arena);
	}
}

static void unsafe_interrupts_in_effect(void **state)
{
	static const char name[] = "vfio_iommu_type1.allow_unsafe_interrupts";
	struct setup_modprobe line = { .path = { true, "/etc/modprobe.d/my vfio.conf" },
				       .command = { true, "options" },
				       .module = { true, "vfio_iommu_type1" },
				       .text = { true, "allow_unsafe_interrupts=1" } };
	struct finding f;
	struct host h;

	(void)state;
	host_blank(&h);
	set_param(&h, name, "N");
	check_row(&h, "iommu.unsafe-interrupts", VERDICT_PASS, "not allowed");
	set_param(&h, name, "Y");
	f = check_row(&h, "iommu.unsafe-interrupts", VERDICT_ADVICE, "escape");
	check_fix(&f,
		  "echo N | sudo tee "
		  "/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts",
		  NULL);
	set_bool(&h.iommu.has_interrupt_remapping, true);
	check_row(&h, "iommu.unsafe-interrupts", VERDICT_ADVICE, "although this host remaps");
	h.setup.modprobe = (struct fact_list){ true, 1, &line };
	set_str(&h.setup.initramfs, "mkinitcpio");
	f = check_row(&h, "iommu.unsafe-interrupts", VERDICT_ADVICE, "although");
	check_fix(&f, NULL, "'/etc/modprobe.d/my vfio.conf'\nsudo mkinitcpio -P");
	set_param(&h, name, "N");
	f = check_row(&h, "iommu.unsafe-interrupts", VERDICT_ADVICE, "not in effect now");
	assert_null(f.fix.now);
	arena_release(&h.arena);
}

static void the_log_tells_of_the_patch(void **state)
{
	struct host h;

	(void)state;
	host_blank(&h);
	set_log(&h, NULL, NULL);
	check_row(&h, "iommu.acs-override", VERDICT_PASS, NULL);
	set_log(&h, "acs-override", NULL);
	check_row(&h, "iommu.acs-override", VERDICT_ADVICE, "pcie_acs_override splits");
	set_log(&h, NULL, NULL);
	set_str(&h.kernel.cmdline, "pcie_acs_override=downstream");
	check_row(&h, "iommu.acs-override", VERDICT_ADVICE, "does not have the patch");
	arena_release(&h.arena);
}

static void remapping_is_judged(void **state)
{
	static const char id[] = "iommu.interrupt-remapping";
	struct finding f;
	struct host h;

	(void)state;
	host_blank(&h);
	h.iommu.units = (struct fact_strs){ true, 0, NULL };
	check_row(&h, id, VERDICT_NOT_APPLICABLE, "No IOMMU works");
	h.iommu.units = (struct fact_strs){ true, 1, smmu };
	check_row(&h, id, VERDICT_NOT_APPLICABLE, "neither Intel's nor AMD's");
	h.iommu.units = (struct fact_strs){ true, 1, dmar };
	check_row(&h, id, VERDICT_NOT_APPLICABLE, "No PCI device");
	set_guest(&h);
	check_row(&h, id, VERDICT_UNKNOWN, "iommu.has_interrupt_remapping");
	set_bool(&h.iommu.has_interrupt_remapping, true);
	check_row(&h, id, VERDICT_PASS, "are remapped");
	set_str(&h.kernel.cmdline, "intremap=nopost");
	f = check_row(&h, id, VERDICT_ADVICE, "forbids to post");
	check_fix(&f, NULL, "remove intremap=nopost");
	set_bool(&h.iommu.has_interrupt_remapping, false);
	check_row(&h, id, VERDICT_ADVICE, "VFIO refuses");
	set_param(&h, "vfio_iommu_type1.allow_unsafe_interrupts", "N");
	set_str(&h.kernel.cmdline, "intremap=off");
	f = check_row(&h, id, VERDICT_PROBLEM, "(intremap=off): VFIO refuses");
	check_fix(&f, NULL, "remove intremap=off");
	set_param(&h, "vfio_iommu_type1.allow_unsafe_interrupts", "Y");
	check_row(&h, id, VERDICT_ADVICE, "can forge");
	arena_release(&h.arena);
}

static void what_vfio_says_is_judged(void **state)
{
	static const char id[] = "iommu.dmesg-advice";
	struct host h;

	(void)state;
	host_blank(&h);
	check_row(&h, id, VERDICT_NOT_APPLICABLE, "No PCI device");
	set_guest(&h);
	check_row(&h, id, VERDICT_UNKNOWN, "log.events");
	set_log(&h, NULL, NULL);
	check_row(&h, id, VERDICT_PASS, "does not complain");
	h.log.is_complete.v = false;
	check_row(&h, id, VERDICT_UNKNOWN, "beginning is lost");
	set_log(&h, "remapping-unsupported", NULL);
	check_row(&h, id, VERDICT_PROBLEM, "cannot start");
	set_param(&h, "vfio_iommu_type1.allow_unsafe_interrupts", "Y");
	check_row(&h, id, VERDICT_ADVICE, "not safe here");
	arena_release(&h.arena);
}

static void faults_are_counted(void **state)
{
	static const char id[] = "iommu.intr-remap-fault";
	struct finding f;
	struct host h;

	(void)state;
	host_blank(&h);
	check_row(&h, id, VERDICT_UNKNOWN, "log.events");
	set_log(&h, NULL, NULL);
	check_row(&h, id, VERDICT_PASS, "since boot");
	set_log(&h, "remapping-fault", "0000:01:00.0");
	f = check_row(&h, id, VERDICT_ADVICE, "log: 3, of passed-through devices: 0)");
	assert_string_equal(f.items[0], "0000:01:00.0: 3 lines, the last: the line");
	set_str(&event.text, "vfio-pci 0000:01:00.0: the line");
	check_row(&h, id, VERDICT_PROBLEM, NULL);
	set_str(&event.text, "the line");
	set_guest(&h);
	check_row(&h, id, VERDICT_PROBLEM,
		  "interrupts of a passed-through device (lines of the kernel's log: 3)");
	set_log(&h, "dmar-fault", "0000:01:00.0");
	check_row(&h, id, VERDICT_ADVICE, "of passed-through devices: 3)");
	h.iommu.units.known = true;
	check_row(&h, id, VERDICT_ADVICE, NULL);
	set_log(&h, NULL, NULL);
	check_row(&h, id, VERDICT_NOT_APPLICABLE, "No IOMMU");
	arena_release(&h.arena);
}

static void an_iommu_works_or_not(void **state)
{
	static const char id[] = "iommu.enabled";
	struct pci_function gpu = { .address = { true, "0000:01:00.0" } };
	struct iommu_group group = { .group = { true, 1 } };
	struct finding f;
	struct host h;

	(void)state;
	host_blank(&h);
	check_row(&h, id, VERDICT_NOT_APPLICABLE, "No PCI device");
	set_str(&h.kernel.cmdline, "vfio-pci.ids=10de:1b81");
	check_row(&h, id, VERDICT_UNKNOWN, "iommu.groups");
	h.iommu.groups = (struct fact_list){ true, 1, &group };
	h.iommu.units = (struct fact_strs){ true, 1, dmar };
	check_row(&h, id, VERDICT_PASS, "works: 1 group.");
	h.iommu.groups.n = 0;
	h.iommu.units.n = 0;
	check_row(&h, id, VERDICT_UNKNOWN, "no PCI function");
	h.pci.functions = (struct fact_list){ true, 1, &gpu };
	set_bool(&h.iommu.has_dmar, false);
	set_bool(&h.iommu.has_ivrs, false);
	f = check_row(&h, id, VERDICT_ADVICE, "the firmware describes none");
	check_fix(&f, NULL, "AMD-Vi");
	set_str(&h.cpu.vendor, "GenuineIntel");
	f = check_row(&h, id, VERDICT_ADVICE, NULL);
	check_fix(&f, NULL, "VT-d");
	set_bool(&h.cpu.is_virtual, true);
	f = check_row(&h, id, VERDICT_ADVICE, NULL);
	check_fix(&f, NULL, "This host is a virtual machine");
	set_bool(&h.iommu.has_dmar, true);
	set_guest(&h);
	f = check_row(&h, id, VERDICT_PROBLEM, "though the firmware describes an IOMMU");
	check_fix(&f, NULL, "kernel command line: intel_iommu=on");
	set_str(&h.kernel.cmdline, "intel_iommu=off");
	f = check_row(&h, id, VERDICT_PROBLEM, NULL);
	check_fix(&f, NULL, "remove intel_iommu=off");
	arena_release(&h.arena);
}

static void translation_of_the_host_is_judged(void **state)
{
	static const char id[] = "iommu.passthrough-mode";
	struct iommu_group groups[] = { { .type = { true, "DMA" } },
					{ .type = { true, "DMA" } },
					{ .type = { true, "identity" },
					  .devices = { true, 1, addresses } } };
	struct finding f;
	struct host h;

	(void)state;
	host_blank(&h);
	h.iommu.groups = (struct fact_list){ true, 0, NULL };
	check_row(&h, id, VERDICT_NOT_APPLICABLE, "No IOMMU works");
	h.iommu.groups = (struct fact_list){ true, 3, groups };
	set_guest(&h);
	f = check_row(&h, id, VERDICT_ADVICE, "2 of 2 groups of the host's devices are translated");
	check_fix(&f, NULL, "iommu=pt");
	assert_true(f.tweak->is_trade_off);
	set_str(&h.kernel.cmdline, "iommu=pt");
	f = check_row(&h, id, VERDICT_ADVICE, "but all 2 groups");
	check_fix(&f, NULL, "later iommu=");
	groups[0].type.v = groups[1].type.v = "DMA-FQ";
	h.kernel.cmdline.known = false;
	check_row(&h, id, VERDICT_PASS, "lazily");
	groups[0].type.v = "identity";
	check_row(&h, id, VERDICT_PASS, "1 of 2 groups");
	groups[0].type.known = groups[1].type.known = false;
	check_row(&h, id, VERDICT_UNKNOWN, "not known");
	arena_release(&h.arena);
}

static void invalidation_is_judged(void **state)
{
	static const char id[] = "iommu.strict";
	struct iommu_group group = { .type = { true, "DMA" } };
	struct finding f;
	struct host h;

	(void)state;
	host_blank(&h);
	h.iommu.groups = (struct fact_list){ true, 1, &group };
	check_row(&h, id, VERDICT_PASS, "after each transfer, which is the kernel's choice");
	set_str(&h.kernel.cmdline, "iommu.strict=1");
	f = check_row(&h, id, VERDICT_ADVICE, "iommu.strict=1");
	check_fix(&f, NULL, "remove iommu.strict=1");
	set_str(&h.kernel.cmdline, "intel_iommu=on,strict");
	f = check_row(&h, id, VERDICT_ADVICE, "intel_iommu=on,strict");
	check_fix(&f, NULL, "iommu.strict=0");
	group.type.v = "DMA-FQ";
	check_row(&h, id, VERDICT_PASS, "in batches");
	group.type.v = "identity";
	check_row(&h, id, VERDICT_NOT_APPLICABLE, "not translated");
	group.type.known = false;
	check_row(&h, id, VERDICT_UNKNOWN, "not known");
	set_log(&h, "iommu-invalidation", NULL);
	set_str(&event.value, "lazy");
	check_row(&h, id, VERDICT_PASS, "in batches");
	arena_release(&h.arena);
}

static void vfio_without_large_pages(void **state)
{
	struct finding f;
	struct host h;

	(void)state;
	host_blank(&h);
	set_str(&h.kernel.cmdline, "quiet");
	set_param(&h, "vfio_iommu_type1.disable_hugepages", "Y");
	f = check_row(&h, "iommu.superpages", VERDICT_ADVICE, "disable_hugepages");
	check_fix(&f, NULL, "disable_hugepages=N");
	h.iommu.groups = (struct fact_list){ true, 0, NULL };
	check_row(&h, "iommu.superpages", VERDICT_NOT_APPLICABLE, "No IOMMU");
	h.iommu.groups.known = false;
	h.kernel.cmdline.known = false;
	check_row(&h, "iommu.superpages", VERDICT_UNKNOWN, "kernel.cmdline");
	arena_release(&h.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_of_the_command_line_are_judged),
		cmocka_unit_test(unsafe_interrupts_in_effect),
		cmocka_unit_test(the_log_tells_of_the_patch),
		cmocka_unit_test(remapping_is_judged),
		cmocka_unit_test(what_vfio_says_is_judged),
		cmocka_unit_test(faults_are_counted),
		cmocka_unit_test(an_iommu_works_or_not),
		cmocka_unit_test(translation_of_the_host_is_judged),
		cmocka_unit_test(invalidation_is_judged),
		cmocka_unit_test(vfio_without_large_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
