/* SPDX-License-Identifier: GPL-2.0-or-later */
/* record.h - what a result comes down to when it is compared. */
#ifndef ANALYZE_RECORD_H
#define ANALYZE_RECORD_H

#include "analyze/engine.h"
#include "facts/record.h"

/*
 * Everything lives in a (copies: the host may be freed). 0; -ENODATA (nothing that can be compared
 * was measured: an audit, a recording); -EBADMSG (damaged); -ENOMEM. On an error *ret_why is one
 * line for the user, in a.
 */
int record_make(struct host *h, const struct findings *f, struct arena *a,
		struct record_facts *ret_record, const char **ret_why) MUST_CHECK;

/*
 * Keys of the fingerprints that differ and forbid to compare, "cpu_model: AMD … / Intel …", and
 * notes for keys known on one side only. In a; 0 or -ENOMEM.
 */
int record_blocking(const struct record_facts *before, const struct record_facts *after,
		    struct arena *a, struct fact_strs *ret_blocking,
		    struct fact_strs *ret_notes) MUST_CHECK;

/* Baselines as documents. Decoding: 0, -EBADMSG, -ENOTSUP (a newer version), -ENOMEM; *ret_why in
 * a. */
int baseline_encode(const struct baseline_facts *b, struct doc **ret_doc) MUST_CHECK;
int baseline_decode(const struct doc *d, struct arena *a, struct baseline_facts *ret_baseline,
		    const char **ret_why) MUST_CHECK;
/* Whether a document says that it is a baseline. */
bool is_baseline(const struct doc *d);
/*
 * Appends a session; the oldest make room (BASELINE_SESSIONS_MAX). -EXDEV: it differs from those
 * there in a blocking key, *ret_why (in a) says in which. -EEXIST: this very session is there
 * already.
 */
int baseline_add(struct baseline_facts *b, const struct record_facts *session, struct arena *a,
		 const char **ret_why) MUST_CHECK;

#endif
