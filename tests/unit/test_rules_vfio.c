/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/vfio_host.h"

static void without_passthrough_nothing_applies(void **state)
{
	static const char *const ids[] = { "vfio.driver-override", "vfio.group",
					   "vfio.pci-ids",         "vfio.ids-cmdline",
					   "vfio.reset",           "vfio.d3",
					   "vfio.nointxmask",      "vfio.iommufd",
					   "vfio.dma-entry-limit", "vfio.iommu-class-present" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++) {
		struct host h;

		host_blank(&h);
		check_row(&h, ids[i], VERDICT_NOT_APPLICABLE, "No ");
		arena_release(&h.arena);
	}
}

static void drivers_of_the_guests_functions(void **state)
{
	static const char id[] = "vfio.driver-override";
	struct vfio_host v;
	struct finding f;

	(void)state;
	vfio_host_init(&v);
	vfio_host_set_guest(&v);
	v.h.pci.functions.known = false;
	check_row(&v.h, id, VERDICT_UNKNOWN, "pci.functions");
	v.h.pci.functions.known = true;
	check_row(&v.h, id, VERDICT_PASS, "VFIO holds 2 of 2");
	set_driver(&v.f[SOUND], "snd_hda_intel");
	check_row(&v.h, id, VERDICT_PASS, "VFIO holds 1 of 2");
	set_driver(&v.f[CARD], "nouveau");
	f = check_row(&v.h, id, VERDICT_ADVICE, "graphics card");
	assert_string_equal(f.items[0], "0000:01:00.0 is bound to nouveau");
	check_fix(&f, "", "options vfio-pci ids=10de:1b81,10de:10f0");
	check_fix(&f, "", "softdep nouveau pre: vfio-pci");
	v.f[OTHER].device_id.v = 0x1b81;
	f = check_row(&v.h, id, VERDICT_ADVICE, "graphics card");
	check_fix(&f, "",
		  "sudo driverctl set-override 0000:01:00.0 vfio-pci\n"
		  "sudo driverctl set-override 0000:01:00.1 vfio-pci");
	set_bool(&v.h.setup.has_libvirt_hook, true);
	check_row(&v.h, id, VERDICT_UNKNOWN, "a hook of libvirt");
	v.h.setup.has_libvirt_hook.v = false;
	v.devs[CARD].is_managed.v = false;
	check_row(&v.h, id, VERDICT_PROBLEM, "1 of 2 functions for the guest are bound");
	set_driver(&v.f[CARD], NULL);
	set_str(&v.f[SOUND].address, "0000:05:00.1");
	f = check_row(&v.h, id, VERDICT_ADVICE, "1 of 2 functions for the guest are not on");
	check_fix(&f, "", "lspci -Dnn");
	vfio_host_release(&v);
}

static void others_in_the_group(void **state)
{
	static const char id[] = "vfio.group";
	struct vfio_host v;
	struct finding f;

	(void)state;
	vfio_host_init(&v);
	check_row(&v.h, id, VERDICT_PASS, "of the 2 passed-through");
	v.f[OTHER].iommu_group.v = 1;
	f = check_row(&v.h, id, VERDICT_PROBLEM, "hold 1 function in IOMMU groups");
	assert_int_equal(f.n_items, 1);
	assert_string_equal(f.items[0],
			    "group 1 of 0000:01:00.0: 0000:02:00.0 is bound to nouveau");
	check_fix(&f, "for d in 0000:02:00.0;", "driverctl set-override $d vfio-pci");
	set_driver(&v.f[OTHER], NULL);
	check_row(&v.h, id, VERDICT_PASS, NULL);
	v.f[CARD].iommu_group.known = v.f[SOUND].iommu_group.known = false;
	check_row(&v.h, id, VERDICT_UNKNOWN, "groups");
	vfio_host_set_guest(&v);
	v.h.pci.functions.n = 0;
	check_row(&v.h, id, VERDICT_NOT_APPLICABLE, "None of the devices");
	vfio_host_release(&v);
}

