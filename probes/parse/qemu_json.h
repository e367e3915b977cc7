/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * qemu_json.h - a JSON value flattened to dotted keys: {"a":{"b":[1,2]}} gives a.b=1, a.b=2; true
 * is "on" and false "off", as QEMU writes the same in its other syntax. Source: RFC 8259.
 */
#ifndef PROBES_PARSE_QEMU_JSON_H
#define PROBES_PARSE_QEMU_JSON_H

#include "core/arena.h"
#include "core/text.h"

/* key and value live in the arena. Returns 0 or a negative errno, which ends the reading. */
typedef int qemu_json_fn(void *arg, const char *key, const char *value);

/*
 * Calls fn for each leaf. 0, -EBADMSG (no JSON, or nested deeper than any that QEMU takes),
 * -ENOMEM, or what fn returned. Keys longer than a few hundred bytes are passed over.
 */
int qemu_json_each(struct text t, struct arena *a, qemu_json_fn *fn, void *arg) MUST_CHECK;

#endif
