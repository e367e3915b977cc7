/* SPDX-License-Identifier: GPL-2.0-or-later */
/* table.c - THE table of probes: one row each, in the order of the result document. */
#include <string.h>

#include "facts/activity.h"
#include "facts/aio.h"
#include "facts/clock.h"
#include "facts/cpu.h"
#include "facts/domain.h"
#include "facts/exits.h"
#include "facts/gap.h"
#include "facts/guest.h"
#include "facts/hugepages.h"
#include "facts/iommu.h"
#include "facts/irq.h"
#include "facts/kernel.h"
#include "facts/log.h"
#include "facts/mm.h"
#include "facts/net.h"
#include "facts/pci.h"
#include "facts/power.h"
#include "facts/sched.h"
#include "facts/setup.h"
#include "facts/trace.h"
#include "facts/tsc.h"
#include "facts/wake.h"
#include "probes/probe.h"

/* clang-format off */
const struct probe probe_table[] = {
	{ "kernel", "Kernel: command line, configuration, parameters", PROBE_STATE, 0, &kernel_schema },
	{ "cpu", "Processors: topology, isolation, power settings", PROBE_STATE, 0, &cpu_schema },
	{ "power", "Boost, energy bias, throttling, and who manages them", PROBE_STATE, 0, &power_schema },
	{ "clock", "Clocksource and TSC as the kernel sees them", PROBE_STATE, 0, &clock_schema },
	{ "irq", "Interrupts and their placement", PROBE_STATE, 0, &irq_schema },
	{ "hugepages", "Huge pages and memory fragmentation", PROBE_STATE, 0, &hugepages_schema },
	{ "mm", "Same-page merging, swap, pressure, NUMA of guest memory", PROBE_STATE, 0, &mm_schema },
	{ "aio", "Asynchronous I/O slots and who holds them", PROBE_STATE, 0, &aio_schema },
	{ "sched", "Cpusets, workqueues and tasks: what may run where", PROBE_STATE, 0, &sched_schema },
	{ "guest", "Running guests: threads, pins, memory", PROBE_STATE, 0, &guest_schema },
	{ "domain", "The guest as it is configured", PROBE_STATE, 0, &domain_schema },
	{ "pci", "PCI functions: interrupts, links, drivers, groups", PROBE_STATE, 0, &pci_schema },
	{ "iommu", "IOMMU: units, groups, interrupt remapping", PROBE_STATE, 0, &iommu_schema },
	{ "net", "Network interfaces, bridges, packet steering", PROBE_STATE, 0, &net_schema },
	{ "log", "What the kernel said since boot", PROBE_STATE, 0, &log_schema },
	{ "setup", "Firmware, versions, boot loader, modules, libvirt, services", PROBE_STATE, 0, &setup_schema },
	{ "wake_bare", "Timer wake-up latency before the guest starts", PROBE_TIMED, PROBE_NEEDS_ROOT, &wake_bare_schema },
	{ "gap", "Time taken from a spinning thread, and by whom", PROBE_TIMED, PROBE_NEEDS_ROOT | PROBE_NEEDS_X86, &gap_schema },
	{ "exits", "What a guest sees from inside: exits, timer, memory", PROBE_TIMED, PROBE_NEEDS_X86, &exits_schema },
	{ "wake", "Timer wake-up latency on the guest's CPUs", PROBE_TIMED, PROBE_NEEDS_ROOT, &wake_schema },
	{ "tsc", "Cost, rate and order of the clock", PROBE_TIMED, PROBE_NEEDS_X86, &tsc_schema },
	{ "activity", "Interrupts, run delays and memory while the guest runs", PROBE_TIMED, 0, &activity_schema },
	{ "trace", "Who took the guest's time", PROBE_TIMED, 0, &trace_schema },
};
/* clang-format on */

const size_t n_probes = ARRAY_SIZE(probe_table);

const struct probe *probe_find(const char *name)
{
	for (size_t i = 0; i < n_probes; i++) {
		if (!strcmp(probe_table[i].name, name))
			return &probe_table[i];
	}
	return NULL;
}
