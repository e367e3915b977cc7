/* SPDX-License-Identifier: GPL-2.0-or-later */
/* domain_schema.h - does libvirt's own schema accept a domain's XML? */
#ifndef PROBES_DOMAIN_SCHEMA_H
#define PROBES_DOMAIN_SCHEMA_H

#include "core/arena.h"
#include "core/text.h"
#include "facts/domain.h"

/* Of the libvirt that is installed here, which may be older than the one the XML was made for. */
#define DOMAIN_SCHEMA_PATH "/usr/share/libvirt/schemas/domain.rng"
/* A longer text is not asked about: it would take too long. */
#define DOMAIN_SCHEMA_TEXT_MAX (256u * KIB)

/*
 * Sets is_schema_valid, and schema_error with its line when it is not, in the words of the library
 * that checks. xml: text that domain_xml_parse() has accepted, so that no entities are in it. All
 * stay unknown when there is no schema at the path, or <domain> is not the root. 0 or -ENOMEM.
 */
int domain_schema_check(struct text xml, const char *path, struct arena *a,
			struct domain_facts *f) MUST_CHECK;

#endif
