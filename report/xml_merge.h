/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * xml_merge.h - a copy of the guest's XML with the edits of a plan (CHANGE_XML) in it.
 */
#ifndef REPORT_XML_MERGE_H
#define REPORT_XML_MERGE_H

#include "core/base.h"

/*
 * xml: the lines of the domain, with line ends; edits: as in analyze/change.h. Elements of the
 * namespace of qemu:commandline are named with their prefix. Positions count elements as they stand
 * before any edit. The copy is the <domain> alone. *ret_xml is freed by the caller. 0; -EBADMSG:
 * not well-formed, no domain, or declares a document type; -ENOMEM.
 */
int xml_merge(const char *xml, const char *edits, char **ret_xml) MUST_CHECK;

#endif
