/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bundle_text.h - what the writer and the reader of bundles share: marks and the checksum. */
#ifndef CORE_BUNDLE_TEXT_H
#define CORE_BUNDLE_TEXT_H

#include "core/text.h"

#define BUNDLE_HEADER "vfiobench-host"

/*
 * CRC-32 of IEEE 802.3 (as gzip, RFC 1952) over lines that count: not comments, not empty ones,
 * each without the white space at its end and with one newline. Begin with 0.
 */
uint32_t bundle_sum_line(uint32_t sum, struct text line);
/* The same line without blanks and carriage returns at its end, which mail may add or take. */
struct text bundle_trim_end(struct text line);
/* A comment, or nothing at all. */
bool bundle_is_blank(struct text line);

#endif
