/* SPDX-License-Identifier: GPL-2.0-or-later */
/* redact_shapes.h - what names somebody by its form alone, whatever it stands in. */
#ifndef REPORT_REDACT_SHAPES_H
#define REPORT_REDACT_SHAPES_H

#include "core/text.h"

/*
 * The length of a MAC address (six groups or more of two digits in base 16, as WWNs and InfiniBand
 * have them; or three of four), of a UUID (RFC 9562, also without its dashes), of an IPv4 or IPv6
 * address or of a mail address at the start of a text; 0: there is none. Addresses of the machine
 * itself (127.0.0.1, ::1) and of no machine (0.0.0.0, ::) name nobody. *ret_kind: "mac" …
 */
size_t shape_at(struct text t, const char **ret_kind);
/* A letter, a digit or a part of a character beyond ASCII: what words are made of. */
bool is_word_byte(char c);

#endif
