/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * families.h - families of metrics in the Prometheus text format 0.0.4.
 *
 * Label values are cleaned and escaped (\\ " and line feed), names are ours. A sample whose labels
 * were written before in its family is left out, for a second one makes a collector refuse the
 * file; so is what is over SAMPLES_MAX.
 */
#ifndef REPORT_FAMILIES_H
#define REPORT_FAMILIES_H

#include "core/arena.h"
#include "core/hist.h"

enum { SAMPLES_MAX = 512, LABELS_MAX = 8 };

struct exposition { /* a file of families */
	FILE *out;
	bool is_out_of_memory; /* something is missing therefore */
};

struct label {
	const char *name, *value; /* name NULL: no more; value NULL: "" */
};

struct family { /* zero-initialised but for the first three */
	struct exposition *to;
	const char *name; /* without the prefix "vfiobench_" */
	const char *help; /* one line of ours */
	struct arena arena;
	char **seen;
	size_t n; /* HELP and TYPE come before the first sample */
};

void family_release(struct family *f);
#define auto_family auto_cleanup(family_release)

/*
 * A sample of a gauge (a counter would have to go on over runs): value / scale, with as many
 * decimals as scale has noughts: 1, 1000 … 1000000000.
 */
void family_add(struct family *f, const struct label *labels, uint64_t value, uint64_t scale);
void family_add_signed(struct family *f, const struct label *labels, int64_t value, uint64_t scale);
/* A family with one sample and no labels. */
void family_one(struct exposition *to, const char *name, const char *help, uint64_t value,
		uint64_t scale);
/*
 * A classic histogram in seconds: buckets of 1, 2, 4 … 524288 us, then +Inf. A count is exact to
 * the width of a bucket of hist.h, less than 0.8 % of the limit.
 */
void family_histogram(struct exposition *to, const char *name, const char *help,
		      const struct label *label, const struct hist *h);

#endif
