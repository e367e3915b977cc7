/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * secrets.h - arguments of programs without the passwords that some people write into them.
 *
 * Everybody on a machine can read them in /proc/PID/cmdline, but a document is passed on. The key
 * stays, the value becomes "***": "password=x", "file.password=x", the data of a secret object, the
 * key of a Ceph image, a password in a URL; in comma lists and in JSON. References such as
 * password-secret=sec0 stay. Source of the names: qemu(1), QEMU's qapi schemas.
 */
#ifndef PROBES_PARSE_SECRETS_H
#define PROBES_PARSE_SECRETS_H

#include "core/text.h"

/* option: the argument before ("-object"), or empty. NULL: no memory; caller frees. */
char *secrets_hide(struct text option, struct text arg);

#endif
