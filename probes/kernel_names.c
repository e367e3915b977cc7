/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/kernel_names.h"

#include "core/base.h"

/* Documentation/admin-guide/kernel-parameters.rst and the modules' MODULE_PARM_DESC. */
/* clang-format off */
const char *const kernel_params[] = {
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
const char *const kernel_sysctls[] = {
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

/* Options that rules and the report need, in the order of the document. */
/* clang-format off */
const char *const kernel_options[] = {
	/* ticks and isolation */
	"NO_HZ_FULL", "NO_HZ_IDLE", "HZ_PERIODIC", "HZ", "HIGH_RES_TIMERS", "CPU_ISOLATION",
	"RCU_NOCB_CPU", "RCU_NOCB_CPU_DEFAULT_ALL", "VIRT_CPU_ACCOUNTING_GEN", "IRQ_TIME_ACCOUNTING",
	"PARAVIRT_TIME_ACCOUNTING", "CPUSETS", "WQ_POWER_EFFICIENT_DEFAULT",
	/* preemption and scheduling */
	"PREEMPT_NONE", "PREEMPT_VOLUNTARY", "PREEMPT", "PREEMPT_LAZY", "PREEMPT_DYNAMIC", "PREEMPT_RT",
	"SCHED_SMT", "SCHED_MC", "SCHED_CORE", "SCHED_AUTOGROUP", "RT_GROUP_SCHED", "SCHEDSTATS",
	"CPU_FREQ", "CPU_IDLE",
	/* memory */
	"NUMA", "NUMA_BALANCING", "NUMA_BALANCING_DEFAULT_ENABLED", "TRANSPARENT_HUGEPAGE",
	"TRANSPARENT_HUGEPAGE_ALWAYS", "TRANSPARENT_HUGEPAGE_MADVISE", "HUGETLBFS", "CONTIG_ALLOC", "CMA",
	"COMPACTION", "KSM", "AIO", "IO_URING",
	/* passthrough */
	"KVM", "KVM_INTEL", "KVM_AMD", "KVM_HYPERV", "VFIO", "VFIO_PCI", "VFIO_IOMMU_TYPE1", "VFIO_VIRQFD",
	"IOMMUFD", "INTEL_IOMMU", "INTEL_IOMMU_DEFAULT_ON", "INTEL_IOMMU_DEFAULT_ON_INTGPU_OFF",
	"AMD_IOMMU", "IRQ_REMAP", "X86_X2APIC", "IOMMU_DEFAULT_PASSTHROUGH", "IOMMU_DEFAULT_DMA_STRICT",
	"IOMMU_DEFAULT_DMA_LAZY",
	/* watching, hardening and debugging that cost time */
	"LOCKUP_DETECTOR", "SOFTLOCKUP_DETECTOR", "HARDLOCKUP_DETECTOR", "MITIGATION_PAGE_TABLE_ISOLATION",
	"PAGE_TABLE_ISOLATION", "PAGE_POISONING", "INIT_ON_ALLOC_DEFAULT_ON", "INIT_ON_FREE_DEFAULT_ON",
	"SHUFFLE_PAGE_ALLOCATOR", "SLUB_DEBUG_ON", "DEBUG_PAGEALLOC", "DEBUG_PREEMPT", "DEBUG_KMEMLEAK",
	"LOCKDEP", "PROVE_LOCKING", "KASAN", "KCSAN", "KFENCE",
	"FUNCTION_TRACER", "OSNOISE_TRACER", "TIMERLAT_TRACER", "HWLAT_TRACER",
};
/* clang-format on */

const size_t n_kernel_params = ARRAY_SIZE(kernel_params);
const size_t n_kernel_sysctls = ARRAY_SIZE(kernel_sysctls);
const size_t n_kernel_options = ARRAY_SIZE(kernel_options);
