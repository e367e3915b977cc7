/* SPDX-License-Identifier: GPL-2.0-or-later */
/* baseline.h - the actions of the verb baseline; for its files alone. */
#ifndef CLI_BASELINE_H
#define CLI_BASELINE_H

#include "cli/store.h"
#include "cli/verb.h"

/* Each parses its own arguments (argv[0] is the action) and returns the exit status. */
int baseline_save(int argc, char **argv);
int baseline_list(int argc, char **argv);
int baseline_show(int argc, char **argv);
int baseline_rm(int argc, char **argv);

/* "2026-11-23 20:24 UTC"; "at an unknown time". In a; NULL: no memory. */
const char *baseline_date(const struct fact_u64 *unix_ns, struct arena *a);
/* The baseline as a document on stdout. Exit status. */
int baseline_print(const struct baseline_facts *b);

#endif
