# SPDX-License-Identifier: GPL-2.0-or-later
add_library(probe STATIC probes/probe.c probes/read.c probes/table.c)
target_link_libraries(probe PUBLIC parse facts core)

include(probes/trace/trace.cmake)
include(probes/capture/capture.cmake)

# vfiobench_probe(NAME [SOURCES extra.c …] [LIBS lib …]): probes/NAME.c becomes vfiobench-probe-NAME.
function(vfiobench_probe NAME)
	cmake_parse_arguments(P "" "" "SOURCES;LIBS" ${ARGN})
	add_executable(vfiobench-probe-${NAME} probes/${NAME}.c ${P_SOURCES})
	target_link_libraries(vfiobench-probe-${NAME} probe ${P_LIBS})
	install(TARGETS vfiobench-probe-${NAME} DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/vfiobench)
endfunction()

vfiobench_probe(aio SOURCES probes/processes.c)
vfiobench_probe(clock)
vfiobench_probe(hugepages SOURCES probes/hugepage_pools.c)
vfiobench_probe(kernel SOURCES probes/kernel_config.c probes/kernel_names.c probes/kernel_settings.c)
vfiobench_probe(cpu SOURCES probes/contained.c probes/cpu_balance.c probes/cpu_freq.c
	probes/cpu_idle.c probes/cpu_nodes.c
	probes/cpu_topology.c probes/cpu_tree.c probes/cpu_virtual.c probes/numbered.c
	LIBS PkgConfig::HWLOC)
vfiobench_probe(irq SOURCES probes/irq_lines.c probes/irq_affinity.c probes/irq_devices.c
	probes/irq_balance.c probes/processes.c)
vfiobench_probe(activity SOURCES probes/activity_counters.c probes/activity_delta.c probes/activity_guest.c
	probes/activity_sample.c probes/activity_tasks.c probes/activity_units.c probes/guest_vcpus.c probes/numbered.c probes/pin.c
	probes/processes.c probes/stop.c LIBS Threads::Threads)
# The same measurement at two moments of a run.
foreach(NAME IN ITEMS wake wake_bare)
	vfiobench_probe(${NAME} SOURCES probes/cpu_steal.c probes/pin.c probes/rt_throttle.c probes/stop.c probes/wake_crew.c
		probes/wake_loop.c probes/wake_measure.c LIBS Threads::Threads)
endforeach()
vfiobench_probe(tsc SOURCES probes/clock_cost.c probes/pin.c probes/stop.c probes/tsc_rate.c
	probes/tsc_turns.c LIBS Threads::Threads)
vfiobench_probe(gap SOURCES probes/cpu_steal.c probes/gap_blame.c probes/gap_crew.c
	probes/gap_join.c probes/gap_loop.c probes/gap_past.c probes/gap_results.c probes/gap_together.c
	probes/gap_trace.c probes/pin.c probes/smi.c probes/smi_watch.c probes/stop.c
	probes/tsc_rate.c
	LIBS tracelive Threads::Threads)
vfiobench_probe(trace SOURCES probes/pin.c probes/stop.c probes/trace_limits.c
	probes/trace_recording.c probes/trace_spool.c
	LIBS tracer recording Threads::Threads)
vfiobench_probe(log)
vfiobench_probe(setup SOURCES probes/setup_boot.c probes/setup_devices.c probes/setup_files.c
	probes/setup_firmware.c probes/setup_initramfs.c probes/setup_libvirt.c probes/setup_loaders.c
	probes/setup_modprobe.c probes/setup_people.c probes/setup_versions.c probes/processes.c)
vfiobench_probe(guest SOURCES probes/guest_find.c probes/guest_describe.c probes/guest_threads.c
	probes/guest_vcpus.c probes/guest_memory.c probes/processes.c probes/smaps_read.c)
vfiobench_probe(power SOURCES probes/power_cpus.c probes/power_latency.c probes/numbered.c
	probes/processes.c probes/programs.c)
vfiobench_probe(mm SOURCES probes/guest_find.c probes/mm_guest.c probes/processes.c
	probes/programs.c probes/smaps_read.c)
vfiobench_probe(sched SOURCES probes/guest_find.c probes/processes.c probes/sched_cpusets.c
	probes/sched_tasks.c probes/sched_trace.c)

vfiobench_probe(domain SOURCES probes/domain_differs.c probes/domain_disks.c
	probes/domain_guest.c probes/domain_live.c probes/domain_schema.c
	probes/guest_describe.c probes/guest_find.c
	probes/libvirt_xml.c probes/processes.c probes/user_file.c)
if(LIBVIRT_FOUND)
	target_compile_definitions(vfiobench-probe-domain PRIVATE VFIOBENCH_HAS_LIBVIRT)
	target_link_libraries(vfiobench-probe-domain PkgConfig::LIBVIRT)
endif()

vfiobench_probe(iommu SOURCES probes/iommu_groups.c probes/iommu_hardware.c probes/tally.c)
vfiobench_probe(net SOURCES probes/net_interfaces.c probes/net_kind.c probes/net_names.c
	probes/net_queues.c probes/net_subnets.c probes/tally.c)
vfiobench_probe(pci SOURCES probes/pci_access.c probes/pci_caps.c probes/pci_express.c
	probes/pci_functions.c
	probes/pci_links.c probes/pci_sysfs.c probes/pci_vectors.c probes/tally.c
	LIBS PkgConfig::LIBPCI)

include(probes/microguest/microguest.cmake OPTIONAL)
# It is the built-in guest at work: its payload is for x86-64 alone.
vfiobench_probe(exits SOURCES probes/exits_backing.c probes/exits_emulated.c probes/exits_mapped.c
	probes/exits_memory.c probes/exits_run.c probes/exits_samples.c probes/exits_walk.c
	probes/exits_wire.c probes/pin.c probes/stop.c LIBS microguest Threads::Threads)
