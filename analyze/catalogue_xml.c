/* SPDX-License-Identifier: GPL-2.0-or-later */
/* catalogue_xml.c - rows about the form of the guest's XML, and whether it is what runs. */
#include "analyze/catalogue_refs.h"

extern const struct tweak catalogue_xml[];

const struct tweak catalogue_xml[] = {
	{
		.id = "xml.wellformed",
		.section = "Hyper-V enlightenments, APIC, SMM, IOAPIC driver, and vmport",
		.title = "Form of the guest's XML",
		.claim = "<apic> and <hidden state=\"on\"> stand in the guide without their end.",
		.today = "Wrong as printed: libvirt refuses such XML. Right are <apic/> (or <apic "
			 "eoi='on'/>) and <kvm><hidden state='on'/></kvm>.",
		.detect = "the XML is parsed",
		.proof = "none: libvirt takes it or not",
		.standing = STANDING_WRONG,
		.fix = {
			.persist = "{right_forms}",
			.undo = "",
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS("measured: libvirt 9.0: Opening and ending tag mismatch: apic",
			     DOMAIN_XML),
	},
	{
		.id = "xml.validate",
		.section = "",
		.title = "The guest's XML and libvirt's schema",
		.claim = "",
		.today = "What the schema does not know, libvirt ignores in silence when an editor did "
			 "not ask it: a misspelt element has no effect. A schema that is older than the "
			 "XML refuses right elements, too.",
		.detect = "virt-xml-validate",
		.proof = "the element has its argument in the command line of QEMU",
		.standing = STANDING_BEYOND,
		.fix = {
			.persist = "Look at that line with sudo virsh edit {guest}: it is misspelt, in the "
				   "wrong place, or newer than the libvirt that is installed{version}.",
			.undo = "",
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS("source: virt-xml-validate(1)", DOMAIN_XML),
	},
	{
		.id = "xml.live-vs-file",
		.section = "",
		.title = "Configuration and running guest",
		.claim = "",
		.today = "An edited configuration is used at the next start of the guest. A restart from "
			 "inside of Windows is none: QEMU must end and start again.",
		.detect = "arguments of the running QEMU against the configuration",
		.proof = "none",
		.standing = STANDING_BEYOND,
		.fix = {
			.now = "sudo virsh shutdown {guest}\nsudo virsh start {guest}",
			.undo = "",
			.risk = "The guest is shut down.",
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS("source: virsh(1)"),
	},
	{ .id = NULL },
};
