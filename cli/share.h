/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * share.h - what others may see: documents with pseudonyms for names, unless the user says --raw.
 *
 * A verb that writes for others puts SHARE_OPTIONS into its table, hands unknown keys to
 * share_parse(), each document to share_document() before it is read, and ends with share_finish().
 */
#ifndef CLI_SHARE_H
#define CLI_SHARE_H

#include <argp.h>

#include "analyze/engine.h"
#include "core/doc.h"
#include "facts/comparison.h"
#include "report/redact.h"

enum { OPT_RAW = 0x4000, OPT_SHOW_REDACTIONS };

/* clang-format off */
#define SHARE_OPTIONS \
	{ "raw", OPT_RAW, NULL, 0, "Keep names: of guests, disks, interfaces, users …", 0 }, \
	{ "show-redactions", OPT_SHOW_REDACTIONS, "FILE", 0, "Write what the pseudonyms stand for, for your eyes only", 0 }
/* clang-format on */

struct share {
	bool is_raw;
	const char *map; /* --show-redactions; NULL: nowhere */
	struct redaction *redaction;
};

/* 0, a usage error that does not return, or ARGP_ERR_UNKNOWN. */
error_t share_parse(int key, char *arg, struct argp_state *state, struct share *s);
void share_release(struct share *s);
#define auto_share auto_cleanup(share_release)
/*
 * Replaces a document by what others may see of it; leaves one alone that is none of ours. Several
 * of one struct share have their pseudonyms in common. 0 or a negative errno after one line on
 * stderr.
 */
int share_document(struct share *s, struct doc **d) MUST_CHECK;
/*
 * A result as others may see it, judged; is_raw is for the caller to look at. The same errors.
 * Caller frees the host.
 */
int share_host(struct share *s, const struct doc *result, struct host **ret_host,
	       struct findings *ret_findings) MUST_CHECK;
/* A comparison as others may see it, in a; with is_raw the same. The same errors. */
int share_comparison(struct share *s, const struct comparison_facts *c, struct arena *a,
		     struct comparison_facts *ret_comparison) MUST_CHECK;
/* Writes the map, if one is wanted: readable for its owner alone. 0 or as above. */
int share_finish(const struct share *s) MUST_CHECK;

#endif
