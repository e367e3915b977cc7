/* SPDX-License-Identifier: GPL-2.0-or-later */
/* measuring.h - the options that verbs share which measure: what, on whose CPUs, for how long. */
#ifndef CLI_MEASURING_H
#define CLI_MEASURING_H

#include <argp.h>

#include "cli/session.h"

enum {
	OPT_GUEST = 0x3000,
	OPT_CPUS,
	OPT_DOMAIN_XML,
	OPT_NO_CSTATES,
	OPT_PROFILE,
	OPT_REPS,
	OPT_REP_DURATION,
	OPT_LABEL,
	OPT_PASSIVE
};

/* Rows of a table of options, each set with a comma behind it but for the last row. */
/* clang-format off */
#define MEASURING_PLACE_OPTIONS                                                                    \
	{ "guest", OPT_GUEST, "GUEST", 0, "auto (default), builtin, none, PID or NAME", 0 },       \
	{ "cpus", OPT_CPUS, "LIST", 0, "CPUs to measure, e.g. 1-4,7-10", 0 },                      \
	{ "domain-xml", OPT_DOMAIN_XML, "FILE", 0, "Domain XML of the guest", 0 },                 \
	{ "no-cstates", OPT_NO_CSTATES, NULL, 0, "Hold /dev/cpu_dma_latency at 0 meanwhile", 0 }
#define MEASURING_TIME_OPTIONS                                                                     \
	{ "profile", OPT_PROFILE, "NAME", 0,                                                       \
	  "quick (23 s), standard (5 min, default) or soak (45 min)", 0 },                         \
	{ "reps", OPT_REPS, "N", 0, "Repetitions", 0 },                                            \
	{ "rep-duration", OPT_REP_DURATION, "TIME", 0, "Length of a repetition, e.g. 20s", 0 }
#define MEASURING_LABEL_OPTION                                                                     \
	{ "label", OPT_LABEL, "TEXT", 0, "What to call this run", 0 }
#define MEASURING_PASSIVE_OPTION                                                                   \
	{ "passive", OPT_PASSIVE, NULL, 0, "Put nothing on the guest's CPUs", 0 }
/* clang-format on */

/*
 * Takes one of these options into the wish (zeroed before the first): 0, or ARGP_ERR_UNKNOWN for
 * all others; a value that is not one is a usage error.
 */
error_t measuring_parse(int key, char *arg, struct argp_state *state, struct session_wish *wish);
/*
 * After all options: how often and how long, where the user did not say, from the profile. 0, or
 * -errno after one line on stderr (a file that is not there).
 */
int measuring_complete(struct session_wish *wish) MUST_CHECK;

#endif
