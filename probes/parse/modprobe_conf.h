/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * modprobe_conf.h - files of modprobe.d: "COMMAND MODULE REST", '#' begins a comment line, a
 * backslash at the end joins lines. Source: modprobe.d(5).
 */
#ifndef PROBES_PARSE_MODPROBE_CONF_H
#define PROBES_PARSE_MODPROBE_CONF_H

#include "core/arena.h"
#include "core/text.h"

struct modprobe_line {       /* views */
	struct text command; /* "options" */
	struct text module;  /* as it is written, "vfio-pci" */
	struct text rest;    /* with the backslashes and newlines of joined lines; may be empty */
};

/* Cuts the next line with a command and a module off the front of *rest. */
bool modprobe_conf_next(struct text *rest, struct modprobe_line *ret_line);
/* Modprobe's equality of names: '-' is '_'. A '*' at the end of want fits every end. */
bool modprobe_name_is(struct text name, const char *want);
/* The name with '_' for '-'; the rest of a joined line with single blanks. NULL: no memory. */
char *modprobe_name(struct arena *a, struct text name) MUST_CHECK;
char *modprobe_rest(struct arena *a, struct text rest) MUST_CHECK;

#endif
