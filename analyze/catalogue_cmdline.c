/* SPDX-License-Identifier: GPL-2.0-or-later */
/* catalogue_cmdline.c - rows about hardening and odd words on the kernel command line. */
#include "analyze/catalogue_refs.h"

#define SECTION           "Important files modified or added"
#define HARDENING_CHECKER "https://github.com/a13xp0p0v/kernel-hardening-checker"

extern const struct tweak catalogue_cmdline[];

const struct tweak catalogue_cmdline[] = {
	{
		.id = "cmdline.quiet",
		.section = SECTION,
		.title = "Messages at boot",
		.claim = "Boot with quiet.",
		.today = "It hides messages while the host boots and changes nothing afterwards.",
		.detect = "/proc/cmdline",
		.proof = "none",
		.standing = STANDING_RIGHT,
		.unseen = "It is no question of latency: it only hides messages at boot.",
		.refs = REFS(KERNEL_PARAMETERS),
	},
	{
		.id = "cmdline.pti-on",
		.section = SECTION,
		.title = "Forced page table isolation",
		.claim = "Force page table isolation with pti=on.",
		.today = "The kernel isolates page tables by itself where the CPU needs it. Forcing it "
			 "makes each system call and interrupt dearer on a CPU that does not.",
		.detect = "pti= on the command line against vulnerabilities/meltdown",
		.proof = "cost of a system call and of a KVM exit with both settings",
		.standing = STANDING_WRONG,
		.is_trade_off = true,
		.fix = {
			.change = { [CHANGE_BOOT] = "-pti=on" },
			.risk = "For it: one more wall where the kernel should be wrong about the CPU. "
				"Against it: dearer exits of the guest. The kernel's own choice is auto.",
			.needs = NEEDS_REBOOT,
		},
		.refs = REFS(KERNEL_PARAMETERS),
	},
	{
		.id = "cmdline.page-poison",
		.section = SECTION,
		.title = "Poisoning of freed pages",
		.claim = "Overwrite freed memory with page_poison=1.",
		.today = "A debugging aid that costs time with each page that the host frees and takes. "
			 "Where zeroed memory is wanted, init_on_free=1 is its successor.",
		.detect = "page_poison= on the command line",
		.proof = "time to take and give back memory, with and without",
		.standing = STANDING_OUTDATED,
		.is_trade_off = true,
		.fix = {
			.change = { [CHANGE_BOOT] = "-page_poison" },
			.risk = "For it: data of freed pages does not linger, and some bugs show. Against "
				"it: the host's memory gets slower. init_on_free=1 keeps the first half.",
			.needs = NEEDS_REBOOT,
		},
		.refs = REFS(KERNEL_PARAMETERS,
			     "https://github.com/void-linux/void-packages/pull/29142"),
	},
	{
		.id = "cmdline.mce-zero",
		.section = SECTION,
		.title = "Tolerance for machine checks",
		.claim = "Panic on uncorrected errors with mce=0.",
		.today = "The meaning has changed: levels of tolerance are gone, and a digit now sets how "
			 "long CPUs wait for each other on a machine check. 0 is without end.",
		.detect = "mce= on the command line",
		.proof = "none in normal running",
		.standing = STANDING_OUTDATED,
		.fix = {
			.change = { [CHANGE_BOOT] = "-mce=0" },
			.needs = NEEDS_REBOOT,
		},
		.refs = REFS("https://www.kernel.org/doc/html/v6.12/arch/x86/x86_64/boot-options.html",
			     "https://github.com/seapath/ansible/pull/166"),
	},
	{
		.id = "cmdline.trust-cpu",
		.section = SECTION,
		.title = "Trust in the CPU's random numbers",
		.claim = "Do not trust the CPU's random numbers: random.trust_cpu=off.",
		.today = "It delays the first random numbers at boot, nothing later.",
		.detect = "/proc/cmdline",
		.proof = "time to boot",
		.standing = STANDING_RIGHT,
		.unseen = "It is no question of latency: it concerns the time of booting only.",
		.refs = REFS(KERNEL_PARAMETERS),
	},
	{
		.id = "cmdline.early-pci-dma",
		.section = SECTION,
		.title = "Bus mastering before the kernel starts",
		.claim = "Switch bus mastering off in the firmware: efi=disable_early_pci_dma.",
		.today = "Security only, until the kernel takes over; some boards do not boot with it or "
			 "lose the graphics card of the firmware.",
		.detect = "/proc/cmdline",
		.proof = "none",
		.standing = STANDING_RIGHT,
		.unseen = "It is no question of latency: it is over once the kernel runs.",
		.refs = REFS(KERNEL_PARAMETERS, HARDENING_CHECKER),
	},
	{
		.id = "cmdline.slab-nomerge",
		.section = SECTION,
		.title = "Merging of slabs",
		.claim = "Keep slabs apart with slab_nomerge.",
		.today = "Recommended for hardening; it costs the host some memory and cache. The guest's "
			 "memory is not in slabs.",
		.detect = "slab_nomerge on the command line",
		.proof = "slab memory of the host with and without",
		.standing = STANDING_RIGHT,
		.is_trade_off = true,
		.fix = {
			.change = { [CHANGE_BOOT] = "-slab_nomerge" },
			.risk = "For it: an overflow in one kind of object reaches fewer others. Against "
				"it: a small cost in the host's kernel.",
			.needs = NEEDS_REBOOT,
		},
		.refs = REFS(KERNEL_PARAMETERS, HARDENING_CHECKER),
	},
	{
		.id = "cmdline.slub-debug",
		.section = SECTION,
		.title = "Debugging of slabs",
		.claim = "Check slab objects with slub_debug=FZP.",
		.today = "Each allocation in the host's kernel is checked and poisoned: the costliest word "
			 "on the guide's command line. Hardening guides have dropped it; it even prints "
			 "addresses that are hidden otherwise. Its name is slab_debug today.",
		.detect = "sanity_checks, red_zone and poison of general purpose slabs; the command line",
		.proof = "wake-up latency at the high percentiles, one run with and one without",
		.standing = STANDING_WRONG,
		.is_trade_off = true,
		.fix = {
			.change = { [CHANGE_BOOT] = "-slub_debug -slab_debug" },
			.risk = "For it: some bugs of the kernel show earlier. Against it: interrupts, I/O "
				"and wake-ups of the host get slower.",
			.needs = NEEDS_REBOOT,
		},
		.refs = REFS("https://docs.kernel.org/mm/slub.html",
			     "https://github.com/a13xp0p0v/kernel-hardening-checker/issues/226",
			     "https://github.com/a13xp0p0v/kernel-hardening-checker/issues/55"),
	},
	{
		.id = "cmdline.page-shuffle",
		.section = SECTION,
		.title = "Order of free pages",
		.claim = "Shuffle free pages with page_alloc.shuffle=1.",
		.today = "It shuffles the lists of free pages once they are filled. What it could cost "
			 "shows as huge pages that are not to be had, see hugepages.fragmentation.",
		.detect = "page_alloc.shuffle",
		.proof = "free blocks of high order after some hours",
		.standing = STANDING_RIGHT,
		.unseen = "Its only effect on a guest is seen by hugepages.fragmentation.",
		.refs = REFS(KERNEL_PARAMETERS),
	},
	{
		.id = "cmdline.vsyscall-none",
		.section = SECTION,
		.title = "The legacy vsyscall page",
		.claim = "Take the vsyscall page away: vsyscall=none.",
		.today = "Security only; very old static programs die of it.",
		.detect = "/proc/cmdline",
		.proof = "none",
		.standing = STANDING_RIGHT,
		.unseen = "It is no question of latency: no program of today uses that page.",
		.refs = REFS(KERNEL_PARAMETERS),
	},
	{
		.id = "cmdline.i915-fbc",
		.section = SECTION,
		.title = "Frame buffer compression of Intel graphics",
		.claim = "Compress the frame buffer of the host's graphics: i915.enable_fbc=1.",
		.today = "It saves memory bandwidth and power of the host's integrated graphics.",
		.detect = "i915.enable_fbc",
		.proof = "none",
		.standing = STANDING_RIGHT,
		.unseen = "It is no question of the guest's latency: it concerns the host's display.",
		.refs = REFS("source: drivers/gpu/drm/i915/display/intel_fbc.c"),
	},
	{
		.id = "cmdline.misspelt",
		.section = "",
		.title = "Spelling of the kernel command line",
		.claim = "",
		.today = "The kernel hands a word that it does not know to init and goes on: a letter too "
			 "few, and the setting is not there. amd_iommu=on is such a word too, but harmless.",
		.detect = "words one or two letters from a parameter that matters here, and values that a "
			  "parameter does not take",
		.proof = "the setting is in effect after the mend",
		.standing = STANDING_BEYOND,
		.fix = { .needs = NEEDS_REBOOT },
		.refs = REFS(KERNEL_PARAMETERS),
	},
	{
		.id = "msi.global-off",
		.section = "",
		.title = "Interrupts by messages on the whole host",
		.claim = "",
		.today = "pci=nomsi makes every device, also one that is passed through, share interrupt "
			 "lines. Each such interrupt has to be masked and unmasked by way of QEMU.",
		.detect = "pci= on the command line",
		.proof = "lines vfio-intx in /proc/interrupts, and how often they fire",
		.standing = STANDING_BEYOND,
		.fix = {
			.undo = "put the argument back and reboot",
			.risk = "It may have been set for a board whose messages got lost: watch the log.",
			.needs = NEEDS_REBOOT,
		},
		.refs = REFS(KERNEL_PARAMETERS),
	},
	{ .id = NULL },
};
