/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * package.h - versions of installed packages out of what package managers leave behind.
 *
 * dpkg: /var/lib/dpkg/status, stanzas of "Key: value" (deb-control(5), dpkg(1)); apk:
 * /lib/apk/db/installed, stanzas of "K:value"; pacman and portage: a folder per package,
 * "NAME-VERSION-RELEASE".
 */
#ifndef PROBES_PARSE_PACKAGE_H
#define PROBES_PARSE_PACKAGE_H

#include "core/text.h"

/* Version of an installed package as it is written there; false: it is not installed. */
bool package_dpkg(struct text status, const char *package, struct text *ret_version);
bool package_apk(struct text installed, const char *package, struct text *ret_version);
/* "qemu-system-x86-9.2.0-1" of "qemu-system-x86": a digit or an epoch must follow the name. */
bool package_folder(struct text folder, const char *package, struct text *ret_version);
/* "1:7.2+dfsg-7+deb12u5" or "QEMU emulator version 9.2.0 (…)": the first dotted number behind an
 * epoch, "7.2"; false: there is none. */
bool package_number(struct text version, struct text *ret_number);

#endif
