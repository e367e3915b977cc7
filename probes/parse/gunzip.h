/* SPDX-License-Identifier: GPL-2.0-or-later */
/* gunzip.h - text out of gzip data in memory (RFC 1952): /proc/config.gz. */
#ifndef PROBES_PARSE_GUNZIP_H
#define PROBES_PARSE_GUNZIP_H

#include "core/text.h"

/* A kernel's configuration is a few hundred KiB; what unpacks to more is none. */
#define GUNZIP_MAX (4u << 20)

/*
 * 0: *ret_text is allocated, followed by a NUL that *ret_len does not count; caller frees.
 * -EBADMSG: not gzip, damaged or cut off; -EFBIG: over GUNZIP_MAX; -ENOMEM.
 */
int gunzip(struct text data, char **ret_text, size_t *ret_len) MUST_CHECK;

#endif
