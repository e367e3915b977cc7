/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * change.h - what a fix changes, in the words of this host: its boot loader, its initramfs, and
 * what runs the guest.
 *
 * Edits of the domain XML (CHANGE_XML), one per line, each a path below <domain>:
 *
 *	features/hyperv/stimer@state=on			an element with that attribute
 *	clock/timer[name=hpet]@present=no		the one timer of that name; made if absent
 *	devices/interface[1]/model@type=virtio		the first interface, as it stands
 *	iothreads:=1					an element with that text
 *	-devices/input[type=tablet]			every such element is taken away
 *	-clock/timer[name=rtc]@track			an attribute is taken away
 *	cpu@mode=host-passthrough@check=none		several attributes
 *
 * Elements on the path that are missing are made. Values may hold all but a line break, '@' and
 * ']' (a predicate's). The text for people shows them as XML.
 */
#ifndef ANALYZE_CHANGE_H
#define ANALYZE_CHANGE_H

#include "analyze/catalogue.h"
#include "analyze/host.h"

enum manager { /* of the guest */
	       MANAGER_LIBVIRT,
	       MANAGER_PROXMOX,
	       MANAGER_PLAIN /* QEMU's arguments are all there is */
};

/* Who runs the guest: the running one, else where its configuration was read; else libvirt. */
enum manager host_manager(const struct host *h);
/* Name of the guest for commands, not quoted; "GUEST" where there is none that could be one. */
const char *host_guest_name(const struct host *h);
/* The number of a Proxmox guest, "VMID" where it is not known. */
const char *host_vmid(struct host *h);
/* Command that rebuilds the initramfs here: "sudo update-initramfs -u". */
const char *host_initramfs_command(const struct host *h);

struct xml_step { /* one element of a path */
	const char *name;
	const char *key, *value; /* of a predicate [key=value]; NULL: none */
	unsigned position;       /* of a predicate [2]; 0: none */
};

enum { XML_DEPTH_MAX = 8, XML_ATTRIBUTES_MAX = 8 };

struct xml_edit {
	bool is_removal;
	struct xml_step steps[XML_DEPTH_MAX];
	size_t n_steps;
	struct {
		const char *name, *value; /* value NULL in a removal */
	} attributes[XML_ATTRIBUTES_MAX];
	size_t n_attributes;
	const char *text; /* NULL: none */
};

/* One line of CHANGE_XML: 0, -EINVAL (no edit), -ENOMEM. Strings live in the arena. */
int xml_edit_parse(const char *line, size_t len, struct arena *a,
		   struct xml_edit *ret_edit) MUST_CHECK;
/* Edits as people write them into the XML: "In <features>:" and the elements. NULL: no memory. */
char *xml_edits_text(struct arena *a, const char *edits);

/* Whether a fix says what it changes. */
bool has_change(const struct fix_template *fix);

/*
 * Fills persist and undo of a fix, where they are NULL, from its changes; also now, for sysctls.
 * All text in the arena of the host; 0 or -ENOMEM.
 */
int change_render(struct host *h, struct fix_template *fix) MUST_CHECK;

#endif
