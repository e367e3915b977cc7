/* SPDX-License-Identifier: GPL-2.0-or-later */
/* redact_telling.h - keys, elements and folders that say: what follows names somebody. */
#ifndef REPORT_REDACT_TELLING_H
#define REPORT_REDACT_TELLING_H

#include "core/text.h"

/* What a pseudonym for it begins with; TELLING_SECRET: a password; NULL: it tells nothing. */
extern const char TELLING_SECRET[];

/* "serial", "rd.luks.name", "file.password": in front of = or :, in either case. */
const char *telling_key(struct text key);
/* "uuid" of <uuid>…</uuid>. */
const char *telling_element(struct text element);
/* "-name" of a command line. */
const char *telling_option(const char *option);
/* "by-id" of /dev/disk/by-id/…; kind: what is being redacted, "disk". */
const char *telling_folder(struct text folder, const char *kind);

#endif
