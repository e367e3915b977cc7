/* SPDX-License-Identifier: GPL-2.0-or-later */
/* load.h - results and baselines as the user names them, as records to compare. */
#ifndef CLI_LOAD_H
#define CLI_LOAD_H

#include "analyze/record.h"
#include "cli/verb.h"

/* Records are small; a stranger's file may not fill the memory. */
#define LOAD_MEMORY_MAX (1024 * MIB)

struct records { /* one per session, in the order they were named; of a baseline oldest first */
	const struct record_facts **v;
	size_t n;
};

/*
 * Appends the records of a result (a file, its directory or "-") or of a baseline file. All lives
 * in a. 0, or a negative errno after one line on stderr: unreadable, damaged, newer, nothing in it
 * to compare (-ENODATA), a baseline without sessions (-ENODATA).
 */
int load_records(const char *name, struct arena *a, struct records *list) MUST_CHECK;
/* The same of what the user called a baseline: messages say so. */
int load_baseline(const char *name, struct arena *a, struct records *list) MUST_CHECK;
/*
 * The same of a result that is here already; name is what the comparison calls it. findings: of
 * engine_run().
 */
int load_host(const char *name, struct host *h, const struct findings *f, struct arena *a,
	      struct records *list) MUST_CHECK;
/* Appends one more: 0 or -ENOMEM after one line on stderr. */
int records_add(struct records *list, const struct record_facts *record,
		struct arena *a) MUST_CHECK;

#endif
