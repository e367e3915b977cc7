/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * personal.h - texts without what tells whose machine it is: names below /home, UUIDs (RFC 9562)
 * of disks and file systems, MAC addresses, and devices by serial number.
 */
#ifndef PROBES_PARSE_PERSONAL_H
#define PROBES_PARSE_PERSONAL_H

#include "core/arena.h"
#include "core/text.h"

/*
 * A copy in the arena: "/home/NAME" becomes "~", a UUID "UUID", a MAC address "MAC", and what
 * follows "/by-id/", "/by-uuid/" or "/by-path/" "*". NULL: no memory.
 */
char *personal_hide(struct arena *a, struct text t) MUST_CHECK;

#endif
