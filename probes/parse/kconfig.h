/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kconfig.h - what a kernel was built with: /proc/config.gz unpacked, /boot/config-RELEASE.
 *
 * Lines: CONFIG_NAME=y, =m, =number, ="string", and "# CONFIG_NAME is not set".
 * Source: Documentation/kbuild/kconfig-language.rst, scripts/kconfig/confdata.c.
 */
#ifndef PROBES_PARSE_KCONFIG_H
#define PROBES_PARSE_KCONFIG_H

#include "core/text.h"

struct kconfig_option {
	struct text name;  /* "NO_HZ_FULL" */
	struct text value; /* "y", "m", "250", a string without its quotes; "n": not set */
};

/* Cuts lines off the front of *rest up to one that is an option; false: there is none left. */
bool kconfig_next(struct text *rest, struct kconfig_option *ret_option);

#endif