static void ids_fit_this_host(void **state)
{
	static const char id[] = "vfio.pci-ids";
	struct vfio_host v;
	struct finding f;

	(void)state;
	vfio_host_init(&v);
	vfio_host_set_modprobe(&v, "ids=10de:1b81,10de:10f0", NULL);
	check_row(&v.h, id, VERDICT_PASS, "Each of the 2 ids in modprobe.d");
	vfio_host_set_modprobe(&v, "ids=10de:1b81,10de:9999", NULL);
	set_str(&v.h.setup.initramfs, "dracut");
	f = check_row(&v.h, id, VERDICT_ADVICE, "1 of 2 ids in modprobe.d are of no device");
	check_fix(&f, NULL, "ids=)[^ ]*/\\110de:1b81/' /etc/modprobe.d/vfio.conf\nsudo dracut");
	set_str(&v.h.kernel.cmdline, "vfio-pci.ids=10de:1b81,10de:1244");
	v.f[OTHER].device_id.v = 0x1b81;
	f = check_row(&v.h, id, VERDICT_ADVICE, "1 of 2 ids on the kernel command line fit");
	assert_string_equal(f.items[0], "10de:1b81 is also that of 0000:02:00.0, which nouveau "
					"drives for the host");
	check_fix(&f, NULL, "remove vfio-pci.ids");
	set_str(&v.h.kernel.cmdline, "vfio-pci.ids=what");
	check_row(&v.h, id, VERDICT_UNKNOWN, "none that can be read");
	vfio_host_release(&v);
}

static void ids_stand_in_one_place(void **state)
{
	static const char id[] = "vfio.ids-cmdline";
	struct vfio_host v;
	struct finding f;

	(void)state;
	vfio_host_init(&v);
	vfio_host_set_modprobe(&v, "ids=10de:1b81,10de:10f0", NULL);
	check_row(&v.h, id, VERDICT_PASS, "in one place");
	set_str(&v.h.kernel.cmdline, "vfio-pci.ids=10DE:10f0,10de:1b81");
	check_row(&v.h, id, VERDICT_PASS, "one place would do");
	set_str(&v.h.kernel.cmdline, "vfio-pci.ids=10de:1b81");
	f = check_row(&v.h, id, VERDICT_ADVICE, "gives vfio-pci the ids 10de:1b81, modprobe.d");
	check_fix(&f, NULL, "remove vfio-pci.ids");
	vfio_host_set_modprobe(&v, NULL, NULL);
	vfio_host_set_param(&v, "vfio_pci.ids", "10de:1244");
	set_str(&v.h.setup.initramfs, "mkinitcpio");
	f = check_row(&v.h, id, VERDICT_ADVICE, "loaded with the ids 10de:1244");
	check_fix(&f, NULL, "sudo mkinitcpio -P");
	vfio_host_release(&v);
}

static void an_iommu_is_there(void **state)
{
	static const char id[] = "vfio.iommu-class-present";
	const char *unit[] = { "dmar0" };
	struct vfio_host v;

	(void)state;
	vfio_host_init(&v);
	check_row(&v.h, id, VERDICT_UNKNOWN, "iommu.units");
	v.h.iommu.units = (struct fact_strs){ true, 1, unit };
	check_row(&v.h, id, VERDICT_PASS, "1 IOMMU unit in");
	v.h.iommu.units.n = 0;
	check_row(&v.h, id, VERDICT_ADVICE, "is empty");
	vfio_host_set_guest(&v);
	check_row(&v.h, id, VERDICT_PROBLEM, "is empty");
	v.h.iommu.groups = (struct fact_list){ .known = true };
	check_row(&v.h, id, VERDICT_ADVICE, "see iommu.enabled");
	v.h.pci.functions.n = 0;
	check_row(&v.h, id, VERDICT_UNKNOWN, "Neither");
	vfio_host_release(&v);
}

static void resets_are_judged(void **state)
{
	static const char id[] = "vfio.reset";
	static const char *pm[] = { "pm" }, *flr[] = { "flr", "bus" };
	struct vfio_host v;
	struct finding f;

	(void)state;
	vfio_host_init(&v);
	check_row(&v.h, id, VERDICT_UNKNOWN, "not known");
	v.f[CARD].reset_methods = (struct fact_strs){ true, 2, flr };
	v.f[SOUND].reset_methods = (struct fact_strs){ true, 1, pm };
	check_row(&v.h, id, VERDICT_PASS, "Each of 2");
	set_str(&v.f[OTHER].parent, "0000:00:01.0");
	f = check_row(&v.h, id, VERDICT_ADVICE, "1 of 2 passed-through functions have no reset");
	assert_string_equal(f.items[0], "0000:01:00.1: only by sleeping and waking (pm)");
	check_fix(&f, NULL, "/sys/bus/pci/devices/0000:01:00.1/reset_method");
	vfio_host_set_log(&v, "vfio-reset-fail", "0000:01:00.0", "failed to reset");
	f = check_row(&v.h, id, VERDICT_PROBLEM, "have failed: 0000:01:00.0: vfio-pci said so");
	check_fix(&f, NULL, "/sys/bus/pci/devices/0000:01:00.0/reset_method");
	vfio_host_release(&v);
}

