/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cpuinfo.h - the first processor of /proc/cpuinfo.
 *
 * Formats: show_cpuinfo() of the kernel's architectures. x86 has "vendor_id", "cpu family", "model
 * name" and "flags"; arm64 has "CPU implementer" and "Features" and no name of a model.
 */
#ifndef PROBES_PARSE_CPUINFO_H
#define PROBES_PARSE_CPUINFO_H

#include "core/text.h"

struct cpuinfo {            /* views into the text; .at is NULL where the text has no such line */
	const char *arch;   /* "x86_64", "aarch64"; NULL: cannot be told from the text */
	struct text vendor; /* "GenuineIntel" */
	struct text model;  /* "Intel(R) Core(TM) i7-8700K CPU @ 3.70GHz" */
	struct text family; /* "6" */
	struct text stepping;
	struct text microcode; /* "0xf4" */
	struct text flags;     /* words; x86 only */
};

void cpuinfo_parse(struct text text, struct cpuinfo *ret_info);
/* A whole word of the flags; false also when there are none: look at flags.at first. */
bool cpuinfo_has_flag(const struct cpuinfo *info, const char *flag);

#endif
