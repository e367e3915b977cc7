/* SPDX-License-Identifier: GPL-2.0-or-later */
/* qemu_reference.h - how a shell writes the value of a variable, and of a command. */
#ifndef PROBES_PARSE_QEMU_REFERENCE_H
#define PROBES_PARSE_QEMU_REFERENCE_H

#include "core/text.h"

struct shell_reference { /* "$NAME", "${NAME}", "${NAME[@]}", "${NAME:-fallback}" */
	struct text name, fallback;
	bool is_all; /* each value of an array */
	size_t n;    /* its length */
};

/* Length of the name of a variable at the beginning; 0: there is none. */
size_t shell_name_length(struct text t);
/* The reference at the beginning of t, which starts with '$'; false: it is none of these. */
bool shell_reference_parse(struct text t, struct shell_reference *ret_ref);
/* Length of the "$(…)" at the beginning with all brackets in it; 0: it does not end. */
size_t shell_command_length(struct text t);

#endif
