/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "analyze/spelling.h"
#include "tests/lib/check.h"

static void near_misses_are_found(void **state)
{
	static const struct {
		const char *word, *meant;
	} cases[] = {
		{ "nosoflockup", "nosoftlockup" },
		{ "iommut=pt", "iommu=pt" },
		{ "amd_iommu=pt", "iommu=pt" },
		{ "hugepagessz=1G", "hugepagesz" },
		{ "default_hugepagsz=1G", "default_hugepagesz" },
		{ "isolcpu=1-4", "isolcpus" },
		{ "iosolcpus=1-4", "isolcpus" },
		{ "nohz-ful=1-4", "nohz_full" },
		{ "rcu_nobcs=1-4", "rcu_nocbs" },
		{ "vfio-pci.idss=1:2", "vfio_pci.ids" },
		{ "pci-stub-ids=1:2", "pci_stub.ids" },
		{ "inel_iommu=on", "intel_iommu" },
		{ "transparent_hugepages=never", "transparent_hugepage" },
		{ "mitigation=off", "mitigations" },
		/* Right, or not ours to judge. */
		{ "amd_iommu=on", NULL },
		{ "intel_iommu=on,sm_on", NULL },
		{ "iommu=1", NULL },
		{ "vfio_pci.ids=1:2", NULL },
		{ "vfio-pci.ids=1:2", NULL },
		{ "hugepages=4", NULL },
		{ "nohz=on", NULL },
		{ "nosmt", NULL },
		{ "nosmp", NULL },
		{ "tsx=on", NULL },
		{ "mce=off", NULL },
		{ "pci_stub.ids=1:2", NULL },
		{ "rd.driver.pre=vfio-pci", NULL },
		{ "modprobe.blacklist=xpad", NULL },
		{ "module_blacklist=nouveau", NULL },
		{ "systemd.unit=multi-user.target", NULL },
		{ "quiet", NULL },
		{ "...", NULL },
		{ "+", NULL },
		{ "", NULL },
		{ "i915.enable_hd_vgaarb=1", NULL },
		{ "intel_pstate=per_cpu_perf_limits", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *meant = spelling_meant(text_of(cases[i].word));

		if (!meant != !cases[i].meant || (meant && strcmp(meant, cases[i].meant) != 0))
			fail_msg("%s: %s", cases[i].word, meant ? meant : "nothing");
	}
}

static void a_long_word_is_none(void **state)
{
	char word[4096];

	(void)state;
	memset(word, 'a', sizeof(word));
	assert_null(spelling_meant(text_make(word, sizeof(word))));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(near_misses_are_found),
					    cmocka_unit_test(a_long_word_is_none) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
