/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * domain_xml.h - libvirt's domain XML as facts: a file of `virsh dumpxml`, or of /run/libvirt/qemu.
 *
 * Reads what libvirt reads and does not ask whether libvirt would accept it: unknown elements are
 * passed over, a value that makes no sense leaves its fact unknown and is noted. Nothing but the
 * text is looked at: no network, no external entities, no entities of its own at all.
 * Source: https://libvirt.org/formatdomain.html
 */
#ifndef PROBES_PARSE_DOMAIN_XML_H
#define PROBES_PARSE_DOMAIN_XML_H

#include "core/arena.h"
#include "core/text.h"
#include "facts/domain.h"

/* Real ones are below 100 KiB. */
#define DOMAIN_XML_MAX (10u << 20)

struct domain_xml_note {   /* a value that could not be used */
	const char *field; /* of struct domain_facts */
	unsigned long line;
	const char *words;
	struct domain_xml_note *next;
};

struct domain_xml_result {
	struct domain_xml_note *notes; /* in the order of their discovery; at most some dozens */
	bool is_refused;               /* it could hurt a reader: entities, far too large */
	/* After -EBADMSG: what is wrong, and where (0: nowhere in particular). */
	const char *error;
	unsigned long error_line;
};

/*
 * Fills *facts (zeroed by the caller, except for source, which is left alone). A <domain> may stand
 * by itself or directly below another root (<domstatus>, <domainsnapshot>). Everything is in the
 * arena. Text that is not well-formed but a domain's ("<domain" is in it) gives 0 with xml_error
 * and xml known, and nothing else. 0; -EBADMSG: no domain, or refused; -EFBIG: over DOMAIN_XML_MAX;
 * -ENOMEM.
 */
int domain_xml_parse(struct text xml, struct arena *a, struct domain_facts *facts,
		     struct domain_xml_result *ret_result) MUST_CHECK;

#endif