static void sleep_is_judged(void **state)
{
	static const char id[] = "vfio.d3";
	struct vfio_host v;
	struct finding f;

	(void)state;
	vfio_host_init(&v);
	set_str(&v.f[CARD].power_state, "D3cold");
	check_row(&v.h, id, VERDICT_UNKNOWN, "1 of 2 passed-through functions sleep");
	vfio_host_set_log(&v, NULL, NULL, NULL);
	check_row(&v.h, id, VERDICT_PASS, "1 of 2");
	vfio_host_set_log(&v, "vfio-reset-fail", "0000:01:00.0", "stuck in its power state");
	f = check_row(&v.h, id, VERDICT_ADVICE, "0000:01:00.0 did not wake");
	check_fix(&f, "/sys/bus/pci/devices/0000:01:00.0/d3cold_allowed",
		  "options vfio-pci disable_idle_d3=1");
	check_row(&v.h, "vfio.reset", VERDICT_UNKNOWN, NULL);
	vfio_host_set_param(&v, "vfio_pci.disable_idle_d3", "Y");
	check_row(&v.h, id, VERDICT_PASS, "keeps its devices awake");
	vfio_host_release(&v);
}

static void lines_may_be_masked(void **state)
{
	static const char id[] = "vfio.nointxmask";
	struct vfio_host v;
	struct finding f;

	(void)state;
	vfio_host_init(&v);
	check_row(&v.h, id, VERDICT_UNKNOWN, "kernel.params");
	vfio_host_set_param(&v, "vfio_pci.nointxmask", "N");
	check_row(&v.h, id, VERDICT_PASS, "may be shared");
	vfio_host_set_log(&v, "irq-mismatch", NULL, "16");
	f = check_row(&v.h, id, VERDICT_ADVICE, "could not get its interrupt line");
	check_fix(&f, NULL, "messages (MSI)");
	vfio_host_set_log(&v, NULL, NULL, NULL);
	vfio_host_set_param(&v, "vfio_pci.nointxmask", "Y");
	f = check_row(&v.h, id, VERDICT_ADVICE, "nointxmask=1");
	check_fix(&f, NULL, "nointxmask=0");
	vfio_host_release(&v);
}

static void iommufd_is_there_when_asked_for(void **state)
{
	static const char id[] = "vfio.iommufd";
	struct vfio_host v;
	struct finding f;

	(void)state;
	vfio_host_init(&v);
	vfio_host_set_guest(&v);
	check_row(&v.h, id, VERDICT_PASS, "container of VFIO");
	set_str(&v.devs[0].driver, "iommufd");
	check_row(&v.h, id, VERDICT_UNKNOWN, "not known");
	set_bool(&v.h.iommu.has_iommufd, true);
	check_row(&v.h, id, VERDICT_PASS, "/dev/iommu is there");
	v.h.iommu.has_iommufd.v = false;
	f = check_row(&v.h, id, VERDICT_ADVICE, "is not there");
	check_fix(&f, "sudo modprobe iommufd", "sudo tee");
	vfio_host_release(&v);
}

static void entries_run_out(void **state)
{
	static const char id[] = "vfio.dma-entry-limit";
	struct vfio_host v;
	struct finding f;

	(void)state;
	vfio_host_init(&v);
	check_row(&v.h, id, VERDICT_UNKNOWN, "log.events");
	vfio_host_set_log(&v, NULL, NULL, NULL);
	check_row(&v.h, id, VERDICT_PASS, "(limit 65535)");
	v.h.log.is_complete.v = false;
	check_row(&v.h, id, VERDICT_UNKNOWN, "What is left");
	vfio_host_set_log(&v, "dma-entry-limit", NULL, NULL);
	f = check_row(&v.h, id, VERDICT_PROBLEM, "ran out (limit 65535)");
	check_fix(&f, "echo 262140 | sudo tee", "dma_entry_limit=262140");
	vfio_host_set_param(&v, "vfio_iommu_type1.dma_entry_limit", "262140");
	check_row(&v.h, id, VERDICT_UNKNOWN, "262140 now");
	vfio_host_release(&v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_passthrough_nothing_applies),
		cmocka_unit_test(drivers_of_the_guests_functions),
		cmocka_unit_test(others_in_the_group),
		cmocka_unit_test(ids_fit_this_host),
		cmocka_unit_test(ids_stand_in_one_place),
		cmocka_unit_test(an_iommu_is_there),
		cmocka_unit_test(resets_are_judged),
		cmocka_unit_test(sleep_is_judged),
		cmocka_unit_test(lines_may_be_masked),
		cmocka_unit_test(iommufd_is_there_when_asked_for),
		cmocka_unit_test(entries_run_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
