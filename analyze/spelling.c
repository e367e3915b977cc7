/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/spelling.h"

#include <string.h>

/* Documentation/admin-guide/kernel-parameters.txt, and parameters of the modules concerned. */
static const char *const known[] = {
	"amd_iommu",
	"amd_iommu_intr",
	"amd_pstate",
	"clocksource",
	"cpufreq.default_governor",
	"default_hugepagesz",
	"hugepages",
	"hugepagesz",
	"hugetlb_cma",
	"i915.enable_guc",
	"i915.enable_gvt",
	"i915.enable_fbc",
	"initcall_blacklist",
	"intel_idle.max_cstate",
	"intel_iommu",
	"intel_pstate",
	"intremap",
	"iommu.passthrough",
	"iommu.strict",
	"irqaffinity",
	"isolcpus",
	"kvm.halt_poll_ns",
	"kvm.ignore_msrs",
	"kvm.nx_huge_pages",
	"kvm.report_ignored_msrs",
	"kvm_amd.avic",
	"kvm_amd.nested",
	"kvm_intel.nested",
	"kvm_intel.enable_apicv",
	"mitigations",
	"modprobe.blacklist",
	"nmi_watchdog",
	"nohz_full",
	"nosoftlockup",
	"nowatchdog",
	"numa_balancing",
	"pci_stub.ids",
	"pcie_acs_override",
	"pcie_aspm",
	"processor.max_cstate",
	"rcu_nocbs",
	"rcu_nocb_poll",
	"rcutree.enable_rcu_lazy",
	"rd.driver.blacklist",
	"rd.driver.pre",
	"skew_tick",
	"split_lock_detect",
	"threadirqs",
	"transparent_hugepage",
	"vfio.enable_unsafe_noiommu_mode",
	"vfio_iommu_type1.allow_unsafe_interrupts",
	"vfio_iommu_type1.dma_entry_limit",
	"vfio_pci.disable_idle_d3",
	"vfio_pci.disable_vga",
	"vfio_pci.enable_sriov",
	"vfio_pci.ids",
	"vfio_pci.nointxmask",
	"workqueue.power_efficient",
	"workqueue.unbound_cpus",
};

/* Parameters of their own, one or two letters from a known one. */
static const char *const neighbours[] = {
	"amd_iommu_dump",
	"audit",
	"intel_iommu_tboot_noforce",
	"nohz",
	"noisapnp",
	"nosmp",
	"nosmt",
	"no_watchdog",
	"soft_watchdog",
	"watchdog",
	"softlockup_panic",
	"hugepages_treat_as_movable",
	"hugetlb_free_vmemmap",
	"i915.enable_dc",
	"i915.enable_psr",
	"i915.enable_ips",
	"rcu_nocb",
	"rd.driver.post",
	"intel_pmc_core",
	"pcie_ports",
	"pcie_pme",
};

/* Values that a parameter does not take, by which another is meant. */
static const struct {
	const char *word, *meant;
} values[] = {
	{ "amd_iommu=pt", "iommu=pt" },
	{ "intel_iommu=pt", "iommu=pt" },
	{ "intel_iommu=1", "intel_iommu=on" },
	{ "intel_iommu=yes", "intel_iommu=on" },
	{ "iommut=pt", "iommu=pt" },
	{ "iommu=passthrough", "iommu=pt" },
	{ "iommu.pt=1", "iommu=pt" },
	{ "hugepagesize=1G", "hugepagesz=1G" },
	{ "hugepagesize=2M", "hugepagesz=2M" },
};

enum { NAME_MAX_LEN = 64, SHORT_LEN = 7, LONG_LEN = 12 };

/* '-' and '_' are the same in names. */
static size_t copy_name(struct text word, char *buf)
{
	size_t n = 0;

	while (n < word.len && n < NAME_MAX_LEN && word.at[n] != '=') {
		buf[n] = word.at[n] == '-' ? '_' : word.at[n];
		n++;
	}
	return n;
}

static unsigned least(unsigned a, unsigned b, unsigned c)
{
	const unsigned ab = a < b ? a : b;

	return ab < c ? ab : c;
}

/* Letters added, lost, changed or swapped with the next one (Damerau 1964, adjacent swaps once). */
static unsigned distance(const char *x, size_t n_x, const char *y, size_t n_y)
{
	unsigned rows[3][NAME_MAX_LEN + 1];

	for (size_t j = 0; j <= n_y; j++)
		rows[0][j] = (unsigned)j;
	for (size_t i = 1; i <= n_x; i++) {
		const unsigned *above = rows[(i - 1) % 3], *before = rows[(i + 1) % 3];
		unsigned *row = rows[i % 3];

		row[0] = (unsigned)i;
		for (size_t j = 1; j <= n_y; j++) {
			row[j] = least(above[j] + 1, row[j - 1] + 1,
				       above[j - 1] + (x[i - 1] != y[j - 1]));
			if (i > 1 && j > 1 && x[i - 1] == y[j - 2] && x[i - 2] == y[j - 1] &&
			    before[j - 2] + 1 < row[j])
				row[j] = before[j - 2] + 1;
		}
	}
	return rows[n_x % 3][n_y];
}

static bool is_name(const char *name, size_t n, const char *const *list, size_t n_list)
{
	for (size_t i = 0; i < n_list; i++) {
		if (strlen(list[i]) == n && !memcmp(list[i], name, n))
			return true;
	}
	return false;
}

/* Three letters added at the end make another word: hugepages, hugepagesz. */
static bool is_near(const char *name, size_t n, const char *target)
{
	const size_t n_target = strlen(target);
	const unsigned most = n_target >= LONG_LEN ? 2 : 1;
	const size_t gap = n > n_target ? n - n_target : n_target - n;

	return n_target >= SHORT_LEN && gap <= most && distance(name, n, target, n_target) <= most;
}

static const char *meant_by_value(struct text word)
{
	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		if (text_equal(word, values[i].word))
			return values[i].meant;
	}
	return NULL;
}

const char *spelling_meant(struct text word)
{
	const char *meant = meant_by_value(word);
	char name[NAME_MAX_LEN];
	const size_t n = copy_name(word, name);

	if (meant)
		return meant;
	if (n < SHORT_LEN - 1 || n == NAME_MAX_LEN || is_name(name, n, known, ARRAY_SIZE(known)) ||
	    is_name(name, n, neighbours, ARRAY_SIZE(neighbours)))
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		if (is_near(name, n, known[i]))
			return known[i];
	}
	return NULL;
}
