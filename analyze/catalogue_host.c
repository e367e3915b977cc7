/* SPDX-License-Identifier: GPL-2.0-or-later */
/* catalogue_host.c - rows about what lies below this host and how far its numbers go. */
#include "analyze/catalogue_refs.h"

extern const struct tweak catalogue_host[];

const struct tweak catalogue_host[] = {
	{
		.id = "host.virt",
		.section = "",
		.title = "Bare metal or virtual machine",
		.claim = "",
		.today = "A host that is a guest itself is paused by the hypervisor below at times "
			 "that no setting here can change; its numbers compare only with its own.",
		.detect = "CPUID hypervisor bit",
		.proof = "steal time in /proc/stat",
		.standing = STANDING_BEYOND,
		.fix = { .needs = NEEDS_NOTHING },
		.refs = REFS("https://docs.kernel.org/virt/kvm/x86/cpuid.html"),
	},
	{
		.id = "host.steal",
		.section = "",
		.title = "Time taken by the hypervisor below",
		.claim = "",
		.today = "Time stolen from the measured CPUs shows as latency that belongs to no "
			 "setting of this host. Above one per cent a verdict on latency is not "
			 "possible.",
		.detect = "steal column of /proc/stat over the run; a trace of the run",
		.proof = "the same",
		.standing = STANDING_BEYOND,
		.fix = {
			.persist = "Measure on bare metal, or on a host whose CPUs are dedicated.",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS("https://docs.kernel.org/filesystems/proc.html"),
	},
	{ .id = NULL },
};
