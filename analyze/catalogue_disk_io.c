/* SPDX-License-Identifier: GPL-2.0-or-later */
/* catalogue_disk_io.c - rows about media, caches and kinds of AIO of the guest's disks. */
#include "analyze/catalogue_refs.h"

#define DOMAIN_FORMAT "https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms"
#define AIO_COMPARED  "https://kb.blockbridge.com/technote/proxmox-aio-vs-iouring/"
#define AIO_AUTHOR    "http://mail.spinics.net/lists/kvm/msg35663.html"
#define SECTION       "virtio-scsi (and Virtio drivers)"

extern const struct tweak catalogue_disk_io[];

const struct tweak catalogue_disk_io[] = {
	{
		.id = "disk.raw-block",
		.section = SECTION,
		.title = "Format of the guest's disks",
		.claim = "Give the guest a whole disk of the host: type block, format raw.",
		.today = "Right: an image format such as qcow2 looks clusters up and allocates them "
			 "on the way of a request. It has snapshots for that.",
		.detect = "type and format of each disk",
		.proof = "latency of block requests (p99)",
		.standing = STANDING_RIGHT,
		.fix = {
			.persist = "with the guest shut down: sudo qemu-img convert -p -O raw {image} "
				   "{image}.raw\nthen name the new file, and type raw, in the "
				   "guest's configuration",
			.undo = "name the former image in the guest's configuration",
			.risk = "Raw has no internal snapshots and takes its full size in backups. A "
				"disk given to the guest must not be mounted by the host.",
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(DOMAIN_FORMAT),
	},
	{
		.id = "disk.by-id",
		.section = SECTION,
		.title = "Names of the host's disks",
		.claim = "Name the disk by /dev/disk/by-id.",
		.today = "Right: /dev/sdX and /dev/nvmeX are numbered in the order of discovery, and "
			 "the guest writes to whatever has the name now.",
		.detect = "path of each disk's source",
		.proof = "none: it is about the right disk, not about time",
		.standing = STANDING_RIGHT,
		.fix = {
			.persist = "find its name: ls -l /dev/disk/by-id | grep -w {disk}\n"
				   "then put /dev/disk/by-id/NAME in place of the path in the guest's "
				   "configuration",
			.undo = "put the former path back",
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(DOMAIN_FORMAT),
	},
	{
		.id = "disk.cache-none",
		.section = SECTION,
		.title = "Page cache of the host below disks",
		.claim = "Use cache=none.",
		.today = "Right: it keeps the guest's data out of the host's page cache and of its "
			 "bursts of writeback. io=native needs it, or directsync: without, libvirt and "
			 "QEMU refuse the disk.",
		.detect = "cache mode of each disk (cache.direct of QEMU)",
		.proof = "latency of block requests (p99), dirty pages of the host",
		.standing = STANDING_RIGHT,
		.fix = {
			.risk = "A guest that lived on the host's cache reads more slowly. Some file "
				"systems (old ZFS, tmpfs) do not take O_DIRECT.",
			.change = {
				[CHANGE_PROXMOX] = "cache=none,aio=native (a device) or aio=io_uring (an "
						   "image) in the options of each disk",
				[CHANGE_QEMU] = "cache=none,aio=native (a device) or aio=io_uring (an "
						"image) in each -drive; cache.direct=on in -blockdev",
			},
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(DOMAIN_FORMAT, "measured: libvirt 9.0 and QEMU 7.2 refuse io=native with any other "
				"cache mode"),
	},
	{
		.id = "disk.io-native",
		.section = SECTION,
		.title = "Kind of AIO of the guest's disks",
		.claim = "Use io=native.",
		.today = "It was the one right answer; io_uring (QEMU 5.0, libvirt 6.3) is a second one, "
			 "better for images that are not allocated in full. Both spare the pool of "
			 "threads.",
		.detect = "io of each disk that goes past the page cache",
		.proof = "latency of block requests (p99); worker threads of QEMU",
		.standing = STANDING_OUTDATED,
		.fix = {
			.risk = "native stalls at writes to a sparse image; io_uring is switched off "
				"where kernel.io_uring_disabled is not 0, and needs a kernel of 5.10 or "
				"later to be trusted.",
			.change = {
				[CHANGE_PROXMOX] = "aio=native (a device) or aio=io_uring (an image) in "
						   "the options of each disk",
				[CHANGE_QEMU] = "aio=native (a device) or aio=io_uring (an image) in each "
						"-drive or -blockdev",
			},
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(DOMAIN_FORMAT, AIO_COMPARED),
	},
	{
		.id = "disk.discard-unmap",
		.section = SECTION,
		.title = "Discard of unused blocks",
		.claim = "Set discard=unmap.",
		.today = "Right: what the guest frees becomes free on the host.",
		.detect = "discard of each disk",
		.proof = "none",
		.standing = STANDING_RIGHT,
		.unseen = "It is about room and wear of the disk, no question of latency.",
		.refs = REFS(DOMAIN_FORMAT),
	},
	{
		.id = "disk.aio-claim",
		.section = SECTION,
		.title = "Why native AIO is faster than threads",
		.claim = "native is no single-threaded synchronous model, and threads of user space are "
			 "always the less efficient way.",
		.today = "Half right: native is asynchronous, but handing a request in can block "
			 "(blocks not allocated, a full queue), and its own author saw loads where "
			 "threads were faster.",
		.detect = "none",
		.proof = "latency of block requests with each kind on the same disk",
		.standing = STANDING_INCOMPLETE,
		.unseen = "It is an explanation; what a host uses is judged by disk.io-native.",
		.refs = REFS(AIO_COMPARED, AIO_AUTHOR),
	},
	{
		.id = "disk.preallocated",
		.section = SECTION,
		.title = "Allocation of image files under native AIO",
		.claim = "Images must be allocated in full for kernel AIO, or it locks threads up.",
		.today = "Right: a write to a hole makes the file system allocate while the thread "
			 "that hands it in waits.",
		.detect = "size of the file against the blocks it has",
		.proof = "time spent in io_submit on a sparse and on a full file",
		.standing = STANDING_RIGHT,
		.fix = {
			.now = "sudo fallocate -l {kib}KiB {image}",
			.undo = "sudo fallocate --dig-holes {image}",
			.risk = "With the guest shut down. Takes the room on the host's disk; a qcow2 "
				"image grows further on: convert it with -o preallocation=falloc, or use "
				"io='io_uring' instead.",
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(AIO_COMPARED),
	},
	{
		.id = "storage.sched",
		.section = "",
		.title = "I/O scheduler of the host's disks",
		.claim = "",
		.today = "bfq weighs processes against each other for every request: worth it on a hard "
			 "disk, a cost on NVMe, where none or mq-deadline do.",
		.detect = "queue/scheduler of the host's disks",
		.proof = "latency of block requests (p99)",
		.standing = STANDING_BEYOND,
		.fix = {
			.now = "echo none | sudo tee /sys/block/{disk}/queue/scheduler",
			.persist = "echo 'ACTION==\"add|change\", KERNEL==\"{disk}\", "
				   "ATTR{{queue/scheduler}=\"none\"' | sudo tee "
				   "/etc/udev/rules.d/60-vfiobench-scheduler.rules",
			.undo = "echo {old} | sudo tee /sys/block/{disk}/queue/scheduler\n"
				"sudo rm /etc/udev/rules.d/60-vfiobench-scheduler.rules",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS("https://docs.kernel.org/block/bfq-iosched.html"),
	},
	{
		.id = "storage.nvme-pt",
		.section = "",
		.title = "NVMe and USB controllers passed through",
		.claim = "",
		.today = "A controller that is the guest's own needs no emulation at all; one author "
			 "calls it the change with the most effect.",
		.detect = "class of the PCI functions passed through",
		.proof = "latency in the guest",
		.standing = STANDING_BEYOND,
		.refs = REFS("https://github.com/ipaqmaster/vfio"),
	},
	{ .id = NULL },
};
