/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * qemu_options.h - the value of one option of QEMU as keys and values.
 *
 *	virtio-blk-pci,drive=d0,num_queues=4		the first key may be implied
 *	file=/a,,b.img,if=virtio,readonly		a comma in a value is doubled; a flag is
 *"on"
 *	{"driver":"qcow2","cache":{"direct":true}}	cache.direct=on
 *
 * Keys are given with '-' for '_', since QEMU takes both in most of them.
 * Source: QEMU, util/keyval.c and util/qemu-option.c; docs/interop/qmp-spec.rst for JSON.
 */
#ifndef PROBES_PARSE_QEMU_OPTIONS_H
#define PROBES_PARSE_QEMU_OPTIONS_H

#include "core/arena.h"
#include "core/text.h"

struct qemu_pair {
	const char *key, *value;
};

struct qemu_options {
	size_t n;
	struct qemu_pair *v; /* in the arena */
};

/* implied_key: of a first piece without '='; NULL: it is a flag. 0; -EBADMSG: broken JSON. */
int qemu_options_parse(struct text t, const char *implied_key, struct arena *a,
		       struct qemu_options *ret_options) MUST_CHECK;

/* The value that counts, which is the last one; NULL: not given. */
const char *qemu_option(const struct qemu_options *options, const char *key);
bool qemu_option_is(const struct qemu_options *options, const char *key, const char *value);
/* on yes true y 1, off no false n 0; any other value is neither. */
bool qemu_option_is_on(const struct qemu_options *options, const char *key);
bool qemu_option_is_off(const struct qemu_options *options, const char *key);
/* The same words of a value: "on" or "off"; NULL: neither, or value NULL. */
const char *qemu_switch(const char *value);

/* "8G", "1.5g", "4096", "0x1000" in units where there is no suffix: bytes. -EINVAL, -ERANGE. */
int qemu_size(const char *value, uint64_t unit, uint64_t *ret_bytes) MUST_CHECK;

#endif
