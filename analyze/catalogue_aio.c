/* SPDX-License-Identifier: GPL-2.0-or-later */
/* catalogue_aio.c - rows about slots of kernel asynchronous I/O. */
#include "analyze/catalogue_refs.h"

#define SYSCTL_FS "https://docs.kernel.org/admin-guide/sysctl/fs.html"

extern const struct tweak catalogue_aio[];

const struct tweak catalogue_aio[] = {
	{
		.id = "aio.headroom",
		.section = "virtio-scsi (and Virtio drivers)",
		.title = "Free AIO slots for disks with native AIO",
		.claim = "With several guests that all use io='native' one may fail to start because "
			 "the limit of AIO requests is reached.",
		.today = "Right. QEMU takes 1024 slots per AIO context: one for the main loop and one "
			 "for each iothread that serves a native-AIO disk, however many disks share "
			 "it. threads and io_uring take none. Without slots for the main loop QEMU "
			 "does not start; without those of an iothread its disks fall back to a pool "
			 "of threads, with no more than a line in the log, and QEMU 8.1 and later do "
			 "so in both cases.",
		.detect = "fs.aio-nr and fs.aio-max-nr against the contexts the guest needs",
		.proof = "fs.aio-nr before and after the guest starts",
		.standing = STANDING_RIGHT,
		.fix = {
			.now = "sudo sysctl -w fs.aio-max-nr={want}",
			.persist = "echo 'fs.aio-max-nr = {want}' | sudo tee "
				   "/etc/sysctl.d/60-vfiobench.conf",
			.undo = "sudo sysctl -w fs.aio-max-nr={old}",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS(SYSCTL_FS, "measured: 1024 slots per AIO context of QEMU 7.2; start error below the "
			     "first, fall-back below the second"),
	},
	{
		.id = "aio.max-nr",
		.section = "virtio-scsi (and Virtio drivers)",
		.title = "Limit of AIO slots",
		.claim = "Raise fs.aio-max-nr, for example to 4194304, with sysctl -w.",
		.today = "Right but larger than needed, and gone after a reboot: the default of 65536 "
			 "is enough for 64 contexts. Raising it takes no memory until it is used.",
		.detect = "fs.aio-max-nr against what is in use and what the guest needs",
		.proof = "the guest starts",
		.standing = STANDING_INCOMPLETE,
		.fix = {
			.now = "sudo sysctl -w fs.aio-max-nr={want}",
			.persist = "echo 'fs.aio-max-nr = {want}' | sudo tee "
				   "/etc/sysctl.d/60-vfiobench.conf",
			.undo = "sudo sysctl -w fs.aio-max-nr={old}",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS(SYSCTL_FS),
	},
	{ .id = NULL },
};
