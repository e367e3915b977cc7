/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * xml_put.h - text of strangers in XML: escape.h, and without the two characters that XML 1.0
 * forbids though they are valid UTF-8 (U+FFFE, U+FFFF).
 */
#ifndef REPORT_XML_PUT_H
#define REPORT_XML_PUT_H

#include "core/base.h"

/* Content of an element or of a quoted attribute; at most max bytes of it. NULL prints nothing. */
void xml_put(FILE *out, const char *text, size_t max);
/* ' name="TEXT"'; of an empty text a dash, for a name has a length. */
void xml_put_attribute(FILE *out, const char *name, const char *text);
void xml_put_number(FILE *out, const char *name, uint64_t n);

#endif
