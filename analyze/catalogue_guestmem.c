/* SPDX-License-Identifier: GPL-2.0-or-later */
/* catalogue_guestmem.c - rows about what may happen to the guest's memory. */
#include "analyze/catalogue_refs.h"

#define MEMORY_BACKING "https://libvirt.org/formatdomain.html#memory-backing"
#define MEMORY_TUNING  "https://libvirt.org/formatdomain.html#memory-tuning"
#define MEMORY_SIZE    "https://libvirt.org/formatdomain.html#memory-allocation"
#define REALTIME       "https://libvirt.org/kbase/kvm-realtime.html"
#define KSM            "https://docs.kernel.org/admin-guide/mm/ksm.html"
#define LG_DOC         "https://github.com/gnif/LookingGlass/blob/master/doc/install_libvirt.rst"
#define SECTION        "Static Hugepages"

extern const struct tweak catalogue_guestmem[];

const struct tweak catalogue_guestmem[] = {
	{
		.id = "mem.balloon",
		.section = "",
		.title = "Memory balloon",
		.claim = "",
		.today = "libvirt adds one where nothing is told. With VFIO all memory is pinned, so "
			 "that the balloon can give nothing back to the host; it only costs the guest.",
		.detect = "model of the balloon in the guest's configuration",
		.proof = "resident memory of QEMU over time",
		.standing = STANDING_BEYOND,
		.fix = {
			.risk = "The host can no longer ask this guest for memory, nor read its "
				"statistics.",
			.change = {
				[CHANGE_XML] = "devices/memballoon@model=none\n"
					       "-devices/memballoon/stats",
				[CHANGE_PROXMOX] = "qm set {vmid} --balloon 0",
				[CHANGE_QEMU] = "leave -device virtio-balloon-pci (-balloon virtio) out",
			},
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(LG_DOC, REALTIME),
	},
	{
		.id = "mem.current-below-max",
		.section = "",
		.title = "Memory at start below the maximum",
		.claim = "",
		.today = "The guest boots with all memory and its balloon driver gives the difference "
			 "back; without driver or balloon it is simply wrong.",
		.detect = "currentMemory against memory in the XML",
		.proof = "free memory of the guest after its start",
		.standing = STANDING_BEYOND,
		.fix = {
			.risk = "The host needs room for all of the guest's memory.",
			.change = {
				[CHANGE_XML] = "-currentMemory",
				[CHANGE_PROXMOX] = "qm set {vmid} --balloon 0",
				[CHANGE_QEMU] = "give -m the memory the guest is to have",
			},
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(MEMORY_SIZE),
	},
	{
		.id = "mem.locked",
		.section = SECTION,
		.title = "Locked guest memory",
		.claim = "Add <locked/> to <memoryBacking>.",
		.today = "VFIO pins the guest's memory, and huge pages are never swapped: it then adds "
			 "QEMU's own memory only. It takes the limit of locked memory away, which "
			 "libvirt says to set by hard_limit.",
		.detect = "locked and hard_limit in the XML",
		.proof = "major page faults of QEMU while the guest runs",
		.standing = STANDING_INCOMPLETE,
		.fix = {
			.risk = "A hard_limit that is too small has the kernel kill QEMU.",
			.change = { [CHANGE_QEMU] = "leave -overcommit mem-lock=on out" },
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(MEMORY_BACKING, MEMORY_TUNING),
	},
	{
		.id = "mem.nosharepages",
		.section = SECTION,
		.title = "Same-page merging of guest memory",
		.claim = "Add <nosharepages/> to <memoryBacking>.",
		.today = "Right where the kernel merges pages (ksm/run is 1) and the guest is not on "
			 "huge pages, which are never merged.",
		.detect = "nosharepages (mem-merge=off), ksm/run",
		.proof = "run time of ksmd, pages_sharing",
		.standing = STANDING_RIGHT,
		.fix = {
			.risk = "Equal pages of several guests then take their room each.",
			.change = {
				[CHANGE_XML] = "memoryBacking/nosharepages",
				[CHANGE_PROXMOX] = "/etc/pve/qemu-server/{vmid}.conf, args: -machine "
						   "mem-merge=off",
				[CHANGE_QEMU] = "-machine mem-merge=off",
			},
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(MEMORY_BACKING, KSM),
	},
	{
		.id = "mem.prealloc",
		.section = "",
		.title = "Guest memory before its first use",
		.claim = "",
		.today = "A page that the guest touches first is found, cleared and mapped by the host "
			 "at that moment. VFIO pins, and so touches, all memory at the start; without "
			 "it QEMU can be told to.",
		.detect = "devices passed through, allocation mode, resident memory",
		.proof = "page faults of the guest (kvm_page_fault) while it runs",
		.standing = STANDING_BEYOND,
		.fix = {
			.risk = "The guest starts more slowly and holds its memory from then on.",
			.change = {
				[CHANGE_XML] = "memoryBacking/allocation@mode=immediate",
				[CHANGE_PROXMOX] = "/etc/pve/qemu-server/{vmid}.conf, args: "
						   "-mem-prealloc",
				[CHANGE_QEMU] = "prealloc=on of the memory backend, or -mem-prealloc",
			},
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(MEMORY_BACKING),
	},
	{
		.id = "mem.memlock",
		.section = "",
		.title = "Limit of locked memory for VFIO",
		.claim = "",
		.today = "QEMU started by hand as a user may lock as much as its limit says, 8 MiB by "
			 "default; VFIO has to lock all of the guest's memory. libvirt sets the limit.",
		.detect = "limits of the running QEMU against the guest's memory",
		.proof = "QEMU starts without \"VFIO_MAP_DMA failed: Cannot allocate memory\"",
		.standing = STANDING_BEYOND,
		.fix = {
			.persist = "printf '@kvm soft memlock {kib}\\n@kvm hard memlock {kib}\\n' | "
				   "sudo tee /etc/security/limits.d/90-vfiobench.conf\n"
				   "then log in again, as a user of the group kvm",
			.undo = "sudo rm /etc/security/limits.d/90-vfiobench.conf",
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS("https://docs.kernel.org/driver-api/vfio.html",
			     "measured: the default limit is 8192 KiB"),
	},
	{ .id = NULL },
};
