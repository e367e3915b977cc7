/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/kernel_settings.h"

#include <string.h>

/* Documentation/admin-guide/kernel-parameters.rst and the modules' MODULE_PARM_DESC. */
/* clang-format off */
static const char *const params[] = {
	"kvm.halt_poll_ns", "kvm.halt_poll_ns_grow", "kvm.halt_poll_ns_grow_start",
	"kvm.halt_poll_ns_shrink", "kvm.ignore_msrs", "kvm.report_ignored_msrs",
	"kvm.kvmclock_periodic_sync", "kvm.lapic_timer_advance", "kvm.lapic_timer_advance_ns",
	"kvm.min_timer_period_us", "kvm.nx_huge_pages", "kvm.nx_huge_pages_recovery_ratio",
	"kvm.nx_huge_pages_recovery_period_ms", "kvm.enable_device_posted_irqs", "kvm.tdp_mmu",
	"kvm_intel.nested", "kvm_intel.ept", "kvm_intel.enable_apicv", "kvm_intel.enable_ipiv",
	"kvm_intel.ple_gap", "kvm_intel.ple_window", "kvm_intel.preemption_timer",
	"kvm_intel.vmentry_l1d_flush",
	"kvm_amd.nested", "kvm_amd.npt", "kvm_amd.avic", "kvm_amd.force_avic",
	"kvm_amd.pause_filter_count", "kvm_amd.pause_filter_thresh",
	"vfio.enable_unsafe_noiommu_mode", "vfio_iommu_type1.allow_unsafe_interrupts",
	"vfio_iommu_type1.disable_hugepages", "vfio_iommu_type1.dma_entry_limit",
	"iommufd.allow_unsafe_interrupts",
	"vfio_pci.ids", "vfio_pci.disable_idle_d3", "vfio_pci.nointxmask", "vfio_pci.disable_vga",
	"vfio_pci_core.disable_idle_d3", "vfio_pci_core.nointxmask", "vfio_pci_core.disable_vga",
	"page_alloc.shuffle", "i915.enable_fbc", "intel_idle.max_cstate", "processor.max_cstate",
	"haltpoll.force", "pcie_aspm.policy", "nvme.write_queues", "nvme.poll_queues",
	"workqueue.power_efficient", "workqueue.default_affinity_scope", "rcutree.kthread_prio",
};

/* Documentation/admin-guide/sysctl/{kernel,vm,fs}.rst, Documentation/networking/ip-sysctl.rst. */
static const char *const sysctls[] = {
	"kernel.sched_rt_runtime_us", "kernel.sched_rt_period_us", "kernel.sched_autogroup_enabled",
	"kernel.sched_schedstats", "kernel.numa_balancing", "kernel.timer_migration",
	"kernel.watchdog", "kernel.soft_watchdog", "kernel.nmi_watchdog", "kernel.watchdog_cpumask",
	"kernel.watchdog_thresh", "kernel.hung_task_timeout_secs", "kernel.split_lock_mitigate",
	"kernel.io_uring_disabled", "kernel.perf_event_paranoid", "kernel.tainted",
	"vm.swappiness", "vm.stat_interval", "vm.nr_hugepages", "vm.nr_overcommit_hugepages",
	"vm.compaction_proactiveness", "vm.compact_unevictable_allowed", "vm.overcommit_memory",
	"vm.dirty_ratio", "vm.dirty_bytes", "vm.dirty_background_ratio", "vm.dirty_background_bytes",
	"vm.dirty_writeback_centisecs", "vm.dirty_expire_centisecs", "vm.zone_reclaim_mode",
	"fs.aio-max-nr", "net.ipv4.conf.all.arp_filter",
};
/* clang-format on */

/* One file into a new item of the list, unless there is no such file. */
static int read_setting(struct probe_env *env, struct fact_list *list, const char *field,
			const char *name, const char *path)
{
	auto_free char *value = NULL;
	struct setting_fact *s;
	int r;

	if (!path)
		return -ENOMEM;
	r = sysroot_read_line(env->root, &value, "%s", path);
	if (r == -ENOENT || r == -ENOTDIR)
		return 0;
	if (r < 0)
		return probe_gap(env, field, path, r);
	s = fact_add_item(list, env->arena, sizeof(*s));
	if (!s)
		return -ENOMEM;
	r = fact_set_str(&s->name, env->arena, name);
	return r < 0 ? r : fact_set_str(&s->value, env->arena, value);
}

/* Without the directory above all of them nothing can be said; else the list is known. */
static int find_directory(struct probe_env *env, struct fact_list *list, const char *field,
			  const char *dir)
{
	const int r = sysroot_exists(env->root, "%s", dir);

	list->known = r == 0;
	return r < 0 ? probe_gap(env, field, dir, r) : 0;
}

static int read_params(struct probe_env *env, struct kernel_facts *f)
{
	int r = find_directory(env, &f->params, "params", "/sys/module");

	for (size_t i = 0; r == 0 && f->params.known && i < ARRAY_SIZE(params); i++) {
		const char *dot = strchr(params[i], '.');
		const int n = (int)(dot - params[i]);

		r = read_setting(env, &f->params, "params", params[i],
				 arena_printf(env->arena, "/sys/module/%.*s/parameters/%s", n,
					      params[i], dot + 1));
	}
	return r;
}

/* "vm.swappiness": /proc/sys/vm/swappiness */
static char *sysctl_path(struct arena *a, const char *name)
{
	char *path = arena_printf(a, "/proc/sys/%s", name);

	for (char *c = path; c && *c; c++) {
		if (*c == '.')
			*c = '/';
	}
	return path;
}

static int read_sysctls(struct probe_env *env, struct kernel_facts *f)
{
	int r = find_directory(env, &f->sysctls, "sysctls", "/proc/sys");

	for (size_t i = 0; r == 0 && f->sysctls.known && i < ARRAY_SIZE(sysctls); i++)
		r = read_setting(env, &f->sysctls, "sysctls", sysctls[i],
				 sysctl_path(env->arena, sysctls[i]));
	return r;
}

int kernel_settings_read(struct probe_env *env, struct kernel_facts *f)
{
	const int r = read_params(env, f);

	return r < 0 ? r : read_sysctls(env, f);
}
