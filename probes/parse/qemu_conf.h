/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * qemu_conf.h - libvirt's own configuration files (qemu.conf, libvirtd.conf): NAME = VALUE, where a
 * value is a number, a text in quotes, or a list in brackets that may take several lines; '#'
 * begins a comment. Source: src/util/virconf.c, the grammar at its head.
 */
#ifndef PROBES_PARSE_QEMU_CONF_H
#define PROBES_PARSE_QEMU_CONF_H

#include "core/text.h"

struct qemu_conf_setting { /* views */
	struct text name;
	struct text
		value; /* a number, a text without its quotes, or what is between the brackets */
	bool is_list;
};

/* Cuts the next setting off the front of *rest; lines that are none are passed over. */
bool qemu_conf_next(struct text *rest, struct qemu_conf_setting *ret_setting);
/* Cuts the next item off the front of a list, without its quotes. */
bool qemu_conf_item(struct text *list, struct text *ret_item);

#endif
