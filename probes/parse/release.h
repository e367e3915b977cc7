/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * release.h - names and versions: /proc/version and os-release.
 *
 * /proc/version: "Linux version RELEASE (who@where) (compiler) VERSION", where VERSION, as in uname
 * -v, begins with '#'. Source: linux_proc_banner in init/version.c. os-release: KEY=value lines
 * with optional quotes, os-release(5).
 */
#ifndef PROBES_PARSE_RELEASE_H
#define PROBES_PARSE_RELEASE_H

#include "core/text.h"

/* Views; false when the text is not of that form. */
bool proc_version_parse(struct text text, struct text *ret_release, struct text *ret_version);
/* Value of a key without its quotes; false: no such key, or an empty value. */
bool os_release_value(struct text text, const char *key, struct text *ret_value);

#endif
