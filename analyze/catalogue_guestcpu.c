/* SPDX-License-Identifier: GPL-2.0-or-later */
/* catalogue_guestcpu.c - rows about the CPU that a guest sees: model, features, threads, caches. */
#include "analyze/catalogue_refs.h"

#define QEMU_CPU    "source: QEMU, target/i386/cpu.c (unmigratable_flags, no_autoenable_flags)"
#define FEATURES    "Passthrough host CPU cache and enable CPU features"
#define WINDOWS_ASK "Windows may ask for activation again after a change of the topology."
/* Proxmox makes -cpu itself; what it has no word for goes to QEMU's own arguments. */
#define PROXMOX_ARGS "/etc/pve/qemu-server/{vmid}.conf, line args: "

extern const struct tweak catalogue_guestcpu[];

const struct tweak catalogue_guestcpu[] = {
	{
		.id = "guestcpu.host-passthrough",
		.section = FEATURES,
		.title = "CPU model of the guest",
		.claim = "Pass the host's CPU through (mode host-passthrough).",
		.today = "Right. A named model lacks features of the host, and what it promises "
			 "beyond them is emulated; host-model is such a named model too.",
		.detect = "mode and model of <cpu>, or the model in -cpu",
		.proof = "the same program in the guest with both models",
		.standing = STANDING_RIGHT,
		.fix = {
			.change = {
				[CHANGE_XML] = "cpu@mode=host-passthrough@check=none\n"
					       "-cpu/model\n-cpu@match",
				[CHANGE_PROXMOX] = "qm set {vmid} --cpu host",
				[CHANGE_QEMU] = "-cpu host (the words behind the model stay)",
			},
			.risk = "The guest is bound to hosts with this CPU. Windows may ask for "
				"activation again, and with Memory Integrity on it then nests "
				"virtualization, which costs time.",
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(DOMAIN_XML, "https://looking-glass.io/docs/B7-rc1/requirements"),
	},
	{
		.id = "guestcpu.migratable",
		.section = FEATURES,
		.title = "Migratable features only",
		.claim = "Write migratable='on' beside host-passthrough.",
		.today = "Wrong for a guest with a device passed through: it cannot migrate anyway, "
			 "and 'on', which is the default, takes the invariant TSC away from it.",
		.detect = "migratable of <cpu> or -cpu, and whether invtsc is required by name",
		.proof = "the guest's CPU flags: constant_tsc nonstop_tsc",
		.standing = STANDING_WRONG,
		.fix = {
			.change = {
				[CHANGE_XML] = "cpu@migratable=off",
				[CHANGE_PROXMOX] = PROXMOX_ARGS
						   "add -global host-x86_64-cpu.migratable=off",
				[CHANGE_QEMU] = "-cpu host,migratable=off,… (the other words stay)",
			},
			.risk = "The guest can no longer be saved or migrated; with VFIO it cannot in "
				"any case.",
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS("measured: QEMU 7.2 tells invtsc=off with migratable on, invtsc=on with "
			     "it off",
			     QEMU_CPU, DOMAIN_XML),
	},
	{
		.id = "guestcpu.topology",
		.section = "Topology",
		.title = "Sockets, cores and threads of the guest",
		.claim = "One socket, one die, the cores and threads that the guest gets.",
		.today = "Right. Without a topology each vCPU is a socket or core of its own: Windows "
			 "client editions use two sockets at most, and no guest then knows which "
			 "vCPUs share a core.",
		.detect = "<topology> or -smp against the number of vCPUs and the host's threads",
		.proof = "run delay of vCPUs that share a core under load",
		.standing = STANDING_RIGHT,
		.fix = {
			.change = {
				[CHANGE_XML] = "cpu/topology@sockets=1@dies=1@cores={cores}"
					       "@threads={threads}",
				[CHANGE_QEMU] = "-smp {n},sockets=1,cores={cores},threads={threads}",
				[CHANGE_PROXMOX] =
					"qm set {vmid} --sockets 1 --cores {n}\n" PROXMOX_ARGS
					"add -smp {n},sockets=1,cores={cores},threads={threads}",
			},
			.risk = WINDOWS_ASK,
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS("measured: libvirt 9.0 refuses a topology whose product is not the "
			     "number of vCPUs",
			     "https://github.com/gnif/LookingGlass/issues/1034", DOMAIN_XML),
	},
	{
		.id = "guestcpu.no-smt-alt",
		.section = "Topology",
		.title = "Guest of physical cores only",
		.claim = "For physical cores without SMT, tell as many cores and one thread each.",
		.today = "Right, if the vCPUs are then pinned to one thread of each core. vCPUs on "
			 "both threads of a core that the guest takes for two get in each other's "
			 "way.",
		.detect = "threads='1' against the host's siblings and the pins",
		.proof = "idle time of the siblings that were left out",
		.standing = STANDING_RIGHT,
		.fix = {
			.change[CHANGE_XML] = "cpu/topology@sockets=1@dies=1@cores=N@threads=2",
			.risk = WINDOWS_ASK,
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(DOMAIN_XML, "source: judgement"),
	},
	{
		.id = "guestcpu.invtsc",
		.section = FEATURES,
		.title = "Invariant TSC in the guest",
		.claim = "Intel needs no feature required by name; AMD requires invtsc.",
		.today = "Wrong. The invariant TSC is withheld on Intel just as on AMD while "
			 "migratable is on; require it by name on both.",
		.detect = "invtsc among the required features, or migratable off; constant and "
			  "nonstop TSC of the host",
		.proof = "the guest's own clock source",
		.standing = STANDING_WRONG,
		.fix = {
			.change = {
				[CHANGE_XML] = "cpu/feature[name=invtsc]@policy=require",
				[CHANGE_PROXMOX] =
					PROXMOX_ARGS "add -global host-x86_64-cpu.invtsc=on",
				[CHANGE_QEMU] = "-cpu …,invtsc=on (the other words stay)",
			},
			.risk = "The guest is bound to hosts with this TSC frequency and cannot be "
				"saved or migrated.",
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS("measured: QEMU 7.2 tells invtsc=off with migratable on, invtsc=on with "
			     "it off",
			     QEMU_CPU),
	},
	{
		.id = "guestcpu.vmx-on-amd",
		.section = FEATURES,
		.title = "Virtualization feature of the right vendor",
		.claim = "On AMD Ryzen, require vmx.",
		.today = "Wrong: vmx is Intel's. AMD's is svm, and it is needed only for guests in "
			 "the guest; host-passthrough brings it without being asked.",
		.detect = "required vmx or svm against the vendor of the host's CPU",
		.proof = "with check='full' the guest does not start; else the feature is missing",
		.standing = STANDING_WRONG,
		.fix = {
			.change = {
				[CHANGE_XML] = "-cpu/feature[name={feature}]",
				[CHANGE_QEMU] = "-cpu: take {feature} away",
				[CHANGE_PROXMOX] = PROXMOX_ARGS "take {feature} away",
			},
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS("measured: libvirt 9.0, \"guest CPU doesn't match specification: missing "
			     "features: vmx\"",
			     DOMAIN_XML),
	},
	{
		.id = "guestcpu.topoext",
		.section = FEATURES,
		.title = "Threads of a guest on AMD",
		.claim = "On AMD Ryzen, require topoext.",
		.today = "Right: an AMD guest learns from it which vCPUs are threads of one core, and "
			 "host-passthrough does not switch it on.",
		.detect = "threads of the topology, feature topoext, vendor of the host's CPU",
		.proof = "QEMU's warning \"doesn't support hyperthreading\"; threads per core that "
			 "the guest shows",
		.standing = STANDING_RIGHT,
		.fix = {
			.change = {
				[CHANGE_XML] = "cpu/feature[name=topoext]@policy=require",
				[CHANGE_PROXMOX] =
					PROXMOX_ARGS "add -global host-x86_64-cpu.topoext=on",
				[CHANGE_QEMU] = "-cpu …,topoext=on (the other words stay)",
			},
			.risk = WINDOWS_ASK,
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(QEMU_CPU,
			     "https://github.com/gnif/LookingGlass/blob/master/doc/install_libvirt.rst"),
	},
	{
		.id = "guestcpu.cache-passthrough",
		.section = FEATURES,
		.title = "CPU caches as the guest sees them",
		.claim = "The heading promises the host's cache; the XML shown does not have it.",
		.today = "Missing there. Without <cache mode='passthrough'/> QEMU makes up an L3 "
			 "cache of 16 MiB over all vCPUs. It is right where the guest's CPUs share "
			 "one L3 cache.",
		.detect = "<cache> or host-cache-info, and the L3 caches under the pins",
		.proof = "size and sharing of the L3 cache that the guest shows",
		.standing = STANDING_INCOMPLETE,
		.fix = {
			.change = {
				[CHANGE_XML] = "cpu/cache@mode=passthrough",
				[CHANGE_PROXMOX] = PROXMOX_ARGS
				"add -global host-x86_64-cpu.host-cache-info=on -global "
				"host-x86_64-cpu.l3-cache=off",
				[CHANGE_QEMU] = "-cpu host,host-cache-info=on,l3-cache=off,… (the "
						"other words stay)",
			},
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(DOMAIN_XML, "measured: libvirt 9.0 writes host-cache-info=on,l3-cache=off"),
	},
	{ .id = NULL },
};
