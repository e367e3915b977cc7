/* SPDX-License-Identifier: GPL-2.0-or-later */
/* catalogue_pin.c - rows about the CPUs of vCPUs, of QEMU's other threads and of the host. */
#include "analyze/catalogue_refs.h"

#define REALTIME "https://libvirt.org/kbase/kvm-realtime.html"

extern const struct tweak catalogue_pin[];

const struct tweak catalogue_pin[] = {
	{
		.id = "cpu.host-reserve",
		.section = "Topology",
		.title = "Cores left to the host",
		.claim = "Leave at least two cores to the host, else both sides suffer.",
		.today = "Right. The host's programs, QEMU's own threads, I/O and interrupts need "
			 "somewhere to run that is not a vCPU's core.",
		.detect = "whole cores, with all their threads, that no vCPU may use; vCPUs that "
			  "float count as many cores as they can fill",
		.proof = "run delay of QEMU's own threads and load of the host's CPUs",
		.standing = STANDING_RIGHT,
		.fix = {
			.change[CHANGE_XML] = "vcpu:=N\ncpu/topology@sockets=1@dies=1@cores=N@threads=1",
			.risk = "Windows may ask for activation again after a change of the topology.",
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS("https://github.com/gnif/LookingGlass/blob/master/doc/install_libvirt.rst"),
	},
	{
		.id = "pin.vcpupin",
		.section = "Topology",
		.title = "A CPU of its own for each vCPU",
		.claim = "The pins will match the topology; how to pin is not shown.",
		.today = "The step that matters is missing: vcpupin in <cputune>, one CPU for each "
			 "vCPU and threads of one guest core on threads of one host core.",
		.detect = "affinity of the running vCPU threads, else <vcpupin> of the domain XML; "
			  "a trace of the run",
		.proof = "migrations and run delay of the vCPU threads",
		.standing = STANDING_INCOMPLETE,
		.fix = {
			.now = "virsh vcpupin {guest} VCPU CPU, for each vCPU",
			.change[CHANGE_XML] = "cputune/vcpupin[vcpu=VCPU]@cpuset=CPU",
			.undo = "virsh vcpupin {guest} VCPU OLD-LIST, for each vCPU",
			.risk = "A pinned vCPU waits when the host uses its CPU: keep other work off "
				"these CPUs as well.",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS(DOMAIN_XML, REALTIME),
	},
	{
		.id = "pin.pileup",
		.section = "",
		.title = "vCPUs piling up on one CPU",
		.claim = "",
		.today = "Between isolated CPUs no thread is moved. vCPUs that share a set of such "
			 "CPUs stay where they first ran, also when that is the same CPU for all.",
		.detect = "vCPUs with the same affinity of several CPUs; isolated CPUs and cpusets "
			  "without load balancing; a trace of the run",
		.proof = "where samples saw the vCPU threads, how long they waited, and how idle the "
			 "other CPUs of their set were",
		.standing = STANDING_BEYOND,
		.fix = {
			.now = "virsh vcpupin {guest} VCPU CPU, for each vCPU",
			.change[CHANGE_XML] = "cputune/vcpupin[vcpu=VCPU]@cpuset=CPU",
			.undo = "virsh vcpupin {guest} VCPU OLD-LIST, for each vCPU",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS("https://access.redhat.com/solutions/2884991",
			     "https://docs.kernel.org/admin-guide/cgroup-v2.html",
			     "measured: without load balancing two busy threads shared one CPU, half "
			     "each, while the other CPU of their set ran neither"),
	},
	{
		.id = "pin.smt-siblings",
		.section = "Topology",
		.title = "Match of guest threads and host SMT siblings",
		.claim = "Tell the guest cores and threads as the pins have them.",
		.today = "Right, and the order matters: vCPUs 0 and 1 are one guest core, so they "
			 "belong on the two threads of one host core. The numbers to use are those of "
			 "the kernel (P# in lstopo, not L#).",
		.detect = "thread_siblings_list against the pins and <topology threads=…>",
		.proof = "two busy threads on sibling CPUs against two on separate cores",
		.standing = STANDING_INCOMPLETE,
		.fix = {
			.now = "virsh vcpupin {guest} VCPU CPU, for each vCPU",
			.change[CHANGE_XML] = "cputune/vcpupin[vcpu=VCPU]@cpuset=CPU",
			.undo = "virsh vcpupin {guest} VCPU OLD-LIST, for each vCPU",
			.risk = "Windows may ask for activation again after a change of the topology.",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS(DOMAIN_XML, "https://github.com/ayufan/pve-helpers/issues/9",
			     "https://github.com/bryansteiner/gpu-passthrough-tutorial/issues/19"),
	},
	{
		.id = "pin.l3-ccd",
		.section = "",
		.title = "L3 caches of the guest's CPUs",
		.claim = "",
		.today = "Ryzen and EPYC have an L3 cache for each group of cores. A guest over two "
			 "of them pays for every line that crosses, and it does not know which of "
			 "its vCPUs are near. Where one cache is larger, games want that one.",
		.detect = "shared_cpu_list of the level-3 caches against the pins",
		.proof = "time for a cache line to go from one pinned CPU to another",
		.standing = STANDING_BEYOND,
		.fix = {
			.now = "virsh vcpupin {guest} VCPU CPU, for each vCPU",
			.change[CHANGE_XML] = "cputune/vcpupin[vcpu=VCPU]@cpuset=CPU",
			.undo = "virsh vcpupin {guest} VCPU OLD-LIST, for each vCPU",
			.risk = "Isolation and interrupts have to follow the new CPUs. Memory on "
				"another NUMA node stays there until the guest starts again.",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS("https://github.com/FeralInteractive/gamemode/issues/412",
			     "https://github.com/spheenik/vfio-isolate/issues/14"),
	},
	{
		.id = "pin.emulator",
		.section = "",
		.title = "CPUs of QEMU's own threads",
		.claim = "",
		.today = "Without emulatorpin the main loop and the workers of QEMU may run on every "
			 "CPU, the pinned ones of vCPUs too, and take them from the guest.",
		.detect = "affinity of QEMU's threads that are neither vCPUs nor I/O threads, else "
			  "<emulatorpin>; a trace of the run",
		.proof = "their run time on the vCPUs' CPUs",
		.standing = STANDING_BEYOND,
		.fix = {
			.now = "virsh emulatorpin {guest} {H}",
			.change[CHANGE_XML] = "cputune/emulatorpin@cpuset={H}",
			.undo = "virsh emulatorpin {guest} {old}",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS(REALTIME, DOMAIN_XML,
			     "https://access.redhat.com/documentation/ru-ru/"
			     "red_hat_openstack_platform/13/html/"
			     "ovs-dpdk_end_to_end_troubleshooting_guide/"
			     "using_virsh_emulatorpin_in_virtual_environments_with_nfv"),
	},
	{
		.id = "pin.iothread",
		.section = "",
		.title = "CPUs of the I/O threads",
		.claim = "",
		.today = "An I/O thread without iothreadpin may run on every CPU, the pinned ones of "
			 "vCPUs too: then disk traffic stops the guest.",
		.detect = "affinity of threads named 'IO …', else <iothreadpin>; "
			  "a trace of the run",
		.proof = "their run time on the vCPUs' CPUs",
		.standing = STANDING_BEYOND,
		.fix = {
			.now = "virsh iothreadpin {guest} IOTHREAD {H}",
			.change[CHANGE_XML] =
				"cputune/iothreadpin[iothread=IOTHREAD]@cpuset={H}",
			.undo = "virsh iothreadpin {guest} IOTHREAD OLD-LIST",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS(DOMAIN_XML),
	},
	{ .id = NULL },
};
