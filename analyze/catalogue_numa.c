/* SPDX-License-Identifier: GPL-2.0-or-later */
/* catalogue_numa.c - rows about NUMA nodes under the guest and in it. */
#include "analyze/catalogue_refs.h"

#define SYSCTLS "https://docs.kernel.org/admin-guide/sysctl/kernel.html"

extern const struct tweak catalogue_numa[];

const struct tweak catalogue_numa[] = {
	{
		.id = "numa.single",
		.section = "Topology",
		.title = "Hosts of one node",
		.claim = "NUMA is not written down: the author's machine has one CPU.",
		.today = "One CPU may still have several L3 caches (Ryzen), which is the guide's "
			 "blind spot; hosts of several nodes need more than pins.",
		.detect = "nodes with CPUs and memory; L3 caches",
		.proof = "none",
		.standing = STANDING_INCOMPLETE,
		.unseen = "It is a remark on the author's machine; what it leaves out is judged by "
			  "numa.vcpu-mem, numa.balancing and pin.l3-ccd.",
		.refs = REFS("source: the guide"),
	},
	{
		.id = "numa.vcpu-mem",
		.section = "",
		.title = "Nodes of the vCPUs, of guest memory and of the device",
		.claim = "",
		.today = "Memory of another node takes half as long again to reach, for each miss; "
			 "a device's writes and interrupts cross over in the same way.",
		.detect = "nodes of the vCPUs' CPUs, <numatune>, numa_node of the functions passed "
			  "through",
		.proof = "numa_maps of QEMU: guest memory by node",
		.standing = STANDING_BEYOND,
		.fix = {
			.change[CHANGE_XML] = "numatune/memory@mode=strict@nodeset={nodes}",
			.change[CHANGE_QEMU] = "-object memory-backend-ram,id=ram0,size=…,"
					       "host-nodes={nodes},policy=bind -numa node,memdev=ram0",
			.change[CHANGE_PROXMOX] =
				"qm set {vmid} --numa 1 --numa0 "
				"cpus=0-N,hostnodes={nodes},memory=MIB,policy=bind",
			.risk = "With mode strict the guest does not start when the node has not "
				"enough free memory or huge pages.",
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(DOMAIN_XML,
			     "https://github.com/gnif/LookingGlass/blob/master/doc/install_libvirt.rst"),
	},
	{
		.id = "numa.balancing",
		.section = "",
		.title = "Automatic NUMA balancing",
		.claim = "",
		.today = "The kernel takes pages out of the guest's tables now and then to see who "
			 "touches them. For a guest that is pinned this finds nothing and costs "
			 "faults.",
		.detect = "kernel.numa_balancing on a host of several nodes",
		.proof = "numa_hint_faults and numa_pte_updates of the run",
		.standing = STANDING_BEYOND,
		.fix = {
			.change[CHANGE_SYSCTL] = "kernel.numa_balancing=0",
			.risk = "Programs of the host that are not pinned lose it as well.",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS(SYSCTLS, "source: tuned, profile network-latency"),
	},
	{
		.id = "numa.numad",
		.section = "",
		.title = "numad",
		.claim = "",
		.today = "numad moves processes and their memory to other nodes as load changes: "
			 "against pins it only does harm.",
		.detect = "process numad; a trace of the run",
		.proof = "pages that moved between nodes in the run",
		.standing = STANDING_BEYOND,
		.fix = {
			.now = "sudo systemctl stop numad",
			.persist = "sudo systemctl disable --now numad",
			.undo = "sudo systemctl enable --now numad",
			.risk = "Programs that are not pinned are no longer moved either; "
				"numad -x PID keeps it away from one process alone.",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS("source: numad(8)"),
	},
	{
		.id = "numa.cells-host-numbering",
		.section = "",
		.title = "Numbers in the guest's NUMA cells",
		.claim = "",
		.today = "<cell cpus=…> holds numbers of vCPUs. Written with the host's numbers, "
			 "the guest's map of nodes and caches is not the one of its pins.",
		.detect = "cells against the pins and the host's nodes and L3 caches",
		.proof = "cache-line latency between vCPUs of one cell",
		.standing = STANDING_BEYOND,
		.fix = {
			.change[CHANGE_XML] = "cpu/numa/cell[1]@cpus=VCPUS",
			.risk = "Windows may ask for activation again after a change of the topology.",
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS("https://bugs.launchpad.net/qemu/+bug/1856335", DOMAIN_XML),
	},
	{ .id = NULL },
};
