/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * paths.c - THE table of what a capture takes: what state probes read. Module parameters, sysctls
 * and the devices that a guest names come on top (capture.c).
 */
#include "probes/capture/parts.h"

#define CPU  "/sys/devices/system/cpu"
#define NODE "/sys/devices/system/node"
#define MM   "/sys/kernel/mm"
#define PCI  "/sys/bus/pci/devices/*"
#define NET  "/sys/class/net/*"
#define PID  "/proc/[0-9]*"
#define TASK PID "/task/[0-9]*"

/* clang-format off */
const struct capture_row capture_rows[] = {
	/* Kernel and distribution. */
	{ "/proc/{cmdline,version,meminfo,vmstat,buddyinfo,swaps}" },
	{ "/proc/sys/kernel/{osrelease,version}" },
	{ "/proc/sys/fs/{aio-nr,aio-max-nr}" },
	{ "/proc/pressure/{cpu,io,memory}" },
	{ "/proc/interrupts", capture_interrupts },
	{ "/proc/modules", capture_modules },
	{ "/proc/cpuinfo", capture_cpuinfo },
	{ "/proc/mounts", capture_mounts, TAKE_FLAT },
	{ "/proc/net/route", capture_routes, TAKE_FLAT },
	{ "/proc/config.gz", capture_kconfig },
	{ "/boot/config-%r", capture_kconfig },
	{ "/lib/modules/%r/config", capture_kconfig },
	{ "/etc/os-release", capture_os_release },
	{ "/usr/lib/os-release", capture_os_release },
	{ "/sys/module/pcie_aspm/parameters/policy" },

	/* Processors, their power and their clock. */
	{ CPU "/{online,present,possible,isolated,nohz_full}" },
	{ CPU "/smt/{active,control}" },
	{ CPU "/vulnerabilities/*" },
	{ CPU "/cpu[0-9]*/online" },
	{ CPU "/cpu[0-9]*/topology/*" },
	{ CPU "/cpu[0-9]*/cache/index[0-9]*/{coherency_line_size,id,level,number_of_sets,physical_line_partition,shared_cpu_list,shared_cpu_map,size,type,ways_of_associativity}" },
	{ CPU "/cpu[0-9]*/cpuidle/state[0-9]*/{name,latency,disable}" },
	{ CPU "/cpu[0-9]*/cpufreq/scaling_cur_freq" },
	{ CPU "/{cpufreq/policy[0-9]*,cpu[0-9]*/cpufreq}/{affected_cpus,related_cpus,scaling_driver,scaling_governor,energy_performance_preference,scaling_min_freq,scaling_max_freq,cpuinfo_max_freq}" },
	{ CPU "/cpu[0-9]*/power/{energy_perf_bias,pm_qos_resume_latency_us}" },
	{ CPU "/cpu[0-9]*/thermal_throttle/{core,package}_throttle_count" },
	{ CPU "/cpufreq/boost" },
	{ CPU "/cpuidle/{current_driver,current_governor,current_governor_ro}" },
	{ CPU "/{intel_pstate,amd_pstate}/{status,no_turbo}" },
	{ "/sys/devices/{cpu_core,cpu_atom,cpu_lowpower}/cpus" },
	{ "/sys/devices/system/clocksource/clocksource0/{available,current}_clocksource" },
	{ "/sys/firmware/acpi/platform_profile" },
	{ "/dev/cpu_dma_latency" },

	/* Memory. */
	{ NODE "/{online,possible,present}" },
	{ NODE "/node[0-9]*/{cpulist,cpumap,meminfo,distance}" },
	{ NODE "/node[0-9]*/hugepages/*/{nr,free,surplus}_hugepages" },
	{ NODE "/node[0-9]*/access[0-9]*/initiators/*", NULL, TAKE_NAME },
	{ MM "/hugepages/*/{nr,free,resv,surplus,nr_overcommit}_hugepages" },
	{ MM "/transparent_hugepage/{enabled,defrag}" },
	{ MM "/transparent_hugepage/khugepaged/{defrag,scan_sleep_millisecs}" },
	{ MM "/ksm/{run,pages_sharing,full_scans}" },
	{ "/sys/kernel/slab/kmalloc-{64,128,256}/{sanity_checks,red_zone,poison,store_user}" },
	{ "/sys/kernel/slab/:*", NULL, TAKE_NAME, .is_first = true },

	/* Interrupts, devices, firmware. */
	{ "/proc/irq/default_smp_affinity" },
	{ "/proc/irq/[0-9]*/{smp_affinity,smp_affinity_list,effective_affinity,effective_affinity_list}" },
	{ PCI "/{vendor,device,class,irq,numa_node,driver_override,boot_vga,current_link_speed,current_link_width,max_link_speed,max_link_width,sriov_totalvfs,sriov_numvfs,reset_method,power_state,d3cold_allowed,aer_dev_correctable,resource}" },
	{ PCI "/{resource[0-9]*_resize,link/*_aspm,msi_irqs/[0-9]*}" },
	{ PCI "/power/{runtime_status,control}" },
	{ PCI "/{driver,iommu_group,physfn}", NULL, TAKE_NAME },
	{ PCI "/config", capture_pci_config },
	{ "/sys/class/iommu/*", NULL, TAKE_NAME },
	{ "/sys/class/iommu/*/intel-iommu/cap" },
	{ "/sys/kernel/iommu_groups/[0-9]*/{type,reserved_regions}" },
	{ "/sys/kernel/iommu_groups/[0-9]*/devices/*", NULL, TAKE_NAME },
	{ "/sys/firmware/acpi/tables/{DMAR,IVRS}", NULL, TAKE_NAME },
	{ "/sys/firmware/dmi/tables/DMI", NULL, TAKE_NAME },
	{ "/sys/class/dmi/id/{product_name,sys_vendor,bios_vendor,bios_version,bios_date,board_vendor,board_name}" },
	{ "/sys/hypervisor/type" },
	{ "/sys/firmware/efi/efivars/LoaderInfo-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f" },
	{ "/dev/{null,iommu,vhost-net,input}", NULL, TAKE_NAME },
	{ NET "/uevent", capture_uevent },
	{ NET "/{ifindex,iflink,type,tun_flags,carrier,mtu}" },
	{ NET "/queues/rx-*/rps_cpus" },
	{ NET "/queues/tx-*/xps_cpus" },
	{ NET "/{master,device,phy80211,wireless,bridge,bonding,macvtap,lower_*}", NULL, TAKE_NAME },
	{ NET "/device/driver", NULL, TAKE_NAME },
	{ "/sys/class/watchdog/*", NULL, TAKE_NAME },
	{ "/sys/class/watchdog/*/identity" },
	{ "/sys/block/*", NULL, TAKE_NAME },
	{ "/sys/block/*/queue/{rotational,scheduler}" },
	{ "/sys/class/block/*", NULL, TAKE_NAME },
	{ "/sys/class/block/*/{partition,slaves/*}", NULL, TAKE_NAME },
	{ "/sys/class/block/*/queue/scheduler" },

	/* Scheduling and tracing. */
	{ "%c/**/{cpuset.cpus,cpuset.effective_cpus,cpuset.cpus.effective,cpuset.cpus.partition,cpuset.cpus.isolated,cpuset.sched_load_balance,cpus,effective_cpus,sched_load_balance}" },
	{ "/sys/devices/virtual/workqueue/{cpumask,cpumask_isolated}" },
	{ "/sys/devices/virtual/workqueue/*/cpumask" },
	{ "/sys/kernel/debug/sched/preempt" },
	{ "/sys/kernel/debug/kprobes/list" },
	{ "/sys/kernel/tracing/{current_tracer,set_event}" },

	/* Processes; of guests more than of others. */
	{ PID "/comm" },
	{ PID "/cmdline", capture_args },
	{ TASK "/stat", capture_stat },
	{ TASK "/status", capture_status },
	{ TASK "/comm", .who = WHO_GUEST },
	{ PID "/stat", capture_stat, .who = WHO_GUEST },
	{ PID "/status", capture_status, .who = WHO_GUEST },
	{ PID "/{stat,status,comm}", .who = WHO_VHOST },
	{ PID "/cgroup", capture_cgroup, .who = WHO_GUEST },
	{ PID "/limits", capture_limits, .who = WHO_GUEST },
	{ PID "/numa_maps", capture_numa_maps, .who = WHO_GUEST },
	{ PID "/smaps", capture_smaps, .who = WHO_GUEST },
	{ PID "/maps", capture_maps, .who = WHO_GUEST },
	{ PID "/ksm_merging_pages", .who = WHO_GUEST },
	{ PID "/environ", capture_environ, .who = WHO_IRQBALANCE },
	{ PID "/fd/[0-9]*", capture_descriptor, TAKE_NAME, .is_quiet = true },
	{ "/sys/kernel/debug/kvm/[0-9]*", NULL, TAKE_NAME },
	{ "/sys/kernel/debug/kvm/[0-9]*/vcpu*/pid" },

	/* Programs and their settings. */
	{ "/etc/{irqbalance.env,conf.d/irqbalance,sysconfig/irqbalance,default/irqbalance}", capture_config },
	{ "/etc/tuned/active_profile" },
	{ "/run/tlp/last_pwr", NULL, TAKE_NAME },
	{ "/run/laptop-mode-tools/enabled", NULL, TAKE_NAME },
	{ "/etc/modprobe.d/*.conf", capture_modprobe },
	{ "/run/modprobe.d/*.conf", capture_modprobe },
	{ "/{usr/local/lib,usr/lib,lib}/modprobe.d/*.conf", capture_modprobe },
	{ "/etc/default/grub", capture_config },
	{ "/etc/default/grub.d/*.cfg", capture_config },
	{ "/etc/kernel/cmdline", capture_config },
	{ "/etc/kernel/proxmox-boot-uuids", NULL, TAKE_NAME },
	{ "/{boot,efi,boot/efi}/loader/loader.conf", capture_config },
	{ "/{boot,efi,boot/efi}/loader/entries/*.conf", capture_config },
	{ "/{boot,boot/limine,boot/EFI/limine,efi}/limine.{conf,cfg}", capture_config },
	{ "/etc/default/limine", capture_config },
	{ "/{boot,efi}/refind_linux.conf", capture_config },
	{ "/{boot,efi}/EFI/refind", NULL, TAKE_NAME },
	{ "/boot/{grub,grub2,efi/EFI/grub}", NULL, TAKE_NAME },
	{ "/{ostree,run/ostree-booted}", NULL, TAKE_NAME },
	{ "/etc/mkinitcpio.conf", capture_config },
	{ "/etc/mkinitcpio.conf.d/*.conf", capture_config },
	{ "/etc/initramfs-tools/modules", capture_config },
	{ "/etc/initramfs-tools/initramfs.conf", NULL, TAKE_NAME },
	{ "/etc/dracut.conf", capture_config },
	{ "/{etc,usr/lib/dracut,lib/dracut}/dracut.conf.d/*.conf", capture_config },
	{ "/etc/booster.yaml", capture_config },
	{ "/usr/{lib/dracut,bin/dracut,sbin/mkinitramfs}", NULL, TAKE_NAME },
	{ "/etc/libvirt/qemu.conf", capture_qemu_conf },
	{ "/etc/libvirt/hooks/qemu", NULL, TAKE_SCRIPT },
	{ "/etc/libvirt/hooks/qemu.d/*", NULL, TAKE_SCRIPT },
	{ "/var/lib/dpkg/status", capture_dpkg },
	{ "/lib/apk/db/installed", capture_apk },
	{ "/var/lib/pacman/local/{qemu,libvirt}*", NULL, TAKE_NAME },
	{ "/var/db/pkg/app-emulation/{qemu,libvirt}*", NULL, TAKE_NAME },
	{ "/etc/{pacman.conf,fedora-release,pve}", NULL, TAKE_NAME },
	{ "/{usr/bin,usr/local/bin,run/current-system/sw/bin}/swtpm", NULL, TAKE_NAME },

	/* Of captured trees alone: what has no file on a running host. */
	{ "/{dmesg,var/log/dmesg}", capture_klog, .is_of_trees = true },
	{ "/proc/hwloc-nofile-info", capture_hwloc, .is_of_trees = true },
	{ "/{domain.xml,run/libvirt/qemu/*.xml}", capture_xml, .is_of_trees = true },
	{ "/qemu.argv", capture_argv, .is_of_trees = true },
	{ "/lspci.hex", capture_lspci, .is_of_trees = true },
	{ "/.vfiobench/answers", .is_of_trees = true },
};
/* clang-format on */

const size_t n_capture_rows = ARRAY_SIZE(capture_rows);
