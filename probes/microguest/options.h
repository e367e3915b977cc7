/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * options.h - the command line of vfiobench-microguest.
 */
#ifndef PROBES_MICROGUEST_OPTIONS_H
#define PROBES_MICROGUEST_OPTIONS_H

#include "core/base.h"
#include "core/cpus.h"
#include "probes/microguest/microguest.h"

struct options {
	struct microguest_config config;
	uint64_t duration_ns; /* 0: until a signal */
};

/* 2 ms spinning and 2 ms halted, pinned, no end; CPUs: of those allowed all but the lowest. */
struct options options_default(const struct cpus *allowed);

/*
 * Reads the value of the option with this long name. -EINVAL: not in the right form (or no such
 * option); -ERANGE: outside what is allowed. *options is written only on 0.
 */
int options_set(struct options *options, const char *name, const char *value) MUST_CHECK;

/* The whole command line; on --help and wrong usage it prints and exits (0, or 2). */
void options_parse(struct options *options, int argc, char **argv);

#endif
